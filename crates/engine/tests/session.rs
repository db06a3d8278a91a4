//! Everything the page can ask, in the order a person would.

mod common;

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use common::{bars, experiment};
use futures_channel::mpsc;
use pinhole_engine::{model_file::read, session::serve};
use pinhole_protocol::{
    BenchTask, Bytes, Command, Corruption, DenoiseSource, DevicePreference, Event, Experiment, FailureKind, Floats,
    GridShape, Measure, NamedFile, Noise, PROTOCOL_VERSION, Picture, Reuse, TrainingEnd, TrainingPhase, TrainingStart,
};

/// What to say once `when` holds for an event.
struct Step {
    when: fn(&Event) -> bool,
    then: Vec<Command>,
}

/// Runs a session: `first` is said at once, then each step in turn, and after the last the page is gone. Answers
/// everything that was told.
fn play(first: Vec<Command>, steps: Vec<Step>) -> Vec<Event> {
    let (sender, commands) = mpsc::unbounded();
    let say = |command: Command| sender.unbounded_send(command.into()).expect("the session listens");
    first.into_iter().for_each(say);
    let told = Rc::new(RefCell::new(Vec::new()));
    let sender = Rc::new(RefCell::new(Some(sender)));
    let steps = Rc::new(RefCell::new(VecDeque::from(steps)));
    let emit = {
        let (told, sender, steps) = (told.clone(), sender.clone(), steps.clone());
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
            told.borrow_mut().push(event);
        }
    };
    if steps.borrow().is_empty() {
        *sender.borrow_mut() = None;
    }
    pollster::block_on(serve(commands, emit, async || ()));
    assert!(steps.borrow().is_empty(), "not everything came to pass: {:?}", told.borrow());
    Rc::try_unwrap(told).expect("the session is over").into_inner()
}

fn start() -> Command {
    Command::Start { protocol_version: PROTOCOL_VERSION, device: DevicePreference::Cpu }
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

/// A picture of 28x28, or one that lacks some of it.
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

fn failures(told: &[Event]) -> Vec<(FailureKind, &str)> {
    told.iter()
        .filter_map(|event| match event {
            Event::Failed(failure) => Some((failure.kind, failure.message.as_str())),
            _ => None,
        })
        .collect()
}

fn until_the_end() -> Step {
    Step { when: |event| matches!(event, Event::TrainingEnded(_)), then: vec![] }
}

fn is_progress(phase: TrainingPhase) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Progress(progress) if progress.phase == phase)
}

fn count(told: &[Event], matches: impl Fn(&Event) -> bool) -> usize {
    told.iter().filter(|event| matches(event)).count()
}

#[test]
fn a_run_is_told_from_start_to_end_and_leaves_a_model() {
    let told = play(
        vec![start(), open_bars(64), train(experiment())],
        vec![Step {
            when: |event| matches!(event, Event::TrainingEnded(TrainingEnd::Finished)),
            then: vec![Command::SaveModel, denoise(7)],
        }],
    );
    assert_eq!(failures(&told), []);
    assert!(matches!(&told[0], Event::Ready(info) if info.name == "CPU"));
    assert!(matches!(&told[1], Event::DataOpened(data) if data.images == 64 && data.preview.0.len() == 8 * 784));
    assert!(told.contains(&Event::TrainingStarted { train_images: 58, validation_images: 6 }));
    assert_eq!(count(&told, |event| matches!(event, Event::EpochDone(_))), 3);
    let losses: usize = told
        .iter()
        .map(|event| if let Event::Progress(progress) = event { progress.recent_losses.len() } else { 0 })
        .sum();
    assert_eq!(losses, 3 * 4, "every step's loss is told once");
    let [
        ..,
        Event::Checkpoint(checkpoint),
        Event::TrainingEnded(_),
        Event::Measured(measured),
        Event::ModelSaved(saved),
        Event::Denoised { request: 7, clean, comparison: Some(comparison) },
    ] = &told[..]
    else {
        panic!("the end is in order: {:?}", &told[told.len() - 6..])
    };
    let weights = |file: &Bytes| read(&file.0).expect("a good file").weights;
    assert_eq!(weights(checkpoint), weights(saved));
    let [error] = &measured[..] else { panic!("a plain network is measured by its error: {measured:?}") };
    assert_eq!((error.measure, error.samples), (Measure::ReconstructionError, 6));
    assert!(error.value > 0.0 && error.reference.is_some_and(|mean| mean > 0.0), "{error:?}");
    assert_eq!((clean, comparison.denoised.0.len()), (&grey(784), 784));
    assert!(comparison.noisy_quality.psnr_db < 20.0);
}

