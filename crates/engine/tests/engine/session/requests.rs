//! Requests beside a run: inspection, denoising, benchmark, and commands that fail.

use pinhole_protocol::{
    BenchTask, Bytes, Command, DenoiseSource, DevicePreference, Event, FailureKind, LogLevel, Measure, NamedFile,
    PROTOCOL_VERSION, TrainingPhase,
};

use super::{
    Step, denoise, denoise_source, drawing, failures, grey, is_progress, long, open_bars, play, start, train, until_end,
};
use crate::common::experiment;

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
                Command::OpenImages { files: vec![bad_images], as_is: Vec::new() },
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
