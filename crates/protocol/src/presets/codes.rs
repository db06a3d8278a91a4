//! Presets that constrain the code: sparse, contractive, variational, vector-quantised, adversarial.

use super::{Aim, AimFigure, Preset, PresetGroup, small_batches};
use crate::{
    Activation, BottleneckSpec, Experiment, Measure, NetworkSpec, Objective, Penalty, PenaltyKind, Prior,
    ReconstructionLoss, Schedule, TrainingStart,
};

pub(super) fn presets() -> Vec<Preset> {
    [penalised_codes(), probabilistic_codes()].concat()
}

/// Sparse and contractive codes.
fn penalised_codes() -> Vec<Preset> {
    let network = |size, activation| NetworkSpec {
        encoder: Vec::new(),
        bottleneck: BottleneckSpec::Dense { size, activation },
        ..NetworkSpec::default()
    };
    let penalised = |kind, weight| Objective { penalties: vec![Penalty { kind, weight }], ..Objective::default() };
    vec![
        Preset {
            name: "sparse",
            title: "Sparse",
            group: PresetGroup::Codes,
            about: "A large code, of which an L1 penalty keeps most values at 0.",
            look_for: "Each digit lights up a few units only, though there are 256.",
            measures: &[Measure::ActiveShare, Measure::ReconstructionError],
            aim: vec![Aim::at_most(Measure::ActiveShare, 0.15), Aim::explained(Measure::ReconstructionError, 0.8)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: network(256, Activation::Relu),
                objective: penalised(PenaltyKind::L1, 0.05),
                schedule: small_batches(7, 3e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "top-k",
            title: "Sparse, top k",
            group: PresetGroup::Codes,
            about: "Only the 16 largest of a code's 256 values are kept.",
            look_for: "Sparsity without a weight to tune: exactly 16 values are left.",
            measures: &[Measure::ActiveShare, Measure::ReconstructionError],
            aim: vec![Aim::at_most(Measure::ActiveShare, 0.0626), Aim::explained(Measure::ReconstructionError, 0.75)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    encoder: Vec::new(),
                    bottleneck: BottleneckSpec::TopK { size: 256, active: 16 },
                    ..NetworkSpec::default()
                },
                schedule: small_batches(7, 4e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "contractive",
            title: "Contractive",
            group: PresetGroup::Codes,
            about: "A penalty on the change of the code when the input changes.",
            look_for: "The code hardly changes with small changes of the input: its sensitivity is a fraction of that without the penalty.",
            measures: &[Measure::Sensitivity, Measure::ReconstructionError],
            aim: vec![Aim::at_most(Measure::Sensitivity, 0.1)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: network(128, Activation::Sigmoid),
                objective: penalised(PenaltyKind::Contractive, 3e-3),
                // A sigmoid code is slow to leave its flat middle.
                schedule: Schedule { learning_rate: 3e-3, ..Schedule::default() },
                ..Experiment::default()
            },
        },
    ]
}

/// Codes with a prior distribution, or quantised by a codebook.
fn probabilistic_codes() -> Vec<Preset> {
    let wide =
        |bottleneck| NetworkSpec { encoder: NetworkSpec::dense_blocks(&[400]), bottleneck, ..NetworkSpec::default() };
    let bernoulli = |beta| Objective { loss: ReconstructionLoss::BinaryCrossEntropy, beta, ..Objective::default() };
    vec![
        Preset {
            name: "vae",
            title: "Variational (VAE)",
            group: PresetGroup::Codes,
            about: "Every picture is encoded as a normal distribution of codes near the origin: 784-400-20.",
            look_for: "Any point near the origin decodes to something like a digit.",
            measures: &[Measure::NegativeElbo, Measure::ActiveUnits],
            aim: vec![Aim::at_most(Measure::NegativeElbo, 130.0)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: wide(BottleneckSpec::Variational { size: 20 }),
                objective: bernoulli(1.0),
                schedule: small_batches(6, 2e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "beta-vae",
            title: "beta-VAE",
            group: PresetGroup::Codes,
            about: "The KL divergence weighs ten times as much, after a warm-up.",
            look_for: "Fewer units stay active, and each of them changes one thing.",
            measures: &[Measure::ActiveUnits, Measure::NegativeElbo],
            aim: vec![Aim::at_most(Measure::ActiveUnits, 8.0)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: wide(BottleneckSpec::Variational { size: 20 }),
                objective: Objective { beta_warm_up_share: 0.3, ..bernoulli(10.0) },
                // At a rate that falls, units are given up too late.
                schedule: Schedule { epochs: 10, batch_size: 64, learning_rate: 3e-3, ..Schedule::default() },
                ..Experiment::default()
            },
        },
        Preset {
            name: "vq-vae",
            title: "Vector-quantised (VQ-VAE)",
            group: PresetGroup::Codes,
            about: "A digit becomes 49 vectors of a learnt codebook of 64.",
            look_for: "A good part of the codebook is in use: its perplexity is far above 1.",
            measures: &[Measure::CodebookPerplexity, Measure::ReconstructionError],
            aim: vec![
                Aim::at_least(Measure::CodebookPerplexity, 16.0),
                Aim::explained(Measure::ReconstructionError, 0.8),
            ],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: NetworkSpec {
                    encoder: NetworkSpec::conv_blocks(&[16, 32]),
                    bottleneck: BottleneckSpec::VectorQuantised { codes: 64, dimension: 8 },
                    ..NetworkSpec::default()
                },
                objective: bernoulli(1.0),
                schedule: small_batches(3, 3e-3),
                ..Experiment::default()
            },
        },
        Preset {
            name: "adversarial",
            title: "Adversarial",
            group: PresetGroup::Codes,
            about: "A discriminator distinguishes codes from draws from a normal distribution; the encoder learns to make them indistinguishable.",
            look_for: "The codes fill a round cloud: their MMD to the prior is small, where that of unconstrained codes is large.",
            measures: &[Measure::PriorMmd, Measure::ReconstructionError],
            aim: vec![Aim::at_most(Measure::PriorMmd, 2.0).of(AimFigure::PerReference)],
            start: TrainingStart::Fresh,
            experiment: Experiment {
                network: wide(BottleneckSpec::Adversarial { size: 8, prior: Prior::Gaussian, hidden: 128 }),
                // A code of two numbers has to leave out so much of a digit that it never looks like the prior.
                // From 0.03 on the codes run away from the discriminator.
                objective: Objective { adversarial: 0.01, ..bernoulli(1.0) },
                schedule: Schedule { batch_size: 64, ..small_batches(16, 1.5e-3) },
                ..Experiment::default()
            },
        },
    ]
}
