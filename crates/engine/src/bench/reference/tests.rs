//! Comparison on the CPU; browser tests run the same one on WebGPU.

use burn::tensor::Device;
use pinhole_protocol::{DevicePreference, presets};

use super::*;
use crate::Compute;

/// Largest relative difference: rounding of 32-bit floats through a dozen layers, forward and backward.
const TOLERANCE: f32 = 1e-4;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/reference/family/", $name, ".safetensors"))
    };
}

fn assert_agreement(reference: ReferenceKind, file: &[u8]) {
    let agreements = pollster::block_on(compare(reference, file, &Device::flex(), &async || {}))
        .expect("the file can be read, and its cases match the engine");
    assert!(!agreements.is_empty());
    let wrong: Vec<_> = agreements.iter().filter(|agreement| agreement.worst > TOLERANCE).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dense_networks_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Networks, file!("dense"));
}

#[test]
fn networks_of_pictures_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Networks, file!("pictures"));
}

#[test]
fn convolutions_over_steps_and_transformers_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Networks, file!("sequences"));
}

#[test]
fn recurrent_networks_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Networks, file!("recurrent"));
}

#[test]
fn bottlenecks_and_heads_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Networks, file!("bottlenecks"));
}

#[test]
fn losses_and_penalties_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Losses, file!("losses"));
}

#[test]
fn optimisers_agree_with_pytorch() {
    assert_agreement(ReferenceKind::Optimisers, file!("optimisers"));
}

#[test]
fn blur_and_down_scaling_agree_with_scipy_and_pytorch() {
    assert_agreement(ReferenceKind::Corruptions, file!("corruptions"));
}

#[test]
fn nan_and_missing_values_differ_infinitely() {
    for found in [&[1.0, f32::NAN][..], &[1.0]] {
        let mut agreement = agreement::empty("case");
        agreement::compare_tensor(&mut agreement, "loss", found, &[1.0, 2.0], 0.0);
        assert!(agreement.worst.is_infinite(), "{agreement:?}");
    }
}

#[test]
fn two_runs_of_every_preset_on_the_cpu_are_equal() {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    for preset in presets() {
        let compared = compare_devices(preset.experiment, preset.start, &compute);
        let agreement = pollster::block_on(compared).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        assert!(agreement.tensor.is_empty(), "{} differs: {agreement:?}", preset.name);
    }
}
