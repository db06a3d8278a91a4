//! Layers without weights: they move, repeat, select or add fixed values.

use burn::tensor::{Device, Int, Tensor, TensorData, module::max_pool2d, ops::MaxPoolOptions};
use pinhole_protocol::{CONV_STRIDE, GridShape, LayerKind, LayerPlan};

use super::shape::{flatten, to_maps, to_sequence};

/// Output of a layer without weights, [samples, values].
pub(super) fn forward(plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
    let [samples, _] = batch.dims();
    match plan.kind {
        LayerKind::MaxPool => max_pool(plan, batch),
        LayerKind::Resize => resize(plan, batch),
        LayerKind::Positions => {
            let encoding = positional_encoding(plan.output, &batch.device());
            batch + encoding
        }
        LayerKind::LastStep => flatten(to_sequence(plan.input, batch).narrow(1, plan.input.height - 1, 1)),
        LayerKind::Repeat => {
            batch.unsqueeze_dim::<3>(1).repeat_dim(1, plan.output.height).reshape([samples, plan.output.len()])
        }
        LayerKind::Rows => flatten(to_maps(plan.input, batch).swap_dims(1, 2)),
        LayerKind::SequenceToPicture => {
            let GridShape { channels, height, width } = plan.output;
            flatten(batch.reshape([samples, height, channels, width]).swap_dims(1, 2))
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

/// Maximum of each 2x2 window of a picture, or of each two steps of a sequence; an odd last row, column or step is a
/// window of its own.
fn max_pool(plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
    let is_sequence = plan.input.width == plan.output.width;
    let kernel = [CONV_STRIDE, if is_sequence { 1 } else { CONV_STRIDE }];
    let options = MaxPoolOptions::new(kernel).with_stride(kernel).with_ceil_mode(true);
    flatten(max_pool2d(to_maps(plan.input, batch), options))
}

/// Nearest-neighbour resizing as PyTorch's `nearest`: `y[i] = x[⌊i from / to⌋]` along each axis.
fn resize(plan: &LayerPlan, batch: Tensor<2>) -> Tensor<2> {
    let mut maps = to_maps(plan.input, batch);
    let device = maps.device();
    let sides = [(2, plan.input.height, plan.output.height), (3, plan.input.width, plan.output.width)];
    for (axis, from, to) in sides {
        if from != to {
            let sources: Vec<i32> = (0..to).map(|index| ((index * from / to) as u32).cast_signed()).collect();
            maps = maps.select(axis, Tensor::<1, Int>::from_data(TensorData::new(sources, [to]), &device));
        }
    }
    flatten(maps)
}

/// Positional encoding (Vaswani et al. 2017, section 3.5): `PE[t, 2 i] = sin(t / 10000^(2 i / d))`, `PE[t, 2 i + 1]`
/// the cosine, for step t and d features; [1, steps x features].
fn positional_encoding(shape: GridShape, device: &Device) -> Tensor<2> {
    let GridShape { height: steps, width: features, .. } = shape;
    let value = |step: usize, feature: usize| {
        let exponent = (feature - feature % 2) as f64 / features as f64;
        let angle = step as f64 / 10_000_f64.powf(exponent);
        (if feature.is_multiple_of(2) { angle.sin() } else { angle.cos() }) as f32
    };
    let values: Vec<f32> = (0..steps).flat_map(|step| (0..features).map(move |feature| value(step, feature))).collect();
    Tensor::from_data(TensorData::new(values, [1, steps * features]), device)
}
