//! Experiments worth starting from.

use serde::Serialize;

use crate::{
    Activation, BottleneckSpec, Corruption, DecoderSpec, EncoderSpec, Experiment, LearningRateSchedule, NetworkSpec,
    Noise, Objective, ReconstructionLoss, Schedule,
};

/// A named experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preset {
    /// Name in links and on the command line.
    pub name: &'static str,
    /// Name that people read.
    pub title: &'static str,
    /// What it shows, in one sentence.
    pub about: &'static str,
    /// The experiment.
    pub experiment: Experiment,
}

/// Every preset; the first is the default.
pub fn presets() -> Vec<Preset> {
    let dense = |size, activation| NetworkSpec {
        bottleneck: BottleneckSpec::Dense { size, activation },
        ..NetworkSpec::default()
    };
    let conv = |channels: &[usize]| NetworkSpec {
        encoder: EncoderSpec::Conv { channels: channels.to_vec() },
        bottleneck: BottleneckSpec::Direct,
        decoder: DecoderSpec::Mirror,
        ..NetworkSpec::default()
    };
    let denoise = |level| Objective { corruption: Corruption::new(Noise::Gaussian, level), ..Objective::default() };
    // Digits are mostly black, and convolutions soon say so everywhere: the sigmoid is then so flat that the squared
    // error teaches nothing for hundreds of steps. Cross-entropy keeps its slope there.
    let cross_entropy = |corruption| Objective { loss: ReconstructionLoss::BinaryCrossEntropy, corruption };
    vec![
        Preset {
            name: "article",
            title: "Article: 784-256-64",
            about: "The classic dense hourglass: 64 numbers to describe a digit.",
            experiment: Experiment::default(),
        },
        Preset {
            name: "linear-code",
            title: "Dense, linear code",
            about: "The article's network without the ReLU on its code: no dead units, a lower error.",
            experiment: Experiment { network: dense(64, Activation::Linear), ..Experiment::default() },
        },
        Preset {
            name: "plane",
            title: "Two numbers",
            about: "A code of two numbers: how much of a digit fits on a plane?",
            experiment: Experiment { network: dense(2, Activation::Linear), ..Experiment::default() },
        },
        Preset {
            name: "dense-denoiser",
            title: "Dense denoiser",
            about: "The article's network, asked to undo noise.",
            experiment: Experiment { objective: denoise(0.5), ..Experiment::default() },
        },
        Preset {
            name: "conv-denoiser",
            title: "Convolutional denoiser",
            about: "Two strided convolutions down, two transposed up: small, and a sharper denoiser.",
            experiment: Experiment {
                network: conv(&[32, 64]),
                objective: cross_entropy(Corruption::new(Noise::Gaussian, 0.5)),
                ..Experiment::default()
            },
        },
        Preset {
            name: "deep-denoiser",
            title: "Deep convolutional denoiser",
            about: "Three levels of convolutions, every noise level up to 0.7: what the page's own denoiser is.",
            experiment: Experiment {
                network: conv(&[32, 64, 96]),
                objective: cross_entropy(Corruption { noise: Noise::Gaussian, level: 0.7, varied: true }),
                schedule: Schedule {
                    epochs: 8,
                    learning_rate_schedule: LearningRateSchedule::Cosine,
                    ..Schedule::default()
                },
                ..Experiment::default()
            },
        },
    ]
}
