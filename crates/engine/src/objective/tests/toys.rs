//! Codes with a known answer: points of four clusters on a plane.

use burn::{
    module::{Module, ParamId, list_param_ids},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Tensor, TensorData},
};
use pinhole_protocol::{
    Activation, BottleneckPlan, BottleneckSpec, CheckedExperiment, Experiment, GridShape, NetworkSpec, Objective, Prior,
};

use super::{floats, number};
use crate::{
    network::{Autoencoder, Chance, Mode},
    objective::{Batch, mse, prior_draw, telling_apart, terms},
};

const CENTRES: [[f32; 2]; 4] = [[2.0, 1.0], [-1.0, 2.0], [-2.0, -1.0], [1.0, -2.0]];

/// Standard deviation of a cluster.
const SPREAD: f32 = 0.3;

const BATCH: usize = 512;

/// Points of the four clusters, [samples, 2].
fn points(samples: usize, chance: &mut Chance, device: &Device) -> Tensor<2> {
    let centres: Vec<f32> = (0..samples).flat_map(|_| CENTRES[chance.below(4)]).collect();
    let centres = Tensor::<2>::from_data(TensorData::new(centres, [samples, 2]), device);
    centres + chance.normal([samples, 2], device).mul_scalar(SPREAD)
}

/// Dense layers of these widths to a code, and back.
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

/// Trains for some steps by Adam, at rates of the network and of the discriminator that fall to 0: two players circle
/// around their answer otherwise.
fn train(experiment: &CheckedExperiment, seed: u64, steps: usize, [rate, opponent_rate]: [f64; 2]) -> Autoencoder {
    let device = Device::flex();
    let mut network = Autoencoder::new(experiment.plan(), seed, &device).train();
    // Less momentum than usual, as with any two players (Radford et al. 2016).
    let adam = AdamConfig::new().with_beta_1(0.5);
    let opponent = list_param_ids(network.discriminator());
    let own: Vec<ParamId> = list_param_ids(&network).into_iter().filter(|id| !opponent.contains(id)).collect();
    let (mut optimiser, mut opponent_optimiser) = (adam.init(), adam.init());
    for step in 0..steps {
        let left = 1.0 - step as f64 / steps as f64;
        let mut chance = Chance::of_step(5, step);
        let clean = points(BATCH, &mut chance, &device.clone().autodiff());
        let batch = Batch { input: clean.clone(), clean, hidden: None, known: None, labels: None };
        let terms = terms(experiment, &network, &batch, 1.0, &mut Mode::Training(&mut chance));
        let gradients = GradientsParams::from_params(&mut terms.total().backward(), &network, &own);
        network = optimiser.step(left * rate, network, gradients);
        if let BottleneckPlan::Adversarial { prior } = experiment.plan().bottleneck {
            let code = terms.code.detach();
            let drawn = prior_draw(prior, code.dims(), &mut chance, &code.device());
            let loss = telling_apart(network.discriminate(drawn), network.discriminate(code));
            let gradients = GradientsParams::from_params(&mut loss.backward(), &network, &opponent);
            network = opponent_optimiser.step(left * opponent_rate, network, gradients);
        }
    }
    network.valid()
}

#[test]
fn a_codebook_of_four_finds_the_four_clusters() {
    let bottleneck = BottleneckSpec::VectorQuantised { codes: 4, dimension: 2 };
    let experiment = experiment(&[2], Activation::Linear, bottleneck, Objective::default());
    // As in k-means, some starts strand one word between two clusters; this is none of them.
    let network = train(&experiment, 1, 400, [1e-2; 2]);
    let codebook = network.bottleneck().codebook().expect("the code is quantised");
    let words = floats(network.decode(codebook));
    for centre in CENTRES {
        let distances = words.chunks_exact(2).map(|word| (word[0] - centre[0]).hypot(word[1] - centre[1]));
        let nearest = distances.fold(f32::INFINITY, f32::min);
        assert!(nearest < 0.1, "no word of {words:?} stands for {centre:?}");
    }
}

#[test]
fn an_adversarial_code_takes_the_mean_and_variance_of_its_prior() {
    let bottleneck = BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 64 };
    let objective = Objective { adversarial: 0.5, ..Objective::default() };
    let experiment = experiment(&[32], Activation::LeakyRelu, bottleneck, objective);
    let network = train(&experiment, 1, 1_000, [2e-3, 4e-3]);
    let shown = points(2_000, &mut Chance::of_step(6, 0), &Device::flex());
    let codes = network.encode(shown.clone());
    let (variance, mean) = codes.clone().var_mean(0);
    let (variance, mean) = (floats(variance), floats(mean));
    assert!(mean.iter().all(|mean| mean.abs() < 0.2), "{mean:?}");
    assert!(variance.iter().all(|variance| (0.7..1.3).contains(variance)), "{variance:?}");
    let error = number(mse(network.decode(codes), shown, None));
    assert!(error < 0.2, "the clusters, of variance 2.5, are no longer told apart: {error}");
}

#[test]
fn a_variational_code_keeps_what_is_worth_its_price() {
    let largest_variance_of_means = |beta| {
        let objective = Objective { beta, ..Objective::default() };
        let experiment = experiment(&[16], Activation::Tanh, BottleneckSpec::Variational { size: 2 }, objective);
        let network = train(&experiment, 1, 300, [1e-2; 2]);
        let codes = network.encode(points(2_000, &mut Chance::of_step(6, 0), &Device::flex()));
        floats(codes.var(0)).into_iter().fold(0.0_f32, f32::max)
    };
    assert!(largest_variance_of_means(0.1) > 0.5);
    assert!(largest_variance_of_means(100.0) < 0.01, "the posterior collapses");
}
