//! Every term of whole experiments: which there are, how they add up, and their gradients by finite differences.

use burn::tensor::{Device, Int, Tensor};
use pinhole_protocol::{
    Activation, BottleneckSpec, CheckedExperiment, Corruption, Experiment, GridShape, HeadSpec, NetworkSpec, Noise,
    Objective, Penalty, PenaltyKind, Prior, ReconstructionLoss, Scope, Term, presets,
};

use super::{floats, number, uniform};
use crate::{
    network::{Autoencoder, Chance, Mode, NetworkWeights, initial_weights},
    objective::{Batch, Terms, term_list, terms},
};

/// As for single losses.
const NUDGE: f32 = 1e-2;

/// The smallest picture that every loss takes.
const SHAPE: GridShape = GridShape { channels: 1, height: 11, width: 11 };

/// A picture to a code of three numbers and back, smooth everywhere.
fn experiment(bottleneck: BottleneckSpec, objective: Objective) -> CheckedExperiment {
    let network = NetworkSpec {
        input: SHAPE,
        encoder: NetworkSpec::dense_blocks(&[6]),
        bottleneck,
        activation: Activation::Tanh,
        learnt_variance: objective.loss == ReconstructionLoss::Gaussian,
        head: Some(HeadSpec { classes: 3 }),
        ..NetworkSpec::default()
    };
    Experiment { network, objective, ..Experiment::default() }.check().expect("a valid experiment")
}

fn plain() -> BottleneckSpec {
    BottleneckSpec::Dense { size: 3, activation: Activation::Sigmoid }
}

fn with_loss(loss: ReconstructionLoss) -> Objective {
    Objective { loss, ..Objective::default() }
}

fn with_penalty(kind: PenaltyKind) -> Objective {
    Objective { penalties: vec![Penalty { kind, weight: 0.7 }], ..Objective::default() }
}

fn batch(device: &Device) -> Batch {
    let place = |values: Tensor<2>| Tensor::from_data(values.into_data(), device);
    let shape = [5, SHAPE.len()];
    Batch {
        input: place(uniform(shape, 1)),
        clean: place(uniform(shape, 2)),
        hidden: Some(place(uniform(shape, 3).greater_elem(0.5).float())),
        known: None,
        labels: Some(Tensor::<1, Int>::from_ints([0, 2, -1, 1, -1], device)),
    }
}

/// The terms with these weights, always with the same draws.
fn judged(experiment: &CheckedExperiment, network: &Autoencoder, device: &Device) -> Terms {
    terms(experiment, network, &batch(device), 0.5, &mut Mode::Training(&mut Chance::of_step(4, 0)))
}

/// The sum and, after it, each term.
fn row(terms: &Terms) -> Vec<f32> {
    let losses = terms.losses();
    losses.row(&floats(losses.values.clone()))
}

fn total(experiment: &CheckedExperiment, weights: NetworkWeights) -> f64 {
    let device = Device::flex();
    number(judged(experiment, &Autoencoder::from_weights(experiment.plan(), weights, &device), &device).total())
}

/// Compares the gradient of the first layer's weight, which every term has to reach, with what the sum does when a weight
/// moves.
fn check(experiment: &CheckedExperiment) {
    use burn::module::Module;
    let device = Device::flex();
    let weights = initial_weights(experiment.plan(), 2);
    let network = Autoencoder::from_weights(experiment.plan(), weights.clone(), &device).train();
    let sum = judged(experiment, &network, &device.autodiff()).total();
    let weight = network.encoder().layers()[0].dense_weight().expect("the first layer is dense");
    // Burn's layout is the transpose of the file's.
    let gradient = weight.grad(&sum.backward()).expect("every term reaches the encoder").transpose();
    let gradient = floats(gradient);
    let largest = gradient.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    for index in (0..gradient.len()).step_by(gradient.len() / 7) {
        let nudged = |by: f32| {
            let mut weights = weights.clone();
            weights[0][index] += by;
            total(experiment, weights)
        };
        let slope = (nudged(NUDGE) - nudged(-NUDGE)) / f64::from(2.0 * NUDGE);
        let found = f64::from(gradient[index]);
        assert!(
            (slope - found).abs() < 0.03 * f64::from(largest),
            "{:?}, weight {index}: the sum rises by {slope}, the gradient says {found}",
            experiment.spec().objective
        );
    }
}

