//! Presets of dense autoencoders.

use super::{Preset, PresetGroup};
use crate::{
    Activation, BottleneckSpec, Corruption, Experiment, Measure, NetworkSpec, Noise, Objective, TrainingStart,
};

pub(super) fn presets() -> Vec<Preset> {
    let dense = |size, activation| NetworkSpec {
        bottleneck: BottleneckSpec::Dense { size, activation },
        ..NetworkSpec::default()
    };
    let denoise = |level| Objective { corruption: Corruption::new(Noise::Gaussian, level), ..Objective::default() };
    let group = PresetGroup::Dense;
    let start = TrainingStart::Fresh;
    vec![
        Preset {
            name: "article",
            title: "Article: 784-256-64",
            group,
            about: "The classic dense autoencoder: a code of 64 values for a digit.",
            look_for: "The reconstructions are a little soft, yet the error is far below that of the mean digit.",
            measures: &[Measure::ReconstructionError, Measure::NoiseCopied],
            start,
            experiment: Experiment::default(),
        },
        Preset {
            name: "linear-code",
            title: "Dense, linear code",
            group,
            about: "The article's network without the ReLU on its code.",
            look_for: "No unit of the code is dead, and the error is lower than the article's.",
            measures: &[Measure::ReconstructionError, Measure::ActiveShare],
            start,
            experiment: Experiment { network: dense(64, Activation::Linear), ..Experiment::default() },
        },
        Preset {
            name: "plane",
            title: "Two numbers",
            group,
            about: "A code of two numbers: how much of a digit fits on a plane?",
            look_for: "Similar digits get neighbouring codes, though no label was ever shown.",
            measures: &[Measure::NeighbourAccuracy, Measure::ReconstructionError],
            start,
            experiment: Experiment { network: dense(2, Activation::Linear), ..Experiment::default() },
        },
        Preset {
            name: "dense-denoiser",
            title: "Dense denoiser",
            group,
            about: "The article's network, asked to undo noise.",
            look_for: "The digit comes back out of noise that a median filter cannot remove.",
            measures: &[Measure::Denoising],
            start,
            experiment: Experiment { objective: denoise(0.5), ..Experiment::default() },
        },
    ]
}
