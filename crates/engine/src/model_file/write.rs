//! Model to bytes.

use std::collections::HashMap;

use pinhole_protocol::TensorPlan;
use safetensors::{Dtype, tensor::TensorView};

use super::{
    header::{Header, KEY},
    run_state,
};
use crate::{EngineError, Model, network::NetworkWeights, training::RunState};

/// The bytes of a model file; with the run that it is a checkpoint of, if that is given.
///
/// # Errors
/// When the device fails.
pub async fn write(model: &Model, run: Option<&RunState>) -> Result<Vec<u8>, EngineError> {
    let plan = model.experiment().plan();
    let weights = model.network().read_weights(plan).await?;
    Ok(serialize(&Header::new(model, run), &plan.tensors(), &weights, run))
}

fn serialize(header: &Header, plans: &[TensorPlan], weights: &NetworkWeights, run: Option<&RunState>) -> Vec<u8> {
    let json = serde_json::to_string(header).expect("a header is plain data, which JSON can hold");
    let of_model = plans.iter().zip(weights).map(|(plan, values)| (plan.name.clone(), plan.shape.clone(), &values[..]));
    let of_run = run.into_iter().flat_map(|run| run_state::tensors(run, plans));
    let tensors = of_model.chain(of_run).map(|(name, shape, values)| (name, view(shape, values)));
    safetensors::serialize(tensors, Some(HashMap::from([(KEY.to_owned(), json)])))
        .expect("names are distinct and the header is far below the limit")
}

/// Little-endian, as the format has it and every machine that runs this is.
fn view(shape: Vec<usize>, values: &[f32]) -> TensorView<'_> {
    TensorView::new(Dtype::F32, shape, bytemuck::cast_slice(values)).expect("a tensor has the size that its plan says")
}
