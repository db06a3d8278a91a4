//! Tests of checks: the refused settings, and the remedies that the errors state.

use super::*;
use crate::{
    Activation, Augmentation, BlockSpec, BottleneckSpec, Corruption, DataSpec, EarlyStopping, GridShape, HeadSpec,
    ImageSource, LearningRateSchedule, NetworkSpec, Noise, Normalisation, Objective, Optimiser, PartRates, Penalty,
    PenaltyKind, ReconstructionLoss, RegressionSpec, Scaling, Schedule, Scope, Tie, TieTarget, presets,
};

const TABLE_ROW: GridShape = GridShape { channels: 12, height: 1, width: 1 };

fn of_network(network: NetworkSpec) -> Experiment {
    Experiment { network, ..Experiment::default() }
}

fn of_blocks(encoder: Vec<BlockSpec>) -> Experiment {
    of_network(NetworkSpec { encoder, ..NetworkSpec::default() })
}

fn of_objective(objective: Objective) -> Experiment {
    Experiment { objective, ..Experiment::default() }
}

fn of_schedule(schedule: Schedule) -> Experiment {
    Experiment { schedule, ..Experiment::default() }
}

fn penalised(kind: PenaltyKind) -> Objective {
    Objective { penalties: vec![Penalty { kind, weight: 1.0 }], ..Objective::default() }
}

/// Asserts that the experiment is refused with an error about `field` whose message contains `words`.
fn refuses(experiment: Experiment, field: &str, words: &str) {
    let error = experiment.check().expect_err(words);
    assert_eq!(error.field, field, "{error}");
    assert!(error.to_string().contains(words), "\"{error}\" says nothing of \"{words}\"");
}

#[test]
fn every_preset_is_in_range() {
    for preset in presets() {
        assert!(preset.experiment.check().is_ok(), "{}", preset.name);
        assert!(!preset.measures.is_empty() && preset.look_for.ends_with('.'), "{}", preset.name);
    }
}

#[test]
fn a_network_reads_as_many_values_as_a_row_of_the_table_has() {
    let rows = |width| RowsSummary {
        name: "pumps.csv".into(),
        rows: 9,
        width,
        classes: 0,
        numeric_columns: Vec::new(),
        warnings: Vec::new(),
    };
    let network = NetworkSpec { input: TABLE_ROW, output_activation: Activation::Linear, ..NetworkSpec::default() };
    let data = DataSpec { source: ImageSource::TableRows, limit: None };
    let of_rows = Experiment { data, network, ..Experiment::default() };
    assert!(of_rows.clone().check_with(Some(&rows(12))).is_ok());
    assert!(of_rows.clone().check_with(None).is_ok(), "nothing is known of the table");
    let error = of_rows.clone().check_with(Some(&rows(7))).expect_err("another width");
    assert_eq!(error.field, "network.input");
    let words = "“pumps.csv” becomes 7 numbers, and this network reads 12 values: let it read a vector of 7";
    assert!(error.message.contains(words), "{error}");
    let of_pictures = NetworkSpec { input: GridShape::MNIST, ..of_rows.network.clone() };
    let error = Experiment { network: of_pictures, ..of_rows }.check_with(Some(&rows(7))).expect_err("no vector");
    assert!(error.message.contains("reads pictures of 28x28: let it read a vector of 7"), "{error}");
    assert!(Experiment::default().check_with(Some(&rows(7))).is_ok(), "pictures are what it is about");
}

#[test]
fn widths_out_of_range() {
    refuses(of_blocks(NetworkSpec::dense_blocks(&[0])), "network", "at least 1");
    refuses(of_blocks(NetworkSpec::dense_blocks(&[usize::MAX])), "network", "make it narrower");
    refuses(of_blocks(NetworkSpec::conv_blocks(&[0])), "network", "at least 1");
    let absurd = of_blocks(vec![BlockSpec::Lstm { units: 1 << 22 }]);
    refuses(absurd, "network", "weights");
}

#[test]
fn a_thousand_million_weights_are_refused_with_their_memory() {
    let huge = of_blocks(NetworkSpec::dense_blocks(&[31_000, 31_000]));
    // 784 x 31,000 + 31,000² there, as much back, the code between; weights, gradients and Adam's two moments of 4
    // bytes.
    refuses(huge.clone(), "network", "1974 million weights");
    refuses(huge, "network", "32 GB");
}