#[test]
fn gradients_of_every_reconstruction_error_are_slopes() {
    for loss in ReconstructionLoss::ALL {
        check(&experiment(plain(), with_loss(loss)));
    }
}

#[test]
fn gradients_of_every_penalty_are_slopes() {
    for kind in PenaltyKind::ALL {
        let bottleneck = match kind {
            PenaltyKind::TotalCorrelation => BottleneckSpec::Variational { size: 3 },
            _ => plain(),
        };
        check(&experiment(bottleneck, with_penalty(kind)));
    }
}

#[test]
fn gradients_of_every_kind_of_code_are_slopes() {
    for bottleneck in [
        BottleneckSpec::Variational { size: 3 },
        BottleneckSpec::Adversarial { size: 3, prior: Prior::Gaussian, hidden: 8 },
        BottleneckSpec::TopK { size: 4, active: 2 },
    ] {
        check(&experiment(bottleneck, with_loss(ReconstructionLoss::BinaryCrossEntropy)));
    }
}

fn objective(scope: Scope) -> Objective {
    Objective { corruption: Corruption::new(Noise::Masking, 0.5), scope, ..Objective::default() }
}

#[test]
fn missing_values_are_filled_in_but_never_judged() {
    let device = Device::flex();
    for scope in [Scope::All, Scope::Hidden] {
        let experiment = experiment(plain(), objective(scope));
        let network = Autoencoder::new(experiment.plan(), 3, &device);
        let known = uniform([5, SHAPE.len()], 9).greater_elem(0.3).float();
        let loss = |clean: fn(Tensor<2>, Tensor<2>) -> Tensor<2>| {
            let batch = batch(&device);
            let clean = clean(batch.clean.clone(), known.clone());
            let batch = Batch { clean, known: Some(known.clone()), ..batch };
            number(terms(&experiment, &network, &batch, 1.0, &mut Mode::Inference).total())
        };
        let right = loss(|clean, _| clean);
        let wrong_where_missing = loss(|clean, known| clean + (known.neg() + 1.0) * 50.0);
        let wrong_where_known = loss(|clean, known| clean + known * 50.0);
        assert!((right - wrong_where_missing).abs() < 1e-6 && (right - wrong_where_known).abs() > 1.0, "{scope:?}");
    }
}

#[test]
fn hidden_values_alone_are_judged_when_asked() {
    let device = Device::flex();
    let all = experiment(plain(), objective(Scope::All));
    let hidden = experiment(plain(), objective(Scope::Hidden));
    check(&hidden);
    let network = Autoencoder::new(all.plan(), 2, &device);
    let wrong_where_seen = || {
        let mut batch = batch(&device);
        let seen = batch.hidden.clone().expect("it hides").neg().add_scalar(1.0);
        batch.clean = batch.clean + seen.mul_scalar(9.0);
        batch
    };
    let loss = |experiment: &CheckedExperiment, batch: Batch| {
        row(&terms(experiment, &network, &batch, 1.0, &mut Mode::Inference))[1]
    };
    assert!(loss(&all, wrong_where_seen()) > 2.0 * loss(&all, batch(&device)));
    assert!((loss(&hidden, wrong_where_seen()) - loss(&hidden, batch(&device))).abs() < 1e-6);
}

