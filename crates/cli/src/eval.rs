//! `pinhole eval`: measures of a model on images.

use pinhole_engine::{
    Compute, Model,
    data::{self, SampleSet},
    evaluate::evaluate,
    measure::{HeldOut, images::mean_squared_error},
};
use pinhole_protocol::{CheckedExperiment, ImageSource, Measurement};
use serde::Serialize;

use crate::{arguments::EvalArguments, files, measures, samples};

/// Number of generated digits without a limit.
const GENERATED_IMAGES: usize = 1_000;

/// Output of `--json`. All compare with the clean images; PSNR is in dB for pixels from 0 to 1.
#[derive(Serialize)]
struct Report {
    images: usize,
    /// Mean squared error of the reconstructions.
    mse: f64,
    /// Mean squared error of the images' mean, the best constant reconstruction.
    mean_sample_mse: f64,
    psnr_noisy: f64,
    psnr_db: f64,
    /// `psnr_db` under its earlier name.
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
    let images = images(arguments, &model)?;
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
        mean_sample_mse: mean_sample_error(&fitted),
        psnr_noisy: result.noisy.psnr_db,
        psnr_db: result.denoised.psnr_db,
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
    println!("PSNR dB  {:>6.2}  {:>14.2}", report.psnr_noisy, report.psnr_db);
    println!("SSIM     {:>6.3}  {:>14.3}", report.ssim_noisy, report.ssim);
    println!("MSE              {:>15.5}", report.mse);
    println!("MSE of the mean  {:>15.5}", report.mean_sample_mse);
    measures::print(&report.measured);
    Ok(())
}

/// Images of the arguments: opened, or built in.
fn images(arguments: &EvalArguments, model: &Model) -> anyhow::Result<SampleSet> {
    let mut images = match arguments.data.map(ImageSource::from) {
        None => files::open_images(&arguments.images, arguments.as_is)?,
        Some(source) => {
            let experiment = model.experiment();
            if is_training_data(experiment, &source, arguments.seed) {
                eprintln!(
                    "pinhole: note: the model was trained on the digits of seed {}: choose another seed to measure it on unseen ones",
                    arguments.seed
                );
            }
            let count = arguments.limit.unwrap_or(GENERATED_IMAGES);
            samples::built_in(&source, experiment.plan().input, arguments.seed, count)?
        }
    };
    images.truncate(arguments.limit.unwrap_or(usize::MAX));
    Ok(images)
}

/// True if the model was trained on the generated digits of that seed.
fn is_training_data(experiment: &CheckedExperiment, source: &ImageSource, seed: u64) -> bool {
    let trained = experiment.spec();
    *source == ImageSource::Strokes && trained.data.source == *source && trained.seed == seed
}

/// Mean squared error of the mean sample.
fn mean_sample_error(samples: &SampleSet) -> f64 {
    let every = HeldOut::all(samples, samples);
    mean_squared_error(every.values(), &every.mean().repeat(every.len()))
}
