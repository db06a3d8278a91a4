//! The commands of the page, in the order in which a person would cause them.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use crate::common::{bars, experiment};
use futures_channel::mpsc;
use pinhole_engine::{model_file::read, session::serve};
use pinhole_protocol::{
    BenchTask, Bytes, Command, Corruption, DenoiseSource, DevicePreference, Event, Experiment, FailureKind, Floats,
    GridShape, LogLevel, Measure, NamedFile, Noise, PROTOCOL_VERSION, Picture, Reuse, TrainingEnd, TrainingPhase,
    TrainingStart,
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
    pollster::block_on(serve(commands, emit, async || ()));
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
    Command::OpenImages { files: vec![NamedFile { name: "bars-idx3-ubyte".into(), bytes: Bytes(bytes) }] }
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

#[test]
fn a_run_reports_from_start_to_end_and_leaves_a_model() {
    let events = play(
        vec![start(), open_bars(64), train(experiment())],
        vec![Step {
            when: |event| matches!(event, Event::TrainingEnded(TrainingEnd::Finished)),
            then: vec![Command::SaveModel, denoise(7), denoise_source(8, drawing())],
        }],
    );
    assert_eq!(failures(&events), []);
    assert!(matches!(&events[0], Event::Ready(info) if info.name == "CPU"));
    assert!(matches!(&events[1], Event::DataOpened(data) if data.images == 64 && data.preview.0.len() == 8 * 784));
    assert!(events.contains(&Event::TrainingStarted { train_images: 58, validation_images: 6 }));
    assert_eq!(count(&events, |event| matches!(event, Event::EpochDone(_))), 3);
    let losses: usize = events
        .iter()
        .map(|event| if let Event::Progress(progress) = event { progress.recent_losses.len() } else { 0 })
        .sum();
    assert_eq!(losses, 3 * 4, "every step's loss is reported once");
    let [
        ..,
        Event::Checkpoint(checkpoint),
        Event::TrainingEnded(_),
        Event::Measured(measured),
        Event::ModelSaved(saved),
        Event::Denoised { request: 7, clean, comparison: Some(comparison) },
        Event::Denoised { request: 8, clean: centred, comparison: Some(of_drawing) },
    ] = &events[..]
    else {
        panic!("the end is in order: {:?}", &events[events.len() - 7..])
    };
    let weights = |file: &Bytes| read(&file.0).expect("a good file").weights;
    assert_eq!(weights(checkpoint), weights(saved));
    let [error] = &measured[..] else { panic!("a plain network is measured by its error: {measured:?}") };
    assert_eq!((error.measure, error.samples), (Measure::ReconstructionError, 6));
    assert!(error.value > 0.0 && error.reference.is_some_and(|mean| mean > 0.0), "{error:?}");
    assert_eq!((clean, comparison.denoised.0.len()), (&grey(784), 784));
    assert!(centred.shape == GridShape::MNIST && centred.values.0.iter().any(|value| *value > 0.5));
    assert_eq!([of_drawing.noisy.0.len(), of_drawing.denoised.0.len()], [784, 784]);
    assert!(comparison.noisy_quality.psnr_db < 20.0);
}

#[test]
fn commands_are_handled_during_training_and_while_paused() {
    let events = play(
        vec![start(), open_bars(64), train(long())],
        vec![
            Step { when: |event| is_progress(TrainingPhase::Running)(event), then: vec![denoise(1), Command::Pause] },
            Step { when: |event| is_progress(TrainingPhase::Paused)(event), then: vec![Command::Step, denoise(2)] },
            Step { when: |event| matches!(event, Event::Denoised { request: 2, .. }), then: vec![Command::Resume] },
            Step {
                when: |event| matches!(event, Event::EpochDone(_)),
                then: vec![Command::SaveModel, train(experiment()), Command::Stop],
            },
            until_end(),
        ],
    );
    let paused: Vec<usize> = events
        .iter()
        .filter_map(|event| match event {
            Event::Progress(progress) if progress.phase == TrainingPhase::Paused => Some(progress.step),
            _ => None,
        })
        .collect();
    assert_eq!(paused.len(), 2, "once for Pause, once for Step");
    assert_eq!(paused[1], paused[0] + 1);
    assert_eq!(failures(&events), [(FailureKind::State, "A run is under way: stop it first.")]);
    let [.., ended, Event::Measured(_)] = &events[..] else { panic!("the model of a stopped run is measured") };
    assert_eq!(ended, &Event::TrainingEnded(TrainingEnd::Stopped));
}

#[test]
fn a_checkpoint_opens_and_resumes() {
    let first = play(vec![start(), open_bars(64), train(experiment())], vec![until_end()]);
    let Some(Event::Checkpoint(checkpoint)) = first.iter().rfind(|event| matches!(event, Event::Checkpoint(_))) else {
        panic!("a run ends with a checkpoint")
    };
    let mut longer = experiment();
    longer.schedule.epochs = 5;
    let file = NamedFile { name: "checkpoint".into(), bytes: checkpoint.clone() };
    let events = play(
        vec![
            start(),
            open_bars(64),
            Command::OpenModel { file },
            Command::Train { experiment: Box::new(longer), start: TrainingStart::Continue },
        ],
        vec![until_end()],
    );
    assert_eq!(failures(&events), []);
    assert!(events.iter().any(|event| matches!(event, Event::ModelReady(summary) if summary.history.len() == 3)));
    let epochs: Vec<usize> = events
        .iter()
        .filter_map(|event| if let Event::EpochDone(record) = event { Some(record.epoch) } else { None })
        .collect();
    assert_eq!(epochs, [4, 5]);
}

#[test]
fn a_network_can_be_inspected_during_training_and_from_a_file() {
    let running = play(
        vec![start(), Command::Inspect, open_bars(64), train(long())],
        vec![
            Step {
                when: |event| is_progress(TrainingPhase::Running)(event),
                then: vec![Command::Inspect, Command::Measure { measures: vec![Measure::Sensitivity] }],
            },
            Step { when: |event| matches!(event, Event::Measured(_)), then: vec![Command::Stop] },
            until_end(),
        ],
    );
    assert_eq!(failures(&running), [(FailureKind::State, "There is no model yet: train one, or open a model file.")]);
    let inspected = |events: &[Event]| {
        events
            .iter()
            .find_map(|event| if let Event::Inspected(inspection) = event { Some(inspection.clone()) } else { None })
    };
    let inspection = inspected(&running).expect("it was asked for");
    assert!(inspection.samples == 6 && inspection.layers.len() == 4, "{inspection:?}");
    assert!(inspection.layers.iter().all(|layer| layer.gradient_norm.is_some_and(|norm| norm > 0.0)), "{inspection:?}");
    let Some(Event::Checkpoint(file)) = running.iter().rfind(|event| matches!(event, Event::Checkpoint(_))) else {
        panic!("a run ends with a checkpoint")
    };
    let opened = play(
        vec![
            start(),
            Command::OpenModel { file: NamedFile { name: "bars".into(), bytes: file.clone() } },
            Command::Inspect,
            Command::Measure { measures: vec![Measure::NeighbourAccuracy, Measure::CodebookPerplexity] },
            Command::Measure { measures: vec![Measure::CodebookPerplexity] },
        ],
        vec![],
    );
    assert!(inspected(&opened).expect("it was asked for").layers.iter().all(|layer| layer.gradient_norm.is_none()));
    let measured = opened.iter().find_map(|event| if let Event::Measured(all) = event { Some(all) } else { None });
    // The images that it was trained on are not open, so labelled digits are generated.
    assert!(matches!(&measured.expect("one of them makes sense")[..], [one] if one.samples == 1_000), "{measured:?}");
    assert!(matches!(failures(&opened)[..], [(FailureKind::Setting, message)] if message.contains("codebook")));
}

#[test]
fn failing_commands_are_reported_and_change_nothing() {
    let bad_model = NamedFile { name: "x.safetensors".into(), bytes: Bytes(b"no model".to_vec()) };
    let bad_images = NamedFile { name: "x.png".into(), bytes: Bytes(b"no picture".to_vec()) };
    let mut wrong = experiment();
    wrong.schedule.batch_size = 0;
    let events = play(
        vec![
            Command::SaveModel,
            Command::Start {
                protocol_version: PROTOCOL_VERSION + 1,
                device: DevicePreference::Cpu,
                log: LogLevel::Off,
            },
            start(),
            start(),
            Command::Stop,
            Command::Pause,
            Command::Step,
            train(experiment()),
            open_bars(48),
            train(experiment()),
        ],
        vec![Step {
            when: |event| matches!(event, Event::TrainingEnded(_)),
            then: vec![
                Command::OpenModel { file: bad_model },
                Command::OpenImages { files: vec![bad_images] },
                train(wrong),
                denoise_source(1, DenoiseSource::Picture(grey(10))),
                denoise_source(2, DenoiseSource::Drawing { pixels: Bytes(vec![0; 10]), width: 28, height: 28 }),
                denoise(3),
                Command::SaveModel,
            ],
        }],
    );
    let failures = failures(&events);
    let kinds: Vec<FailureKind> = failures.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds[..7], [FailureKind::State; 7], "{failures:?}");
    assert_eq!(kinds[7..11], [FailureKind::File, FailureKind::File, FailureKind::Setting, FailureKind::Setting]);
    assert_eq!(kinds.len(), 12, "{failures:?}");
    let [.., Event::Denoised { request: 3, .. }, Event::ModelSaved(_)] = &events[..] else {
        panic!("there is a model")
    };
}

