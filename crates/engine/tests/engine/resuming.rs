//! A run resumed from a checkpoint ends as the run without the break.

use crate::common::{bars, checked, cpu, experiment, file, reconstruct, run_to_end};
use pinhole_engine::{
    Model,
    data::SampleSet,
    model_file,
    training::{RunAdvance, Start, TrainingRun},
};
use pinhole_protocol::{
    BottleneckSpec, Corruption, DecoderSpec, EarlyStopping, EpochRecord, Experiment, NetworkSpec, Noise, Normalisation,
    Optimiser, Prior, Schedule, TrainingEnd,
};

/// Tolerance for sums in another order.
const TOLERANCE: f32 = 1e-6;

fn images() -> SampleSet {
    bars(60)
}

fn begin(experiment: &Experiment, start: Start) -> TrainingRun {
    TrainingRun::new(&cpu(), checked(experiment.clone()), &images(), start).expect("the run can start")
}

fn last_of(run: &TrainingRun) -> Model {
    pollster::block_on(run.last_model("test".into())).expect("the CPU does not fail")
}

/// Checkpoint of the run after `epochs` epochs and `steps` steps of the next, written and read again.
fn checkpoint_after(experiment: &Experiment, epochs: usize, steps: usize) -> Model {
    let mut run = begin(experiment, Start::Fresh);
    let (mut done, mut last_step) = (0, steps);
    while done < epochs || run.step() < last_step || !run.is_between_steps() {
        match pollster::block_on(run.advance()).expect("the CPU does not fail") {
            RunAdvance::EpochDone(_) => {
                done += 1;
                last_step = run.step() + steps;
            }
            RunAdvance::Ended(end) => panic!("it ended too soon: {end:?}"),
            RunAdvance::BatchDone { .. } | RunAdvance::Warned(_) => {}
        }
    }
    pollster::block_on(run.read_losses()).expect("the CPU does not fail");
    let bytes = pollster::block_on(last_of(&run).to_checkpoint()).expect("the CPU does not fail");
    Model::from_file("checkpoint.safetensors", &bytes, &cpu()).expect("the file is whole")
}

fn assert_same_weights(one: &Model, other: &Model, what: &str) {
    let read = |model: &Model| model_file::read(&file(model)).expect("a good file").weights;
    for (tensor, (one, other)) in read(one).iter().zip(&read(other)).enumerate() {
        let apart = one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
        assert!(apart <= TOLERANCE, "{what}: tensor {tensor} is {apart} off");
    }
}

/// Compares a run of three epochs, resumed after the first and in the middle of the second, with the run without a
/// break.
fn assert_resumes(what: &str, change: impl FnOnce(&mut Experiment)) {
    let mut spec = experiment();
    change(&mut spec);
    let mut whole = begin(&spec, Start::Fresh);
    let log = run_to_end(&mut whole).expect("the CPU does not fail");
    for steps in [0, 2] {
        let what = format!("{what}, {steps} steps into an epoch");
        let checkpoint = checkpoint_after(&spec, 1, steps);
        let mut rest = begin(&spec, Start::Continue(&checkpoint));
        let log_later = run_to_end(&mut rest).expect("the CPU does not fail");
        assert_eq!(rest.step(), whole.step(), "{what}");
        assert_eq!(log_later.epochs.len(), log.epochs.len() - 1, "{what}");
        for (later, epoch) in log_later.epochs.iter().zip(&log.epochs[1..]) {
            assert_eq!(later.epoch, epoch.epoch, "{what}");
            assert!((later.train_loss - epoch.train_loss).abs() <= TOLERANCE, "{what}: {later:?}, {epoch:?}");
        }
        assert_same_weights(&last_of(&rest), &last_of(&whole), &what);
        assert_same_weights(&rest.model("test".into()), &whole.model("test".into()), &what);
    }
}

#[test]
fn every_optimiser_resumes_with_its_moments() {
    let all = [
        Optimiser::Adam,
        Optimiser::AdamW,
        Optimiser::Sgd { momentum: 0.0 },
        Optimiser::Sgd { momentum: 0.9 },
        Optimiser::RmsProp,
        Optimiser::Lamb,
        Optimiser::Lion,
    ];
    for optimiser in all {
        assert_resumes(&format!("{optimiser:?}"), |experiment| {
            (experiment.schedule.optimiser, experiment.schedule.learning_rate) = (optimiser, 0.003);
        });
    }
}

#[test]
fn without_its_moments_a_run_ends_with_other_weights() {
    let spec = experiment();
    let mut whole = begin(&spec, Start::Fresh);
    run_to_end(&mut whole).expect("the CPU does not fail");
    let bytes = file(&checkpoint_after(&spec, 1, 0));
    let saved = Model::from_file("saved.safetensors", &bytes, &cpu()).expect("the file is whole");
    let mut rest = begin(&spec, Start::Continue(&saved));
    run_to_end(&mut rest).expect("the CPU does not fail");
    let pixels = vec![0.5; 784];
    assert_ne!(
        reconstruct(&last_of(&rest), &pixels),
        reconstruct(&last_of(&whole), &pixels),
        "a saved model has no moments"
    );
}

