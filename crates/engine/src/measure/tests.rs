//! Measures of networks whose answers are known.

use pinhole_protocol::{
    Activation, BottleneckSpec, Corruption, DevicePreference, Experiment, GridShape, HeadSpec, Measure, Measurement,
    NetworkSpec, Noise, Prior, ReconstructionLoss, TensorPlan,
};

use super::*;
use crate::{
    Compute,
    data::{Labels, SampleSet},
    network::Autoencoder,
};

const SIDE: usize = 4;
const PIXELS: usize = SIDE * SIDE;

/// A dense network of one layer down to `bottleneck` and one up, for pictures of 4x4.
fn experiment(bottleneck: BottleneckSpec) -> Experiment {
    Experiment {
        network: NetworkSpec {
            input: GridShape { channels: 1, height: SIDE, width: SIDE },
            encoder: Vec::new(),
            bottleneck,
            output_activation: Activation::Linear,
            ..NetworkSpec::default()
        },
        ..Experiment::default()
    }
}

fn plain(size: usize) -> Experiment {
    experiment(BottleneckSpec::Dense { size, activation: Activation::Linear })
}

/// A model with these weights, in the order of its plan's tensors.
fn model(experiment: Experiment, weights: Vec<Vec<f32>>) -> Model {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    let checked = experiment.check().expect("the experiment is valid");
    let mut model = Model::untrained("test".into(), checked, &compute);
    model.network = Autoencoder::from_weights(model.experiment.plan(), weights, compute.device());
    model
}

/// A matrix of `rows` rows with `value` on its diagonal.
fn diagonal(rows: usize, columns: usize, value: f32) -> Vec<f32> {
    let mut matrix = vec![0.0; rows * columns];
    matrix.iter_mut().step_by(columns + 1).take(rows.min(columns)).for_each(|entry| *entry = value);
    matrix
}

/// A network whose code and reconstruction are its input.
fn identity() -> Vec<Vec<f32>> {
    vec![diagonal(PIXELS, PIXELS, 1.0), vec![0.0; PIXELS], diagonal(PIXELS, PIXELS, 1.0), vec![0.0; PIXELS]]
}

/// Pictures of which the upper half is ink in every other one, with the labels 0 and 1 for it.
fn halves() -> HeldOut {
    let shape = GridShape { channels: 1, height: SIDE, width: SIDE };
    let pixels = (0..40).flat_map(|index| {
        (0..PIXELS as u8).map(move |pixel| if pixel < 8 && index % 2 == 1 { 255 } else { pixel + index })
    });
    let set = SampleSet::pictures("halves", shape, pixels.collect());
    let set = set.with_labels(Labels::of_digits((0..40).map(|index| index % 2)));
    HeldOut::all(&set, &set)
}

fn measured(model: &Model, wanted: Measure) -> Measurement {
    measured_beside(model, None, wanted).expect("the measure makes sense")
}

