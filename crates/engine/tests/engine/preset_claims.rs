//! Claims of the presets, tested by their measures after short runs on generated digits.

use crate::common::{cpu, run_to_end};
use pinhole_engine::{
    Model,
    data::{self, SampleSet},
    measure::{HeldOut, measure},
    training::{Start, TrainingRun},
};
use pinhole_protocol::{Experiment, GridShape, LearningRateSchedule, Measure, Measurement, Reuse, presets};

/// Number of generated digits; a tenth is held out.
const DIGITS: usize = 2_000;

/// A preset's experiment, shortened: fewer digits, smaller batches and a higher, constant learning rate, `epochs` epochs of 57
/// steps.
fn experiment(preset: &str, epochs: usize) -> Experiment {
    let mut experiment =
        presets().into_iter().find(|listed| listed.name == preset).expect("the preset is listed").experiment;
    experiment.data.limit = Some(DIGITS);
    experiment.schedule.epochs = epochs;
    experiment.schedule.batch_size = 32;
    experiment.schedule.learning_rate = 3e-3;
    experiment.schedule.learning_rate_schedule = LearningRateSchedule::Constant;
    experiment
}

/// A trained model and its held-out samples.
struct Trained {
    model: Model,
    held_out: HeldOut,
}

impl Trained {
    fn from(experiment: Experiment, digits: &SampleSet, start: Start<'_>) -> Self {
        let checked = experiment.check().expect("presets are valid");
        let spec = checked.spec();
        let split = data::split(digits.len(), spec.schedule.validation_share, spec.seed);
        let held_out = HeldOut::new(digits, &split.validation, &split.train);
        let mut run = TrainingRun::new(&cpu(), checked, digits, start).expect("the run can start");
        run_to_end(&mut run).expect("the CPU does not fail");
        Self { model: run.into_model("test".into()), held_out }
    }

    fn new(experiment: Experiment) -> Self {
        Self::from(experiment, &data::strokes(0, DIGITS), Start::Fresh)
    }

    fn of(preset: &str, epochs: usize) -> Self {
        Self::new(experiment(preset, epochs))
    }

    fn measurement(&self, wanted: Measure, teacher: Option<&Model>) -> Measurement {
        let (wanted, pause) = ([wanted], async || ());
        let measured = pollster::block_on(measure(&self.model, &self.held_out, &wanted, teacher, &pause))
            .expect("the measure is applicable");
        println!("{measured:?}");
        measured[0]
    }

    fn measured(&self, wanted: Measure) -> f64 {
        self.measurement(wanted, None).value
    }

    /// Value and reference of a measure.
    fn with_reference(&self, wanted: Measure) -> [f64; 2] {
        let Measurement { value, reference, .. } = self.measurement(wanted, None);
        [value, reference.expect("the measure has a reference")]
    }
}

#[test]
fn the_article_has_less_than_half_the_error_of_the_mean_digit() {
    let [error, mean] = Trained::of("article", 8).with_reference(Measure::ReconstructionError);
    assert!(error < 0.5 * mean, "{error} against {mean}");
}

#[test]
fn an_overcomplete_network_copies_noise_and_an_overcomplete_denoiser_does_not() {
    let [plain, denoiser] =
        ["overcomplete", "overcomplete-denoiser"].map(|preset| Trained::of(preset, 6).measured(Measure::NoiseCopied));
    assert!(plain < 0.4 * denoiser, "{plain} against {denoiser}");
}

#[test]
fn a_sparsity_penalty_makes_the_code_sparse() {
    let sparse = Trained::of("sparse", 6);
    let mut without = experiment("sparse", 6);
    without.objective.penalties.clear();
    let [share, without_share] =
        [sparse.measured(Measure::ActiveShare), Trained::new(without).measured(Measure::ActiveShare)];
    assert!(share < 0.25 * without_share, "{share} against {without_share}");
    let [error, mean] = sparse.with_reference(Measure::ReconstructionError);
    assert!(error < 0.6 * mean, "it still reconstructs: {error} against {mean}");
}

#[test]
fn a_top_k_code_has_sixteen_active_numbers() {
    let top = Trained::of("top-k", 6);
    assert!(top.measured(Measure::ActiveShare) <= 16.0 / 256.0 + 1e-9);
    let [error, mean] = top.with_reference(Measure::ReconstructionError);
    assert!(error < 0.8 * mean, "{error} against {mean}");
}

