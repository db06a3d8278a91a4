//! The models that ship with the page perform as the page claims.

use pinhole_engine::{Compute, Model, data, evaluate::evaluate};
use pinhole_protocol::{Corruption, DevicePreference, Noise, Preset, presets};

/// Opens a shipped model of at most that size: visitors download it.
async fn open(name: &str, max_bytes: usize) -> Model {
    let path = format!("{}/../../www/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the model is part of the repository");
    assert!(bytes.len() < max_bytes, "{} bytes", bytes.len());
    let compute = Compute::start(DevicePreference::Cpu).await;
    Model::from_file(name, &bytes, &compute).expect("it opens")
}

#[test]
fn the_denoiser_denoises_unseen_digits() {
    let gain_db = pollster::block_on(async {
        let model = open("denoiser", 1_000_000).await;
        let noise = Corruption::new(Noise::Gaussian, 0.5);
        let result = evaluate(&model, &data::strokes(77, 64), noise, 1).await.expect("the CPU does not fail");
        result.denoised.psnr_db - result.noisy.psnr_db
    });
    // Measured on MNIST's test images: 9.8 dB.
    assert!(gain_db > 8.0, "a gain of {gain_db} dB only");
}

#[test]
fn presets_that_start_from_a_model_have_one() {
    let bases: Vec<&str> = presets().iter().filter_map(Preset::base).collect();
    assert_eq!(bases, ["article", "article"], "transfer and student");
    let mse = pollster::block_on(async {
        let model = open("article", 2_000_000).await;
        evaluate(&model, &data::strokes(77, 64), Corruption::default(), 1)
            .await
            .expect("the CPU does not fail")
            .denoised
            .mse
    });
    // Measured on 1,000 held-out digits: 0.0111.
    assert!(mse < 0.0135, "an error of {mse}");
}