fn measured_beside(model: &Model, teacher: Option<&Model>, wanted: Measure) -> Result<Measurement, EngineError> {
    let all = pollster::block_on(measure(model, &halves(), &[wanted], teacher, &async || ()))?;
    let [measurement] = all[..] else { panic!("one was asked for: {all:?}") };
    assert_eq!(measurement.measure, wanted);
    Ok(measurement)
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

#[test]
fn a_copying_network_has_no_error_and_copies_noise() {
    let copying = model(plain(PIXELS), identity());
    let error = measured(&copying, Measure::ReconstructionError);
    assert_near(error.value, 0.0, 1e-12);
    assert!(error.reference.expect("the mean picture stands beside") > 0.05 && error.samples == 40);
    let noise = measured(&copying, Measure::NoiseCopied);
    assert_near(noise.value, 0.0, 1e-12);
    assert_eq!((noise.reference, noise.samples), (Some(1.0 / 12.0), 128));
}

#[test]
fn a_network_that_says_one_half_errs_by_the_variance_of_noise() {
    let mut weights = vec![vec![0.0; PIXELS], vec![0.0; 1], vec![0.0; PIXELS]];
    weights.push(vec![0.5; PIXELS]);
    let noise = measured(&model(plain(1), weights), Measure::NoiseCopied);
    assert_near(noise.value, 1.0 / 12.0, 5e-3);
}

#[test]
fn what_only_copies_restores_nothing() {
    let mut noisy = plain(PIXELS);
    noisy.objective.corruption = Corruption::new(Noise::GaussianUnclipped, 0.1);
    let restoration = measured(&model(noisy, identity()), Measure::Denoising);
    assert_near(restoration.value, restoration.reference.expect("that of the input"), 1e-5);
    assert_near(restoration.value, 20.0, 0.6);
}

#[test]
fn hidden_values_are_judged_where_they_were_hidden() {
    let mut masked = plain(PIXELS);
    masked.objective.corruption = Corruption::new(Noise::Masking, 0.5);
    let held_out = halves();
    // Hidden values come back as the 0 that was put there, so the error is the mean square of what was hidden.
    let error = measured(&model(masked, identity()), Measure::HiddenError);
    let mean_square =
        held_out.values().iter().map(|value| f64::from(value * value)).sum::<f64>() / (40 * PIXELS) as f64;
    assert_near(error.value, mean_square, 0.05);
    assert!(error.reference.expect("the mean picture there") < error.value);
}

#[test]
fn an_encoder_that_scales_is_as_sensitive_as_it_scales() {
    // Every direction is stretched threefold.
    let mut weights = identity();
    weights[0] = diagonal(PIXELS, PIXELS, 3.0);
    assert_near(measured(&model(plain(PIXELS), weights), Measure::Sensitivity).value, 3.0, 1e-3);
    // A single number of the input counts for one part of sixteen of a random direction's square.
    let single = vec![diagonal(1, PIXELS, 1.0), vec![0.0], vec![0.0; PIXELS], vec![0.0; PIXELS]];
    let sensitivity = measured(&model(plain(1), single), Measure::Sensitivity).value;
    assert_near(sensitivity, (1.0 / PIXELS as f64).sqrt(), 0.08);
}

#[test]
fn the_active_share_is_that_of_the_largest_numbers() {
    let sparse = experiment(BottleneckSpec::TopK { size: 8, active: 2 });
    let share = measured(&untrained(sparse), Measure::ActiveShare);
    assert_near(share.value, 0.25, 0.01);
}

fn untrained(experiment: Experiment) -> Model {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    Model::untrained("test".into(), experiment.check().expect("the experiment is valid"), &compute)
}

#[test]
fn codes_that_say_what_the_label_says_have_agreeing_neighbours() {
    let agreeing = measured(&model(plain(PIXELS), identity()), Measure::NeighbourAccuracy);
    assert_eq!((agreeing.value, agreeing.reference), (1.0, Some(0.5)));
}

#[test]
fn a_classifier_that_reads_the_label_off_is_right() {
    let mut headed = plain(PIXELS);
    headed.network.head = Some(HeadSpec { classes: 2 });
    let mut weights = identity();
    // Class 1 is ink in the first pixel, class 0 the lack of it.
    weights.push([diagonal(1, PIXELS, -1.0), diagonal(1, PIXELS, 1.0)].concat());
    weights.push(vec![1.0, 0.0]);
    let right = measured(&model(headed.clone(), weights.clone()), Measure::Accuracy);
    assert_eq!((right.value, right.reference, right.samples), (1.0, Some(0.5), 40));
    weights[5] = vec![9.0, 0.0];
    assert_near(measured(&model(headed, weights), Measure::Accuracy).value, 0.5, 1e-12);
}

#[test]
fn the_bound_of_a_network_that_knows_nothing_is_that_of_a_coin() {
    let mut blind = experiment(BottleneckSpec::Variational { size: 3 });
    blind.network.output_activation = Activation::Sigmoid;
    blind.objective.loss = ReconstructionLoss::BinaryCrossEntropy;
    let plan = blind.network.plan().expect("valid");
    let zeros: Vec<Vec<f32>> = plan.tensors().iter().map(|tensor| vec![0.0; tensor.len()]).collect();
    let model = model(blind, zeros);
    // The code is its prior, and every pixel costs a coin's throw.
    assert_near(measured(&model, Measure::NegativeElbo).value, PIXELS as f64 * 2.0_f64.ln(), 1e-5);
    let active = measured(&model, Measure::ActiveUnits);
    assert_eq!((active.value, active.reference), (0.0, Some(3.0)));
}

#[test]
fn the_bound_under_a_gaussian_likelihood_reads_the_learnt_variance() {
    let mut blind = experiment(BottleneckSpec::Variational { size: 2 });
    blind.network.learnt_variance = true;
    blind.objective.loss = ReconstructionLoss::Gaussian;
    let plan = blind.network.plan().expect("valid");
    let mut weights: Vec<Vec<f32>> = plan.tensors().iter().map(|tensor| vec![0.0; tensor.len()]).collect();
    weights.last_mut().expect("the variance comes last")[0] = 1.0;
    let held_out = halves();
    let squares: f64 = held_out.values().iter().map(|value| f64::from(value * value)).sum::<f64>() / 40.0;
    let expected = 0.5 * (PIXELS as f64 * (1.0 + (2.0 * std::f64::consts::PI).ln()) + squares / std::f64::consts::E);
    assert_near(measured(&model(blind, weights), Measure::NegativeElbo).value, expected, 1e-4);
}

#[test]
fn a_codebook_of_which_two_words_are_used_has_a_perplexity_of_two() {
    let mut quantised = experiment(BottleneckSpec::VectorQuantised { codes: 4, dimension: PIXELS });
    quantised.network.encoder = NetworkSpec::dense_blocks(&[PIXELS]);
    let plan = quantised.network.plan().expect("valid");
    let mut weights: Vec<Vec<f32>> = plan.tensors().iter().map(|tensor| vec![0.0; tensor.len()]).collect();
    for (tensor, values) in plan.tensors().iter().zip(&mut weights) {
        if tensor.name == "bottleneck.codebook" {
            // The last word is full ink in the upper half, the third none at all, the others are far away.
            values.fill(50.0);
            values[2 * PIXELS..3 * PIXELS].fill(0.0);
            values[3 * PIXELS..].fill(0.0);
            values[3 * PIXELS..3 * PIXELS + 8].fill(1.0);
        } else if tensor.shape == [PIXELS, PIXELS] {
            *values = diagonal(PIXELS, PIXELS, 1.0);
        }
    }
    let perplexity = measured(&model(quantised, weights), Measure::CodebookPerplexity);
    assert_near(perplexity.value, 2.0, 1e-9);
    assert_eq!(perplexity.reference, Some(4.0));
}

#[test]
fn codes_far_from_their_prior_are_found_out() {
    let adversarial = experiment(BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 8 });
    let plan = adversarial.network.plan().expect("valid");
    let biases = |tensor: &TensorPlan| vec![if tensor.shape == [2] { 30.0 } else { 0.0 }; tensor.len()];
    let weights = plan.tensors().iter().map(biases).collect();
    let discrepancy = measured(&model(adversarial, weights), Measure::PriorMmd);
    // All codes on one spot far away: the prior's own spread is all that keeps it below the root of 2.
    assert!(discrepancy.value > 1.1 && discrepancy.reference.expect("two draws") < 0.3, "{discrepancy:?}");
}