#[test]
fn the_list_is_known_beforehand_and_the_sum_is_weighted() {
    let mut objective = with_loss(ReconstructionLoss::BinaryCrossEntropy);
    objective.penalties = [PenaltyKind::L1, PenaltyKind::TotalCorrelation, PenaltyKind::Orthogonality]
        .map(|kind| Penalty { kind, weight: 0.3 })
        .to_vec();
    objective.beta = 2.0;
    let experiment = experiment(BottleneckSpec::Variational { size: 3 }, objective);
    let list = term_list(&experiment);
    assert_eq!(
        list,
        [
            Term::Reconstruction,
            Term::Divergence,
            Term::Classification,
            Term::L1,
            Term::TotalCorrelation,
            Term::Orthogonality
        ]
    );
    let device = Device::flex();
    let network = Autoencoder::new(experiment.plan(), 2, &device);
    let terms = judged(&experiment, &network, &device);
    assert_eq!(terms.names(), list);
    let stacked = row(&terms);
    let weights = [1.0, 2.0, 0.1, 0.3, 0.3, 0.3];
    let sum: f32 = stacked[1..].iter().zip(weights).map(|(value, weight)| value * weight).sum();
    assert!((stacked[0] - sum).abs() < 1e-5, "{stacked:?}");
    assert!((number(terms.total()) - f64::from(sum)).abs() < 1e-5, "{stacked:?}");
}

#[test]
fn every_preset_has_its_terms_and_they_are_numbers() {
    for preset in presets() {
        let experiment = preset.experiment.check().expect("presets are valid");
        let device = Device::flex();
        let network = Autoencoder::new(experiment.plan(), 1, &device);
        let picture = uniform([3, experiment.plan().input.len()], 1);
        let batch = Batch { input: picture.clone(), clean: picture, hidden: None, known: None, labels: None };
        let values = row(&terms(&experiment, &network, &batch, 1.0, &mut Mode::Inference));
        assert_eq!(values.len(), 1 + term_list(&experiment).len(), "{}", preset.name);
        assert!(values.iter().all(|value| value.is_finite()), "{}: {values:?}", preset.name);
    }
}

#[test]
fn beta_warms_up_evenly() {
    let objective = Objective { beta: 4.0, beta_warm_up_share: 0.5, ..Objective::default() };
    let experiment = experiment(BottleneckSpec::Variational { size: 3 }, objective);
    let device = Device::flex();
    let network = Autoencoder::new(experiment.plan(), 2, &device);
    let at = |progress| {
        let values = row(&terms(&experiment, &network, &batch(&device), progress, &mut Mode::Inference));
        // What of the sum is neither reconstruction nor classification, in units of the divergence.
        (values[0] - values[1] - 0.1 * values[3]) / values[2]
    };
    for (progress, beta) in [(0.0, 0.0), (0.25, 2.0), (0.5, 4.0), (1.0, 4.0)] {
        assert!((at(progress) - beta).abs() < 1e-2, "{} at {progress}", at(progress));
    }
}

#[test]
fn a_single_dense_layer_is_contracted_exactly_and_others_by_estimate() {
    let contraction = |encoder: Vec<pinhole_protocol::BlockSpec>| {
        let network = NetworkSpec { input: SHAPE, encoder, bottleneck: plain(), ..NetworkSpec::default() };
        let objective = with_penalty(PenaltyKind::Contractive);
        let experiment = Experiment { network, objective, ..Experiment::default() }.check().expect("valid");
        let device = Device::flex();
        let network = Autoencoder::new(experiment.plan(), 2, &device);
        let at = |step| {
            let mut chance = Chance::of_step(1, step);
            row(&terms(&experiment, &network, &batch(&device), 1.0, &mut Mode::Training(&mut chance)))[2]
        };
        [at(0), at(1)]
    };
    let [one, other] = contraction(Vec::new());
    assert_eq!(one.to_bits(), other.to_bits(), "nothing is drawn");
    let [one, other] = contraction(NetworkSpec::dense_blocks(&[6]));
    assert!((one - other).abs() > 1e-4 * one, "directions are drawn anew");
}
