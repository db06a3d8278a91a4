//! Experiments, and the commands that the page sends. On the wire they are JavaScript values; here they are JSON, which is
//! deserialised to the same types.

use pinhole_protocol::{
    Activation, BottleneckSpec, Bytes, Command, Corruption, DataSpec, DenoiseSource, Event, Experiment, Floats,
    GridShape, ImageSource, Measure, MemoryEstimate, NamedFile, NetworkSpec, Picture, RunModel, Schedule,
    TrainingStart,
    migration::migrate_experiment,
    presets,
    table::{Dialect, FileSlot, RenamedColumn, RowQuery, ScoredFormat, TableCommand, ThresholdRule},
};
use serde_json::Value;

use super::session::{Session, start};
use crate::Outcome;

/// Largest memory of a network that is trained here, bytes: with more, a step takes minutes.
const MAX_TRAINED_BYTES: u64 = 30_000_000;
/// The file to which commands refer.
const TABLE: &[u8] = b"a,b,c\n1,2.5,x\n2,5.1,y\n3,7.4,x\n4,10.2,y\n5,12.4,x\n6,15.1,x\n7,17.6,y\n8,3.3,y\n";

/// 784-16-8-16-784 for one epoch of twenty digits.
pub fn small_experiment() -> Experiment {
    Experiment {
        data: DataSpec { source: ImageSource::Strokes, limit: Some(20) },
        network: NetworkSpec {
            encoder: NetworkSpec::dense_blocks(&[16]),
            bottleneck: BottleneckSpec::Dense { size: 8, activation: Activation::Linear },
            ..NetworkSpec::default()
        },
        schedule: Schedule { epochs: 1, batch_size: 10, ..Schedule::default() },
        ..Experiment::default()
    }
}

/// The presets.
pub fn experiment_seeds() -> Vec<Vec<u8>> {
    presets().iter().map(|preset| json(&preset.experiment)).collect()
}

/// An experiment of any file and any format is checked: what passes has a plan.
pub fn check(text: &[u8]) -> Outcome {
    let Ok(mut value) = serde_json::from_slice::<Value>(text) else { return Outcome::Refused };
    migrate_experiment(&mut value);
    let Ok(experiment) = serde_json::from_value::<Experiment>(value) else { return Outcome::Refused };
    let checked = experiment.check();
    if let Ok(checked) = &checked {
        assert!(checked.plan().parameters() > 0 && checked.plan().widest() > 0, "a network has weights");
    }
    Outcome::of(&checked)
}

/// Lists of commands as a person's actions send them.
pub fn command_seeds() -> Vec<Vec<u8>> {
    let picture = Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; 784]) };
    let drawing = DenoiseSource::Drawing { pixels: Bytes(vec![7; 12 * 9]), width: 12, height: 9 };
    let corruption = Corruption::default();
    let denoise = |source| Command::Denoise { request: 1, source, corruption, noise_seed: 7 };
    let train = |start| Command::Train { experiment: Box::new(small_experiment()), start };
    let file = || NamedFile { name: "nothing.safetensors".into(), bytes: Bytes(vec![8; 20]) };
    let slot = || FileSlot { name: "fuzz.csv".into(), index: 0 };
    let digits = vec![
        train(TrainingStart::Fresh),
        denoise(drawing),
        denoise(DenoiseSource::Picture(picture)),
        Command::Decode { request: 2, code: Floats(vec![0.1; 8]) },
        Command::Measure { measures: vec![Measure::ReconstructionError] },
        Command::SelectRunModel { which: RunModel::Best },
        Command::Inspect,
        Command::RandomSample { seed: 3 },
        train(TrainingStart::Continue),
    ];
    let files = vec![
        Command::OpenModel { file: file() },
        Command::OpenReference { file: file() },
        Command::OpenImages { files: vec![file()], as_is: vec![0, 7] },
        Command::Generate { request: 3, seed: 1 },
        Command::FindLearningRate { experiment: Box::new(small_experiment()) },
        Command::SaveModel,
        Command::Pause,
        Command::Step,
        Command::Resume,
    ];
    let tables = vec![
        TableCommand::Open { files: vec![slot()], part: Some(1) },
        TableCommand::Reread { dialect: Dialect::default() },
        TableCommand::DescribeRows { limit: Some(5), seed: 1, attributes: vec!["amount".into()] },
        TableCommand::CheckLabel { plan: Box::default() },
        TableCommand::Rows { request: 4, query: RowQuery { count: 5, ..RowQuery::default() } },
        TableCommand::Details { row: 2 },
        TableCommand::SetThreshold { rule: ThresholdRule::BestF1 },
        TableCommand::Score { files: vec![slot()] },
        TableCommand::MapColumns { map: vec![RenamedColumn { old: "a".into(), new: "b".into() }] },
        TableCommand::FineTune,
        TableCommand::ExportScored { format: ScoredFormat::AsRead },
    ];
    vec![json(&digits), json(&files), json(&tables.into_iter().map(Command::Table).collect::<Vec<_>>())]
}

/// Whatever commands a session has carried out or refused, it carries out the next one.
pub fn carry_out(text: &[u8]) -> Outcome {
    let Ok(values) = serde_json::from_slice::<Vec<Value>>(text) else { return Outcome::Refused };
    let commands: Vec<Command> =
        values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).filter(is_quick).collect();
    let mut session = Session::new();
    for command in &commands {
        session.send(&[command.clone(), end_of(command)], Some(("fuzz.csv", TABLE)));
    }
    let drawing = DenoiseSource::Drawing { pixels: Bytes(vec![0; 4]), width: 2, height: 2 };
    let last = Command::Denoise { request: 99, source: drawing, corruption: Corruption::default(), noise_seed: 0 };
    let events = session.send(&[start(), last], None);
    let is_answered = events.iter().any(|event| matches!(event, Event::Denoised { request: 99, .. }));
    assert!(is_answered, "the session still works: {events:?}");
    if commands.is_empty() { Outcome::Refused } else { Outcome::Accepted }
}

/// False for what is meant to take long.
fn is_quick(command: &Command) -> bool {
    match command {
        Command::Bench { .. } => false,
        Command::Train { experiment, .. }
        | Command::FindLearningRate { experiment }
        | Command::CompareDevices { experiment, .. } => {
            let schedule = experiment.schedule.clone();
            // What is refused takes no time.
            experiment.as_ref().clone().check().map_or(true, |checked| {
                MemoryEstimate::new(checked.plan(), &schedule).total_bytes() < MAX_TRAINED_BYTES
            })
        }
        _ => true,
    }
}

/// The command that ends what another one has started, as soon as the session looks for it.
fn end_of(command: &Command) -> Command {
    if matches!(command, Command::Table(_)) { Command::Table(TableCommand::Stop) } else { Command::Stop }
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("it has a JSON form")
}
