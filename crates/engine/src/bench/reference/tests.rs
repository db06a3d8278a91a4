//! On the CPU; in a browser the same comparison runs on WebGPU.

use burn::tensor::Device;
use pinhole_protocol::{DevicePreference, presets};

use super::*;
use crate::Compute;

/// Rounding of 32-bit floats through a dozen layers and back.
const TOLERANCE: f32 = 1e-4;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/reference/family/", $name, ".safetensors"))
    };
}

fn agree(reference: Reference, file: &[u8]) {
    let agreements = pollster::block_on(compare(reference, file, &Device::flex(), &async || {}))
        .expect("the reference is whole, and its layers are ours");
    assert!(!agreements.is_empty());
    let wrong: Vec<_> = agreements.iter().filter(|agreement| agreement.worst > TOLERANCE).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dense_networks_with_every_activation_and_normalisation() {
    agree(Reference::Networks, file!("dense"));
}

#[test]
fn convolutions_pooling_skips_and_residuals() {
    agree(Reference::Networks, file!("pictures"));
}

#[test]
fn convolutions_over_steps_and_attention() {
    agree(Reference::Networks, file!("sequences"));
}

#[test]
fn recurrent_networks() {
    agree(Reference::Networks, file!("recurrent"));
}

#[test]
fn every_bottleneck_and_the_heads_on_it() {
    agree(Reference::Networks, file!("bottlenecks"));
}

#[test]
fn every_loss_and_every_penalty() {
    agree(Reference::Losses, file!("losses"));
}

#[test]
fn every_optimiser_that_pytorch_has() {
    agree(Reference::Optimisers, file!("optimisers"));
}

#[test]
fn every_corruption_that_blends_neighbours() {
    agree(Reference::Corruptions, file!("corruptions"));
}

#[test]
fn what_is_no_number_or_not_there_is_infinitely_far_off() {
    for found in [&[1.0, f32::NAN][..], &[1.0]] {
        let mut agreement = agreement::unseen("case");
        agreement::note(&mut agreement, "loss", found, &[1.0, 2.0], 0.0);
        assert!(agreement.worst.is_infinite(), "{agreement:?}");
    }
}

#[test]
fn every_preset_takes_the_same_steps_twice() {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    for preset in presets() {
        let compared = compare_devices(preset.experiment, preset.start, &compute);
        let agreement = pollster::block_on(compared).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        assert!(agreement.tensor.is_empty(), "{} differs: {agreement:?}", preset.name);
    }
}
