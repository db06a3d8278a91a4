//! What presets promise, on generated digits and in less time than a person would wait: what each demonstrates must show
//! in its measure.

mod common;

use common::{cpu, run_to_end};
use pinhole_engine::{
    Model,
    data::{self, SampleSet},
    measure::{HeldOut, measure},
    training::{Start, TrainingRun},
};
use pinhole_protocol::{Experiment, GridShape, Measure, Measurement, Reuse, presets};

/// Digits that are drawn; a tenth of them is held out.
const DIGITS: usize = 2_000;

/// A preset's experiment, made quick: fewer digits in smaller batches at a higher rate, for `epochs` epochs of 57 steps.
fn experiment(preset: &str, epochs: usize) -> Experiment {
    let mut experiment =
        presets().into_iter().find(|listed| listed.name == preset).expect("the preset is listed").experiment;
    experiment.data.limit = Some(DIGITS);
    experiment.schedule.epochs = epochs;
    experiment.schedule.batch_size = 32;
    experiment.schedule.learning_rate = 3e-3;
    experiment
}

/// A trained model and what to measure it on.
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
            .expect("the measure says something of the model");
        println!("{measured:?}");
        measured[0]
    }

    fn measured(&self, wanted: Measure) -> f64 {
        self.measurement(wanted, None).value
    }

    /// A measure, and what stands beside it.
    fn beside(&self, wanted: Measure) -> [f64; 2] {
        let Measurement { value, reference, .. } = self.measurement(wanted, None);
        [value, reference.expect("something stands beside it")]
    }
}

#[test]
fn the_article_is_far_better_than_the_mean_digit() {
    let [error, mean] = Trained::of("article", 8).beside(Measure::ReconstructionError);
    assert!(error < 0.5 * mean, "{error} beside {mean}");
}

#[test]
fn an_overcomplete_network_copies_noise_and_one_that_denoises_does_not() {
    let [trapped, denoiser] =
        ["overcomplete", "overcomplete-denoiser"].map(|preset| Trained::of(preset, 6).measured(Measure::NoiseCopied));
    assert!(trapped < 0.4 * denoiser, "{trapped} beside {denoiser}");
}

#[test]
fn a_penalty_makes_the_code_sparse() {
    let sparse = Trained::of("sparse", 6);
    let mut without = experiment("sparse", 6);
    without.objective.penalties.clear();
    let [share, usual] = [sparse.measured(Measure::ActiveShare), Trained::new(without).measured(Measure::ActiveShare)];
    assert!(share < 0.25 * usual, "{share} beside {usual}");
    let [error, mean] = sparse.beside(Measure::ReconstructionError);
    assert!(error < 0.6 * mean, "it still rebuilds: {error} beside {mean}");
}

#[test]
fn sixteen_numbers_are_left_of_a_top_k_code() {
    let top = Trained::of("top-k", 6);
    assert!(top.measured(Measure::ActiveShare) <= 16.0 / 256.0 + 1e-9);
    let [error, mean] = top.beside(Measure::ReconstructionError);
    assert!(error < 0.8 * mean, "{error} beside {mean}");
}

#[test]
fn contraction_calms_the_code() {
    let contractive = Trained::of("contractive", 8);
    let mut without = experiment("contractive", 8);
    without.objective.penalties.clear();
    let without = Trained::new(without);
    let [calm, usual] = [&contractive, &without].map(|trained| trained.measured(Measure::Sensitivity));
    assert!(calm < 0.5 * usual, "{calm} beside {usual}");
    let [error, mean] = contractive.beside(Measure::ReconstructionError);
    assert!(error < 0.8 * mean, "it still rebuilds: {error} beside {mean}");
}

#[test]
fn a_heavier_divergence_leaves_fewer_units_active() {
    let [vae, beta] = ["vae", "beta-vae"].map(|preset| Trained::of(preset, 12).measured(Measure::ActiveUnits));
    assert!(beta < vae && beta >= 2.0, "{beta} beside {vae}");
}

#[test]
fn a_codebook_is_in_use() {
    let quantised = Trained::of("vq-vae", 8);
    let [perplexity, codes] = quantised.beside(Measure::CodebookPerplexity);
    assert!(perplexity > 8.0, "{perplexity} of {codes}");
    let [error, mean] = quantised.beside(Measure::ReconstructionError);
    assert!(error < 0.6 * mean, "{error} beside {mean}");
}

#[test]
fn fooling_a_discriminator_brings_codes_to_their_prior() {
    let adversarial = Trained::of("adversarial", 12).measured(Measure::PriorMmd);
    let mut free = experiment("adversarial", 12);
    free.objective.adversarial = 0.0;
    let free = Trained::new(free).measured(Measure::PriorMmd);
    assert!(adversarial < 0.5 * free, "{adversarial} beside {free}");
}

#[test]
fn what_was_hidden_is_guessed_better_than_by_the_mean() {
    for (preset, epochs) in [("inpainting", 6), ("masked", 8)] {
        let [error, mean] = Trained::of(preset, epochs).beside(Measure::HiddenError);
        assert!(error < 0.85 * mean, "{preset}: {error} beside {mean}");
    }
}

#[test]
fn what_was_lost_is_restored() {
    for preset in ["dense-denoiser", "conv-denoiser", "u-net-denoiser", "super-resolution"] {
        let [restored, before] = Trained::of(preset, 4).beside(Measure::Denoising);
        assert!(restored > before + 1.5, "{preset}: {restored} dB beside {before} dB");
    }
}

#[test]
fn sequences_come_back_in_order() {
    for preset in ["lstm", "gru", "transformer", "conv-1d"] {
        let [error, mean] = Trained::of(preset, 6).beside(Measure::ReconstructionError);
        assert!(error < 0.9 * mean, "{preset}: {error} beside {mean}");
    }
}

#[test]
fn labels_are_learnt_beside_pictures_and_shape_the_code() {
    let classifier = Trained::of("classifier", 6);
    let [accuracy, most] = classifier.beside(Measure::Accuracy);
    assert!(accuracy > 0.8 && accuracy > most, "{accuracy} beside {most}");
    let mut headless = experiment("classifier", 6);
    headless.network.head = None;
    let [with, without] =
        [classifier, Trained::new(headless)].map(|trained| trained.measured(Measure::NeighbourAccuracy));
    assert!(with > without, "{with} beside {without}");
}

#[test]
fn a_student_of_a_quarter_errs_less_than_twice_as_much() {
    let teacher = Trained::of("article", 8);
    let digits = data::strokes(0, DIGITS);
    let student = Trained::from(experiment("student", 8), &digits, Start::Distil(&teacher.model));
    let beside = |wanted| student.measurement(wanted, Some(&teacher.model));
    assert!(beside(Measure::StudentSize).value < 0.26);
    let error = beside(Measure::StudentError);
    assert!(error.value < 1.6 * error.reference.expect("the teacher's"), "{error:?}");
}

#[test]
fn an_old_encoder_is_a_head_start() {
    let teacher = Trained::of("article", 8);
    let real = data::digits8x8(GridShape::MNIST);
    let error = |start| {
        let mut transfer = experiment("transfer", 2);
        transfer.data.limit = None;
        Trained::from(transfer, &real, start).measured(Measure::ReconstructionError)
    };
    let [fresh, reused] = [error(Start::Fresh), error(Start::Transfer(&teacher.model, Reuse::Encoder))];
    assert!(reused < 0.9 * fresh, "{reused} beside {fresh}");
}
