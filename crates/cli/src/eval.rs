//! `pinhole eval`: measures of a model on images.

use pinhole_engine::{Compute, data, evaluate::evaluate, measure::HeldOut};
use pinhole_protocol::Measurement;
use serde::Serialize;

use crate::{arguments::EvalArguments, files, measures};

/// Output of `--json`. PSNR in dB for pixels from 0 to 1.
#[derive(Serialize)]
struct Report {
    images: usize,
    /// Mean squared error of the reconstructions.
    mse: f64,
    psnr_noisy: f64,
    psnr: f64,
    ssim_noisy: f64,
    ssim: f64,
    /// The usual measures of the model's experiment, on the first 1,000 images.
    measured: Vec<Measurement>,
}

/// Measures a model on images.
pub async fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let compute = Compute::start(arguments.device.into()).await;
    files::print_fallback_reason(&compute);
    let model = files::read_model(&arguments.model, &compute)?;
    let images = data::open_images(&files::read_all(&arguments.images)?)?;
    for warning in &images.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    let result = evaluate(&model, &images, arguments.corrupt, arguments.seed).await?;
    let fitted = data::fit_to_input(&images, model.experiment().plan().input)?;
    let every: Vec<u32> = (0..fitted.len() as u32).collect();
    let measured = measures::measure_usual(&model, &HeldOut::new(&fitted, &every, &every), None).await?;
    let report = Report {
        images: images.len(),
        mse: result.denoised.mse,
        psnr_noisy: result.noisy.psnr_db,
        psnr: result.denoised.psnr_db,
        ssim_noisy: result.noisy.ssim,
        ssim: result.denoised.ssim,
        measured,
    };
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    println!("{} images, corruption: {}", report.images, arguments.corrupt);
    println!("          input  reconstruction");
    println!("PSNR dB  {:>6.2}  {:>14.2}", report.psnr_noisy, report.psnr);
    println!("SSIM     {:>6.3}  {:>14.3}", report.ssim_noisy, report.ssim);
    println!("MSE              {:>15.5}", report.mse);
    measures::print(&report.measured);
    Ok(())
}
