//! Training runs: progress, pausing, checkpoints, and starting from the current model.

use pinhole_engine::model_file::read;
use pinhole_protocol::{
    Bytes, Command, Event, FailureKind, GridShape, Measure, NamedFile, Reuse, TrainingEnd, TrainingPhase, TrainingStart,
};

use super::{
    Step, count, denoise, denoise_source, drawing, failures, grey, is_progress, long, open_bars, play, start, train,
    until_end,
};
use crate::common::experiment;

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
