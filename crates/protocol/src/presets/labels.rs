//! Presets with a second target or a second model: classifier, regression, tied code, transfer, distillation.

use super::{Aim, AimFigure, Preset, PresetGroup, small_batches};
use crate::{
    Activation, BottleneckSpec, DataSpec, Experiment, HeadSpec, ImageSource, Measure, NetworkSpec, Objective,
    PartRates, RegressionSpec, Reuse, STROKE_ATTRIBUTES, Schedule, Tie, TieTarget, TrainingStart,
};

pub(super) fn presets() -> Vec<Preset> {
    let group = PresetGroup::Labels;
    let small = NetworkSpec {
        encoder: NetworkSpec::dense_blocks(&[64]),
        bottleneck: BottleneckSpec::Dense { size: 64, activation: Activation::Linear },
        ..NetworkSpec::default()
    };
    vec![
        Preset {
            name: "classifier",
            title: "Classifier head",
            group,
            about: "Decoder and classifier are trained together on one code.",
            look_for: "Labels come nearly for free, and neighbouring codes agree on them far more often.",
            measures: &[Measure::Accuracy, Measure::NeighbourAccuracy, Measure::ReconstructionError],
            aim: vec![Aim::at_least(Measure::Accuracy, 0.95), Aim::at_least(Measure::NeighbourAccuracy, 0.95)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    bottleneck: BottleneckSpec::Dense { size: 16, activation: Activation::Linear },
                    head: Some(HeadSpec { classes: 10 }),
                    ..NetworkSpec::default()
                },
                schedule: small_batches(7, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "regression-head",
            title: "Regression head",
            group,
            about: "Decoder and a linear regression, which predicts how far the digit leans, are trained together on one code.",
            look_for: "A linear function of the code knows the slant, at little cost in reconstruction.",
            measures: &[Measure::RegressionR2, Measure::RegressionMae, Measure::ReconstructionError],
            aim: vec![Aim::at_least(Measure::RegressionR2, 0.8), Aim::explained(Measure::ReconstructionError, 0.6)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    bottleneck: BottleneckSpec::Dense { size: 16, activation: Activation::Linear },
                    regression: Some(RegressionSpec { attribute: "slant".into() }),
                    ..NetworkSpec::default()
                },
                schedule: small_batches(10, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "tied-code",
            title: "Latent numbers with a meaning",
            group,
            about: "The first latent number learns to be the slant of the digit, the second the width of the pen; the others hold the rest.",
            look_for: "Walk along Latent 1 and the digit leans, along Latent 2 and the pen thickens; no other number follows either as closely.",
            measures: &[Measure::TiedCorrelation, Measure::ReconstructionError],
            aim: vec![Aim::at_least(Measure::TiedCorrelation, 0.9), Aim::explained(Measure::ReconstructionError, 0.6)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    bottleneck: BottleneckSpec::Dense { size: 16, activation: Activation::Linear },
                    ..NetworkSpec::default()
                },
                objective: Objective {
                    ties: STROKE_ATTRIBUTES
                        .into_iter()
                        .enumerate()
                        .map(|(latent, name)| Tie { latent, target: TieTarget::Attribute(name.into()) })
                        .collect(),
                    ..Objective::default()
                },
                schedule: small_batches(7, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "transfer",
            title: "Transfer to your pictures",
            group,
            about: "The encoder of the current model, trained on generated digits, learns slowly; a new decoder learns real digits, or your own pictures.",
            look_for: "After one epoch the error is what a fresh network needs several for.",
            measures: &[Measure::ReconstructionError],
            aim: vec![Aim::explained(Measure::ReconstructionError, 0.5)],
            start: TrainingStart::Transfer { reuse: Reuse::Encoder },
            experiment: Experiment {
                data: DataSpec { source: ImageSource::Digits8x8, limit: None },
                schedule: Schedule { part_rates: PartRates { encoder: 0.1, decoder: 1.0 }, ..Schedule::default() },
                ..Experiment::default()
            },
        },
        Preset {
            name: "student",
            title: "Distilled student",
            group,
            about: "A network of a quarter of the article's weights learns to answer as the current model does.",
            look_for: "A quarter of the weights, faster, and an error well below twice its teacher's.",
            measures: &[Measure::StudentError, Measure::StudentSize, Measure::StudentTime],
            aim: vec![Aim::at_most(Measure::StudentError, 2.0).of(AimFigure::PerReference)],
            start: TrainingStart::Distil,
            experiment: Experiment { network: small, schedule: small_batches(8, 2e-3), ..Experiment::default() },
        },
    ]
}