#[test]
fn an_error_about_the_batch_size_states_the_largest() {
    refuses(of_schedule(Schedule { batch_size: 100_000, ..Schedule::default() }), "schedule.batch_size", "40816");
}

#[test]
fn blocks_that_do_not_follow_each_other() {
    let conv = BlockSpec::Conv { channels: 4, scaling: Scaling::Pool };
    let dense = BlockSpec::Dense { width: 30 };
    refuses(of_blocks(vec![dense, conv.clone()]), "network", "before the dense ones");
    refuses(of_blocks(vec![BlockSpec::Gru { units: 8 }, conv.clone()]), "network", "1-D convolution");
    refuses(of_blocks(vec![BlockSpec::Gru { units: 8 }, BlockSpec::Residual]), "network", "Transformer");
    refuses(of_blocks(vec![conv; 6]), "network", "nothing is left to halve");
    let heads = BlockSpec::Transformer { width: 30, heads: 4, hidden: 8 };
    refuses(of_blocks(vec![heads]), "network", "a width of 32");
    let row = NetworkSpec { input: TABLE_ROW, encoder: NetworkSpec::conv_blocks(&[4]), ..NetworkSpec::default() };
    refuses(of_network(row), "network", "use a dense block");
}

#[test]
fn data_that_the_network_cannot_read() {
    let of = |source, network: NetworkSpec| Experiment {
        data: DataSpec { source, limit: None },
        network,
        ..Experiment::default()
    };
    let row = NetworkSpec { input: TABLE_ROW, output_activation: Activation::Linear, ..NetworkSpec::default() };
    assert!(of(ImageSource::TableRows, row.clone()).check().is_ok());
    for preset in presets() {
        refuses(of(ImageSource::TableRows, preset.experiment.network), "network.input", "no neighbours");
    }
    for end in [Activation::Sigmoid, Activation::Tanh, Activation::Relu] {
        let bounded = NetworkSpec { output_activation: end, ..row.clone() };
        refuses(of(ImageSource::TableRows, bounded), "network.output_activation", "end linear");
    }
    let mut moved = of(ImageSource::TableRows, row);
    moved.schedule.augmentation = Augmentation { shift_px: 1.0, ..Augmentation::default() };
    refuses(moved, "schedule.augmentation", "only pictures");
}

#[test]
fn bottlenecks_and_options_out_of_range() {
    let with = |bottleneck| of_network(NetworkSpec { bottleneck, ..NetworkSpec::default() });
    refuses(with(BottleneckSpec::TopK { size: 8, active: 9 }), "network.bottleneck", "1 to 8");
    refuses(with(BottleneckSpec::VectorQuantised { codes: 1, dimension: 4 }), "network.bottleneck", "at least 2");
    refuses(with(BottleneckSpec::VectorQuantised { codes: 8, dimension: 60 }), "network.bottleneck", "300");
    let head = NetworkSpec { head: Some(HeadSpec { classes: 1 }), ..NetworkSpec::default() };
    refuses(of_network(head), "network.head", "at least 2 classes");
    let groups = NetworkSpec { normalisation: Normalisation::Group { groups: 7 }, ..NetworkSpec::default() };
    refuses(of_network(groups), "network.normalisation", "take 4");
    refuses(of_network(NetworkSpec { skips: true, ..NetworkSpec::default() }), "network.skips", "convolutional");
    let tied = NetworkSpec { tied: true, encoder: NetworkSpec::conv_blocks(&[4]), ..NetworkSpec::default() };
    refuses(of_network(tied), "network.tied", "dense blocks only");
    refuses(of_network(NetworkSpec { dropout: 0.95, ..NetworkSpec::default() }), "network.dropout", "0.9");
    let nothing = GridShape { channels: 0, height: 28, width: 28 };
    refuses(of_network(NetworkSpec { input: nothing, ..NetworkSpec::default() }), "network.input", "at least one");
}

