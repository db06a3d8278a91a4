//! Optimiser states, read from the device asynchronously, and restored.
//!
//! Burn's own record of an optimiser reads tensor by tensor and synchronously, which would end the program on a
//! browser's GPU. So every tensor has an optimiser of its own, which leaves a handle on its state here after each step.

mod portable;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use burn::{
    module::{ParamGroup, ParamId},
    optim::{ModuleOptimizer, Optimizer},
    tensor::{Device, Tensor, TensorData, Transaction},
};

use crate::{EngineError, read_back::read_all};

/// Optimiser state of one tensor: the steps it has taken, and its moments, of its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimiserState<T> {
    pub steps: usize,
    pub moments: Vec<T>,
}

/// An optimiser state on the host.
pub type HostOptimiserState = OptimiserState<Vec<f32>>;

impl<T> OptimiserState<T> {
    fn map<U>(self, change: impl FnMut(T) -> U) -> OptimiserState<U> {
        OptimiserState { steps: self.steps, moments: self.moments.into_iter().map(change).collect() }
    }
}

/// An optimiser whose state can be exported and imported.
pub trait PortableState: Optimizer {
    /// Exports a state on this device. No tensor is read.
    fn export_state<const D: usize>(state: Self::State<D>, device: &Device) -> OptimiserState<Tensor<D>>;

    /// Imports an exported state; `None` if another kind of optimiser exported it.
    fn import_state<const D: usize>(state: OptimiserState<Tensor<D>>) -> Option<Self::State<D>>;
}

/// Optimiser states of a network's tensors.
#[derive(Debug, Default)]
pub struct OptimiserStates(Vec<(ParamId, Slot)>);

impl OptimiserStates {
    /// No state for any of these tensors.
    pub fn new(tensors: Vec<ParamId>) -> Self {
        Self(tensors.into_iter().map(|tensor| (tensor, Slot::default())).collect())
    }

    /// `optimiser` for a whole module, with the state of each of these tensors tracked here.
    pub fn track<O: PortableState>(&self, optimiser: &O) -> ModuleOptimizer {
        self.0.iter().fold(ModuleOptimizer::from(optimiser.clone()), |whole, (tensor, slot)| {
            let own = TrackedOptimiser { optimiser: optimiser.clone(), slot: slot.clone() };
            whole.with_group(ParamGroup::from_ids(vec![*tensor]), own, None)
        })
    }

    /// Restores states, one for each tensor, into optimisers that have not stepped yet.
    pub fn restore(&self, optimiser_states: impl IntoIterator<Item = Option<HostOptimiserState>>) {
        for ((_, slot), state) in self.0.iter().zip(optimiser_states) {
            *slot.lock() = state.map_or(SlotContent::Empty, SlotContent::Loaded);
        }
    }

    /// Reads all states in one awaited transaction; `None` for tensors that never took a step.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn read(&self) -> Result<Vec<Option<HostOptimiserState>>, EngineError> {
        let mut reads = Transaction::default();
        let mut pending = Vec::with_capacity(self.0.len());
        for (_, slot) in &self.0 {
            pending.push(match &*slot.lock() {
                SlotContent::Empty => PendingRead::Empty,
                SlotContent::Loaded(state) => PendingRead::Host(state.clone()),
                SlotContent::Stepped(state) => {
                    let OptimiserState { steps, moments } = state();
                    let count = moments.len();
                    reads = moments.into_iter().fold(reads, Transaction::register);
                    PendingRead::Device { steps, count }
                }
            });
        }
        let mut values = read_all(reads).await?.into_iter();
        Ok(pending.into_iter().map(|pending| pending.take(&mut values)).collect())
    }
}

/// A state whose tensors are being read.
enum PendingRead {
    Empty,
    Host(HostOptimiserState),
    Device { steps: usize, count: usize },
}

impl PendingRead {
    fn take(self, values: &mut impl Iterator<Item = Vec<f32>>) -> Option<HostOptimiserState> {
        match self {
            Self::Empty => None,
            Self::Host(state) => Some(state),
            Self::Device { steps, count } => Some(OptimiserState { steps, moments: values.take(count).collect() }),
        }
    }
}

/// Shared slot in which the optimiser of one tensor leaves its state.
#[derive(Clone, Debug, Default)]
struct Slot(Arc<Mutex<SlotContent>>);

/// Content of a slot.
#[derive(Default)]
enum SlotContent {
    #[default]
    Empty,
    /// A restored state, for the first step.
    Loaded(HostOptimiserState),
    /// The state after a step: returns its tensors, flattened.
    Stepped(Box<dyn Fn() -> OptimiserState<Tensor<1>> + Send>),
}

impl fmt::Debug for SlotContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Loaded(_) => "Loaded",
            Self::Stepped(_) => "Stepped",
        })
    }
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, SlotContent> {
        // The lock is held only to replace or copy the content, so that a poisoned slot is still consistent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The optimiser of one tensor, which exports its state after each step.
#[derive(Clone)]
struct TrackedOptimiser<O> {
    optimiser: O,
    slot: Slot,
}

impl<O: PortableState> Optimizer for TrackedOptimiser<O> {
    type State<const D: usize> = O::State<D>;

    fn step<const D: usize>(
        &self,
        rate: f64,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<O::State<D>>,
    ) -> (Tensor<D>, Option<O::State<D>>) {
        // The handle is dropped first: a state with a single owner is updated in place.
        let content = std::mem::take(&mut *self.slot.lock());
        let state = match (state, content) {
            (None, SlotContent::Loaded(state)) => on_device(state, &gradient).and_then(O::import_state),
            (state, _) => state,
        };
        let (tensor, state) = self.optimiser.step(rate, tensor, gradient, state);
        if let Some(state) = state.clone() {
            let device = tensor.device();
            let flat = move || O::export_state(state.clone(), &device).map(|moment| moment.flatten(0, D - 1));
            *self.slot.lock() = SlotContent::Stepped(Box::new(flat));
        }
        (tensor, state)
    }

    fn to_device<const D: usize>(state: O::State<D>, device: &Device) -> O::State<D> {
        O::to_device(state, device)
    }
}

/// A host state on the device of `like`, in its shape; `None` if its size differs.
fn on_device<const D: usize>(state: HostOptimiserState, like: &Tensor<D>) -> Option<OptimiserState<Tensor<D>>> {
    let is_same_size = state.moments.iter().all(|moment| moment.len() == like.shape().num_elements());
    is_same_size.then(|| state.map(|moment| Tensor::from_data(TensorData::new(moment, like.shape()), &like.device())))
}
