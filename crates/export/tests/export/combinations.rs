//! Experiments that together have every construct that no preset uses.

use pinhole_protocol::{
    Activation, Augmentation, BlockSpec, BottleneckSpec, Corruption, DataSpec, DecoderSpec, EarlyStopping, Experiment,
    GridShape, HeadSpec, ImageSource, LearningRateSchedule, NetworkSpec, Noise, Normalisation, Objective, Optimiser,
    PartRates, Penalty, PenaltyKind, Prior, ReconstructionLoss, RegressionSpec, Reuse, Scaling, Schedule, Scope, Tie,
    TieTarget, TrainingStart,
};

/// A named experiment with its start.
pub struct Combination {
    pub name: &'static str,
    pub experiment: Experiment,
    pub start: TrainingStart,
}

const COLOUR: GridShape = GridShape { channels: 3, height: 16, width: 14 };
const ROW: GridShape = GridShape { channels: 12, height: 1, width: 1 };

/// Every combination.
pub fn combinations() -> Vec<Combination> {
    [dense(), pictures(), sequences(), codes(), starts()].into_iter().flatten().collect()
}

fn fresh(name: &'static str, network: NetworkSpec, objective: Objective, schedule: Schedule) -> Combination {
    let experiment = Experiment { network, objective, schedule, ..Experiment::default() };
    Combination { name, experiment, start: TrainingStart::Fresh }
}

fn varied(noise: Noise, level: f32) -> Corruption {
    Corruption { noise, level, varied: true }
}

fn penalties<const N: usize>(kinds: [PenaltyKind; N]) -> Vec<Penalty> {
    kinds.into_iter().map(|kind| Penalty { kind, weight: 0.01 }).collect()
}

const fn conv(channels: usize, scaling: Scaling) -> BlockSpec {
    BlockSpec::Conv { channels, scaling }
}

const fn conv1d(channels: usize, scaling: Scaling) -> BlockSpec {
    BlockSpec::Conv1d { channels, scaling }
}

fn dense() -> Vec<Combination> {
    vec![
        fresh(
            "tied-lion",
            NetworkSpec {
                encoder: NetworkSpec::dense_blocks(&[128]),
                bottleneck: BottleneckSpec::TopK { size: 32, active: 8 },
                tied: true,
                activation: Activation::Tanh,
                ..NetworkSpec::default()
            },
            Objective { corruption: varied(Noise::SaltAndPepper, 0.3), ..Objective::default() },
            Schedule {
                optimiser: Optimiser::Lion,
                learning_rate: 1e-4,
                weight_decay: 0.01,
                learning_rate_schedule: LearningRateSchedule::Step { every_epochs: 2, factor: 0.5 },
                gradient_clip_norm: Some(1.0),
                gradient_clip_value: Some(0.1),
                ..Schedule::default()
            },
        ),
        fresh(
            "highway-dropout",
            NetworkSpec {
                encoder: vec![BlockSpec::Dense { width: 64 }, BlockSpec::Highway, BlockSpec::Residual],
                bottleneck: BottleneckSpec::Dense { size: 16, activation: Activation::Sigmoid },
                dropout: 0.1,
                normalisation: Normalisation::Layer,
                activation: Activation::Gelu,
                ..NetworkSpec::default()
            },
            Objective {
                loss: ReconstructionLoss::Huber,
                corruption: Corruption::new(Noise::Block, 0.25),
                scope: Scope::Hidden,
                penalties: penalties([PenaltyKind::KlSparsity { target: 0.05 }, PenaltyKind::Contractive]),
                ..Objective::default()
            },
            Schedule {
                optimiser: Optimiser::Lamb,
                weight_decay: 0.01,
                learning_rate_schedule: LearningRateSchedule::Plateau { factor: 0.5, patience_epochs: 2 },
                ..Schedule::default()
            },
        ),
    ]
}

