//! Model to bytes.

use std::collections::HashMap;

use pinhole_protocol::TensorPlan;
use safetensors::{Dtype, tensor::TensorView};

use super::header::{Header, KEY};
use crate::{EngineError, Model, network::NetworkWeights};

/// The bytes of a model file.
///
/// # Errors
/// When the device fails.
pub async fn write(model: &Model) -> Result<Vec<u8>, EngineError> {
    let plan = model.experiment().plan();
    let weights = model.network().read_weights(plan).await?;
    Ok(serialize(&Header::new(model), &plan.tensors(), &weights))
}

fn serialize(header: &Header, plans: &[TensorPlan], weights: &NetworkWeights) -> Vec<u8> {
    let json = serde_json::to_string(header).expect("a header is plain data, which JSON can hold");
    let tensors = plans.iter().zip(weights).map(|(plan, values)| (&plan.name, view(plan.shape.clone(), values)));
    safetensors::serialize(tensors, Some(HashMap::from([(KEY.to_owned(), json)])))
        .expect("names are distinct and the header is far below the limit")
}

/// Little-endian, as the format has it and every machine that runs this is.
fn view(shape: Vec<usize>, values: &[f32]) -> TensorView<'_> {
    TensorView::new(Dtype::F32, shape, bytemuck::cast_slice(values)).expect("a tensor has the size that its plan says")
}
