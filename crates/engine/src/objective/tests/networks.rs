//! The terms of whole experiments: their list, their sum and their gradients.

use burn::tensor::{Device, Int, Tensor};
use pinhole_protocol::{
    Activation, BottleneckSpec, CheckedExperiment, Corruption, Experiment, GridShape, HeadSpec, NetworkSpec, Noise,
    Objective, Penalty, PenaltyKind, Prior, ReconstructionLoss, RegressionSpec, Scope, Term, Tie, TieTarget, presets,
};

use super::{DELTA, floats, number, uniform};
use crate::{
    network::{Autoencoder, Mode, NetworkWeights, StepRng, initial_weights},
    objective::{Batch, BatchAttributes, Terms, term_list, terms},
};

/// Smallest picture that every loss accepts.
const SHAPE: GridShape = GridShape { channels: 1, height: 11, width: 11 };

/// An autoencoder of pictures with smooth activations and a classifier.
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
    let upload = |values: Tensor<2>| Tensor::from_data(values.into_data(), device);
    let shape = [5, SHAPE.len()];
    Batch {
        input: upload(uniform(shape, 1)),
        target: upload(uniform(shape, 2)),
        hidden: Some(upload(uniform(shape, 3).greater_elem(0.5).float())),
        known: None,
        labels: Some(Tensor::<1, Int>::from_ints([0, 2, -1, 1, -1], device)),
        attributes: Some(BatchAttributes {
            values: upload(uniform([5, 1], 4)),
            known: upload(uniform([5, 1], 5).greater_elem(0.3).float()),
        }),
    }
}

/// Terms in training mode, always with the same random numbers.
fn training_terms(experiment: &CheckedExperiment, network: &Autoencoder, device: &Device) -> Terms {
    terms(experiment, network, &batch(device), 0.5, &mut Mode::Training(&mut StepRng::new(4, 0)))
}

/// The sum and, after it, each term.
fn with_total(terms: &Terms) -> Vec<f32> {
    let losses = terms.losses();
    losses.with_total(&floats(losses.values.clone()))
}

fn total(experiment: &CheckedExperiment, weights: NetworkWeights) -> f64 {
    let device = Device::flex();
    number(training_terms(experiment, &Autoencoder::from_weights(experiment.plan(), weights, &device), &device).total())
}

/// Asserts that the gradient of the sum by the first layer's weight, which every term reaches, equals finite
/// differences.
fn assert_total_gradient(experiment: &CheckedExperiment) {
    use burn::module::Module;
    let device = Device::flex();
    let weights = initial_weights(experiment.plan(), 2);
    let network = Autoencoder::from_weights(experiment.plan(), weights.clone(), &device).train();
    let sum = training_terms(experiment, &network, &device.autodiff()).total();
    let weight = network.encoder().layers()[0].dense_weight().expect("the first layer is dense");
    // Burn's layout is the transpose of the file's.
    let gradient = weight.grad(&sum.backward()).expect("every term reaches the encoder").transpose();
    let gradient = floats(gradient);
    let largest = gradient.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    for index in (0..gradient.len()).step_by(gradient.len() / 7) {
        let shifted = |by: f32| {
            let mut weights = weights.clone();
            weights[0][index] += by;
            total(experiment, weights)
        };
        let difference = (shifted(DELTA) - shifted(-DELTA)) / f64::from(2.0 * DELTA);
        let found = f64::from(gradient[index]);
        assert!(
            (difference - found).abs() < 0.03 * f64::from(largest),
            "{:?}, weight {index}: {found} by gradient, {difference} by differences",
            experiment.spec().objective
        );
    }
}

#[test]
fn gradients_of_every_reconstruction_loss_equal_finite_differences() {
    for loss in ReconstructionLoss::ALL {
        assert_total_gradient(&experiment(plain(), with_loss(loss)));
    }
}

#[test]
fn gradients_of_every_penalty_equal_finite_differences() {
    for kind in PenaltyKind::ALL {
        let bottleneck = match kind {
            PenaltyKind::TotalCorrelation => BottleneckSpec::Variational { size: 3 },
            _ => plain(),
        };
        assert_total_gradient(&experiment(bottleneck, with_penalty(kind)));
    }
}

#[test]
fn gradients_of_every_bottleneck_equal_finite_differences() {
    for bottleneck in [
        BottleneckSpec::Variational { size: 3 },
        BottleneckSpec::Adversarial { size: 3, prior: Prior::Gaussian, hidden: 8 },
        BottleneckSpec::TopK { size: 4, active: 2 },
    ] {
        assert_total_gradient(&experiment(bottleneck, with_loss(ReconstructionLoss::BinaryCrossEntropy)));
    }
}

#[test]
fn gradients_of_ties_and_of_the_regression_head_equal_finite_differences() {
    let tie = |latent, target| Tie { latent, target };
    let ties = vec![tie(0, TieTarget::Attribute("slant".into())), tie(1, TieTarget::Label { classes: 3 })];
    for bottleneck in
        [BottleneckSpec::Dense { size: 4, activation: Activation::Linear }, BottleneckSpec::Variational { size: 4 }]
    {
        let objective = Objective { ties: ties.clone(), tying: 0.5, regression: 0.5, ..Objective::default() };
        let mut spec = experiment(bottleneck, objective).spec().clone();
        spec.network.regression = Some(RegressionSpec { attribute: "slant".into() });
        let experiment = spec.check().expect("a valid experiment");
        assert!(term_list(&experiment).ends_with(&[Term::Regression, Term::Tying]));
        assert_total_gradient(&experiment);
    }
}