#[test]
fn a_student_stands_beside_its_teacher() {
    let teacher = model(plain(PIXELS), identity());
    let student = untrained(plain(2));
    let beside = |measure| measured_beside(&student, Some(&teacher), measure).expect("there is a teacher");
    let error = beside(Measure::StudentError);
    assert!(error.value > 0.01 && error.reference == Some(0.0), "{error:?}");
    let weights = |size: usize| (PIXELS * size + size + size * PIXELS + PIXELS) as f64;
    assert_near(beside(Measure::StudentSize).value, weights(2) / weights(PIXELS), 1e-12);
    assert!(beside(Measure::StudentTime).value > 0.0);
    assert!(measured_beside(&student, None, Measure::StudentError).is_err());
}

#[test]
fn the_same_model_measures_the_same() {
    let mut noisy = plain(3);
    noisy.objective.corruption = Corruption::new(Noise::Gaussian, 0.3);
    let model = untrained(noisy);
    for wanted in [Measure::Denoising, Measure::Sensitivity, Measure::NoiseCopied] {
        assert_eq!(measured(&model, wanted), measured(&model, wanted));
    }
}

#[test]
fn what_cannot_be_measured_is_said_in_words() {
    let article = untrained(plain(2));
    let refused = |held_out: &HeldOut, wanted| {
        let result = pollster::block_on(measure(&article, held_out, &[wanted], None, &async || ()));
        result.expect_err("it makes no sense").to_string()
    };
    assert!(refused(&halves(), Measure::CodebookPerplexity).contains("codebook"));
    let both = [Measure::CodebookPerplexity, Measure::ReconstructionError];
    let kept = pollster::block_on(measure(&article, &halves(), &both, None, &async || ())).expect("one is left");
    assert_eq!(kept.len(), 1);
    let nothing = HeldOut::all(&SampleSet::default(), &SampleSet::default());
    assert!(refused(&nothing, Measure::ReconstructionError).contains("no sample"));
    let large = SampleSet::pictures("large", GridShape::MNIST, vec![0; 784 * 2]);
    assert!(refused(&HeldOut::all(&large, &large), Measure::ReconstructionError).contains("another size"));
}