#[test]
fn other_training_state_resumes_too() {
    assert_resumes("moving average", |experiment| experiment.schedule.moving_average = Some(0.9));
    assert_resumes("two batches a step", |experiment| experiment.schedule.accumulated_batches = 2);
    assert_resumes("noise and shifts", |experiment| {
        experiment.objective.corruption = Corruption::new(Noise::Gaussian, 0.3);
        experiment.schedule.augmentation.shift_px = 2.0;
    });
    assert_resumes("frozen encoder", |experiment| experiment.schedule.part_rates.encoder = 0.0);
    assert_resumes("batch normalisation", |experiment| {
        experiment.network = NetworkSpec {
            encoder: NetworkSpec::conv_blocks(&[3]),
            normalisation: Normalisation::Batch,
            ..experiment.network.clone()
        };
    });
    assert_resumes("discriminator", |experiment| {
        experiment.network.bottleneck = BottleneckSpec::Adversarial { size: 4, prior: Prior::Gaussian, hidden: 8 };
        experiment.network.decoder = DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[12]));
        experiment.objective.adversarial = 0.1;
    });
}

/// An experiment whose validation loss rises after one or two epochs.
fn overshooting() -> Experiment {
    let schedule = Schedule { learning_rate: 0.5, epochs: 12, ..experiment().schedule };
    Experiment { schedule, ..experiment() }
}

fn best(epochs: &[EpochRecord]) -> usize {
    epochs
        .iter()
        .min_by(|one, other| one.selection_loss().total_cmp(&other.selection_loss()))
        .map_or(0, |record| record.epoch)
}

#[test]
fn the_best_epoch_before_the_break_is_still_the_best() {
    let spec = overshooting();
    let mut whole = begin(&spec, Start::Fresh);
    let log = run_to_end(&mut whole).expect("the CPU does not fail");
    let best = best(&log.epochs);
    assert!(best < 11, "it is not among the last: {:?}", log.epochs);
    let checkpoint = checkpoint_after(&spec, best + 1, 0);
    let mut rest = begin(&spec, Start::Continue(&checkpoint));
    run_to_end(&mut rest).expect("the CPU does not fail");
    assert_eq!(rest.earlier_best_epoch(), Some(best));
    assert_same_weights(&rest.model("test".into()), &whole.model("test".into()), "the best epoch");
}

#[test]
fn patience_is_kept_across_the_break() {
    let mut spec = overshooting();
    let mut whole = begin(&spec, Start::Fresh);
    let best = best(&run_to_end(&mut whole).expect("the CPU does not fail").epochs);
    spec.schedule.early_stopping = Some(EarlyStopping { patience_epochs: 2 });
    let checkpoint = checkpoint_after(&spec, best + 1, 0);
    let mut rest = begin(&spec, Start::Continue(&checkpoint));
    let log = run_to_end(&mut rest).expect("the CPU does not fail");
    assert_eq!((log.end, log.epochs.len()), (TrainingEnd::EarlyStopped, 1), "one epoch of patience was used up");
}

#[test]
fn another_optimiser_starts_without_the_moments_and_another_seed_without_the_best_epoch() {
    let checkpoint = checkpoint_after(&experiment(), 2, 0);
    let mut other = experiment();
    (other.schedule.optimiser, other.seed) = (Optimiser::Lion, 5);
    let mut rest = begin(&other, Start::Continue(&checkpoint));
    let log = run_to_end(&mut rest).expect("moments of Adam are none of Lion's");
    assert_eq!((log.epochs.len(), rest.earlier_best_epoch()), (1, None));
}

#[test]
fn a_damaged_checkpoint_is_refused_and_a_model_file_has_no_moments() {
    let checkpoint = checkpoint_after(&experiment(), 1, 0);
    let bytes = pollster::block_on(checkpoint.to_checkpoint()).expect("the CPU does not fail");
    let saved = file(&checkpoint);
    assert!(bytes.len() > 3 * saved.len(), "{} and {}", bytes.len(), saved.len());
    let text = String::from_utf8_lossy(&saved).into_owned();
    assert!(!text.contains("run.moment"), "a saved model holds no moments");
    let name = b"run.moment.0.encoder.0.weight";
    let place = bytes.windows(name.len()).position(|window| window == name).expect("the tensor is there");
    let mut damaged = bytes;
    damaged[place] = b'x';
    let refused = model_file::read(&damaged).expect_err("a moment is missing").to_string();
    assert!(refused.contains("run.moment.0.encoder.0.weight is missing"), "{refused}");
}

#[test]
fn other_batches_begin_the_epoch_anew() {
    let checkpoint = checkpoint_after(&experiment(), 1, 2);
    let mut same = begin(&experiment(), Start::Continue(&checkpoint));
    let mut other = experiment();
    other.schedule.batch_size = 8;
    let mut smaller = begin(&other, Start::Continue(&checkpoint));
    let first_step = |run: &mut TrainingRun| {
        pollster::block_on(run.advance()).expect("the CPU does not fail");
        run.step()
    };
    assert_eq!(first_step(&mut same), 7, "the third of four steps of the second epoch");
    assert_eq!(first_step(&mut smaller), 8, "the first step of the second epoch, after seven of the first");
}