fn pictures() -> Vec<Combination> {
    let pooled = NetworkSpec {
        input: COLOUR,
        encoder: vec![conv(8, Scaling::Pool), BlockSpec::Residual, conv(8, Scaling::Keep)],
        bottleneck: BottleneckSpec::Dense { size: 16, activation: Activation::LeakyRelu },
        ..NetworkSpec::default()
    };
    vec![
        fresh(
            "pooled-ssim",
            NetworkSpec { normalisation: Normalisation::Batch, activation: Activation::Silu, ..pooled.clone() },
            Objective {
                loss: ReconstructionLoss::Ssim,
                reconstruction: 2.0,
                corruption: Corruption::new(Noise::DownScaling, 0.6),
                penalties: penalties([PenaltyKind::L1]),
                ..Objective::default()
            },
            Schedule {
                optimiser: Optimiser::AdamW,
                learning_rate_schedule: LearningRateSchedule::Cosine,
                warm_up_share: 0.1,
                moving_average: Some(0.99),
                part_rates: PartRates { encoder: 0.0, decoder: 1.0 },
                ..Schedule::default()
            },
        ),
        fresh(
            "u-net-augmented",
            NetworkSpec {
                encoder: vec![conv(8, Scaling::Pool), conv(8, Scaling::Stride)],
                bottleneck: BottleneckSpec::Variational { size: 8 },
                skips: true,
                learnt_variance: true,
                normalisation: Normalisation::Group { groups: 4 },
                ..pooled
            },
            Objective {
                loss: ReconstructionLoss::Gaussian,
                corruption: varied(Noise::Blur, 0.5),
                ..Objective::default()
            },
            Schedule {
                augmentation: Augmentation { shift_px: 2.0, rotation_degrees: 10.0, elastic_px: 3.0 },
                early_stopping: Some(EarlyStopping { patience_epochs: 3 }),
                ..Schedule::default()
            },
        ),
    ]
}

fn sequences() -> Vec<Combination> {
    let colour = |encoder| NetworkSpec { input: COLOUR, encoder, ..NetworkSpec::default() };
    vec![
        fresh(
            "mirrored-recurrent",
            NetworkSpec {
                bottleneck: BottleneckSpec::Variational { size: 6 },
                dropout: 0.1,
                ..colour(vec![BlockSpec::Gru { units: 12 }, BlockSpec::Lstm { units: 10 }])
            },
            Objective {
                beta: 4.0,
                beta_warm_up_share: 0.5,
                penalties: penalties([PenaltyKind::TotalCorrelation, PenaltyKind::Orthogonality]),
                ..Objective::default()
            },
            Schedule {
                optimiser: Optimiser::RmsProp,
                learning_rate_schedule: LearningRateSchedule::Exponential { factor: 0.9 },
                warm_up_share: 0.1,
                ..Schedule::default()
            },
        ),
        fresh(
            "mirrored-transformer",
            NetworkSpec {
                bottleneck: BottleneckSpec::VectorQuantised { codes: 16, dimension: 4 },
                ..colour(vec![
                    conv(4, Scaling::Keep),
                    BlockSpec::Transformer { width: 8, heads: 2, hidden: 16 },
                    BlockSpec::Transformer { width: 8, heads: 2, hidden: 16 },
                ])
            },
            Objective { corruption: varied(Noise::Steps, 0.5), ..Objective::default() },
            Schedule { optimiser: Optimiser::Sgd { momentum: 0.9 }, ..Schedule::default() },
        ),
        fresh(
            "pooled-steps",
            NetworkSpec {
                bottleneck: BottleneckSpec::Direct,
                normalisation: Normalisation::Batch,
                activation: Activation::Elu,
                ..colour(vec![conv1d(8, Scaling::Pool), conv1d(6, Scaling::Stride)])
            },
            Objective {
                loss: ReconstructionLoss::Mae,
                corruption: Corruption::new(Noise::Columns, 0.25),
                ..Objective::default()
            },
            Schedule {
                learning_rate_schedule: LearningRateSchedule::CosineRestarts { first_epochs: 2, factor: 2 },
                ..Schedule::default()
            },
        ),
        fresh(
            "own-decoder",
            NetworkSpec {
                decoder: DecoderSpec::Blocks(vec![
                    conv1d(8, Scaling::Pool),
                    BlockSpec::Transformer { width: 8, heads: 2, hidden: 16 },
                    BlockSpec::Lstm { units: 12 },
                ]),
                normalisation: Normalisation::Group { groups: 1 },
                ..colour(vec![conv(8, Scaling::Stride)])
            },
            Objective { corruption: Corruption::new(Noise::GaussianUnclipped, 0.2), ..Objective::default() },
            Schedule::default(),
        ),
    ]
}

