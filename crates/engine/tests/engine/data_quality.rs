//! MSE, PSNR and SSIM compared with scikit-image's, on pictures that both sides generate by the same rule
//! (`reference/ssim.py`).

use pinhole_engine::{
    data::open_images,
    measure::images::{psnr_db, quality},
};
use pinhole_protocol::{Bytes, GridShape, NamedFile};
use rand_distr::{Distribution, Normal};
use rand_pcg::Pcg32;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    height: usize,
    width: usize,
    seed: u64,
    level: f32,
    mse: f64,
    psnr_db: f64,
    ssim: f64,
}

/// The clean and the noisy picture of `ssim.py`.
fn pictures(case: &Case) -> (Vec<f32>, Vec<f32>) {
    let clean: Vec<f32> = (0..case.height)
        .flat_map(|y| (0..case.width).map(move |x| (y as u64 / 3, x as u64 / 3)))
        .map(|(y, x)| (((y * 31 + x * 17 + case.seed * 7).pow(2) % 251) as f64 / 250.0) as f32)
        .collect();
    let noise = |i: u64| (((i * 7919 + case.seed * 104_729).pow(2) % 1009) as f64 / 1008.0 - 0.5) as f32;
    let other = clean.iter().zip(0..).map(|(value, i)| value + case.level * noise(i)).collect();
    (clean, other)
}

#[test]
fn quality_agrees_with_scikit_image() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../reference/ssim.json")).expect("the reference is JSON");
    assert!(!cases.is_empty());
    for case in cases {
        let (clean, other) = pictures(&case);
        let got = quality(&clean, &other, GridShape { channels: 1, height: case.height, width: case.width });
        let context = format!("{}x{} at noise {}", case.height, case.width, case.level);
        assert!((got.mse - case.mse).abs() < 1e-6, "{context}: MSE {} for {}", got.mse, case.mse);
        assert!((got.psnr_db - case.psnr_db).abs() < 1e-6, "{context}: PSNR {} for {}", got.psnr_db, case.psnr_db);
        assert!((got.ssim - case.ssim).abs() < 1e-6, "{context}: SSIM {} for {}", got.ssim, case.ssim);
    }
}

/// Published figures for Gaussian noise of 0.2 on MNIST's test images: 13.98 dB and 0.639.
#[test]
fn noisy_mnist_has_the_published_quality() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/mnist/t10k-images-idx3-ubyte.gz");
    let Ok(bytes) = std::fs::read(file) else {
        println!("SKIP noisy_mnist_has_the_published_quality: ../shared/data/mnist is absent");
        return;
    };
    let images = open_images(&[NamedFile { name: "t10k".into(), bytes: Bytes(bytes) }]).expect("MNIST's own file");
    let mut rng = Pcg32::new(1, 1);
    let gaussian = Normal::new(0.0_f32, 0.2).expect("a deviation above 0");
    let (mut mse, mut ssim) = (0.0, 0.0);
    for index in 0..images.len() {
        let clean = images.values(index);
        let noisy: Vec<f32> = clean.iter().map(|value| value + gaussian.sample(&mut rng)).collect();
        let scores = quality(&clean, &noisy, GridShape::MNIST);
        mse += scores.mse / images.len() as f64;
        ssim += scores.ssim / images.len() as f64;
    }
    assert!((psnr_db(mse) - 13.98).abs() < 0.01, "{} dB", psnr_db(mse));
    assert!((ssim - 0.639).abs() < 0.001, "SSIM {ssim}");
}