#[test]
fn commands_are_heard_while_training_and_while_paused() {
    let told = play(
        vec![start(), open_bars(64), train(long())],
        vec![
            Step { when: |event| is_progress(TrainingPhase::Running)(event), then: vec![denoise(1), Command::Pause] },
            Step { when: |event| is_progress(TrainingPhase::Paused)(event), then: vec![Command::Step, denoise(2)] },
            Step { when: |event| matches!(event, Event::Denoised { request: 2, .. }), then: vec![Command::Resume] },
            Step {
                when: |event| matches!(event, Event::EpochDone(_)),
                then: vec![Command::SaveModel, train(experiment()), Command::Stop],
            },
            until_the_end(),
        ],
    );
    let paused: Vec<usize> = told
        .iter()
        .filter_map(|event| match event {
            Event::Progress(progress) if progress.phase == TrainingPhase::Paused => Some(progress.step),
            _ => None,
        })
        .collect();
    assert_eq!(paused.len(), 2, "once for Pause, once for Step");
    assert_eq!(paused[1], paused[0] + 1);
    assert_eq!(failures(&told), [(FailureKind::State, "A run is under way: stop it first.")]);
    let [.., ended, Event::Measured(_)] = &told[..] else { panic!("what is left of a stopped run is measured") };
    assert_eq!(ended, &Event::TrainingEnded(TrainingEnd::Stopped));
}

#[test]
fn a_checkpoint_opens_and_goes_on() {
    let first = play(vec![start(), open_bars(64), train(experiment())], vec![until_the_end()]);
    let Some(Event::Checkpoint(checkpoint)) = first.iter().rfind(|event| matches!(event, Event::Checkpoint(_))) else {
        panic!("a run ends with a checkpoint")
    };
    let mut longer = experiment();
    longer.schedule.epochs = 5;
    let file = NamedFile { name: "checkpoint".into(), bytes: checkpoint.clone() };
    let told = play(
        vec![
            start(),
            open_bars(64),
            Command::OpenModel { file },
            Command::Train { experiment: Box::new(longer), start: TrainingStart::Continue },
        ],
        vec![until_the_end()],
    );
    assert_eq!(failures(&told), []);
    assert!(told.iter().any(|event| matches!(event, Event::ModelReady(summary) if summary.history.len() == 3)));
    let epochs: Vec<usize> = told
        .iter()
        .filter_map(|event| if let Event::EpochDone(record) = event { Some(record.epoch) } else { None })
        .collect();
    assert_eq!(epochs, [4, 5]);
}

#[test]
fn a_network_can_be_looked_into_while_it_learns_and_when_a_file_brought_it() {
    let running = play(
        vec![start(), Command::Inspect, open_bars(64), train(long())],
        vec![
            Step {
                when: |event| is_progress(TrainingPhase::Running)(event),
                then: vec![Command::Inspect, Command::Measure { measures: vec![Measure::Sensitivity] }],
            },
            Step { when: |event| matches!(event, Event::Measured(_)), then: vec![Command::Stop] },
            until_the_end(),
        ],
    );
    assert_eq!(failures(&running), [(FailureKind::State, "There is no model yet: train one, or open a model file.")]);
    let inspected = |told: &[Event]| {
        told.iter().find_map(|event| if let Event::Inspected(seen) = event { Some(seen.clone()) } else { None })
    };
    let seen = inspected(&running).expect("it was asked for");
    assert!(seen.samples == 6 && seen.layers.len() == 4, "{seen:?}");
    assert!(seen.layers.iter().all(|layer| layer.gradient_norm.is_some_and(|norm| norm > 0.0)), "{seen:?}");
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
    // The pictures that it has learnt are not there: drawn digits are, and have labels.
    assert!(matches!(&measured.expect("one of them makes sense")[..], [one] if one.samples == 1_000), "{measured:?}");
    assert!(matches!(failures(&opened)[..], [(FailureKind::Setting, said)] if said.contains("codebook")));
}