fn codes() -> Vec<Combination> {
    let adversarial = |prior| NetworkSpec {
        bottleneck: BottleneckSpec::Adversarial { size: 3, prior, hidden: 16 },
        ..NetworkSpec::default()
    };
    vec![
        fresh(
            "adversarial-ring",
            adversarial(Prior::Ring),
            Objective { corruption: varied(Noise::DownScaling, 0.5), ..Objective::default() },
            Schedule {
                accumulated_batches: 2,
                batch_size: 32,
                validation_share: 0.0,
                learning_rate_schedule: LearningRateSchedule::Cosine,
                ..Schedule::default()
            },
        ),
        fresh(
            "adversarial-uniform",
            adversarial(Prior::Uniform),
            Objective { reconstruction: 0.0, corruption: Corruption::new(Noise::Blur, 0.5), ..Objective::default() },
            Schedule {
                learning_rate_schedule: LearningRateSchedule::Plateau { factor: 0.5, patience_epochs: 1 },
                ..Schedule::default()
            },
        ),
        fresh(
            "quantised-vector",
            NetworkSpec {
                encoder: NetworkSpec::dense_blocks(&[48]),
                bottleneck: BottleneckSpec::VectorQuantised { codes: 16, dimension: 8 },
                head: Some(HeadSpec { classes: 10 }),
                ..NetworkSpec::default()
            },
            Objective { commitment: 1.0, corruption: varied(Noise::Masking, 0.5), ..Objective::default() },
            Schedule {
                part_rates: PartRates { encoder: 0.1, decoder: 1.0 },
                accumulated_batches: 4,
                batch_size: 16,
                ..Schedule::default()
            },
        ),
    ]
}

/// A variational code that is tied to two attributes and the label, a regression head, and accumulated batches.
fn tied_regression() -> Experiment {
    let tie = |latent, target| Tie { latent, target };
    Experiment {
        network: NetworkSpec {
            bottleneck: BottleneckSpec::Variational { size: 16 },
            regression: Some(RegressionSpec { attribute: "pen width".into() }),
            ..NetworkSpec::default()
        },
        objective: Objective {
            ties: vec![
                tie(0, TieTarget::Attribute("slant".into())),
                tie(2, TieTarget::Label { classes: 10 }),
                tie(1, TieTarget::Attribute("pen width".into())),
            ],
            tying: 0.5,
            ..Objective::default()
        },
        schedule: Schedule { accumulated_batches: 2, ..Schedule::default() },
        ..Experiment::default()
    }
}

fn starts() -> Vec<Combination> {
    let table = Experiment {
        data: DataSpec { source: ImageSource::TableRows, limit: None },
        network: NetworkSpec {
            input: ROW,
            encoder: vec![conv1d(4, Scaling::Stride)],
            bottleneck: BottleneckSpec::Dense { size: 4, activation: Activation::Linear },
            output_activation: Activation::Linear,
            ..NetworkSpec::default()
        },
        objective: Objective { corruption: Corruption::new(Noise::Columns, 0.2), ..Objective::default() },
        schedule: Schedule { gradient_checkpointing: true, ..Schedule::default() },
        ..Experiment::default()
    };
    let features = Experiment {
        objective: Objective { loss: ReconstructionLoss::FeatureMatching, ..Objective::default() },
        schedule: Schedule {
            learning_rate_schedule: LearningRateSchedule::CosineRestarts { first_epochs: 1, factor: 2 },
            warm_up_share: 0.1,
            ..Schedule::default()
        },
        ..Experiment::default()
    };
    vec![
        Combination { name: "tied-regression", experiment: tied_regression(), start: TrainingStart::Fresh },
        Combination { name: "continued-table", experiment: table, start: TrainingStart::Continue },
        Combination {
            name: "transferred-features",
            experiment: features,
            start: TrainingStart::Transfer { reuse: Reuse::All },
        },
    ]
}
