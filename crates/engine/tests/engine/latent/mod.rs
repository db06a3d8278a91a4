//! The lab "Latent space", command by command.

mod bad_input;
mod files;
mod networks;
mod rows;

use pinhole_protocol::{
    BottleneckSpec, Bytes, Command, DataSpec, DevicePreference, Event, Experiment, ImageSource, LogLevel, NamedFile,
    PROTOCOL_VERSION, TrainingStart,
    latent::{
        DecodedSamples, LatentCommand, LatentEvent, ProjectedMap, Projection, SampleRange, VectorSet, VectorSource,
    },
};

use crate::{
    common,
    session_harness::{SessionHarness, failures},
};

/// 784-16-2-16-784 on a hundred generated digits, a fifth of them held out.
fn experiment() -> Experiment {
    let mut experiment = common::experiment();
    experiment.data = DataSpec { source: ImageSource::Strokes, limit: Some(100) };
    experiment.schedule.validation_share = 0.2;
    experiment.schedule.epochs = 2;
    experiment.network.bottleneck = match experiment.network.bottleneck {
        BottleneckSpec::Dense { activation, .. } => BottleneckSpec::Dense { size: 2, activation },
        other => other,
    };
    experiment
}

/// A session whose engine has started.
fn started() -> SessionHarness {
    let mut session = SessionHarness::new();
    session.send(Command::Start {
        protocol_version: PROTOCOL_VERSION,
        device: DevicePreference::Cpu,
        log: LogLevel::Off,
    });
    session
}

fn train(session: &mut SessionHarness, experiment: Experiment) -> Vec<Event> {
    session.send(Command::Train { experiment: Box::new(experiment), start: TrainingStart::Fresh })
}

/// A session with a trained network, whose held-out codes are open.
fn opened() -> (SessionHarness, VectorSet) {
    let mut session = started();
    train(&mut session, experiment());
    let set = open(&mut session, VectorSource::Model { samples: SampleRange::HeldOut });
    (session, set)
}

fn send(session: &mut SessionHarness, command: LatentCommand) -> Vec<Event> {
    session.send(Command::Latent(command))
}

fn answer<T>(events: &[Event], pick: impl Fn(&LatentEvent) -> Option<T>) -> T {
    let found = latent_events(events).find_map(pick);
    found.unwrap_or_else(|| panic!("no answer: {events:?}"))
}

fn latent_events(events: &[Event]) -> impl Iterator<Item = &LatentEvent> {
    events.iter().filter_map(|event| if let Event::Latent(event) = event { Some(event) } else { None })
}

fn open(session: &mut SessionHarness, source: VectorSource) -> VectorSet {
    let events = send(session, LatentCommand::Open { source });
    answer(&events, |event| if let LatentEvent::Opened(set) = event { Some((**set).clone()) } else { None })
}

fn project(session: &mut SessionHarness, projection: Projection) -> ProjectedMap {
    let events = send(session, LatentCommand::Project { projection, seed: 1 });
    answer(&events, |event| if let LatentEvent::Projected(map) = event { Some((**map).clone()) } else { None })
}

fn decoded(events: &[Event]) -> DecodedSamples {
    answer(events, |event| if let LatentEvent::Decoded { samples, .. } = event { Some(samples.clone()) } else { None })
}

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> VectorSource {
    VectorSource::File(NamedFile { name: name.into(), bytes: Bytes(bytes.into()) })
}

/// The sentence with which a command is refused.
fn refusal(session: &mut SessionHarness, command: LatentCommand) -> String {
    let events = send(session, command);
    let [sentence] = failures(&events)[..] else { panic!("one thing should fail: {events:?}") };
    sentence.to_owned()
}
