//! What cannot be done is refused by a sentence, and nothing is lost.

use pinhole_engine::latent::file::write_floats;
use pinhole_protocol::{
    BottleneckSpec, Command, Event, FailureKind, Floats, TrainingStart,
    latent::{CodePoint, CodePrior, Decoding, LatentCommand, LatentEvent, Projection, SampleRange, VectorSource},
};

use super::{answer, decoded, experiment, file, latent_events, open, opened, project, refusal, send, started, train};

const TSNE: Projection = Projection::Tsne { perplexity: 5.0, iterations: 50 };
const MODEL: VectorSource = VectorSource::Model { samples: SampleRange::HeldOut };

#[test]
fn without_a_model_a_table_or_a_map_there_is_nothing_to_do() {
    let mut session = started();
    let mut refused = |command| refusal(&mut session, command);
    assert!(refused(LatentCommand::Open { source: MODEL }).contains("no model yet"));
    assert!(refused(LatentCommand::Open { source: VectorSource::Detector }).contains("No table has been scored"));
    assert!(refused(LatentCommand::Project { projection: Projection::Pca, seed: 0 }).contains("No codes are open"));
    assert!(refused(LatentCommand::Pause).contains("Nothing is under way"));
    let (mut session, _) = opened();
    let mut refused = |command| refusal(&mut session, command);
    assert!(refused(LatentCommand::Decode { request: 1, at: CodePoint::Map([0.0; 2]) }).contains("no map yet"));
    assert!(refused(LatentCommand::Describe { request: 1, index: 99 }).contains("no vector 100"));
    let code = CodePoint::Code(Floats(vec![1.0; 3]));
    assert!(refused(LatentCommand::Decode { request: 1, at: code }).contains("2 numbers, and 3 came"));
    let code = CodePoint::Code(Floats(vec![f32::NAN, 0.0]));
    assert!(refused(LatentCommand::Decode { request: 1, at: code }).contains("not finite"));
    assert!(
        refused(LatentCommand::Draw { request: 1, prior: CodePrior::Prior, count: 5, seed: 0 }).contains("no prior")
    );
    assert!(
        refused(LatentCommand::Draw { request: 1, prior: CodePrior::Mixture, count: 0, seed: 0 }).contains("range")
    );
}

#[test]
fn a_refusal_concerns_the_lab_that_asked() {
    let (mut session, _) = opened();
    let run = Command::Train { experiment: Box::new(experiment()), start: TrainingStart::Fresh };
    let no_map = LatentCommand::Decode { request: 7, at: CodePoint::Map([0.0; 2]) };
    let events = session.send_all([run, Command::Latent(no_map), Command::Latent(LatentCommand::Pause), Command::Stop]);
    let refused = latent_events(&events).filter_map(|event| match event {
        LatentEvent::Failed { request, failure } => Some((*request, failure.kind)),
        _ => None,
    });
    assert_eq!(refused.collect::<Vec<_>>(), [(Some(7), FailureKind::State), (None, FailureKind::State)]);
    assert!(!events.iter().any(|event| matches!(event, Event::Failed(_))), "{events:?}");
}

#[test]
fn settings_that_do_not_fit_the_vectors_are_named() {
    let (mut session, _) = opened();
    let mut refused = |projection| refusal(&mut session, LatentCommand::Project { projection, seed: 0 });
    assert!(refused(Projection::Tsne { perplexity: 30.0, iterations: 100 }).contains("at most 6"));
    assert!(refused(Projection::Umap { neighbours: 20, min_dist: 0.1 }).contains("neighbours"));
    assert!(refused(Projection::Raw { across: 0, up: 2 }).contains("no number 3"));
}

