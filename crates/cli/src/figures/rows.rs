//! What is trained on MNIST, what is measured of it, and what PyTorch has with the same settings.

use pinhole_protocol::{Corruption, DataSpec, Experiment, ImageSource, Noise, ReconstructionLoss, Schedule, presets};

/// A number to compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// What it is, with its unit.
    pub name: &'static str,
    /// PyTorch's, as measured with these settings (see the README).
    pub pytorch: f64,
    /// Digits after the point that are worth printing.
    pub digits: usize,
    /// Whether more is better.
    pub more_is_better: bool,
}

/// How a trained network is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Mean squared error of the test images.
    Error,
    /// PSNR and SSIM of the test images with the experiment's noise.
    Denoising,
    /// Negative evidence lower bound.
    Bound,
    /// How many test codes have neighbours of their own label.
    Neighbours,
}

/// One network.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name in the file of results.
    pub name: &'static str,
    /// What it is.
    pub title: String,
    /// What is trained.
    pub experiment: Experiment,
    /// How it is measured.
    pub judgement: Judgement,
    /// What comes of that.
    pub figures: Vec<Figure>,
}

/// Every row, the quickest first.
pub fn rows() -> Vec<Row> {
    let error = |pytorch| Figure { name: "test MSE", pytorch, digits: 5, more_is_better: false };
    let article = Row {
        name: "article",
        title: "784-256-64-256-784, 5 epochs".into(),
        experiment: on_mnist("article", 5),
        judgement: Judgement::Error,
        // The mean of seeds 0, 1 and 2: .00778, .00837 and .00833.
        figures: vec![error(0.00816)],
    };
    let linear = Row {
        name: "linear-code",
        title: "the same without ReLU on its code".into(),
        experiment: on_mnist("linear-code", 5),
        judgement: Judgement::Error,
        figures: vec![error(0.0061)],
    };
    let plane = Row {
        name: "plane",
        title: "784-256-2-256-784, linear code, 5 epochs".into(),
        experiment: on_mnist("plane", 5),
        judgement: Judgement::Neighbours,
        figures: vec![
            Figure { name: "five-neighbour accuracy", pytorch: 0.57, digits: 3, more_is_better: true },
            error(0.0450),
        ],
    };
    let vae = Row {
        name: "vae",
        title: "VAE 784-400-20, 10 epochs".into(),
        experiment: on_mnist("vae", 10),
        judgement: Judgement::Bound,
        figures: vec![Figure { name: "negative ELBO, nats", pytorch: 105.4, digits: 1, more_is_better: false }],
    };
    let denoisers = [
        ("conv-0.2-unclipped", Noise::GaussianUnclipped, 0.2, [25.59, 0.963]),
        ("conv-0.2", Noise::Gaussian, 0.2, [25.59, 0.962]),
        ("conv-0.5-unclipped", Noise::GaussianUnclipped, 0.5, [19.71, 0.843]),
        ("conv-0.5", Noise::Gaussian, 0.5, [19.30, 0.826]),
    ]
    .map(|(name, noise, level, pytorch)| denoiser(name, Corruption::new(noise, level), pytorch));
    [article, linear, plane, vae].into_iter().chain(denoisers).collect()
}

fn denoiser(name: &'static str, corruption: Corruption, [psnr, ssim]: [f64; 2]) -> Row {
    let clipped = if corruption.noise == Noise::Gaussian { "clipped" } else { "unclipped" };
    let mut experiment = on_mnist("conv-denoiser", 5);
    experiment.objective.corruption = corruption;
    // The preset's cross-entropy is quicker out of the dark; PyTorch's figures are those of the squared error.
    experiment.objective.loss = ReconstructionLoss::Mse;
    Row {
        name,
        title: format!("conv 1-32-64, noise {} {clipped}, 5 epochs", corruption.level),
        experiment,
        judgement: Judgement::Denoising,
        figures: vec![
            Figure { name: "PSNR, dB", pytorch: psnr, digits: 2, more_is_better: true },
            Figure { name: "SSIM", pytorch: ssim, digits: 3, more_is_better: true },
        ],
    }
}

/// A preset, trained on all of MNIST's training images: Adam 1e-3, batches of 128, nothing held out.
fn on_mnist(preset: &str, epochs: usize) -> Experiment {
    let preset =
        presets().into_iter().find(|listed| listed.name == preset).expect("a row names a preset that is listed");
    Experiment {
        data: DataSpec { source: ImageSource::Opened, limit: None },
        schedule: Schedule { epochs, validation_share: 0.0, ..Schedule::default() },
        ..preset.experiment
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_can_be_trained_and_has_a_name_of_its_own() {
        let names: HashSet<_> = rows().iter().map(|row| row.name).collect();
        assert_eq!(names.len(), rows().len());
        for row in rows() {
            assert!(row.experiment.clone().check().is_ok(), "{}", row.name);
            assert!(!row.figures.is_empty(), "{}", row.name);
        }
    }
}
