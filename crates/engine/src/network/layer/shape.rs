//! Views of a batch [samples, values] as sequences and feature maps, and back.

use burn::tensor::Tensor;
use pinhole_protocol::GridShape;

/// [samples, values] as a sequence [samples, steps, features].
pub(super) fn to_sequence(shape: GridShape, batch: Tensor<2>) -> Tensor<3> {
    let [samples, _] = batch.dims();
    batch.reshape([samples, shape.height, shape.width])
}

/// [samples, values] as feature maps [samples, channels, height, width].
pub(super) fn to_maps(shape: GridShape, batch: Tensor<2>) -> Tensor<4> {
    let [samples, _] = batch.dims();
    batch.reshape([samples, shape.channels, shape.height, shape.width])
}

/// A tensor [samples, ...] as [samples, values].
pub(super) fn flatten<const D: usize>(values: Tensor<D>) -> Tensor<2> {
    values.flatten(1, D - 1)
}