fn masking_objective(scope: Scope) -> Objective {
    Objective { corruption: Corruption::new(Noise::Masking, 0.5), scope, ..Objective::default() }
}

#[test]
fn missing_targets_do_not_change_the_loss() {
    let device = Device::flex();
    for scope in [Scope::All, Scope::Hidden] {
        let experiment = experiment(plain(), masking_objective(scope));
        let network = Autoencoder::new(experiment.plan(), 3, &device);
        let known = uniform([5, SHAPE.len()], 9).greater_elem(0.3).float();
        let loss = |change: fn(Tensor<2>, Tensor<2>) -> Tensor<2>| {
            let batch = batch(&device);
            let target = change(batch.target.clone(), known.clone());
            let batch = Batch { target, known: Some(known.clone()), ..batch };
            number(terms(&experiment, &network, &batch, 1.0, &mut Mode::Inference).total())
        };
        let right = loss(|target, _| target);
        let wrong_where_missing = loss(|target, known| target + (known.neg() + 1.0) * 50.0);
        let wrong_where_known = loss(|target, known| target + known * 50.0);
        assert!((right - wrong_where_missing).abs() < 1e-6 && (right - wrong_where_known).abs() > 1.0, "{scope:?}");
    }
}

#[test]
fn scope_hidden_counts_hidden_values_alone() {
    let device = Device::flex();
    let all = experiment(plain(), masking_objective(Scope::All));
    let hidden = experiment(plain(), masking_objective(Scope::Hidden));
    assert_total_gradient(&hidden);
    let network = Autoencoder::new(all.plan(), 2, &device);
    let wrong_where_visible = || {
        let mut batch = batch(&device);
        let visible = batch.hidden.clone().expect("it hides").neg().add_scalar(1.0);
        batch.target = batch.target + visible.mul_scalar(9.0);
        batch
    };
    let loss = |experiment: &CheckedExperiment, batch: Batch| {
        with_total(&terms(experiment, &network, &batch, 1.0, &mut Mode::Inference))[1]
    };
    assert!(loss(&all, wrong_where_visible()) > 2.0 * loss(&all, batch(&device)));
    assert!((loss(&hidden, wrong_where_visible()) - loss(&hidden, batch(&device))).abs() < 1e-6);
}

#[test]
fn term_list_names_the_terms_and_total_is_their_weighted_sum() {
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
    let terms = training_terms(&experiment, &network, &device);
    assert_eq!(terms.names(), list);
    let values = with_total(&terms);
    let weights = [1.0, 2.0, 0.1, 0.3, 0.3, 0.3];
    let sum: f32 = values[1..].iter().zip(weights).map(|(value, weight)| value * weight).sum();
    assert!((values[0] - sum).abs() < 1e-5, "{values:?}");
    assert!((number(terms.total()) - f64::from(sum)).abs() < 1e-5, "{values:?}");
}

#[test]
fn terms_of_every_preset_are_finite() {
    for preset in presets() {
        let experiment = preset.experiment.check().expect("presets are valid");
        let device = Device::flex();
        let network = Autoencoder::new(experiment.plan(), 1, &device);
        let picture = uniform([3, experiment.plan().input.len()], 1);
        let batch = Batch {
            input: picture.clone(),
            target: picture,
            hidden: None,
            known: None,
            labels: None,
            attributes: None,
        };
        let values = with_total(&terms(&experiment, &network, &batch, 1.0, &mut Mode::Inference));
        assert_eq!(values.len(), 1 + term_list(&experiment).len(), "{}", preset.name);
        assert!(values.iter().all(|value| value.is_finite()), "{}: {values:?}", preset.name);
    }
}

#[test]
fn beta_warms_up_linearly() {
    let objective = Objective { beta: 4.0, beta_warm_up_share: 0.5, ..Objective::default() };
    let experiment = experiment(BottleneckSpec::Variational { size: 3 }, objective);
    let device = Device::flex();
    let network = Autoencoder::new(experiment.plan(), 2, &device);
    let beta_at = |progress| {
        let values = with_total(&terms(&experiment, &network, &batch(&device), progress, &mut Mode::Inference));
        // The part of the sum that is neither reconstruction nor classification, in units of the KL divergence.
        (values[0] - values[1] - 0.1 * values[3]) / values[2]
    };
    for (progress, beta) in [(0.0, 0.0), (0.25, 2.0), (0.5, 4.0), (1.0, 4.0)] {
        assert!((beta_at(progress) - beta).abs() < 1e-2, "{} at {progress}", beta_at(progress));
    }
}

#[test]
fn contraction_is_exact_for_a_single_dense_layer_and_estimated_for_others() {
    let contraction = |encoder: Vec<pinhole_protocol::BlockSpec>| {
        let network = NetworkSpec { input: SHAPE, encoder, bottleneck: plain(), ..NetworkSpec::default() };
        let objective = with_penalty(PenaltyKind::Contractive);
        let experiment = Experiment { network, objective, ..Experiment::default() }.check().expect("valid");
        let device = Device::flex();
        let network = Autoencoder::new(experiment.plan(), 2, &device);
        let at = |step| {
            let mut rng = StepRng::new(1, step);
            with_total(&terms(&experiment, &network, &batch(&device), 1.0, &mut Mode::Training(&mut rng)))[2]
        };
        [at(0), at(1)]
    };
    let [one, other] = contraction(Vec::new());
    assert_eq!(one.to_bits(), other.to_bits(), "no random directions");
    let [one, other] = contraction(NetworkSpec::dense_blocks(&[6]));
    assert!((one - other).abs() > 1e-4 * one, "new random directions");
}
