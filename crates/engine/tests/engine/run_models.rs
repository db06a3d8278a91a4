//! A finished run leaves the networks of its best epoch and of its last step, and either can become the current model.

use crate::{
    common::{bars, experiment},
    session_harness::{SessionHarness, failure, failures},
};
use pinhole_engine::model_file;
use pinhole_protocol::{
    Bytes, Command, DevicePreference, Event, Experiment, LogLevel, NamedFile, PROTOCOL_VERSION, RunModel, RunModels,
    Schedule, TrainingStart,
};

fn started() -> SessionHarness {
    let mut session = SessionHarness::new();
    session.send(Command::Start {
        protocol_version: PROTOCOL_VERSION,
        device: DevicePreference::Cpu,
        log: LogLevel::Off,
    });
    let mut bytes = vec![0, 0, 8, 3];
    bytes.extend([60_u32, 28, 28].into_iter().flat_map(u32::to_be_bytes));
    bytes.extend(bars(60).pixels());
    session.send(Command::OpenImages {
        files: vec![NamedFile { name: "bars-idx3-ubyte".into(), bytes: Bytes(bytes) }],
        as_is: Vec::new(),
    });
    session
}

/// An experiment whose validation loss rises after one or two epochs.
fn overshooting() -> Experiment {
    let schedule = Schedule { learning_rate: 0.5, epochs: 12, ..experiment().schedule };
    Experiment { schedule, ..experiment() }
}

fn train(session: &mut SessionHarness, experiment: Experiment) -> Vec<Event> {
    session.send(Command::Train { experiment: Box::new(experiment), start: TrainingStart::Fresh })
}

fn choice(events: &[Event]) -> Option<RunModels> {
    events.iter().find_map(|event| if let Event::RunModels(models) = event { Some(*models) } else { None })
}

/// Weights of the last file among the events.
fn weights(events: &[Event]) -> Vec<Vec<f32>> {
    let file = events.iter().rev().find_map(|event| match event {
        Event::Checkpoint(file) | Event::ModelSaved(file) => Some(file),
        _ => None,
    });
    let file = file.unwrap_or_else(|| panic!("there is no file: {:?}", failures(events)));
    model_file::read(&file.0).expect("a good file").weights
}

#[test]
fn the_best_epoch_is_the_model_and_the_last_can_be_taken() {
    let mut session = started();
    let events = train(&mut session, overshooting());
    let models = choice(&events).unwrap_or_else(|| panic!("the last epoch is not the best: {:?}", failures(&events)));
    assert_eq!((models.last_epoch, models.has_more_steps, models.current), (12, false, RunModel::Best));
    assert!((1..12).contains(&models.best_epoch));
    let best = weights(&events);
    assert_eq!(weights(&session.send(Command::SaveModel)), best);

    let events = session.send(Command::SelectRunModel { which: RunModel::Last });
    assert_eq!(choice(&events), Some(RunModels { current: RunModel::Last, ..models }));
    assert!(events.iter().any(|event| matches!(event, Event::Samples(_))), "it is shown");
    assert!(events.iter().any(|event| matches!(event, Event::Measured(_))), "and measured");
    let last = weights(&events);
    assert_ne!(last, best);
    assert_eq!(weights(&session.send(Command::SaveModel)), last);

    let events = session.send(Command::SelectRunModel { which: RunModel::Best });
    assert_eq!((choice(&events), weights(&events)), (Some(models), best));
}

#[test]
fn there_is_no_choice_if_the_last_epoch_is_the_best_or_another_model_was_opened() {
    let mut session = started();
    let select = Command::SelectRunModel { which: RunModel::Last };
    assert!(failure(&session.send(select.clone())).contains("no other network"));
    let events = train(&mut session, experiment());
    assert_eq!(choice(&events), None, "three epochs that each are better than the last: {:?}", failures(&events));
    assert!(failure(&session.send(select.clone())).contains("no other network"));
    let saved = session.send(Command::SaveModel);
    let [Event::ModelSaved(file)] = &saved[..] else { panic!("{saved:?}") };
    assert!(choice(&train(&mut session, overshooting())).is_some());
    session.send(Command::OpenModel { file: NamedFile { name: "other".into(), bytes: file.clone() } });
    assert!(failure(&session.send(select)).contains("no other network"));
}
