//! First values of a network's tensors, drawn on the host: the same on every device.

use rand::RngExt;

use crate::random::{Stream, generator};

/// Distribution of a tensor's first values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InitialValues {
    /// All the same.
    Constant(f32),
    /// Uniform from `-bound` to `bound`.
    Uniform {
        /// Half the width.
        bound: f32,
    },
}

/// First values of the tensors of layer number `layer`, given each tensor's length. Each layer draws from a stream of
/// its own, so that a layer added behind it changes nothing.
pub fn draw_layer(seed: u64, layer: usize, tensors: impl IntoIterator<Item = (usize, InitialValues)>) -> Vec<Vec<f32>> {
    let mut random = generator(seed, Stream::Weights, layer as u64);
    let mut draw = |(len, values)| match values {
        InitialValues::Constant(value) => vec![value; len],
        InitialValues::Uniform { bound } => (0..len).map(|_| random.random_range(-bound..bound)).collect(),
    };
    tensors.into_iter().map(&mut draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_draw_from_streams_of_their_own() {
        let uniform = (50, InitialValues::Uniform { bound: 0.5 });
        let [one, other] = [0, 1].map(|layer| draw_layer(3, layer, [uniform, (2, InitialValues::Constant(1.0))]));
        assert_eq!(draw_layer(3, 0, [uniform])[0], one[0]);
        assert_ne!(one[0], other[0]);
        assert_eq!(one[1], [1.0, 1.0]);
        assert!(one[0].iter().all(|value| value.abs() <= 0.5));
    }
}
