//! The networks against their plans, against PyTorch, and their gradients against differences.

mod finite_differences;
mod pytorch_parity;

use burn::{module::Module, tensor::Device, tensor::Tensor, tensor::TensorData};
use pinhole_protocol::{
    Activation, BottleneckSpec, DecoderSpec, EncoderSpec, GridShape, NetworkPlan, NetworkSpec, ReconstructionLoss,
    presets,
};

use super::*;
use crate::objective::reconstruction_loss;

/// The loss of a network with these weights, and its gradients, layer by layer in the order of the plan.
fn loss_and_gradients(
    plan: &NetworkPlan,
    weights: Vec<LayerWeights>,
    loss: ReconstructionLoss,
    [input, target]: [&[f32]; 2],
) -> (f32, Vec<LayerWeights>) {
    let network = Autoencoder::from_weights(plan, weights, &Device::flex()).train();
    let batch = |values: &[f32]| rows(values, plan.input.len());
    let loss = reconstruction_loss(loss, &network, batch(input), batch(target));
    let gradients = loss.backward();
    let layers = network.named_layers().map(|(_, layer)| layer.gradients(&gradients)).collect();
    (loss.into_scalar(), layers)
}

fn rows(values: &[f32], width: usize) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / width, width]), &Device::flex())
}

fn dense(size: GridShape, code: usize, activation: Activation) -> NetworkPlan {
    let spec = NetworkSpec {
        input: size,
        encoder: EncoderSpec::Dense { widths: vec![12] },
        bottleneck: BottleneckSpec::Dense { size: code, activation },
        activation,
        ..NetworkSpec::default()
    };
    spec.plan().expect("a small dense network is valid")
}

fn conv(height: usize, width: usize) -> NetworkPlan {
    let spec = NetworkSpec {
        input: GridShape { channels: 1, height, width },
        encoder: EncoderSpec::Conv { channels: vec![3, 5] },
        bottleneck: BottleneckSpec::Direct,
        ..NetworkSpec::default()
    };
    spec.plan().expect("two halvings fit")
}

#[test]
fn every_preset_holds_the_parameters_that_its_plan_counts() {
    for preset in presets() {
        let plan = preset.experiment.network.plan().expect("presets are valid");
        let network = Autoencoder::new(&plan, 1, &Device::flex());
        assert_eq!(network.num_params(), plan.parameters(), "{}", preset.name);
        assert_eq!(
            network.named_layers().map(|(name, _)| name).collect::<Vec<_>>(),
            layer_names(&plan),
            "{}",
            preset.name
        );
        let output = network.forward(rows(&[0.5; 2 * 784], 784));
        assert_eq!(output.dims(), [2, 784], "{}", preset.name);
    }
}

#[test]
fn the_parts_compose() {
    let spec = NetworkSpec { encoder: EncoderSpec::Conv { channels: vec![2] }, ..NetworkSpec::default() };
    for decoder in [DecoderSpec::Mirror, DecoderSpec::Dense { widths: vec![30] }] {
        let plan = NetworkSpec { decoder, ..spec.clone() }.plan().expect("valid");
        let network = Autoencoder::new(&plan, 3, &Device::flex());
        let picture = rows(&[0.25; 784], 784);
        let code = network.encode(picture.clone());
        assert_eq!(code.dims(), [1, plan.code.len()]);
        let apart: Vec<f32> = network.decode(code).into_data().try_into_vec().expect("floats");
        let together: Vec<f32> = network.forward(picture).into_data().try_into_vec().expect("floats");
        assert_eq!(apart, together);
    }
}

#[test]
fn a_seed_fixes_the_weights_and_nothing_else_does() {
    let plan = NetworkSpec::default().plan().expect("valid");
    assert_eq!(initial_weights(&plan, 5), initial_weights(&plan, 5));
    assert_ne!(initial_weights(&plan, 5), initial_weights(&plan, 6));
    for (layer, weights) in plan.layers.iter().zip(initial_weights(&plan, 5)) {
        let bound = 1.0 / (layer.input.len() as f32).sqrt();
        let largest = weights.weight.iter().chain(&weights.bias).fold(0.0_f32, |most, value| most.max(value.abs()));
        assert!(largest <= bound && largest > 0.9 * bound, "uniform up to {bound}, and it reaches {largest}");
    }
}
