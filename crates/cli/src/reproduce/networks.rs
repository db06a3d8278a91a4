//! Reference networks on MNIST: experiments, metrics, and PyTorch's values with the same settings.

use pinhole_protocol::{Corruption, DataSpec, Experiment, ImageSource, Noise, ReconstructionLoss, Schedule, presets};

/// A metric and its reference value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Name with its unit.
    pub name: &'static str,
    /// PyTorch's value with the same settings (see the README).
    pub pytorch: f64,
    /// Number of decimals to print.
    pub decimals: usize,
    /// True if a higher value is better.
    pub higher_is_better: bool,
}

/// Metrics of a network on the test images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricSet {
    /// Mean squared error.
    ReconstructionError,
    /// PSNR and SSIM of the reconstructions of inputs with the experiment's noise.
    Denoising,
    /// Negative evidence lower bound.
    NegativeElbo,
    /// Accuracy of a five-nearest-neighbour classifier on the codes, and mean squared error.
    NeighbourAccuracy,
}

/// A network to train, and the metrics to compare.
#[derive(Clone, Debug)]
pub struct ReferenceNetwork {
    /// Key in the file of results.
    pub name: &'static str,
    /// Description in the table.
    pub title: String,
    /// The experiment.
    pub experiment: Experiment,
    /// The metrics to measure.
    pub metric_set: MetricSet,
    /// Names and reference values of these metrics.
    pub metrics: Vec<Metric>,
}

/// Returns every reference network, the fastest first.
pub fn reference_networks() -> Vec<ReferenceNetwork> {
    let error = |pytorch| Metric { name: "test MSE", pytorch, decimals: 5, higher_is_better: false };
    let article = ReferenceNetwork {
        name: "article",
        title: "784-256-64-256-784, 5 epochs".into(),
        experiment: on_mnist("article", 5),
        metric_set: MetricSet::ReconstructionError,
        // The mean of seeds 0, 1 and 2: .00778, .00837 and .00833.
        metrics: vec![error(0.00816)],
    };
    let linear = ReferenceNetwork {
        name: "linear-code",
        title: "the same without ReLU on its code".into(),
        experiment: on_mnist("linear-code", 5),
        metric_set: MetricSet::ReconstructionError,
        metrics: vec![error(0.0061)],
    };
    let plane = ReferenceNetwork {
        name: "plane",
        title: "784-256-2-256-784, linear code, 5 epochs".into(),
        experiment: on_mnist("plane", 5),
        metric_set: MetricSet::NeighbourAccuracy,
        metrics: vec![
            Metric { name: "five-neighbour accuracy", pytorch: 0.57, decimals: 3, higher_is_better: true },
            error(0.0450),
        ],
    };
    let vae = ReferenceNetwork {
        name: "vae",
        title: "VAE 784-400-20, 10 epochs".into(),
        experiment: on_mnist("vae", 10),
        metric_set: MetricSet::NegativeElbo,
        metrics: vec![Metric { name: "negative ELBO, nats", pytorch: 105.4, decimals: 1, higher_is_better: false }],
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

fn denoiser(name: &'static str, corruption: Corruption, [psnr, ssim]: [f64; 2]) -> ReferenceNetwork {
    let clipped = if corruption.noise == Noise::Gaussian { "clipped" } else { "unclipped" };
    let mut experiment = on_mnist("conv-denoiser", 5);
    experiment.objective.corruption = corruption;
    // The preset minimises cross-entropy; PyTorch's values are those of the squared error.
    experiment.objective.loss = ReconstructionLoss::Mse;
    ReferenceNetwork {
        name,
        title: format!("conv 1-32-64, noise {} {clipped}, 5 epochs", corruption.level),
        experiment,
        metric_set: MetricSet::Denoising,
        metrics: vec![
            Metric { name: "PSNR, dB", pytorch: psnr, decimals: 2, higher_is_better: true },
            Metric { name: "SSIM", pytorch: ssim, decimals: 3, higher_is_better: true },
        ],
    }
}

/// Returns a preset for all of MNIST's training images: Adam 1e-3, batches of 128, no validation samples.
fn on_mnist(preset: &str, epochs: usize) -> Experiment {
    let preset = presets().into_iter().find(|listed| listed.name == preset).expect("the preset is listed");
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
    fn every_network_is_valid_and_has_a_unique_name() {
        let names: HashSet<_> = reference_networks().iter().map(|network| network.name).collect();
        assert_eq!(names.len(), reference_networks().len());
        for network in reference_networks() {
            assert!(network.experiment.clone().check().is_ok(), "{}", network.name);
            assert!(!network.metrics.is_empty(), "{}", network.name);
        }
    }
}
