//! A run that is taken up from a checkpoint ends as it would have without the break.

mod common;

use common::{bars, checked, cpu, experiment, file, rebuild, run_to_end};
use pinhole_engine::{
    Model,
    data::SampleSet,
    model_file,
    training::{Advance, Start, TrainingRun},
};
use pinhole_protocol::{
    BottleneckSpec, DecoderSpec, EarlyStopping, EpochRecord, Experiment, NetworkSpec, Normalisation, Optimiser, Prior,
    Schedule, TrainingEnd,
};

/// Rounding may differ where sums are formed in another order, and nothing else.
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

/// The run's checkpoint after so many epochs, written and read again.
fn checkpoint_after(experiment: &Experiment, epochs: usize) -> Model {
    let mut run = begin(experiment, Start::Fresh);
    let mut done = 0;
    while done < epochs {
        match pollster::block_on(run.advance()).expect("the CPU does not fail") {
            Advance::EpochDone(_) => done += 1,
            Advance::Ended(end) => panic!("it ended too soon: {end:?}"),
            Advance::Worked { .. } | Advance::Warned(_) => {}
        }
    }
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

/// Three epochs with a break after the first, and without.
fn goes_on(what: &str, change: impl FnOnce(&mut Experiment)) {
    let mut wanted = experiment();
    change(&mut wanted);
    let mut whole = begin(&wanted, Start::Fresh);
    let told = run_to_end(&mut whole).expect("the CPU does not fail");
    let checkpoint = checkpoint_after(&wanted, 1);
    let mut rest = begin(&wanted, Start::Continue(&checkpoint));
    let told_later = run_to_end(&mut rest).expect("the CPU does not fail");
    assert_eq!(told_later.epochs.len(), told.epochs.len() - 1, "{what}");
    assert_same_weights(&last_of(&rest), &last_of(&whole), what);
    assert_same_weights(&rest.model("test".into()), &whole.model("test".into()), what);
}

#[test]
fn every_optimiser_goes_on_with_its_moments() {
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
        goes_on(&format!("{optimiser:?}"), |experiment| {
            (experiment.schedule.optimiser, experiment.schedule.learning_rate) = (optimiser, 0.003);
        });
    }
}

#[test]
fn without_the_moments_it_would_end_elsewhere() {
    let wanted = experiment();
    let mut whole = begin(&wanted, Start::Fresh);
    run_to_end(&mut whole).expect("the CPU does not fail");
    let bytes = file(&checkpoint_after(&wanted, 1));
    let saved = Model::from_file("saved.safetensors", &bytes, &cpu()).expect("the file is whole");
    let mut rest = begin(&wanted, Start::Continue(&saved));
    run_to_end(&mut rest).expect("the CPU does not fail");
    let pixels = vec![0.5; 784];
    assert_ne!(rebuild(&last_of(&rest), &pixels), rebuild(&last_of(&whole), &pixels), "a saved model has no moments");
}

#[test]
fn what_learns_beside_the_weights_goes_on_too() {
    goes_on("moving average", |experiment| experiment.schedule.moving_average = Some(0.9));
    goes_on("two batches a step", |experiment| experiment.schedule.accumulated_batches = 2);
    goes_on("frozen encoder", |experiment| experiment.schedule.part_rates.encoder = 0.0);
    goes_on("batch normalisation", |experiment| {
        experiment.network = NetworkSpec {
            encoder: NetworkSpec::conv_blocks(&[3]),
            normalisation: Normalisation::Batch,
            ..experiment.network.clone()
        };
    });
    goes_on("discriminator", |experiment| {
        experiment.network.bottleneck = BottleneckSpec::Adversarial { size: 4, prior: Prior::Gaussian, hidden: 8 };
        experiment.network.decoder = DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[12]));
        experiment.objective.adversarial = 0.1;
    });
}

/// An experiment whose validation loss rises after an epoch or two.
fn restless() -> Experiment {
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
    let wanted = restless();
    let mut whole = begin(&wanted, Start::Fresh);
    let told = run_to_end(&mut whole).expect("the CPU does not fail");
    let best = best(&told.epochs);
    assert!(best < 11, "it is not among the last: {:?}", told.epochs);
    let checkpoint = checkpoint_after(&wanted, best + 1);
    let mut rest = begin(&wanted, Start::Continue(&checkpoint));
    run_to_end(&mut rest).expect("the CPU does not fail");
    assert_eq!(rest.better_epoch(), Some(best));
    assert_same_weights(&rest.model("test".into()), &whole.model("test".into()), "the best epoch");
}

#[test]
fn patience_counts_on_after_the_break() {
    let mut wanted = restless();
    let mut whole = begin(&wanted, Start::Fresh);
    let best = best(&run_to_end(&mut whole).expect("the CPU does not fail").epochs);
    wanted.schedule.early_stopping = Some(EarlyStopping { patience_epochs: 2 });
    let checkpoint = checkpoint_after(&wanted, best + 1);
    let mut rest = begin(&wanted, Start::Continue(&checkpoint));
    let told = run_to_end(&mut rest).expect("the CPU does not fail");
    assert_eq!((told.end, told.epochs.len()), (TrainingEnd::EarlyStopped, 1), "one epoch of patience was used up");
}

#[test]
fn another_optimiser_begins_without_the_moments_and_another_task_without_the_best() {
    let checkpoint = checkpoint_after(&experiment(), 2);
    let mut other = experiment();
    (other.schedule.optimiser, other.seed) = (Optimiser::Lion, 5);
    let mut rest = begin(&other, Start::Continue(&checkpoint));
    let told = run_to_end(&mut rest).expect("moments of Adam are none of Lion's");
    assert_eq!((told.epochs.len(), rest.better_epoch()), (1, None));
}

#[test]
fn a_damaged_checkpoint_is_refused_and_a_models_file_stays_small() {
    let checkpoint = checkpoint_after(&experiment(), 1);
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
