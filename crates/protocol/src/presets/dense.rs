//! Presets of dense autoencoders.

use super::{Aim, Preset, PresetGroup, small_batches};
use crate::{
    Activation, BottleneckSpec, Corruption, Experiment, Measure, NetworkSpec, Noise, Objective, Schedule, TrainingStart,
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
            aim: vec![Aim::at_most(Measure::ReconstructionError, 0.012)],
            start,
            experiment: Experiment { schedule: small_batches(8, 2e-3), ..Experiment::default() },
        },
        Preset {
            name: "linear-code",
            title: "Dense, linear code",
            group,
            about: "The article's network without the ReLU on its code.",
            look_for: "No unit of the code is dead, and the error is lower than the article's.",
            measures: &[Measure::DeadUnits, Measure::ReconstructionError],
            aim: vec![Aim::at_most(Measure::DeadUnits, 0.0), Aim::at_most(Measure::ReconstructionError, 0.012)],
            start,
            experiment: Experiment {
                network: dense(64, Activation::Linear),
                schedule: small_batches(7, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "plane",
            title: "Two numbers",
            group,
            about: "A code of two numbers: how much of a digit fits on a plane?",
            look_for: "Similar digits get neighbouring codes, though no label was ever shown.",
            measures: &[Measure::NeighbourAccuracy, Measure::ReconstructionError],
            aim: vec![Aim::at_least(Measure::NeighbourAccuracy, 0.55)],
            start,
            experiment: Experiment {
                network: dense(2, Activation::Linear),
                schedule: Schedule { batch_size: 64, ..small_batches(30, 2e-3) },
                ..Experiment::default()
            },
        },
        Preset {
            name: "dense-denoiser",
            title: "Dense denoiser",
            group,
            about: "The article's network with a linear code, asked to undo noise.",
            look_for: "The digit comes back out of noise that a median filter cannot remove.",
            measures: &[Measure::Denoising],
            aim: vec![Aim::at_least(Measure::Denoising, 17.5)],
            start,
            experiment: Experiment {
                // With a ReLU on the code it needs three times as long.
                network: dense(64, Activation::Linear),
                objective: denoise(0.5),
                schedule: small_batches(10, 3e-3),
                ..Experiment::default()
            },
        },
    ]
}
