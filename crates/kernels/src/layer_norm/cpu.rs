//! Layer normalisation on the CPU: a pass over each row, both ways.

use burn_flex::{Flex, FlexTensor};

use super::{EPSILON, LayerNormOps};
use crate::cpu::{Flat, Normalised, normalisation_gradients, normalise};

impl LayerNormOps for Flex {
    fn normalise_and_keep(
        input: FlexTensor,
        added: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [count, width] = input.layout().shape().dims();
        let [input, added, gamma, beta] = [input, added, gamma, beta].map(Flat::of);
        let (mut normal, mut scales) = (vec![0.0; count * width], vec![0.0; count]);
        let output = Flat::filled([count, width], |output| {
            let normalised = Normalised { output, normal: &mut normal, scales: &mut scales };
            normalise([input.values(), added.values()], [gamma.values(), beta.values()], EPSILON, normalised);
        });
        (output, Flat::from_values([count, width], normal), Flat::from_values([count], scales))
    }

    fn normalisation_gradients(
        gradient: FlexTensor,
        gamma: FlexTensor,
        normal: FlexTensor,
        scales: FlexTensor,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [count, width] = normal.layout().shape().dims();
        let [gradient, gamma, normal, scales] = [gradient, gamma, normal, scales].map(Flat::of);
        let (mut of_gamma, mut of_beta) = (vec![0.0; width], vec![0.0; width]);
        let sum = Flat::filled([count, width], |sum| {
            let rows = [gradient.values(), normal.values()];
            normalisation_gradients(rows, scales.values(), gamma.values(), sum, [&mut of_gamma, &mut of_beta]);
        });
        (sum, Flat::from_values([width], of_gamma), Flat::from_values([width], of_beta))
    }
}