#[test]
fn without_a_model_a_drawing_is_centred_and_a_random_sample_is_held_out() {
    let events = play(
        vec![
            denoise_source(4, drawing()),
            open_bars(30),
            Command::RandomSample { seed: 1 },
            Command::RandomSample { seed: 1 },
        ],
        vec![],
    );
    let [Event::Denoised { request: 4, clean, comparison: None }, _, Event::Sample(one), Event::Sample(again)] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    assert!(clean.values.0.len() == 784 && clean.values.0.iter().any(|value| *value > 0.5));
    assert!(one.values.0.len() == 784 && one == again);
}

#[test]
fn a_long_run_emits_samples_and_checkpoints() {
    let events = play(
        vec![start(), open_bars(64), train(long())],
        vec![Step { when: |event| matches!(event, Event::Checkpoint(_)), then: vec![Command::Stop] }, until_end()],
    );
    let samples = events.iter().position(|event| matches!(event, Event::Samples(_))).expect("samples are shown");
    let checkpoint = events.iter().position(|event| matches!(event, Event::Checkpoint(_))).expect("there is one");
    assert!(samples < checkpoint, "both are due after a second, pictures first");
    let Event::Checkpoint(bytes) = &events[checkpoint] else { unreachable!("its position was just looked up") };
    assert!(pinhole_engine::model_file::read(&bytes.0).is_ok());
    assert_eq!(count(&events, |event| matches!(event, Event::Failed(_))), 0);
}

