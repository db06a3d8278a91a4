//! Units of a layer, and which of them are dead.

use pinhole_protocol::{LayerKind, LayerPlan};

/// Number of units of a layer: values of a dense layer, features of a step of a sequence, channels of a picture.
pub(super) fn units(layer: &LayerPlan) -> usize {
    match layer.kind {
        LayerKind::Dense => layer.output.len(),
        LayerKind::StepDense
        | LayerKind::Conv1d { .. }
        | LayerKind::Conv1dTranspose
        | LayerKind::Lstm
        | LayerKind::Gru
        | LayerKind::Transformer { .. } => layer.output.width,
        _ => layer.output.channels,
    }
}

/// Number of dead units: their output is the same for every sample, at every position. `outputs` is [samples, values].
pub(super) fn dead_units(layer: &LayerPlan, outputs: &[f32]) -> usize {
    let values = layer.output.len();
    let units = units(layer);
    let positions = values / units;
    let is_by_channel = layer.output.channels == units;
    let mut is_alive = vec![false; units];
    let Some(first) = outputs.get(..values) else { return 0 };
    for (index, value) in first.iter().enumerate() {
        // A picture is [channels, positions], a sequence [steps, features].
        let unit = if is_by_channel { index / positions } else { index % units };
        if !is_alive[unit] {
            let varies = |other: &f32| (other - value).abs() > 0.0;
            is_alive[unit] = outputs.iter().skip(index).step_by(values).any(varies);
        }
    }
    is_alive.into_iter().filter(|is_alive| !is_alive).count()
}

#[cfg(test)]
mod tests {
    use super::{super::tests::layer, *};

    #[test]
    fn a_dense_unit_is_dead_if_it_is_constant_over_samples() {
        let dense = layer(LayerKind::Dense, [1, 28, 28], [3, 1, 1]);
        assert_eq!(units(&dense), 3);
        assert_eq!(dead_units(&dense, &[0.0, 1.0, 5.0, 0.0, 2.0, 5.0]), 2);
        assert_eq!(dead_units(&dense, &[]), 0);
    }

    #[test]
    fn a_channel_is_alive_if_one_of_its_positions_varies() {
        let conv = layer(LayerKind::Conv { stride: 2 }, [1, 28, 28], [2, 1, 3]);
        assert_eq!(units(&conv), 2);
        // The second channel differs between positions but not between samples, as a constant input makes it at a
        // border.
        assert_eq!(dead_units(&conv, &[0.0, 0.0, 1.0, 7.0, 8.0, 9.0, 0.0, 0.0, 2.0, 7.0, 8.0, 9.0]), 1);
    }

    #[test]
    fn units_of_a_sequence_are_its_features() {
        let gru = layer(LayerKind::Gru, [1, 28, 28], [1, 2, 3]);
        assert_eq!(units(&gru), 3);
        assert_eq!(dead_units(&gru, &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 9.0, 2.0]), 2);
    }

    #[test]
    fn a_dense_layer_to_a_picture_has_one_unit_per_pixel() {
        assert_eq!(units(&layer(LayerKind::Dense, [1, 28, 28], [1, 28, 28])), 784);
        assert_eq!(units(&layer(LayerKind::ConvTranspose, [1, 28, 28], [1, 28, 28])), 1);
        let dense = layer(LayerKind::Dense, [1, 28, 28], [1, 2, 2]);
        assert_eq!(dead_units(&dense, &[0.0, 1.0, 1.0, 0.0, 0.0, 2.0, 2.0, 1.0]), 1);
    }
}