#[test]
fn objectives_that_the_network_cannot_meet() {
    let tanh = NetworkSpec { output_activation: Activation::Tanh, ..NetworkSpec::default() };
    let entropy = Objective { loss: ReconstructionLoss::BinaryCrossEntropy, ..Objective::default() };
    let experiment = Experiment { network: tanh, objective: entropy, ..Experiment::default() };
    refuses(experiment, "objective.loss", "sigmoid");
    let gaussian = Objective { loss: ReconstructionLoss::Gaussian, ..Objective::default() };
    refuses(of_objective(gaussian), "objective.loss", "learnt variance");
    let row = NetworkSpec { input: TABLE_ROW, ..NetworkSpec::default() };
    let of_row = |objective| Experiment { network: row.clone(), objective, ..Experiment::default() };
    let ssim = Objective { loss: ReconstructionLoss::Ssim, ..Objective::default() };
    refuses(of_row(ssim.clone()), "objective.loss", "11x11");
    let blur = Objective { corruption: Corruption::new(Noise::Blur, 0.2), ..Objective::default() };
    refuses(of_row(blur), "objective.corruption", "hide columns");
    let hidden = Objective { scope: Scope::Hidden, ..Objective::default() };
    refuses(of_objective(hidden.clone()), "objective.scope", "nothing is hidden");
    let corruption = Corruption::new(Noise::Masking, 0.5);
    refuses(
        of_objective(Objective { corruption, ..Objective { scope: Scope::Hidden, ..ssim } }),
        "objective.scope",
        "whole pictures",
    );
    let loud = Objective { corruption: Corruption::new(Noise::Gaussian, 1.5), ..Objective::default() };
    refuses(of_objective(loud), "objective.corruption", "0 to 1");
    refuses(of_objective(Objective { beta: f32::NAN, ..Objective::default() }), "objective.beta", "weight");
    refuses(of_objective(penalised(PenaltyKind::KlSparsity { target: 0.05 })), "objective.penalties", "sigmoid");
    refuses(of_objective(penalised(PenaltyKind::TotalCorrelation)), "objective.penalties", "variational");
}

#[test]
fn a_penalty_is_listed_once_and_needs_a_compatible_code() {
    let sparsity = |target| Penalty { kind: PenaltyKind::KlSparsity { target }, weight: 1.0 };
    let code = |bottleneck, objective| Experiment {
        network: NetworkSpec { bottleneck, ..NetworkSpec::default() },
        objective,
        ..Experiment::default()
    };
    let twice = Objective { penalties: vec![sparsity(0.05), sparsity(0.1)], ..Objective::default() };
    let probabilities = BottleneckSpec::Dense { size: 8, activation: Activation::Sigmoid };
    refuses(code(probabilities, twice), "objective.penalties", "KL sparsity is there twice");
    let quantised = BottleneckSpec::VectorQuantised { codes: 8, dimension: 4 };
    refuses(code(quantised, penalised(PenaltyKind::L1)), "objective.penalties", "nothing left to penalise");
    let mixed = NetworkSpec { normalisation: Normalisation::Batch, ..NetworkSpec::default() };
    let contracted = Experiment { objective: penalised(PenaltyKind::Contractive), ..of_network(mixed) };
    refuses(contracted, "objective.penalties", "use layer normalisation");
}

#[test]
fn a_weight_must_be_positive() {
    let unweighted = |objective| Objective { reconstruction: 0.0, ..objective };
    refuses(of_objective(unweighted(Objective::default())), "objective.reconstruction", "nothing is minimised");
    assert!(of_objective(unweighted(penalised(PenaltyKind::L1))).check().is_ok());
}

#[test]
fn a_top_k_code_is_compared_pair_by_pair() {
    let of_size = |size| {
        of_network(NetworkSpec { bottleneck: BottleneckSpec::TopK { size, active: 10 }, ..NetworkSpec::default() })
    };
    refuses(of_size(1_024), "schedule.batch_size", "at most 30");
    refuses(of_size(6_000), "network.bottleneck", "at most 5656 numbers");
}

