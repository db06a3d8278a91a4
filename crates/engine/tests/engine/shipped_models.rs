//! The models that ship with the page perform as the page claims.

use pinhole_engine::{Compute, Model, data, evaluate::evaluate};
use pinhole_protocol::{Corruption, DevicePreference, Noise};

/// Largest file of a shipped model: visitors download it.
const MAX_BYTES: usize = 1_000_000;

#[test]
fn the_denoiser_denoises_unseen_digits() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/models/denoiser.safetensors");
    let bytes = std::fs::read(path).expect("the model is part of the repository");
    assert!(bytes.len() < MAX_BYTES, "{} bytes", bytes.len());
    let gain_db = pollster::block_on(async {
        let compute = Compute::start(DevicePreference::Cpu).await;
        let model = Model::from_file("denoiser.safetensors", &bytes, &compute).expect("it opens");
        let noise = Corruption::new(Noise::Gaussian, 0.5);
        let result = evaluate(&model, &data::strokes(77, 64), noise, 1).await.expect("the CPU does not fail");
        result.denoised.psnr_db - result.noisy.psnr_db
    });
    // Measured on MNIST's test images: 9.8 dB.
    assert!(gain_db > 8.0, "a gain of {gain_db} dB only");
}
