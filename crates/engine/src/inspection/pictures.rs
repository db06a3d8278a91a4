//! Weights of the first layer as pictures.

use pinhole_protocol::{Bytes, CONV_KERNEL, LayerKind, LayerPlan, WeightPictures};

use super::units::units;
use crate::pixels::unit_to_byte;

/// Most pictures that a page shows.
const MAX_PICTURES: usize = 64;

/// Weights of each unit of a layer, at most 64 units, as grey pictures: of a dense layer in the shape of the input, of
/// a convolution its kernels, both averaged over channels; of layers that read sequences one row per gate or step and
/// one column per feature. `weight` is the layer's first tensor in PyTorch's layout. 0 is middle grey; black and white
/// are minus and plus the largest magnitude of the picture.
pub(super) fn weight_pictures(layer: &LayerPlan, weight: &[f32]) -> WeightPictures {
    let units = units(layer).max(1);
    let [height, width] = picture_shape(layer, weight.len() / units);
    let count = if height * width == 0 { 0 } else { units.min(MAX_PICTURES) };
    let pixels = (0..count).flat_map(|unit| to_grey(&unit_weights(layer, weight, unit, units))).collect();
    WeightPictures { count, height, width, pixels: Bytes(pixels) }
}

/// Rows and columns of the picture of a unit of `weights` weights.
fn picture_shape(layer: &LayerPlan, weights: usize) -> [usize; 2] {
    let input = layer.input;
    match layer.kind {
        LayerKind::Dense if reads_picture(layer) => [input.height, input.width],
        LayerKind::Conv { .. } | LayerKind::Residual if reads_picture(layer) => [CONV_KERNEL; 2],
        LayerKind::Conv1d { .. } => [CONV_KERNEL, input.width],
        LayerKind::Lstm | LayerKind::Gru | LayerKind::Transformer { .. } => [weights / input.width.max(1), input.width],
        _ => [1, weights],
    }
}

fn reads_picture(layer: &LayerPlan) -> bool {
    layer.input.height * layer.input.width > 1
}

/// The weights of one unit in the order of its picture.
fn unit_weights(layer: &LayerPlan, weight: &[f32], unit: usize, units: usize) -> Vec<f32> {
    let per_unit = weight.len() / units;
    let input = layer.input;
    match layer.kind {
        // [gates x units, features]: one row per gate.
        LayerKind::Lstm | LayerKind::Gru | LayerKind::Transformer { .. } => {
            weight.chunks_exact(input.width).skip(unit).step_by(units).flatten().copied().collect()
        }
        // [units, features, steps]: one row per step.
        LayerKind::Conv1d { .. } => {
            let kernel = &weight[unit * per_unit..][..per_unit];
            (0..CONV_KERNEL).flat_map(|step| kernel.iter().skip(step).step_by(CONV_KERNEL)).copied().collect()
        }
        LayerKind::Conv { .. } | LayerKind::Residual if reads_picture(layer) => {
            mean_over_channels(&weight[unit * per_unit..][..per_unit], CONV_KERNEL * CONV_KERNEL)
        }
        LayerKind::Dense if reads_picture(layer) => {
            mean_over_channels(&weight[unit * per_unit..][..per_unit], input.height * input.width)
        }
        _ => weight[unit * per_unit..][..per_unit].to_vec(),
    }
}

fn mean_over_channels(weights: &[f32], picture: usize) -> Vec<f32> {
    let channels = (weights.len() / picture) as f32;
    (0..picture).map(|pixel| weights.iter().skip(pixel).step_by(picture).sum::<f32>() / channels).collect()
}

/// Grey bytes of weights: 0 is middle grey, the largest magnitude black or white.
fn to_grey(weights: &[f32]) -> Vec<u8> {
    let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    let scale = if largest > 0.0 { 0.5 / largest } else { 0.0 };
    weights.iter().map(|weight| unit_to_byte(0.5 + weight * scale)).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::tests::layer, *};

    fn shape(pictures: &WeightPictures) -> [usize; 3] {
        assert_eq!(pictures.pixels.0.len(), pictures.count * pictures.height * pictures.width);
        [pictures.count, pictures.height, pictures.width]
    }

    #[test]
    fn a_dense_unit_is_a_picture_of_its_input() {
        let dense = layer(LayerKind::Dense, [1, 2, 3], [2, 1, 1]);
        let found = weight_pictures(&dense, &[0.0, 1.0, -1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(shape(&found), [2, 2, 3]);
        assert_eq!(found.pixels.0, [128, 255, 0, 191, 128, 128, 128, 128, 128, 128, 128, 128]);
    }

    #[test]
    fn channels_are_averaged() {
        let dense = layer(LayerKind::Dense, [2, 1, 2], [1, 1, 1]);
        assert_eq!(weight_pictures(&dense, &[1.0, 0.0, 1.0, -1.0]).pixels.0, [255, 64]);
        let conv = layer(LayerKind::Conv { stride: 2 }, [3, 8, 8], [4, 4, 4]);
        assert_eq!(shape(&weight_pictures(&conv, &[0.1; 4 * 3 * 9])), [4, 3, 3]);
    }

    #[test]
    fn weights_of_table_columns_are_one_row() {
        let dense = layer(LayerKind::Dense, [5, 1, 1], [2, 1, 1]);
        assert_eq!(shape(&weight_pictures(&dense, &[0.1; 10])), [2, 1, 5]);
    }

    #[test]
    fn gates_of_an_lstm_and_steps_of_a_kernel_are_rows() {
        let lstm = layer(LayerKind::Lstm, [1, 28, 2], [1, 28, 3]);
        // Four gates of three units with two features each: the second unit's rows are 1, 4, 7 and 10.
        let weight: Vec<f32> = (0..12).flat_map(|row| [row as f32 / 10.0, 0.0]).collect();
        let found = weight_pictures(&lstm, &weight);
        assert_eq!(shape(&found), [3, 4, 2]);
        assert_eq!(found.pixels.0[8..16], [140, 128, 179, 128, 217, 128, 255, 128]);
        let conv = layer(LayerKind::Conv1d { stride: 2 }, [1, 28, 2], [1, 14, 1]);
        let found = weight_pictures(&conv, &[1.0, 0.0, 0.0, 0.0, 0.0, -1.0]);
        assert_eq!((shape(&found), found.pixels.0), ([1, 3, 2], vec![255, 128, 128, 128, 128, 0]));
    }

    #[test]
    fn at_most_64_units_have_pictures() {
        let dense = layer(LayerKind::Dense, [1, 2, 2], [100, 1, 1]);
        assert_eq!(shape(&weight_pictures(&dense, &[0.3; 400])), [64, 2, 2]);
    }
}
