//! Model to bytes.

use std::collections::HashMap;

use burn::tensor::{TensorData, Transaction};
use safetensors::{Dtype, tensor::TensorView};

use super::header::{Header, KEY};
use crate::{EngineError, Model, network::weight_shape};

/// The bytes of a model file.
///
/// All weights are read in one awaited transaction: Burn's own way of saving reads tensor by tensor and synchronously,
/// which a browser's GPU does not allow.
///
/// # Errors
/// When the device fails.
pub async fn write(model: &Model) -> Result<Vec<u8>, EngineError> {
    let layers: Vec<_> = model.network().named_layers().collect();
    let transaction = layers
        .iter()
        .flat_map(|(_, layer)| layer.flat_parameters())
        .fold(Transaction::default(), Transaction::register);
    let mut values = transaction.execute_async().await?.into_iter().map(floats);

    let mut tensors = Vec::new();
    for (name, layer) in &layers {
        let mut next = || values.next().expect("a transaction answers every tensor registered");
        let weight = layer.to_pytorch_layout(next());
        tensors.push((format!("{name}.weight"), weight_shape(layer.plan()), weight));
        let bias = next();
        tensors.push((format!("{name}.bias"), vec![bias.len()], bias));
    }
    let json = serde_json::to_string(&Header::new(model)).expect("a header is plain data, which JSON can hold");
    let views = tensors.iter().map(|(name, shape, values)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytemuck::cast_slice(values))
            .expect("a layer's weights have the size that its plan says");
        (name.as_str(), view)
    });
    Ok(safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), json)])))
        .expect("names are distinct and the header is far below the limit"))
}

fn floats(data: TensorData) -> Vec<f32> {
    data.try_into_vec().expect("every tensor here holds 32-bit floats")
}
