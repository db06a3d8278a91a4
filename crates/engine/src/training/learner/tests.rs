//! Effects of a step on weights, gradients, moving average and discriminator.

use burn::tensor::{Device, TensorData};
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{
    Activation, BottleneckSpec, Experiment, GridShape, NetworkSpec, Normalisation, Optimiser, PartRates, Prior,
    Schedule,
};
use rand::RngExt;

use super::*;

const WIDTH: usize = 6;
const SGD: Optimiser = Optimiser::Sgd { momentum: 0.0 };

/// The network 6-4-2-4-6.
fn experiment(change: impl FnOnce(&mut Experiment)) -> CheckedExperiment {
    let mut experiment = Experiment {
        network: NetworkSpec {
            input: GridShape { channels: 1, height: 1, width: WIDTH },
            encoder: NetworkSpec::dense_blocks(&[4]),
            bottleneck: BottleneckSpec::Dense { size: 2, activation: Activation::Tanh },
            activation: Activation::Tanh,
            ..NetworkSpec::default()
        },
        schedule: Schedule { optimiser: SGD, learning_rate: 0.5, ..Schedule::default() },
        seed: 3,
        ..Experiment::default()
    };
    change(&mut experiment);
    experiment.check().expect("valid")
}

fn adversarial(change: impl FnOnce(&mut Experiment)) -> CheckedExperiment {
    experiment(|experiment| {
        experiment.network.bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 5 };
        change(experiment);
    })
}

fn learner(experiment: &CheckedExperiment) -> Learner {
    Learner::new(Autoencoder::new(experiment.plan(), experiment.spec().seed, &Device::flex()), experiment)
}

/// Rows `from` to `to` of a seeded random table.
fn batch(from: usize, to: usize) -> Batch {
    let mut random = generator(5, Stream::Sample, 0);
    let values: Vec<f32> = (0..to * WIDTH).map(|_| random.random()).skip(from * WIDTH).collect();
    let rows = Tensor::<2>::from_data(TensorData::new(values, [to - from, WIDTH]), &Device::flex());
    Batch { input: rows.clone(), target: rows, hidden: None, known: None, labels: None, attributes: None }
}

fn accumulate(learner: &mut Learner, experiment: &CheckedExperiment, batch: &Batch, share: f32) {
    learner.accumulate(experiment, batch, share, 0.5, &mut StepRng::new(1, 0));
}

fn step(learner: &mut Learner, experiment: &CheckedExperiment) -> Vec<f32> {
    accumulate(learner, experiment, &batch(0, 8), 1.0);
    row(&learner.step(experiment.spec().schedule.learning_rate.into(), true))
}

/// The total and, after it, each term.
fn row(losses: &Losses) -> Vec<f32> {
    losses.with_total(&losses.values.to_data().iter::<f32>().collect::<Vec<_>>())
}

/// Weights of every tensor of the network itself, with its name.
fn weights(learner: &Learner, experiment: &CheckedExperiment) -> Vec<(String, Vec<f32>)> {
    named(&learner.network().valid(), experiment)
}

fn named(network: &Autoencoder, experiment: &CheckedExperiment) -> Vec<(String, Vec<f32>)> {
    let values = pollster::block_on(network.read_weights(experiment.plan())).expect("the CPU does not fail");
    experiment.plan().tensors().into_iter().map(|tensor| tensor.name).zip(values).collect()
}

fn after(steps: usize, experiment: &CheckedExperiment) -> Vec<(String, Vec<f32>)> {
    let mut learner = learner(experiment);
    (0..steps).for_each(|_| drop(step(&mut learner, experiment)));
    weights(&learner, experiment)
}

/// Difference of each tensor before and after.
fn differences(before: &[(String, Vec<f32>)], after: &[(String, Vec<f32>)]) -> Vec<(String, Vec<f32>)> {
    let difference =
        |(one, other): (&Vec<f32>, &Vec<f32>)| other.iter().zip(one).map(|(after, before)| after - before).collect();
    before.iter().zip(after).map(|((name, one), (_, other))| (name.clone(), difference((one, other)))).collect()
}

