//! A run that is over leaves its best epoch and its last, and either can be taken in hand.

mod common;
mod desk;

use common::{bars, experiment};
use desk::{Desk, failure, failures};
use pinhole_engine::model_file;
use pinhole_protocol::{
    Bytes, Command, DevicePreference, Event, Experiment, NamedFile, PROTOCOL_VERSION, RunModel, RunModels, Schedule,
    TrainingStart,
};

fn started() -> Desk {
    let mut desk = Desk::new();
    desk.say(Command::Start { protocol_version: PROTOCOL_VERSION, device: DevicePreference::Cpu });
    let mut bytes = vec![0, 0, 8, 3];
    bytes.extend([60_u32, 28, 28].into_iter().flat_map(u32::to_be_bytes));
    bytes.extend(bars(60).pixels());
    desk.say(Command::OpenImages { files: vec![NamedFile { name: "bars-idx3-ubyte".into(), bytes: Bytes(bytes) }] });
    desk
}

/// An experiment whose validation loss rises after an epoch or two.
fn restless() -> Experiment {
    let schedule = Schedule { learning_rate: 0.5, epochs: 12, ..experiment().schedule };
    Experiment { schedule, ..experiment() }
}

fn train(desk: &mut Desk, experiment: Experiment) -> Vec<Event> {
    desk.say(Command::Train { experiment: Box::new(experiment), start: TrainingStart::Fresh })
}

fn choice(told: &[Event]) -> Option<RunModels> {
    told.iter().find_map(|event| if let Event::RunModels(models) = event { Some(*models) } else { None })
}

/// The weights of the file that was told last.
fn weights(told: &[Event]) -> Vec<Vec<f32>> {
    let file = told.iter().rev().find_map(|event| match event {
        Event::Checkpoint(file) | Event::ModelSaved(file) => Some(file),
        _ => None,
    });
    let file = file.unwrap_or_else(|| panic!("there is no file: {:?}", failures(told)));
    model_file::read(&file.0).expect("a good file").weights
}

#[test]
fn the_best_epoch_is_in_hand_and_the_last_can_be_taken() {
    let mut desk = started();
    let told = train(&mut desk, restless());
    let models = choice(&told).unwrap_or_else(|| panic!("the last epoch is not the best: {:?}", failures(&told)));
    assert_eq!((models.last_epoch, models.has_more_steps, models.current), (12, false, RunModel::Best));
    assert!((1..12).contains(&models.best_epoch));
    let best = weights(&told);
    assert_eq!(weights(&desk.say(Command::SaveModel)), best);

    let told = desk.say(Command::TakeRunModel { which: RunModel::Last });
    assert_eq!(choice(&told), Some(RunModels { current: RunModel::Last, ..models }));
    assert!(told.iter().any(|event| matches!(event, Event::Samples(_))), "it is shown");
    assert!(told.iter().any(|event| matches!(event, Event::Measured(_))), "and measured");
    let last = weights(&told);
    assert_ne!(last, best);
    assert_eq!(weights(&desk.say(Command::SaveModel)), last);

    let told = desk.say(Command::TakeRunModel { which: RunModel::Best });
    assert_eq!((choice(&told), weights(&told)), (Some(models), best));
}

#[test]
fn there_is_no_choice_where_the_last_epoch_is_the_best_or_another_model_was_opened() {
    let mut desk = started();
    let take = Command::TakeRunModel { which: RunModel::Last };
    assert!(failure(&desk.say(take.clone())).contains("no other network"));
    let told = train(&mut desk, experiment());
    assert_eq!(choice(&told), None, "three epochs that each are better than the last: {:?}", failures(&told));
    assert!(failure(&desk.say(take.clone())).contains("no other network"));
    let saved = desk.say(Command::SaveModel);
    let [Event::ModelSaved(file)] = &saved[..] else { panic!("{saved:?}") };
    assert!(choice(&train(&mut desk, restless())).is_some());
    desk.say(Command::OpenModel { file: NamedFile { name: "other".into(), bytes: file.clone() } });
    assert!(failure(&desk.say(take)).contains("no other network"));
}
