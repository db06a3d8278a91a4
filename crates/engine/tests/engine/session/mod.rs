//! The commands of the page, in the order in which a person would cause them.

mod pictures;
mod requests;
mod runs;

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use crate::common::{bars, experiment};
use futures_channel::mpsc;
use pinhole_engine::session::serve;
use pinhole_protocol::{
    Bytes, Command, Corruption, DenoiseSource, DevicePreference, Event, Experiment, FailureKind, Floats, GridShape,
    LogLevel, NamedFile, Noise, PROTOCOL_VERSION, Picture, TrainingPhase, TrainingStart,
};

/// Commands to send once `when` holds for an event.
struct Step {
    when: fn(&Event) -> bool,
    then: Vec<Command>,
}

/// Runs a session and returns all its events: `first` is sent at once, then the commands of each step in turn, and
/// after the last step the sender is dropped.
fn play(first: Vec<Command>, steps: Vec<Step>) -> Vec<Event> {
    let (sender, commands) = mpsc::unbounded();
    let send = |command: Command| sender.unbounded_send(command.into()).expect("the session listens");
    first.into_iter().for_each(send);
    let events = Rc::new(RefCell::new(Vec::new()));
    let sender = Rc::new(RefCell::new(Some(sender)));
    let steps = Rc::new(RefCell::new(VecDeque::from(steps)));
    let emit = {
        let (events, sender, steps) = (events.clone(), sender.clone(), steps.clone());
        move |event: Event| {
            let mut steps = steps.borrow_mut();
            if steps.front().is_some_and(|step| (step.when)(&event)) {
                let step = steps.pop_front().expect("it is at the front");
                let mut sender = sender.borrow_mut();
                let open = sender.as_ref().expect("it is closed only after the last step");
                step.then
                    .into_iter()
                    .for_each(|command| open.unbounded_send(command.into()).expect("the session listens"));
                if steps.is_empty() {
                    *sender = None;
                }
            }
            events.borrow_mut().push(event);
        }
    };
    if steps.borrow().is_empty() {
        *sender.borrow_mut() = None;
    }
    pollster::block_on(serve(commands, emit, async || (), Box::new(pinhole_formats::AllFormats)));
    assert!(steps.borrow().is_empty(), "not every step was reached: {:?}", events.borrow());
    Rc::try_unwrap(events).expect("the session is over").into_inner()
}

fn start() -> Command {
    Command::Start { protocol_version: PROTOCOL_VERSION, device: DevicePreference::Cpu, log: LogLevel::Off }
}

/// Bars as an IDX file.
fn open_bars(count: usize) -> Command {
    let mut bytes = vec![0, 0, 8, 3];
    for number in [count as u32, 28, 28] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(bars(count).pixels());
    Command::OpenImages {
        files: vec![NamedFile { name: "bars-idx3-ubyte".into(), bytes: Bytes(bytes) }],
        as_is: Vec::new(),
    }
}

fn train(experiment: Experiment) -> Command {
    Command::Train { experiment: Box::new(experiment), start: TrainingStart::Fresh }
}

/// A picture of 28x28 with `values` values, which are too few unless they are 784.
fn grey(values: usize) -> Picture {
    Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; values]) }
}

fn denoise(request: u32) -> Command {
    denoise_source(request, DenoiseSource::Picture(grey(784)))
}

fn denoise_source(request: u32, source: DenoiseSource) -> Command {
    Command::Denoise { request, source, corruption: Corruption::new(Noise::Gaussian, 0.5), noise_seed: 3 }
}

/// A vertical bar to the left of a pad of 100x60 pixels.
fn drawing() -> DenoiseSource {
    let mut pixels = vec![0; 100 * 60];
    for row in 10..40 {
        pixels[row * 100 + 5..row * 100 + 12].fill(255);
    }
    DenoiseSource::Drawing { pixels: Bytes(pixels), width: 100, height: 60 }
}

fn long() -> Experiment {
    let mut experiment = experiment();
    experiment.schedule.epochs = 10_000;
    experiment
}

fn failures(events: &[Event]) -> Vec<(FailureKind, &str)> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Failed(failure) => Some((failure.kind, failure.message.as_str())),
            _ => None,
        })
        .collect()
}

fn until_end() -> Step {
    Step { when: |event| matches!(event, Event::TrainingEnded(_)), then: vec![] }
}

fn is_progress(phase: TrainingPhase) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Progress(progress) if progress.phase == phase)
}

fn count(events: &[Event], matches: impl Fn(&Event) -> bool) -> usize {
    events.iter().filter(|event| matches(event)).count()
}