#[test]
fn what_cannot_be_done_is_said_and_costs_nothing() {
    let bad_model = NamedFile { name: "x.safetensors".into(), bytes: Bytes(b"no model".to_vec()) };
    let bad_images = NamedFile { name: "x.png".into(), bytes: Bytes(b"no picture".to_vec()) };
    let mut wrong = experiment();
    wrong.schedule.batch_size = 0;
    let told = play(
        vec![
            Command::SaveModel,
            Command::Start { protocol_version: PROTOCOL_VERSION + 1, device: DevicePreference::Cpu },
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
    let failures = failures(&told);
    let kinds: Vec<FailureKind> = failures.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds[..7], [FailureKind::State; 7], "{failures:?}");
    assert_eq!(kinds[7..11], [FailureKind::File, FailureKind::File, FailureKind::Setting, FailureKind::Setting]);
    assert_eq!(kinds.len(), 12, "{failures:?}");
    let [.., Event::Denoised { request: 3, .. }, Event::ModelSaved(_)] = &told[..] else {
        panic!("the model is in hand")
    };
}

#[test]
fn without_a_model_a_drawing_is_centred_and_a_random_sample_is_held_out() {
    let told = play(
        vec![
            denoise_source(4, drawing()),
            open_bars(30),
            Command::RandomSample { seed: 1 },
            Command::RandomSample { seed: 1 },
        ],
        vec![],
    );
    let [Event::Denoised { request: 4, clean, comparison: None }, _, Event::Sample(one), Event::Sample(again)] =
        &told[..]
    else {
        panic!("{told:?}")
    };
    assert!(clean.values.0.len() == 784 && clean.values.0.iter().any(|value| *value > 0.5));
    assert!(one.values.0.len() == 784 && one == again);
}

#[test]
fn a_drawing_is_centred_and_denoised_in_one_message() {
    let told = play(
        vec![start(), open_bars(64), train(experiment())],
        vec![Step { when: |event| matches!(event, Event::TrainingEnded(_)), then: vec![denoise_source(5, drawing())] }],
    );
    let Some(Event::Denoised { request: 5, clean, comparison: Some(comparison) }) = told.last() else {
        panic!("{:?}", failures(&told))
    };
    let again = play(vec![denoise_source(5, drawing())], vec![]);
    let [Event::Denoised { clean: without_model, .. }] = &again[..] else { panic!("{again:?}") };
    assert_eq!(clean, without_model, "a model of the same shape changes nothing about the drawing");
    assert_eq!([comparison.noisy.0.len(), comparison.denoised.0.len()], [784, 784]);
    assert!(comparison.noisy_quality.mse > 0.01, "it is corrupted: {:?}", comparison.noisy_quality);
}

#[test]
fn a_long_run_shows_samples_and_checkpoints_on_the_way() {
    let told = play(
        vec![start(), open_bars(64), train(long())],
        vec![Step { when: |event| matches!(event, Event::Checkpoint(_)), then: vec![Command::Stop] }, until_the_end()],
    );
    let samples = told.iter().position(|event| matches!(event, Event::Samples(_))).expect("samples are shown");
    let checkpoint = told.iter().position(|event| matches!(event, Event::Checkpoint(_))).expect("there is one");
    assert!(samples < checkpoint, "both are due after a second, pictures first");
    let Event::Checkpoint(bytes) = &told[checkpoint] else { unreachable!("its position was just looked up") };
    assert!(pinhole_engine::model_file::read(&bytes.0).is_ok());
    assert_eq!(count(&told, |event| matches!(event, Event::Failed(_))), 0);
}

#[test]
fn a_benchmark_times_what_it_says() {
    let told = play(
        vec![start(), Command::Bench { task: BenchTask::T3 }],
        vec![Step { when: |event| matches!(event, Event::BenchDone(_)), then: vec![] }],
    );
    let [Event::Ready(_), Event::BenchStarted, Event::BenchEnded { steps }, Event::BenchDone(report)] = &told[..]
    else {
        panic!("{told:?}")
    };
    assert_eq!((report.task, report.steps), (BenchTask::T3, *steps));
    assert!(report.steps_per_s_min <= report.steps_per_s && report.steps_per_s <= report.steps_per_s_max);
    assert!((report.median_ms * report.steps_per_s - 1000.0).abs() < 1e-6);
    assert!(report.time_to_first_step_ms > 0.0 && report.losses.is_empty());
}

#[test]
fn a_learning_rate_is_looked_for_and_the_model_in_hand_stays() {
    let find = Command::FindLearningRate { experiment: Box::new(experiment()) };
    let told = play(
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
    let saved: Vec<&Bytes> =
        told.iter().filter_map(|event| if let Event::ModelSaved(bytes) = event { Some(bytes) } else { None }).collect();
    assert!(saved.len() == 2 && saved[0] == saved[1], "nothing in hand has changed");
    assert_eq!(failures(&told).len(), 2, "neither paused nor joined: {:?}", failures(&told));
}

#[test]
fn a_run_can_begin_with_the_model_in_hand() {
    let begin = |start| Command::Train { experiment: Box::new(experiment()), start };
    let told = play(
        vec![start(), open_bars(64), begin(TrainingStart::Distil), train(experiment())],
        vec![
            Step {
                when: |event| matches!(event, Event::TrainingEnded(_)),
                then: vec![begin(TrainingStart::Transfer { reuse: Reuse::Encoder })],
            },
            Step { when: |event| matches!(event, Event::TrainingEnded(_)), then: vec![begin(TrainingStart::Distil)] },
            until_the_end(),
        ],
    );
    let [(FailureKind::State, said)] = failures(&told)[..] else { panic!("once: {:?}", failures(&told)) };
    assert!(said.contains("no model yet"), "{said}");
    assert_eq!(count(&told, |event| matches!(event, Event::TrainingEnded(TrainingEnd::Finished))), 3);
    let terms =
        told.iter().any(|event| matches!(event, Event::Progress(progress) if !progress.recent_terms.is_empty()));
    let norm = told.iter().any(|event| matches!(event, Event::Progress(progress) if progress.gradient_norm > 0.0));
    assert!(terms && norm, "news have the terms and the gradient's norm");
}