fn norm(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

fn assert_close(one: &[(String, Vec<f32>)], other: &[(String, Vec<f32>)], tolerance: f32) {
    for (name, values) in differences(one, other) {
        assert!(values.iter().all(|difference| difference.abs() <= tolerance), "{name} differs by {values:?}");
    }
}

#[test]
fn accumulated_batches_equal_one_large_batch() {
    let experiment = experiment(|_| {});
    let mut accumulated = learner(&experiment);
    accumulate(&mut accumulated, &experiment, &batch(0, 3), 3.0 / 8.0);
    accumulate(&mut accumulated, &experiment, &batch(3, 8), 5.0 / 8.0);
    let losses = row(&accumulated.step(0.5, false));
    let mut at_once = learner(&experiment);
    let expected = step(&mut at_once, &experiment);
    assert!((losses[0] - expected[0]).abs() < 1e-6, "{losses:?} {expected:?}");
    assert_close(&weights(&accumulated, &experiment), &weights(&at_once, &experiment), 1e-6);
}

#[test]
fn checkpointing_changes_no_gradient() {
    for normalisation in [Normalisation::None, Normalisation::Batch, Normalisation::Layer] {
        let with = |gradient_checkpointing| {
            experiment(|experiment| {
                experiment.network.normalisation = normalisation;
                experiment.network.dropout = 0.2;
                experiment.schedule.gradient_checkpointing = gradient_checkpointing;
            })
        };
        assert_close(&after(3, &with(false)), &after(3, &with(true)), 1e-6);
    }
}

#[test]
fn a_frozen_part_is_bitwise_unchanged() {
    for (rates, frozen) in [
        (PartRates { encoder: 0.0, decoder: 1.0 }, &["encoder", "bottleneck"][..]),
        (PartRates { encoder: 1.0, decoder: 0.0 }, &["decoder"]),
    ] {
        let experiment = experiment(|experiment| {
            experiment.network.normalisation = Normalisation::Batch;
            experiment.schedule.part_rates = rates;
            experiment.schedule.optimiser = Optimiser::AdamW;
            experiment.schedule.weight_decay = 0.1;
        });
        for (name, values) in differences(&after(0, &experiment), &after(3, &experiment)) {
            let is_unchanged = values.iter().all(|by| *by == 0.0);
            let is_frozen = frozen.iter().any(|part| name.starts_with(part));
            assert_eq!(is_unchanged, is_frozen, "{name} moved by {values:?}");
        }
    }
}

#[test]
fn a_part_learns_at_its_own_rate() {
    let slowed =
        |encoder| experiment(|experiment| experiment.schedule.part_rates = PartRates { encoder, decoder: 1.0 });
    let of = |encoder| differences(&after(0, &slowed(encoder)), &after(1, &slowed(encoder)));
    for ((name, full), (_, slow)) in of(1.0).into_iter().zip(of(0.25)) {
        let factor = if name.starts_with("decoder") { 1.0 } else { 0.25 };
        assert!(
            full.iter().zip(&slow).all(|(full, slow)| (slow - factor * full).abs() < 1e-7),
            "{name}: {full:?} {slow:?}"
        );
    }
}

#[test]
fn gradients_are_clipped_by_norm_per_tensor_and_by_value() {
    let free = experiment(|experiment| experiment.schedule.learning_rate = 1.0);
    let gradient = differences(&after(0, &free), &after(1, &free));
    let by_norm = experiment(|experiment| {
        experiment.schedule.learning_rate = 1.0;
        experiment.schedule.gradient_clip_norm = Some(0.01);
    });
    for ((name, full), (_, clipped)) in gradient.iter().zip(differences(&after(0, &by_norm), &after(1, &by_norm))) {
        assert!((norm(&clipped) - norm(full).min(0.01)).abs() < 1e-5, "{name}");
    }
    let by_value = experiment(|experiment| {
        experiment.schedule.learning_rate = 1.0;
        experiment.schedule.gradient_clip_value = Some(0.003);
    });
    for ((name, full), (_, clipped)) in gradient.iter().zip(differences(&after(0, &by_value), &after(1, &by_value))) {
        let is_cut = full.iter().zip(&clipped).all(|(full, cut)| (cut - full.clamp(-0.003, 0.003)).abs() < 1e-6);
        assert!(is_cut, "{name}");
    }
}

#[test]
fn the_gradient_norm_is_the_length_of_an_sgd_step_at_rate_1() {
    let experiment = experiment(|experiment| experiment.schedule.learning_rate = 1.0);
    let mut learner = learner(&experiment);
    let before = weights(&learner, &experiment);
    step(&mut learner, &experiment);
    let moved = differences(&before, &weights(&learner, &experiment));
    let norms = learner.gradient_norms().expect("they were measured");
    let whole: f32 = norms.norm().into_scalar();
    let all: Vec<f32> = moved.iter().flat_map(|(_, values)| values.iter().copied()).collect();
    assert!((whole - norm(&all)).abs() < 1e-5, "{whole}");
    for ((name, values), size) in moved.iter().zip(pollster::block_on(norms.read()).expect("the CPU does not fail")) {
        assert!((size.expect("everything learns") - norm(values)).abs() < 1e-5, "{name}");
    }
}

#[test]
fn the_moving_average_follows_the_weights() {
    let experiment = experiment(|experiment| experiment.schedule.moving_average = Some(0.75));
    let mut learner = learner(&experiment);
    let mut expected: Option<Vec<Vec<f32>>> = None;
    for _ in 0..5 {
        step(&mut learner, &experiment);
        let now: Vec<Vec<f32>> = weights(&learner, &experiment).into_iter().map(|(_, values)| values).collect();
        let towards = |(average, now): (Vec<f32>, Vec<f32>)| -> Vec<f32> {
            average.iter().zip(now).map(|(average, now)| 0.75 * average + 0.25 * now).collect()
        };
        expected = Some(match expected {
            None => now,
            Some(average) => average.into_iter().zip(now).map(towards).collect(),
        });
    }
    let expected = weights(&learner, &experiment).into_iter().map(|(name, _)| name).zip(expected.expect("five steps"));
    let average = named(&learner.snapshot(), &experiment);
    assert_close(&average, &expected.collect::<Vec<_>>(), 1e-6);
    assert!(
        differences(&average, &weights(&learner, &experiment)).iter().any(|(_, difference)| norm(difference) > 1e-4)
    );
}

#[test]
fn a_snapshot_is_unchanged_by_later_steps() {
    for moving_average in [None, Some(0.5)] {
        let experiment = experiment(|experiment| {
            experiment.network.normalisation = Normalisation::Batch;
            experiment.schedule.moving_average = moving_average;
        });
        let mut learner = learner(&experiment);
        step(&mut learner, &experiment);
        let snapshot = learner.snapshot();
        let before = named(&snapshot, &experiment);
        step(&mut learner, &experiment);
        assert_eq!(before, named(&snapshot, &experiment), "{moving_average:?}");
        let after = named(&learner.snapshot(), &experiment);
        let statistics = differences(&before, &after).into_iter().filter(|(name, _)| name.contains("running"));
        assert!(statistics.into_iter().all(|(_, by)| norm(&by) > 0.0), "the network itself has changed");
    }
}

#[test]
fn each_loss_moves_its_own_parameters_only() {
    let experiment = adversarial(|experiment| experiment.objective.adversarial = 10.0);
    let is_discriminator = |name: &str| name.starts_with("discriminator");
    let mut learner = learner(&experiment);
    let before = weights(&learner, &experiment);
    accumulate(&mut learner, &experiment, &batch(0, 8), 1.0);
    let mut discriminator = learner.discriminator.take().expect("there is one");
    learner.step(0.5, false);
    let between = weights(&learner, &experiment);
    for (name, values) in differences(&before, &between) {
        assert_eq!(
            values.iter().all(|by| *by == 0.0),
            is_discriminator(&name),
            "the autoencoder's step: {name} {values:?}"
        );
    }
    let network = discriminator.step(0.5, learner.network.take().expect("it was put back"));
    for (name, values) in differences(&between, &named(&network.valid(), &experiment)) {
        assert_eq!(
            values.iter().all(|by| *by == 0.0),
            !is_discriminator(&name),
            "the discriminator's: {name} {values:?}"
        );
    }
}

#[test]
fn a_discriminator_learns_to_separate_codes_from_the_prior() {
    // The codes are constant: only the discriminator learns.
    let experiment = adversarial(|experiment| experiment.schedule.learning_rate = 0.5);
    let mut learner = learner(&experiment);
    let mut network = learner.network.take().expect("it is there");
    let mut discriminator = learner.discriminator.take().expect("there is one");
    // Codes far from the prior.
    let codes = Tensor::<2>::ones([64, 2], &Device::flex()).mul_scalar(3.0);
    let losses: Vec<f32> = (0..200)
        .map(|step| {
            let loss = discriminator.accumulate(&network, codes.clone(), 1.0, &mut StepRng::new(1, step)).into_scalar();
            let before = network.clone();
            network = discriminator.step(0.5, before);
            loss
        })
        .collect();
    assert!((losses[0] - std::f32::consts::LN_2).abs() < 0.2, "{}", losses[0]);
    assert!(losses[199] < 0.1, "{}", losses[199]);
}
