//! Aims of six presets of different kinds, reached with the settings that a person gets. `cargo xtask test presets`
//! trains all of them.

use pinhole_engine::bench::presets::train;
use pinhole_protocol::presets;

use crate::common::cpu;

fn assert_aims_are_reached(name: &str) {
    let preset = presets().into_iter().find(|listed| listed.name == name).expect("the preset is listed");
    let trained = pollster::block_on(train(&preset, None, &cpu())).expect("the CPU does not fail");
    let aims = trained.aims(&preset);
    println!("{name}: {aims:?} after {} steps", trained.steps);
    assert!(aims.iter().all(|(_, _, is_reached)| *is_reached), "{name} misses an aim: {aims:?}");
}

#[test]
fn the_article_reaches_its_aim() {
    assert_aims_are_reached("article");
}

#[test]
fn the_dense_denoiser_reaches_its_aim() {
    assert_aims_are_reached("dense-denoiser");
}

#[test]
fn the_vae_reaches_its_aim() {
    assert_aims_are_reached("vae");
}

#[test]
fn the_adversarial_autoencoder_reaches_its_aim() {
    assert_aims_are_reached("adversarial");
}

#[test]
fn the_gru_reaches_its_aim() {
    assert_aims_are_reached("gru");
}

#[test]
fn the_vq_vae_reaches_its_aim() {
    assert_aims_are_reached("vq-vae");
}