#[test]
fn a_benchmark_reports_its_times() {
    let events = play(
        vec![start(), Command::Bench { task: BenchTask::T3 }],
        vec![Step { when: |event| matches!(event, Event::BenchDone(_)), then: vec![] }],
    );
    let [Event::Ready(_), Event::BenchStarted, Event::BenchEnded { steps }, Event::BenchDone(report)] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((report.task, report.steps), (BenchTask::T3, *steps));
    assert!(report.steps_per_s_min <= report.steps_per_s && report.steps_per_s <= report.steps_per_s_max);
    assert!((report.median_ms * report.steps_per_s - 1000.0).abs() < 1e-6);
    assert!(report.time_to_first_step_ms > 0.0 && report.losses.is_empty());
}

#[test]
fn the_learning_rate_finder_leaves_the_model_unchanged() {
    let find = Command::FindLearningRate { experiment: Box::new(experiment()) };
    let events = play(
        vec![start(), open_bars(64), train(experiment())],
        vec![
            Step {
                when: |event| matches!(event, Event::TrainingEnded(_)),
                then: vec![Command::SaveModel, find.clone(), Command::Pause, train(experiment())],
            },
            Step {
                when: |event| matches!(event, Event::LearningRateFound { .. }),
                then: vec![Command::SaveModel, find],
            },
            Step { when: |event| matches!(event, Event::LearningRateTried(_)), then: vec![] },
            Step { when: |event| matches!(event, Event::LearningRateTried(_)), then: vec![Command::Stop] },
            Step { when: |event| matches!(event, Event::LearningRateFound { .. }), then: vec![] },
        ],
    );
    let saved: Vec<&Bytes> = events
        .iter()
        .filter_map(|event| if let Event::ModelSaved(bytes) = event { Some(bytes) } else { None })
        .collect();
    assert!(saved.len() == 2 && saved[0] == saved[1], "the model is unchanged");
    assert_eq!(failures(&events).len(), 2, "neither paused nor joined: {:?}", failures(&events));
}

#[test]
fn a_run_can_start_from_the_current_model() {
    let begin = |start| Command::Train { experiment: Box::new(experiment()), start };
    let events = play(
        vec![start(), open_bars(64), begin(TrainingStart::Distil), train(experiment())],
        vec![
            Step {
                when: |event| matches!(event, Event::TrainingEnded(_)),
                then: vec![begin(TrainingStart::Transfer { reuse: Reuse::Encoder })],
            },
            Step { when: |event| matches!(event, Event::TrainingEnded(_)), then: vec![begin(TrainingStart::Distil)] },
            until_end(),
        ],
    );
    let [(FailureKind::State, message)] = failures(&events)[..] else { panic!("once: {:?}", failures(&events)) };
    assert!(message.contains("no model yet"), "{message}");
    assert_eq!(count(&events, |event| matches!(event, Event::TrainingEnded(TrainingEnd::Finished))), 3);
    let terms =
        events.iter().any(|event| matches!(event, Event::Progress(progress) if !progress.recent_terms.is_empty()));
    let norm = events.iter().any(|event| matches!(event, Event::Progress(progress) if progress.gradient_norm > 0.0));
    assert!(terms && norm, "progress has the terms and the gradient's norm");
}