#[test]
fn intermediate_tensors_count_as_memory() {
    let transformer = BlockSpec::Transformer { width: 32, heads: 4, hidden: 64 };
    let long = GridShape { channels: 4_000, height: 1, width: 1 };
    let bottleneck = BottleneckSpec::Direct;
    let attends = NetworkSpec {
        input: long,
        encoder: vec![transformer],
        bottleneck,
        output_activation: Activation::Linear,
        ..NetworkSpec::default()
    };
    let of_rows = DataSpec { source: ImageSource::TableRows, limit: None };
    let attends = Experiment { data: of_rows, ..of_network(attends) };
    refuses(attends, "network", "64 million numbers for a single sample");
    let codebook = BottleneckSpec::VectorQuantised { codes: 1_000_000, dimension: 8 };
    let encoder = NetworkSpec::conv_blocks(&[16, 32]);
    refuses(
        of_network(NetworkSpec { encoder, bottleneck: codebook, ..NetworkSpec::default() }),
        "network.bottleneck",
        "at most 653061 vectors",
    );
    let variational = BottleneckSpec::Variational { size: 2_000 };
    let compared = Experiment {
        objective: penalised(PenaltyKind::TotalCorrelation),
        ..of_network(NetworkSpec { bottleneck: variational, ..NetworkSpec::default() })
    };
    refuses(compared, "objective.penalties", "a code of at most 1953");
    let encoder = vec![BlockSpec::Conv { channels: 256, scaling: Scaling::Keep }; 10];
    let deep = of_network(NetworkSpec { encoder, bottleneck: BottleneckSpec::Direct, ..NetworkSpec::default() });
    refuses(deep, "schedule.batch_size", "about 5 GB");
    refuses(of_blocks(NetworkSpec::dense_blocks(&[8; 65])), "network", "at most 64");
}

#[test]
fn ties_that_a_code_cannot_keep() {
    let to = |latent, name: &str| Tie { latent, target: TieTarget::Attribute(name.into()) };
    let label = |latent, classes| Tie { latent, target: TieTarget::Label { classes } };
    let with = |bottleneck, ties: &[Tie]| Experiment {
        network: NetworkSpec { bottleneck, ..NetworkSpec::default() },
        objective: Objective { ties: ties.to_vec(), ..Objective::default() },
        ..Experiment::default()
    };
    let dense = |activation| BottleneckSpec::Dense { size: 8, activation };
    let of = |ties: &[Tie]| with(dense(Activation::Linear), ties);
    let checked = of(&[to(0, "slant"), label(1, 3), to(4, "slant")]).check().expect("they do not overlap");
    assert_eq!(checked.spec().attributes(), ["slant"]);
    refuses(of(&[to(8, "slant")]), "objective.ties", "8 numbers");
    refuses(of(&[label(0, 10)]), "objective.ties", "latent 1 to 10");
    refuses(of(&[label(usize::MAX, 10)]), "objective.ties", "8 numbers");
    refuses(of(&[label(0, 4), to(3, "slant")]), "objective.ties", "latent 4 is tied twice");
    refuses(of(&[label(0, 1)]), "objective.ties", "at least 2 classes");
    refuses(of(&[to(0, " ")]), "objective.ties", "name one");
    refuses(with(dense(Activation::Relu), &[to(0, "slant")]), "objective.ties", "out of reach of the code's ReLU");
    assert!(with(dense(Activation::Relu), &[label(0, 4)]).check().is_ok(), "a softmax reads any numbers");
    refuses(with(BottleneckSpec::TopK { size: 8, active: 2 }, &[to(0, "slant")]), "objective.ties", "top-k");
    let quantised = BottleneckSpec::VectorQuantised { codes: 8, dimension: 4 };
    refuses(with(quantised, &[to(0, "slant")]), "objective.ties", "vector code");
    assert!(with(BottleneckSpec::Variational { size: 2 }, &[to(1, "slant")]).check().is_ok());
    refuses(of(&[to(0, "mood")]), "objective.ties", "choose “slant” or “pen width”");
    let pictures = DataSpec { source: ImageSource::Digits8x8, limit: None };
    refuses(Experiment { data: pictures, ..of(&[to(0, "slant")]) }, "objective.ties", "choose generated digits");
    let mut heavy = of(&[to(0, "slant")]);
    heavy.objective.tying = f32::NAN;
    refuses(heavy, "objective.tying", "a weight");
}

