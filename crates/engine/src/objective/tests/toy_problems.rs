//! Objectives trained on problems with a known solution: four clusters of points on a plane, mixtures of factors.

use burn::{
    module::{Module, ParamId, list_param_ids},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Tensor, TensorData},
};
use pinhole_protocol::{
    Activation, BottleneckPlan, BottleneckSpec, CheckedExperiment, Experiment, GridShape, NetworkSpec, Objective,
    Prior, Tie, TieTarget,
};

use super::{floats, number};
use crate::{
    network::{Autoencoder, Mode, StepRng},
    objective::{Batch, BatchAttributes, discriminator_loss, mse, sample_prior, terms},
};

const CENTRES: [[f32; 2]; 4] = [[2.0, 1.0], [-1.0, 2.0], [-2.0, -1.0], [1.0, -2.0]];

/// Standard deviation of a cluster.
const DEVIATION: f32 = 0.3;

const BATCH: usize = 512;

/// Points of the four clusters, [samples, 2].
fn points(samples: usize, rng: &mut StepRng, device: &Device) -> Tensor<2> {
    let centres: Vec<f32> = (0..samples).flat_map(|_| CENTRES[rng.index_below(4)]).collect();
    let centres = Tensor::<2>::from_data(TensorData::new(centres, [samples, 2]), device);
    centres + rng.normal([samples, 2], device).mul_scalar(DEVIATION)
}

/// A dense autoencoder of points with these encoder widths.
fn experiment(
    encoder: &[usize],
    activation: Activation,
    bottleneck: BottleneckSpec,
    objective: Objective,
) -> CheckedExperiment {
    let network = NetworkSpec {
        input: GridShape { channels: 1, height: 1, width: 2 },
        encoder: NetworkSpec::dense_blocks(encoder),
        bottleneck,
        activation,
        output_activation: Activation::Linear,
        ..NetworkSpec::default()
    };
    Experiment { network, objective, ..Experiment::default() }.check().expect("a valid experiment")
}

/// Trains with Adam, at learning rates of the autoencoder and the discriminator that decay to 0: at constant rates the
/// two would oscillate around their equilibrium.
fn train(experiment: &CheckedExperiment, seed: u64, steps: usize, [rate, discriminator_rate]: [f64; 2]) -> Autoencoder {
    let device = Device::flex();
    let mut network = Autoencoder::new(experiment.plan(), seed, &device).train();
    // Lower momentum, as usual for adversarial training (Radford et al. 2016).
    let adam = AdamConfig::new().with_beta_1(0.5);
    let discriminator = list_param_ids(network.discriminator());
    let autoencoder: Vec<ParamId> =
        list_param_ids(&network).into_iter().filter(|id| !discriminator.contains(id)).collect();
    let (mut optimiser, mut discriminator_optimiser) = (adam.init(), adam.init());
    for step in 0..steps {
        let decay = 1.0 - step as f64 / steps as f64;
        let mut rng = StepRng::new(5, step);
        let target = points(BATCH, &mut rng, &device.clone().autodiff());
        let batch = Batch { input: target.clone(), target, hidden: None, known: None, labels: None, attributes: None };
        let terms = terms(experiment, &network, &batch, 1.0, &mut Mode::Training(&mut rng));
        let gradients = GradientsParams::from_params(&mut terms.total().backward(), &network, &autoencoder);
        network = optimiser.step(decay * rate, network, gradients);
        if let BottleneckPlan::Adversarial { prior } = experiment.plan().bottleneck {
            let code = terms.code.detach();
            let prior_samples = sample_prior(prior, code.dims(), &mut rng, &code.device());
            let loss = discriminator_loss(network.discriminate(prior_samples), network.discriminate(code));
            let gradients = GradientsParams::from_params(&mut loss.backward(), &network, &discriminator);
            network = discriminator_optimiser.step(decay * discriminator_rate, network, gradients);
        }
    }
    network.valid()
}

#[test]
fn a_codebook_of_four_vectors_learns_the_four_centres() {
    let bottleneck = BottleneckSpec::VectorQuantised { codes: 4, dimension: 2 };
    let experiment = experiment(&[2], Activation::Linear, bottleneck, Objective::default());
    // As in k-means, some seeds leave a vector between two clusters; this one does not.
    let network = train(&experiment, 1, 400, [1e-2; 2]);
    let codebook = network.bottleneck().codebook().expect("the code is quantised");
    let vectors = floats(network.decode(codebook));
    for centre in CENTRES {
        let distances = vectors.chunks_exact(2).map(|vector| (vector[0] - centre[0]).hypot(vector[1] - centre[1]));
        let nearest = distances.fold(f32::INFINITY, f32::min);
        assert!(nearest < 0.1, "no vector of {vectors:?} is near {centre:?}");
    }
}

