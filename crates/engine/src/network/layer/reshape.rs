//! Layers without weights: they move, repeat or choose values.

use burn::tensor::{Device, Int, Tensor, TensorData, module::max_pool2d, ops::MaxPoolOptions};
use pinhole_protocol::{CONV_STRIDE, GridShape, LayerKind, LayerPlan};

use super::{maps, rows, steps};

/// Sends a batch through a layer that holds no weights.
pub(super) fn forward(plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
    let [samples, _] = batch.dims();
    match plan.kind {
        LayerKind::MaxPool => max_pool(plan, batch),
        LayerKind::Resize => resize(plan, batch),
        LayerKind::Positions => {
            let positions = positions(plan.output, &batch.device());
            batch + positions
        }
        LayerKind::LastStep => rows(steps(plan.input, batch).narrow(1, plan.input.height - 1, 1)),
        LayerKind::Repeat => {
            batch.unsqueeze_dim::<3>(1).repeat_dim(1, plan.output.height).reshape([samples, plan.output.len()])
        }
        LayerKind::Rows => rows(maps(plan.input, batch).swap_dims(1, 2)),
        LayerKind::SequenceToPicture => {
            let GridShape { channels, height, width } = plan.output;
            rows(batch.reshape([samples, height, channels, width]).swap_dims(1, 2))
        }
        LayerKind::Dense
        | LayerKind::StepDense
        | LayerKind::Conv { .. }
        | LayerKind::ConvTranspose
        | LayerKind::Conv1d { .. }
        | LayerKind::Conv1dTranspose
        | LayerKind::Lstm
        | LayerKind::Gru
        | LayerKind::Transformer { .. }
        | LayerKind::Residual
        | LayerKind::Highway => batch,
    }
}

/// Largest of each 2x2, or of each two steps; an odd last one stands alone.
fn max_pool(plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
    let is_sequence = plan.input.width == plan.output.width;
    let kernel = [CONV_STRIDE, if is_sequence { 1 } else { CONV_STRIDE }];
    let options = MaxPoolOptions::new(kernel).with_stride(kernel).with_ceil_mode(true);
    rows(max_pool2d(maps(plan.input, batch), options))
}

/// Each value is that of the nearest place, as PyTorch's `nearest` has it: place `i` takes `i * from / to`, rounded down.
fn resize(plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
    let mut picture = maps(plan.input, batch);
    let device = picture.device();
    let sides = [(2, plan.input.height, plan.output.height), (3, plan.input.width, plan.output.width)];
    for (axis, from, to) in sides {
        if from != to {
            let sources: Vec<i32> = (0..to).map(|place| ((place * from / to) as u32).cast_signed()).collect();
            picture = picture.select(axis, Tensor::<1, Int>::from_data(TensorData::new(sources, [to]), &device));
        }
    }
    rows(picture)
}

/// Sines on even features and cosines on odd ones, of wavelengths from 2 pi to 10,000 times that.
fn positions(shape: GridShape, device: &Device) -> Tensor<2> {
    let GridShape { height: count, width: features, .. } = shape;
    let value = |step: usize, feature: usize| {
        let exponent = (feature - feature % 2) as f64 / features as f64;
        let angle = step as f64 / 10_000_f64.powf(exponent);
        (if feature.is_multiple_of(2) { angle.sin() } else { angle.cos() }) as f32
    };
    let values: Vec<f32> = (0..count).flat_map(|step| (0..features).map(move |feature| value(step, feature))).collect();
    Tensor::from_data(TensorData::new(values, [1, count * features]), device)
}
