//! The models that the page ships do what the page says of them.

use pinhole_engine::{Compute, Model, data, evaluate::evaluate};
use pinhole_protocol::{Corruption, DevicePreference, Noise};

/// The smallest change of the page's size that a visitor would notice is not worth a sharper picture.
const MOST_BYTES: usize = 1_000_000;

#[test]
fn the_denoiser_cleans_digits_that_it_has_never_seen() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/models/denoiser.safetensors");
    let bytes = std::fs::read(path).expect("the model is part of the repository");
    assert!(bytes.len() < MOST_BYTES, "{} bytes", bytes.len());
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