#[test]
fn an_adversarial_code_learns_the_mean_and_variance_of_its_prior() {
    let bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 64 };
    let objective = Objective { adversarial: 0.5, ..Objective::default() };
    let experiment = experiment(&[32], Activation::LeakyRelu, bottleneck, objective);
    let network = train(&experiment, 1, 1_000, [2e-3, 4e-3]);
    let samples = points(2_000, &mut StepRng::new(6, 0), &Device::flex());
    let codes = network.encode(samples.clone());
    let (variance, mean) = codes.clone().var_mean(0);
    let (variance, mean) = (floats(variance), floats(mean));
    assert!(mean.iter().all(|mean| mean.abs() < 0.2), "{mean:?}");
    assert!(variance.iter().all(|variance| (0.7..1.3).contains(variance)), "{variance:?}");
    let error = number(mse(network.decode(codes), samples, None));
    assert!(error < 0.2, "the error is near the clusters' variance of 2.5: {error}");
}

#[test]
fn a_variational_posterior_collapses_at_a_large_beta_alone() {
    let largest_variance_of_means = |beta| {
        let objective = Objective { beta, ..Objective::default() };
        let experiment = experiment(&[16], Activation::Tanh, BottleneckSpec::Variational { size: 2 }, objective);
        let network = train(&experiment, 1, 300, [1e-2; 2]);
        let codes = network.encode(points(2_000, &mut StepRng::new(6, 0), &Device::flex()));
        floats(codes.var(0)).into_iter().fold(0.0_f32, f32::max)
    };
    assert!(largest_variance_of_means(0.1) > 0.5);
    assert!(largest_variance_of_means(100.0) < 0.01, "the posterior collapses");
}

/// Mixtures of three independent normal factors, [samples, 6], of which the first is known for a share of the samples.
fn mixtures(samples: usize, known_share: f64, rng: &mut StepRng, device: &Device) -> (Batch, Vec<f32>) {
    const MIXING: [[f32; 6]; 3] =
        [[1.0, 0.8, -0.5, 0.3, 0.0, 0.6], [-0.4, 1.0, 0.7, 0.0, 0.9, -0.3], [0.5, -0.6, 1.0, 0.8, -0.7, 0.2]];
    let factors = rng.normal([samples, 3], device);
    let input = factors.clone().matmul(Tensor::from_floats(MIXING, device));
    let first = factors.narrow(1, 0, 1);
    let last_known = (known_share * samples as f64).round() as usize;
    let known: Vec<f32> = (0..samples).map(|sample| f32::from(sample < last_known)).collect();
    let known = Tensor::from_data(TensorData::new(known, [samples, 1]), device);
    let attributes = BatchAttributes { values: first.clone(), known };
    let batch = Batch {
        input: input.clone(),
        target: input,
        hidden: None,
        known: None,
        labels: None,
        attributes: Some(attributes),
    };
    (batch, floats(first))
}

#[test]
fn a_tied_number_is_its_attribute_though_few_samples_have_it() {
    let correlation_and_error = |weight: f32| {
        let network = NetworkSpec {
            input: GridShape { channels: 6, height: 1, width: 1 },
            encoder: Vec::new(),
            bottleneck: BottleneckSpec::Dense { size: 3, activation: Activation::Linear },
            output_activation: Activation::Linear,
            ..NetworkSpec::default()
        };
        let tie = Tie { latent: 0, target: TieTarget::Attribute("slant".into()) };
        let objective = Objective { ties: vec![tie], tying: weight, ..Objective::default() };
        let experiment = Experiment { network, objective, ..Experiment::default() }.check().expect("it is valid");
        let device = Device::flex();
        let mut network = Autoencoder::new(experiment.plan(), 4, &device).train();
        let mut optimiser = AdamConfig::new().init();
        for step in 0..400 {
            let mut rng = StepRng::new(5, step);
            // Three of 64 have the attribute.
            let (batch, _) = mixtures(64, 0.05, &mut rng, &device.clone().autodiff());
            let sum = terms(&experiment, &network, &batch, 1.0, &mut Mode::Training(&mut rng)).total();
            let gradients = GradientsParams::from_module(&mut sum.backward(), &network);
            network = optimiser.step(1e-2, network, gradients);
        }
        let network = network.valid();
        let (batch, factor) = mixtures(2_000, 1.0, &mut StepRng::new(6, 0), &device);
        let numbers = floats(network.encode(batch.input.clone()).narrow(1, 0, 1));
        (correlation(&numbers, &factor), number(mse(network.forward(batch.input), batch.target, None)))
    };
    let [(untied, error), (tied, tied_error)] = [0.0, 0.3].map(correlation_and_error);
    assert!(tied > 0.98 && untied.abs() < 0.9, "correlations of {tied} tied and {untied} untied");
    // A rotation of the code costs nothing.
    assert!(error < 0.01 && tied_error < 0.01, "errors of {tied_error} tied and {error} untied");
}

/// Pearson's correlation coefficient.
fn correlation(one: &[f32], other: &[f32]) -> f64 {
    let deviations = |values: &[f32]| -> Vec<f64> {
        let mean = values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64;
        values.iter().map(|value| f64::from(*value) - mean).collect()
    };
    let [one, other] = [deviations(one), deviations(other)];
    let product = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(x, y)| x * y).sum::<f64>();
    product(&one, &other) / (product(&one, &one) * product(&other, &other)).sqrt()
}
