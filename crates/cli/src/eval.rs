//! `pinhole eval`

use pinhole_engine::{Compute, data, evaluate::evaluate};
use serde::Serialize;

use crate::{arguments::EvalArguments, files};

/// What `--json` prints. PSNR in dB for pixels from 0 to 1.
#[derive(Serialize)]
struct Measures {
    images: usize,
    /// Mean squared error of the reconstruction.
    mse: f64,
    psnr_noisy: f64,
    psnr: f64,
    ssim_noisy: f64,
    ssim: f64,
}

/// Measures a model on images.
pub async fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let compute = Compute::start(arguments.device.into()).await;
    files::explain_device(&compute);
    let model = files::read_model(&arguments.model, &compute)?;
    let images = data::open_images(&files::read_all(&arguments.images)?)?;
    for warning in &images.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let result = evaluate(&model, &images, arguments.corrupt, arguments.seed).await?;
    let measures = Measures {
        images: images.len(),
        mse: result.denoised.mse,
        psnr_noisy: result.noisy.psnr_db,
        psnr: result.denoised.psnr_db,
        ssim_noisy: result.noisy.ssim,
        ssim: result.denoised.ssim,
    };
    if arguments.json {
        println!("{}", serde_json::to_string(&measures)?);
        return Ok(());
    }
    println!("{} images, corrupted by {}", measures.images, arguments.corrupt);
    println!("          input   rebuilt");
    println!("PSNR dB  {:>6.2}  {:>8.2}", measures.psnr_noisy, measures.psnr);
    println!("SSIM     {:>6.3}  {:>8.3}", measures.ssim_noisy, measures.ssim);
    println!("MSE               {:>.5}", measures.mse);
    Ok(())
}