#[test]
fn one_sample_one_class_and_equal_codes_still_have_a_map() {
    let mut session = started();
    let mut alone = experiment();
    alone.data.limit = Some(1);
    train(&mut session, alone);
    let set = open(&mut session, MODEL);
    assert_eq!((set.count, set.are_held_out), (1, false));
    assert_eq!(project(&mut session, Projection::Raw { across: 0, up: 1 }).positions.0.len(), 2);
    let sentence = refusal(&mut session, LatentCommand::Project { projection: Projection::Pca, seed: 0 });
    assert!(sentence.contains("PCA needs at least 2 vectors"), "{sentence}");
    let sentence = refusal(&mut session, LatentCommand::Augment { prior: CodePrior::Mixture, count: 3, seed: 0 });
    assert!(sentence.contains("no labels of two kinds"), "{sentence}");

    open(&mut session, file("equal.npy", write_floats(&[30, 3], &[0.5; 90])));
    for projection in [Projection::Pca, TSNE, Projection::Umap { neighbours: 5, min_dist: 0.1 }] {
        let map = project(&mut session, projection);
        assert!(map.positions.0.iter().all(|value| value.is_finite()), "{projection:?}");
    }
}

#[test]
fn codes_of_one_number_and_of_thousands_have_maps_and_walks() {
    for (size, walked) in [(1, 1), (4_096, 64)] {
        let mut session = started();
        let mut other = experiment();
        other.data.limit = Some(20);
        other.schedule.epochs = 1;
        other.network.bottleneck = BottleneckSpec::Dense { size, activation: pinhole_protocol::Activation::Linear };
        train(&mut session, other);
        assert_eq!(open(&mut session, VectorSource::Model { samples: SampleRange::All }).width, size);
        let map = project(&mut session, Projection::Pca);
        assert!(map.positions.0.len() == 40 && map.positions.0.iter().all(|value| value.is_finite()));
        let events = send(&mut session, LatentCommand::Walk { request: 1, around: CodePoint::Sample(0), steps: 2 });
        let dimensions = answer(&events, |event| match event {
            LatentEvent::Walks { walks, .. } => Some(walks.dimensions.len()),
            _ => None,
        });
        assert_eq!(dimensions, walked);
    }
}

#[test]
fn a_code_that_cannot_be_decoded_alone_is_explained_and_its_map_is_shown() {
    let mut session = started();
    let mut skips = pinhole_protocol::presets()
        .into_iter()
        .find(|preset| preset.name == "u-net-denoiser")
        .expect("it is a preset")
        .experiment;
    skips.data = experiment().data;
    skips.schedule.epochs = 1;
    train(&mut session, skips);
    let set = open(&mut session, VectorSource::Model { samples: SampleRange::All });
    let Decoding::Impossible { reason } = &set.decoding else { panic!("skips are not in the code: {set:?}") };
    project(&mut session, Projection::Pca);
    let sentence = refusal(&mut session, LatentCommand::Decode { request: 1, at: CodePoint::Sample(0) });
    assert_eq!(&sentence, reason);
    send(&mut session, LatentCommand::Describe { request: 1, index: 0 });
}

#[test]
fn a_job_is_stopped_at_any_moment_and_leaves_what_there_was() {
    let (mut session, _) = opened();
    project(&mut session, Projection::Raw { across: 0, up: 1 });
    let latent = Command::Latent;
    for begun in [
        LatentCommand::Open { source: MODEL },
        LatentCommand::Project { projection: TSNE, seed: 0 },
        LatentCommand::Augment { prior: CodePrior::Mixture, count: 5, seed: 0 },
        LatentCommand::ExportDrawn { prior: CodePrior::Mixture, count: 5, seed: 0 },
    ] {
        let events = session.send_all([latent(begun.clone()), latent(LatentCommand::Stop)]);
        assert!(latent_events(&events).any(|event| matches!(event, LatentEvent::Cancelled)), "{begun:?}: {events:?}");
    }
    let events = session.send_all([
        latent(LatentCommand::Project { projection: TSNE, seed: 0 }),
        latent(LatentCommand::Pause),
        latent(LatentCommand::Decode { request: 1, at: CodePoint::Map([0.0, 0.0]) }),
    ]);
    decoded(&events);
    let events = send(&mut session, LatentCommand::Resume);
    assert!(latent_events(&events).any(|event| matches!(event, LatentEvent::Projected(map) if !map.is_partial)));
    assert!(latent_events(&send(&mut session, LatentCommand::Stop)).any(|event| *event == LatentEvent::Cancelled));
}
