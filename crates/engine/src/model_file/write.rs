//! Writing of model files.

use std::collections::HashMap;

use pinhole_protocol::{CheckedExperiment, EpochRecord};
use safetensors::{Dtype, tensor::TensorView};

use super::{
    header::{Header, KEY},
    run_state,
};
use crate::{network::NetworkWeights, training::RunState};

/// The bytes of a model file with these weights, one tensor for each of the experiment's plan; with the state of a run, the
/// file is a checkpoint.
pub(crate) fn write(
    experiment: &CheckedExperiment,
    history: &[EpochRecord],
    weights: &NetworkWeights,
    run: Option<&RunState>,
) -> Vec<u8> {
    let plans = experiment.plan().tensors();
    let json = serde_json::to_string(&Header::new(experiment, history, run))
        .expect("a header is plain data, which JSON can hold");
    let of_model = plans.iter().zip(weights).map(|(plan, values)| (plan.name.clone(), plan.shape.clone(), &values[..]));
    let of_run = run.into_iter().flat_map(|run| run_state::tensors(run, &plans));
    let tensors = of_model.chain(of_run).map(|(name, shape, values)| (name, view(shape, values)));
    safetensors::serialize(tensors, Some(HashMap::from([(KEY.to_owned(), json)])))
        .expect("names are distinct and the header is far below the limit")
}

/// A view of little-endian floats, which is the format's byte order and that of every supported machine.
fn view(shape: Vec<usize>, values: &[f32]) -> TensorView<'_> {
    TensorView::new(Dtype::F32, shape, bytemuck::cast_slice(values)).expect("a tensor has the size that its plan says")
}
