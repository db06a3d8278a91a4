//! Model to bytes.

use std::collections::HashMap;

use burn::tensor::Transaction;
use pinhole_protocol::LayerPlan;
use safetensors::{Dtype, tensor::TensorView};

use super::header::{Header, KEY};
use crate::{
    EngineError, Model,
    network::{LayerWeights, weight_shape},
    pixels::floats,
};

/// The bytes of a model file.
///
/// # Errors
/// When the device fails.
pub async fn write(model: &Model) -> Result<Vec<u8>, EngineError> {
    Ok(serialize(&Header::new(model), &read_layers(model).await?))
}

/// A layer's name, plan and weights.
type NamedLayer = (String, LayerPlan, LayerWeights);

/// Reads all weights in one awaited transaction: Burn's own way of saving reads tensor by tensor and synchronously,
/// which a browser's GPU does not allow.
async fn read_layers(model: &Model) -> Result<Vec<NamedLayer>, EngineError> {
    let layers: Vec<_> = model.network().named_layers().collect();
    let transaction = layers
        .iter()
        .flat_map(|(_, layer)| layer.flat_parameters())
        .fold(Transaction::default(), Transaction::register);
    let mut values = transaction.execute_async().await?.into_iter().map(floats);
    let mut next = || values.next().expect("a transaction answers every tensor registered");
    let read = layers.into_iter().map(|(name, layer)| {
        let weights = LayerWeights { weight: layer.to_pytorch_layout(next()), bias: next() };
        (name, *layer.plan(), weights)
    });
    Ok(read.collect())
}

fn serialize(header: &Header, layers: &[NamedLayer]) -> Vec<u8> {
    let json = serde_json::to_string(header).expect("a header is plain data, which JSON can hold");
    let tensors = layers.iter().flat_map(|(name, plan, weights)| {
        [
            (format!("{name}.weight"), view(weight_shape(plan), &weights.weight)),
            (format!("{name}.bias"), view(vec![plan.bias_len()], &weights.bias)),
        ]
    });
    safetensors::serialize(tensors, Some(HashMap::from([(KEY.to_owned(), json)])))
        .expect("names are distinct and the header is far below the limit")
}

/// Little-endian, as the format has it and every machine that runs this is.
fn view(shape: Vec<usize>, values: &[f32]) -> TensorView<'_> {
    TensorView::new(Dtype::F32, shape, bytemuck::cast_slice(values))
        .expect("a layer's weights have the size that its plan says")
}
