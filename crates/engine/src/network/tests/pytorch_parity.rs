//! Outputs, losses and gradients that PyTorch computed for the same weights (tests/reference/layers.py).

use pinhole_protocol::{Activation, GridShape, NetworkPlan, ReconstructionLoss};
use safetensors::SafeTensors;

use super::{conv, dense, loss_and_gradients, rows};
use crate::network::{Autoencoder, LayerWeights, layer_names, weight_shape};

const REFERENCE: &[u8] = include_bytes!("../../../tests/reference/layers.safetensors");

fn check(case: &str, plan: &NetworkPlan, loss: ReconstructionLoss) {
    let file = SafeTensors::deserialize(REFERENCE).expect("the reference is a safetensors file");
    let read = |name: String| -> Vec<f32> {
        let tensor = file.tensor(&name).unwrap_or_else(|_| panic!("the reference has no {name}"));
        tensor.data().as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
    };
    let layers = |prefix: &str| -> Vec<LayerWeights> {
        layer_names(plan)
            .iter()
            .map(|name| LayerWeights {
                weight: read(format!("{case}.{prefix}{name}.weight")),
                bias: read(format!("{case}.{prefix}{name}.bias")),
            })
            .collect()
    };
    let [input, target] = ["input", "target"].map(|name| read(format!("{case}.{name}")));
    for (name, layer) in layer_names(plan).iter().zip(&plan.layers) {
        let shape = file.tensor(&format!("{case}.{name}.weight")).expect("just read").shape().to_vec();
        assert_eq!(shape, weight_shape(layer), "{case} {name}: PyTorch's layout");
    }

    let network = Autoencoder::from_weights(plan, layers(""), &burn::tensor::Device::flex());
    let output: Vec<f32> =
        network.forward(rows(&input, plan.input.len())).into_data().try_into_vec().expect("outputs are floats");
    assert_close(case, "output", &output, &read(format!("{case}.output")));

    let (value, gradients) = loss_and_gradients(plan, layers(""), loss, [&input, &target]);
    assert_close(case, "loss", &[value], &read(format!("{case}.loss")));
    for (name, (found, expected)) in layer_names(plan).iter().zip(gradients.iter().zip(layers("grad."))) {
        assert_close(case, &format!("gradient of {name}.weight"), &found.weight, &expected.weight);
        assert_close(case, &format!("gradient of {name}.bias"), &found.bias, &expected.bias);
    }
}

fn assert_close(case: &str, what: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{case}: size of {what}");
    let scale = expected.iter().fold(1e-6_f32, |most, value| most.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-5 * scale, "{case}: {what} is {found} and PyTorch's {expected}");
    }
}

#[test]
fn dense_networks_with_every_activation() {
    let size = GridShape { channels: 1, height: 6, width: 5 };
    for (name, activation) in [
        ("linear", Activation::Linear),
        ("relu", Activation::Relu),
        ("leaky_relu", Activation::LeakyRelu),
        ("gelu", Activation::Gelu),
        ("tanh", Activation::Tanh),
        ("sigmoid", Activation::Sigmoid),
    ] {
        check(&format!("dense_{name}"), &dense(size, 4, activation), ReconstructionLoss::Mse);
    }
}

#[test]
fn binary_cross_entropy() {
    let size = GridShape { channels: 1, height: 6, width: 5 };
    check("dense_bce", &dense(size, 4, Activation::Relu), ReconstructionLoss::BinaryCrossEntropy);
}

#[test]
fn convolutions_down_and_transposed_up() {
    check("conv_even", &conv(8, 12), ReconstructionLoss::Mse);
    check("conv_odd", &conv(9, 7), ReconstructionLoss::Mse);
}
