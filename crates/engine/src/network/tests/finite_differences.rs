//! Gradients against what the loss does when a weight moves a little.

use pinhole_protocol::{Activation, GridShape, NetworkPlan, ReconstructionLoss};
use rand::RngExt;

use super::{conv, dense, initial_weights, loss_and_gradients};
use crate::{
    network::LayerWeights,
    random::{Stream, generator},
};

/// Small enough for the curvature, large enough for 32-bit floats.
const NUDGE: f32 = 1e-2;

fn check(plan: &NetworkPlan, loss: ReconstructionLoss) {
    let mut random = generator(8, Stream::Sample, 0);
    let mut uniform = || (0..3 * plan.input.len()).map(|_| random.random::<f32>()).collect::<Vec<f32>>();
    let (input, target) = (uniform(), uniform());
    let weights = initial_weights(plan, 2);
    let (_, gradients) = loss_and_gradients(plan, weights.clone(), loss, [&input, &target]);
    let value = |weights| f64::from(loss_and_gradients(plan, weights, loss, [&input, &target]).0);

    let largest = gradients.iter().flat_map(|layer| &layer.weight).fold(0.0_f32, |most, value| most.max(value.abs()));
    for layer in 0..weights.len() {
        for index in [0, weights[layer].weight.len() / 2, weights[layer].weight.len() - 1] {
            let nudged = |by: f32| -> Vec<LayerWeights> {
                let mut weights = weights.clone();
                weights[layer].weight[index] += by;
                weights
            };
            let slope = (value(nudged(NUDGE)) - value(nudged(-NUDGE))) / f64::from(2.0 * NUDGE);
            let gradient = f64::from(gradients[layer].weight[index]);
            assert!(
                (slope - gradient).abs() < 0.02 * f64::from(largest),
                "layer {layer}, weight {index}: the loss rises by {slope}, the gradient says {gradient}"
            );
        }
    }
}

#[test]
fn of_a_dense_network() {
    let plan = dense(GridShape { channels: 1, height: 5, width: 4 }, 3, Activation::Tanh);
    check(&plan, ReconstructionLoss::Mse);
    check(&plan, ReconstructionLoss::BinaryCrossEntropy);
}

#[test]
fn of_a_convolutional_network() {
    check(&conv(7, 6), ReconstructionLoss::Mse);
    check(&conv(7, 6), ReconstructionLoss::BinaryCrossEntropy);
}
