//! What an optimiser remembers of each tensor, read from the device without waiting for it, and put back.
//!
//! Burn's own record of an optimiser reads tensor by tensor and synchronously, which ends the program on a browser's GPU.
//! So every tensor gets an optimiser of its own, which leaves a handle on its state here after each step.

mod states;

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

/// What is remembered of one tensor: the steps that it has taken, and moments of its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory<T> {
    pub steps: usize,
    pub moments: Vec<T>,
}

/// A memory on the host.
pub type HostMemory = Memory<Vec<f32>>;

impl<T> Memory<T> {
    fn map<U>(self, change: impl FnMut(T) -> U) -> Memory<U> {
        Memory { steps: self.steps, moments: self.moments.into_iter().map(change).collect() }
    }
}

/// An optimiser that tells what it remembers, and takes it up again.
pub trait Remembers: Optimizer {
    /// What it remembers, on this device. No tensor is read.
    fn memory<const D: usize>(state: Self::State<D>, device: &Device) -> Memory<Tensor<D>>;

    /// The state of that memory; `None` if another optimiser left it.
    fn recalled<const D: usize>(memory: Memory<Tensor<D>>) -> Option<Self::State<D>>;
}

/// The memories of a network's tensors.
#[derive(Debug, Default)]
pub struct Memories(Vec<(ParamId, Slot)>);

impl Memories {
    /// Of these tensors, none of which was ever moved.
    pub fn new(tensors: Vec<ParamId>) -> Self {
        Self(tensors.into_iter().map(|tensor| (tensor, Slot::default())).collect())
    }

    /// `optimiser` for a whole module. What it remembers of these tensors is found here.
    pub fn kept_of<O: Remembers>(&self, optimiser: &O) -> ModuleOptimizer {
        self.0.iter().fold(ModuleOptimizer::from(optimiser.clone()), |whole, (tensor, slot)| {
            let own = Remembering { optimiser: optimiser.clone(), slot: slot.clone() };
            whole.with_group(ParamGroup::from_ids(vec![*tensor]), own, None)
        })
    }

    /// Gives these memories, one for each tensor, to optimisers that have not stepped yet.
    pub fn recall(&self, memories: impl IntoIterator<Item = Option<HostMemory>>) {
        for ((_, slot), memory) in self.0.iter().zip(memories) {
            *slot.lock() = memory.map_or(Kept::Nothing, Kept::Loaded);
        }
    }

    /// Reads all memories in one awaited transaction, one for each tensor; `None` of those that never took a step.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn read(&self) -> Result<Vec<Option<HostMemory>>, EngineError> {
        let mut reads = Transaction::default();
        let mut noted = Vec::with_capacity(self.0.len());
        for (_, slot) in &self.0 {
            noted.push(match &*slot.lock() {
                Kept::Nothing => Noted::Nothing,
                Kept::Loaded(memory) => Noted::Host(memory.clone()),
                Kept::Stepped(memory) => {
                    let Memory { steps, moments } = memory();
                    let count = moments.len();
                    reads = moments.into_iter().fold(reads, Transaction::register);
                    Noted::Device { steps, count }
                }
            });
        }
        let mut values = read_all(reads).await?.into_iter();
        Ok(noted.into_iter().map(|noted| noted.take(&mut values)).collect())
    }
}

/// A memory whose tensors are being read.
enum Noted {
    Nothing,
    Host(HostMemory),
    Device { steps: usize, count: usize },
}

impl Noted {
    fn take(self, values: &mut impl Iterator<Item = Vec<f32>>) -> Option<HostMemory> {
        match self {
            Self::Nothing => None,
            Self::Host(memory) => Some(memory),
            Self::Device { steps, count } => Some(Memory { steps, moments: values.take(count).collect() }),
        }
    }
}

/// Where the optimiser of one tensor leaves what it remembers.
#[derive(Clone, Debug, Default)]
struct Slot(Arc<Mutex<Kept>>);

/// What lies there.
#[derive(Default)]
enum Kept {
    #[default]
    Nothing,
    /// From a file, to begin with.
    Loaded(HostMemory),
    /// After a step: gives the tensors, flat.
    Stepped(Box<dyn Fn() -> Memory<Tensor<1>> + Send>),
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Loaded(_) => "Loaded",
            Self::Stepped(_) => "Stepped",
        })
    }
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Whoever holds it only puts something in or takes it out: it is whole whatever happened.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The optimiser of one tensor.
#[derive(Clone)]
struct Remembering<O> {
    optimiser: O,
    slot: Slot,
}

impl<O: Remembers> Optimizer for Remembering<O> {
    type State<const D: usize> = O::State<D>;

    fn step<const D: usize>(
        &self,
        rate: f64,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<O::State<D>>,
    ) -> (Tensor<D>, Option<O::State<D>>) {
        // The handle is let go of first: a state that is held by nobody else is changed in place.
        let kept = std::mem::take(&mut *self.slot.lock());
        let state = match (state, kept) {
            (None, Kept::Loaded(memory)) => on_device(memory, &gradient).and_then(O::recalled),
            (state, _) => state,
        };
        let (tensor, state) = self.optimiser.step(rate, tensor, gradient, state);
        if let Some(state) = state.clone() {
            let device = tensor.device();
            let flat = move || O::memory(state.clone(), &device).map(|moment| moment.flatten(0, D - 1));
            *self.slot.lock() = Kept::Stepped(Box::new(flat));
        }
        (tensor, state)
    }

    fn to_device<const D: usize>(state: O::State<D>, device: &Device) -> O::State<D> {
        O::to_device(state, device)
    }
}

/// The memory beside `like`, in its shape; `None` if it is of another size.
fn on_device<const D: usize>(memory: HostMemory, like: &Tensor<D>) -> Option<Memory<Tensor<D>>> {
    let is_same_size = memory.moments.iter().all(|moment| moment.len() == like.shape().num_elements());
    is_same_size.then(|| memory.map(|moment| Tensor::from_data(TensorData::new(moment, like.shape()), &like.device())))
}
