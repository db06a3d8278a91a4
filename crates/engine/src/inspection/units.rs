//! Which value of a layer's output belongs to which of its units, and which units are dead.

use pinhole_protocol::{LayerKind, LayerPlan};

/// Outputs of a layer: units of a dense layer, features of a sequence's step, channels of a picture.
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

/// Units that say the same of every sample, wherever they look: nothing that follows can learn from them. `outputs` is
/// [samples, values].
pub(super) fn dead_units(layer: &LayerPlan, outputs: &[f32]) -> usize {
    let values = layer.output.len();
    let units = units(layer);
    let places = values / units;
    let is_by_channel = layer.output.channels == units;
    let mut is_alive = vec![false; units];
    let Some(first) = outputs.get(..values) else { return 0 };
    for (index, value) in first.iter().enumerate() {
        // A picture holds channel after channel, a sequence all features of a step and then those of the next.
        let unit = if is_by_channel { index / places } else { index % units };
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
    fn a_dense_unit_is_dead_when_no_sample_moves_it() {
        let dense = layer(LayerKind::Dense, [1, 28, 28], [3, 1, 1]);
        assert_eq!(units(&dense), 3);
        assert_eq!(dead_units(&dense, &[0.0, 1.0, 5.0, 0.0, 2.0, 5.0]), 2);
        assert_eq!(dead_units(&dense, &[]), 0);
    }

    #[test]
    fn a_channel_is_alive_when_one_of_its_places_moves() {
        let conv = layer(LayerKind::Conv { stride: 2 }, [1, 28, 28], [2, 1, 3]);
        assert_eq!(units(&conv), 2);
        // The second channel differs between its places, but not between samples: the bias at a border does that.
        assert_eq!(dead_units(&conv, &[0.0, 0.0, 1.0, 7.0, 8.0, 9.0, 0.0, 0.0, 2.0, 7.0, 8.0, 9.0]), 1);
    }

    #[test]
    fn features_of_a_sequence_lie_side_by_side() {
        let gru = layer(LayerKind::Gru, [1, 28, 28], [1, 2, 3]);
        assert_eq!(units(&gru), 3);
        assert_eq!(dead_units(&gru, &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 9.0, 2.0]), 2);
    }

    #[test]
    fn a_dense_layer_back_to_a_picture_has_a_unit_a_pixel() {
        assert_eq!(units(&layer(LayerKind::Dense, [1, 28, 28], [1, 28, 28])), 784);
        assert_eq!(units(&layer(LayerKind::ConvTranspose, [1, 28, 28], [1, 28, 28])), 1);
        let dense = layer(LayerKind::Dense, [1, 28, 28], [1, 2, 2]);
        assert_eq!(dead_units(&dense, &[0.0, 1.0, 1.0, 0.0, 0.0, 2.0, 2.0, 1.0]), 1);
    }
}