#[test]
fn contraction_lowers_the_sensitivity_of_the_code() {
    let contractive = Trained::of("contractive", 8);
    let mut without = experiment("contractive", 8);
    without.objective.penalties.clear();
    let without = Trained::new(without);
    let [with, without] = [&contractive, &without].map(|trained| trained.measured(Measure::Sensitivity));
    assert!(with < 0.5 * without, "{with} against {without}");
    let [error, mean] = contractive.with_reference(Measure::ReconstructionError);
    assert!(error < 0.8 * mean, "it still reconstructs: {error} against {mean}");
}

#[test]
fn a_larger_beta_leaves_fewer_active_units() {
    let [vae, beta] = ["vae", "beta-vae"].map(|preset| Trained::of(preset, 12).measured(Measure::ActiveUnits));
    assert!(beta < vae && beta >= 2.0, "{beta} against {vae}");
}

#[test]
fn a_codebook_is_used() {
    let quantised = Trained::of("vq-vae", 8);
    let [perplexity, codes] = quantised.with_reference(Measure::CodebookPerplexity);
    assert!(perplexity > 8.0, "{perplexity} of {codes}");
    let [error, mean] = quantised.with_reference(Measure::ReconstructionError);
    assert!(error < 0.6 * mean, "{error} against {mean}");
}

#[test]
fn adversarial_training_brings_codes_closer_to_their_prior() {
    let adversarial = Trained::of("adversarial", 12).measured(Measure::PriorMmd);
    let mut without = experiment("adversarial", 12);
    without.objective.adversarial = 0.0;
    let without = Trained::new(without).measured(Measure::PriorMmd);
    assert!(adversarial < 0.5 * without, "{adversarial} against {without}");
}

#[test]
fn hidden_values_are_reconstructed_better_than_by_the_mean() {
    for (preset, epochs) in [("inpainting", 6), ("masked", 8)] {
        let [error, mean] = Trained::of(preset, epochs).with_reference(Measure::HiddenError);
        assert!(error < 0.85 * mean, "{preset}: {error} against {mean}");
    }
}

#[test]
fn denoisers_raise_the_psnr_by_more_than_1_5_db() {
    for preset in ["dense-denoiser", "conv-denoiser", "u-net-denoiser", "super-resolution"] {
        let [denoised, corrupted] = Trained::of(preset, 4).with_reference(Measure::Denoising);
        assert!(denoised > corrupted + 1.5, "{preset}: {denoised} dB against {corrupted} dB");
    }
}

#[test]
fn sequence_models_reconstruct_better_than_the_mean() {
    for preset in ["lstm", "gru", "transformer", "conv-1d"] {
        let [error, mean] = Trained::of(preset, 6).with_reference(Measure::ReconstructionError);
        assert!(error < 0.9 * mean, "{preset}: {error} against {mean}");
    }
}

#[test]
fn a_classifier_is_accurate_and_separates_codes_by_class() {
    let classifier = Trained::of("classifier", 6);
    let [accuracy, most_frequent] = classifier.with_reference(Measure::Accuracy);
    assert!(accuracy > 0.8 && accuracy > most_frequent, "{accuracy} against {most_frequent}");
    let mut headless = experiment("classifier", 6);
    headless.network.head = None;
    let [with, without] =
        [classifier, Trained::new(headless)].map(|trained| trained.measured(Measure::NeighbourAccuracy));
    assert!(with > without, "{with} against {without}");
}

#[test]
fn a_student_of_a_quarter_of_the_size_has_less_than_1_6_times_the_error() {
    let teacher = Trained::of("article", 8);
    let digits = data::strokes(0, DIGITS);
    let student = Trained::from(experiment("student", 8), &digits, Start::Distil(&teacher.model));
    let measured = |wanted| student.measurement(wanted, Some(&teacher.model));
    assert!(measured(Measure::StudentSize).value < 0.26);
    let error = measured(Measure::StudentError);
    assert!(error.value < 1.6 * error.reference.expect("the teacher's"), "{error:?}");
}

#[test]
fn a_transferred_encoder_lowers_the_error_of_a_short_run() {
    let teacher = Trained::of("article", 8);
    let real = data::digits8x8(GridShape::MNIST);
    let error = |start| {
        let mut transfer = experiment("transfer", 2);
        transfer.data.limit = None;
        Trained::from(transfer, &real, start).measured(Measure::ReconstructionError)
    };
    let [fresh, reused] = [error(Start::Fresh), error(Start::Transfer(&teacher.model, Reuse::Encoder))];
    assert!(reused < 0.9 * fresh, "{reused} against {fresh}");
}