#[test]
fn a_regression_head_needs_an_attribute_and_counts_as_an_objective() {
    let of_head = |name: &str, regression| {
        let head = Some(RegressionSpec { attribute: name.into() });
        let network = NetworkSpec { regression: head, ..NetworkSpec::default() };
        let objective = Objective { reconstruction: 0.0, regression, ..Objective::default() };
        Experiment { network, objective, ..Experiment::default() }
    };
    refuses(of_head("", 1.0), "network.regression", "nothing to predict");
    refuses(of_head("slant", 0.0), "objective.reconstruction", "nothing is minimised");
    let plan = of_head("slant", 1.0).check().expect("the regression is minimised").plan().clone();
    let names: Vec<String> = plan.tensors().into_iter().rev().take(4).map(|tensor| tensor.name).collect();
    assert_eq!(names, ["regression.deviation", "regression.mean", "regression.0.bias", "regression.0.weight"]);
    let without = Experiment::default().check().expect("the default is valid").plan().parameters();
    assert_eq!(plan.parameters(), without + 64 + 1, "mean and deviation are not trained");
}

#[test]
fn schedules_out_of_range() {
    let default = Schedule::default;
    for (schedule, field) in [
        (Schedule { epochs: 0, ..default() }, "schedule.epochs"),
        (Schedule { batch_size: 0, ..default() }, "schedule.batch_size"),
        (Schedule { batch_size: 200_000, ..default() }, "schedule.batch_size"),
        (Schedule { accumulated_batches: 0, ..default() }, "schedule.accumulated_batches"),
        (Schedule { learning_rate: f32::NAN, ..default() }, "schedule.learning_rate"),
        (Schedule { warm_up_share: 0.6, ..default() }, "schedule.warm_up_share"),
        (Schedule { weight_decay: -0.1, ..default() }, "schedule.weight_decay"),
        (Schedule { gradient_clip_norm: Some(0.0), ..default() }, "schedule.gradient_clip_norm"),
        (Schedule { gradient_clip_value: Some(f32::INFINITY), ..default() }, "schedule.gradient_clip_value"),
        (Schedule { moving_average: Some(1.0), ..default() }, "schedule.moving_average"),
        (Schedule { validation_share: 0.9, ..default() }, "schedule.validation_share"),
        (
            Schedule { early_stopping: Some(EarlyStopping { patience_epochs: 0 }), ..default() },
            "schedule.early_stopping",
        ),
        (Schedule { optimiser: Optimiser::Sgd { momentum: 1.0 }, ..default() }, "schedule.optimiser"),
        (Schedule { part_rates: PartRates { encoder: 0.0, decoder: 0.0 }, ..default() }, "schedule.part_rates"),
        (
            Schedule { augmentation: Augmentation { shift_px: 99.0, ..Augmentation::default() }, ..default() },
            "schedule.augmentation",
        ),
    ] {
        refuses(of_schedule(schedule), field, "");
    }
    for learning_rate_schedule in [
        LearningRateSchedule::CosineRestarts { first_epochs: 0, factor: 1 },
        // In 32 bits its steps overflow to 0, and no cycle would end.
        LearningRateSchedule::CosineRestarts { first_epochs: 1 << 31, factor: 2 },
        LearningRateSchedule::Step { every_epochs: 0, factor: 0.5 },
        LearningRateSchedule::Exponential { factor: 1.5 },
        LearningRateSchedule::Plateau { factor: 1.0, patience_epochs: 1 },
    ] {
        let schedule = Schedule { learning_rate_schedule, ..default() };
        refuses(of_schedule(schedule), "schedule.learning_rate_schedule", "factor");
    }
}

#[test]
fn overcomplete_codes_and_skips_are_warned_of() {
    let warning = |name: &str| {
        let preset = presets().into_iter().find(|preset| preset.name == name).expect("a preset");
        preset.experiment.check().expect("valid").identity_warning()
    };
    assert!(warning("overcomplete").is_some_and(|text| text.contains("learn to copy")));
    assert!(warning("u-net-denoiser").is_some_and(|text| text.contains("past the bottleneck")));
    for name in ["article", "overcomplete-denoiser", "sparse", "top-k", "conv-denoiser"] {
        assert_eq!(warning(name), None, "{name}");
    }
}
