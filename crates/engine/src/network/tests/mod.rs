//! Networks against their plans.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};
use pinhole_protocol::{BlockSpec, DecoderSpec, NetworkSpec, presets};

use super::*;

fn rows(values: &[f32], width: usize) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / width, width]), &Device::flex())
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("32-bit floats")
}

#[test]
fn every_preset_has_as_many_parameters_as_its_plan() {
    for preset in presets() {
        let plan = preset.experiment.network.plan().expect("presets are valid");
        let network = Autoencoder::new(&plan, 1, &Device::flex());
        let held: usize = plan.tensors().iter().map(pinhole_protocol::TensorPlan::len).sum();
        assert_eq!(network.num_params(), held, "{}", preset.name);
        let output = network.forward(rows(&[0.5; 2 * 784], 784));
        assert_eq!(output.dims(), [2, 784], "{}", preset.name);
    }
}

#[test]
fn read_weights_returns_the_weights_that_were_loaded() {
    for preset in presets() {
        let plan = preset.experiment.network.plan().expect("presets are valid");
        let weights = initial_weights(&plan, 3);
        let network = Autoencoder::from_weights(&plan, weights.clone(), &Device::flex());
        let read = pollster::block_on(network.read_weights(&plan)).expect("the CPU does not fail");
        assert_eq!(read, weights, "{}", preset.name);
    }
}

#[test]
fn decode_after_encode_is_forward() {
    let spec = NetworkSpec { encoder: NetworkSpec::conv_blocks(&[2]), ..NetworkSpec::default() };
    for decoder in [DecoderSpec::Mirror, DecoderSpec::Blocks(vec![BlockSpec::Dense { width: 30 }])] {
        let plan = NetworkSpec { decoder, ..spec.clone() }.plan().expect("valid");
        let network = Autoencoder::new(&plan, 3, &Device::flex());
        let picture = rows(&[0.25; 784], 784);
        let code = network.encode(picture.clone());
        assert_eq!(code.dims(), [1, plan.code.len()]);
        assert_eq!(values(network.decode(code)), values(network.forward(picture)));
    }
}
