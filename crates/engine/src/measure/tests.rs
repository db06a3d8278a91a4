//! Measures of networks whose values are known.

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

/// A dense network of pictures of 4x4, with one layer before and one after the code.
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

/// Pictures of two classes: the upper half of every other picture is white.
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
    measured_with_teacher(model, None, wanted).expect("the measure is applicable")
}

fn measured_with_teacher(model: &Model, teacher: Option<&Model>, wanted: Measure) -> Result<Measurement, EngineError> {
    let all = pollster::block_on(measure(model, &halves(), &[wanted], teacher, &async || ()))?;
    let [measurement] = all[..] else { panic!("one measure was requested: {all:?}") };
    assert_eq!(measurement.measure, wanted);
    Ok(measurement)
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

#[test]
fn the_identity_has_error_0_on_samples_and_on_noise() {
    let identity = model(plain(PIXELS), identity());
    let error = measured(&identity, Measure::ReconstructionError);
    assert_near(error.value, 0.0, 1e-12);
    assert!(error.reference.expect("that of the mean picture") > 0.05 && error.samples == 40);
    let noise = measured(&identity, Measure::NoiseCopied);
    assert_near(noise.value, 0.0, 1e-12);
    assert_eq!((noise.reference, noise.samples), (Some(1.0 / 12.0), 128));
}

#[test]
fn the_error_of_a_constant_one_half_on_noise_is_its_variance() {
    let mut weights = vec![vec![0.0; PIXELS], vec![0.0; 1], vec![0.0; PIXELS]];
    weights.push(vec![0.5; PIXELS]);
    let noise = measured(&model(plain(1), weights), Measure::NoiseCopied);
    assert_near(noise.value, 1.0 / 12.0, 5e-3);
}

#[test]
fn the_identity_has_the_psnr_of_its_corrupted_input() {
    let mut noisy = plain(PIXELS);
    noisy.objective.corruption = Corruption::new(Noise::GaussianUnclipped, 0.1);
    let psnr = measured(&model(noisy, identity()), Measure::Denoising);
    assert_near(psnr.value, psnr.reference.expect("that of the input"), 1e-5);
    assert_near(psnr.value, 20.0, 0.6);
}

#[test]
fn the_error_of_hidden_values_is_taken_where_they_are_hidden() {
    let mut masked = plain(PIXELS);
    masked.objective.corruption = Corruption::new(Noise::Masking, 0.5);
    let held_out = halves();
    // The identity returns 0 for hidden values, so the error is the mean square of their targets.
    let error = measured(&model(masked, identity()), Measure::HiddenError);
    let mean_square =
        held_out.values().iter().map(|value| f64::from(value * value)).sum::<f64>() / (40 * PIXELS) as f64;
    assert_near(error.value, mean_square, 0.05);
    assert!(error.reference.expect("that of the mean picture") < error.value);
}

#[test]
fn the_sensitivity_of_a_scaling_encoder_is_its_factor() {
    // Every direction is scaled by 3.
    let mut weights = identity();
    weights[0] = diagonal(PIXELS, PIXELS, 3.0);
    assert_near(measured(&model(plain(PIXELS), weights), Measure::Sensitivity).value, 3.0, 1e-3);
    // One of sixteen input values is a sixteenth of the squared length of a random direction.
    let single = vec![diagonal(1, PIXELS, 1.0), vec![0.0], vec![0.0; PIXELS], vec![0.0; PIXELS]];
    let sensitivity = measured(&model(plain(1), single), Measure::Sensitivity).value;
    assert_near(sensitivity, (1.0 / PIXELS as f64).sqrt(), 0.08);
}

#[test]
fn the_active_share_of_a_top_k_code_is_k_of_its_size() {
    let sparse = experiment(BottleneckSpec::TopK { size: 8, active: 2 });
    let share = measured(&untrained(sparse), Measure::ActiveShare);
    assert_near(share.value, 0.25, 0.01);
}

fn untrained(experiment: Experiment) -> Model {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    Model::untrained("test".into(), experiment.check().expect("the experiment is valid"), &compute)
}

#[test]
fn codes_separated_by_class_have_a_neighbour_accuracy_of_1() {
    let accuracy = measured(&model(plain(PIXELS), identity()), Measure::NeighbourAccuracy);
    assert_eq!((accuracy.value, accuracy.reference), (1.0, Some(0.5)));
}

#[test]
fn a_classifier_on_the_pixel_that_marks_the_class_has_an_accuracy_of_1() {
    let mut headed = plain(PIXELS);
    headed.network.head = Some(HeadSpec { classes: 2 });
    let mut weights = identity();
    // Class 1 is a white first pixel, class 0 a black one.
    weights.push([diagonal(1, PIXELS, -1.0), diagonal(1, PIXELS, 1.0)].concat());
    weights.push(vec![1.0, 0.0]);
    let accuracy = measured(&model(headed.clone(), weights.clone()), Measure::Accuracy);
    assert_eq!((accuracy.value, accuracy.reference, accuracy.samples), (1.0, Some(0.5), 40));
    weights[5] = vec![9.0, 0.0];
    assert_near(measured(&model(headed, weights), Measure::Accuracy).value, 0.5, 1e-12);
}

#[test]
fn the_elbo_of_a_network_of_zeros_is_ln_2_per_pixel() {
    let mut zero_experiment = experiment(BottleneckSpec::Variational { size: 3 });
    zero_experiment.network.output_activation = Activation::Sigmoid;
    zero_experiment.objective.loss = ReconstructionLoss::BinaryCrossEntropy;
    let plan = zero_experiment.network.plan().expect("valid");
    let zeros: Vec<Vec<f32>> = plan.tensors().iter().map(|tensor| vec![0.0; tensor.len()]).collect();
    let model = model(zero_experiment, zeros);
    // The posterior is the prior, and every pixel has a probability of one half.
    assert_near(measured(&model, Measure::NegativeElbo).value, PIXELS as f64 * 2.0_f64.ln(), 1e-5);
    let active = measured(&model, Measure::ActiveUnits);
    assert_eq!((active.value, active.reference), (0.0, Some(3.0)));
}

#[test]
fn the_elbo_of_a_gaussian_likelihood_uses_the_learnt_variance() {
    let mut zero_experiment = experiment(BottleneckSpec::Variational { size: 2 });
    zero_experiment.network.learnt_variance = true;
    zero_experiment.objective.loss = ReconstructionLoss::Gaussian;
    let plan = zero_experiment.network.plan().expect("valid");
    let mut weights: Vec<Vec<f32>> = plan.tensors().iter().map(|tensor| vec![0.0; tensor.len()]).collect();
    weights.last_mut().expect("the variance comes last")[0] = 1.0;
    let held_out = halves();
    let squares: f64 = held_out.values().iter().map(|value| f64::from(value * value)).sum::<f64>() / 40.0;
    let expected = 0.5 * (PIXELS as f64 * (1.0 + (2.0 * std::f64::consts::PI).ln()) + squares / std::f64::consts::E);
    assert_near(measured(&model(zero_experiment, weights), Measure::NegativeElbo).value, expected, 1e-4);
}

#[test]
fn a_codebook_of_which_two_vectors_are_used_has_a_perplexity_of_2() {
    let mut quantised = experiment(BottleneckSpec::VectorQuantised { codes: 4, dimension: PIXELS });
    quantised.network.encoder = NetworkSpec::dense_blocks(&[PIXELS]);
    let plan = quantised.network.plan().expect("valid");
    let mut weights: Vec<Vec<f32>> = plan.tensors().iter().map(|tensor| vec![0.0; tensor.len()]).collect();
    for (tensor, values) in plan.tensors().iter().zip(&mut weights) {
        if tensor.name == "bottleneck.codebook" {
            // The last vector is a white upper half, the third is black, the others are far away.
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
fn the_mmd_of_codes_far_from_their_prior_is_large() {
    let adversarial = experiment(BottleneckSpec::Adversarial { size: 2, prior: Prior::Gaussian, hidden: 8 });
    let plan = adversarial.network.plan().expect("valid");
    let biases = |tensor: &TensorPlan| vec![if tensor.shape == [2] { 30.0 } else { 0.0 }; tensor.len()];
    let weights = plan.tensors().iter().map(biases).collect();
    let mmd = measured(&model(adversarial, weights), Measure::PriorMmd);
    // All codes are one distant point: the mean kernel value within the prior keeps the MMD below the root of 2.
    assert!(mmd.value > 1.1 && mmd.reference.expect("that of two sets of samples") < 0.3, "{mmd:?}");
}

#[test]
fn a_student_is_compared_with_its_teacher() {
    let teacher = model(plain(PIXELS), identity());
    let student = untrained(plain(2));
    let measured = |measure| measured_with_teacher(&student, Some(&teacher), measure).expect("there is a teacher");
    let error = measured(Measure::StudentError);
    assert!(error.value > 0.01 && error.reference == Some(0.0), "{error:?}");
    let weights = |size: usize| (PIXELS * size + size + size * PIXELS + PIXELS) as f64;
    assert_near(measured(Measure::StudentSize).value, weights(2) / weights(PIXELS), 1e-12);
    assert!(measured(Measure::StudentTime).value > 0.0);
    assert!(measured_with_teacher(&student, None, Measure::StudentError).is_err());
}

#[test]
fn measuring_the_same_model_twice_gives_equal_values() {
    let mut noisy = plain(3);
    noisy.objective.corruption = Corruption::new(Noise::Gaussian, 0.3);
    let model = untrained(noisy);
    for wanted in [Measure::Denoising, Measure::Sensitivity, Measure::NoiseCopied] {
        assert_eq!(measured(&model, wanted), measured(&model, wanted));
    }
}

#[test]
fn inapplicable_measures_and_unfit_samples_have_a_message() {
    let model = untrained(plain(2));
    let error_of = |held_out: &HeldOut, wanted| {
        let result = pollster::block_on(measure(&model, held_out, &[wanted], None, &async || ()));
        result.expect_err("the measure is not applicable").to_string()
    };
    assert!(error_of(&halves(), Measure::CodebookPerplexity).contains("codebook"));
    let both = [Measure::CodebookPerplexity, Measure::ReconstructionError];
    let measurements =
        pollster::block_on(measure(&model, &halves(), &both, None, &async || ())).expect("one is applicable");
    assert_eq!(measurements.len(), 1);
    let no_samples = HeldOut::all(&SampleSet::default(), &SampleSet::default());
    assert!(error_of(&no_samples, Measure::ReconstructionError).contains("no sample"));
    let large = SampleSet::pictures("large", GridShape::MNIST, vec![0; 784 * 2]);
    assert!(error_of(&HeldOut::all(&large, &large), Measure::ReconstructionError).contains("another size"));
}
