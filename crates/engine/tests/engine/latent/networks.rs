//! A network of pictures.

use pinhole_protocol::{
    BottleneckSpec, Command, Floats,
    latent::{
        CodePoint, CodePrior, DecodedContent, Decoding, Interpolation, LatentCommand, LatentEvent, MeanTerm,
        Projection, SampleRange, SampleValues, Snapshot, VectorSource,
    },
};

use super::{answer, decoded, experiment, latent_events, open, opened, project, send, started, train};

#[test]
fn codes_are_opened_laid_out_described_and_decoded() {
    let (mut session, set) = opened();
    assert_eq!((set.count, set.total, set.width, set.are_held_out), (20, 20, 2, true));
    assert!(set.name.ends_with("epoch 2") && matches!(set.decoding, Decoding::Pictures { .. }), "{set:?}");
    assert_eq!(set.thumbnails.as_ref().map(|thumbnails| thumbnails.pixels.0.len()), Some(20 * 28 * 28));
    let names: Vec<&str> = set.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["Label", "Reconstruction error"]);
    let SampleValues::Numbers(errors) = &set.columns[1].values else { panic!("errors are numbers") };

    let map = project(&mut session, Projection::Raw { across: 0, up: 1 });
    let events = send(&mut session, LatentCommand::Describe { request: 3, index: 4 });
    let details = answer(&events, |event| match event {
        LatentEvent::Sample { request: 3, details } => Some((**details).clone()),
        _ => None,
    });
    assert_eq!(details.code.0, map.positions.0[8..10]);
    assert_eq!((details.error, details.nearest.len()), (Some(errors.0[4]), 12));

    let decode = |at| LatentCommand::Decode { request: 1, at };
    let of_sample = decoded(&send(&mut session, decode(CodePoint::Sample(4))));
    let of_place = decoded(&send(&mut session, decode(CodePoint::Map([details.code.0[0], details.code.0[1]]))));
    assert_eq!(of_sample, of_place);
    assert_eq!(Some(&of_sample.content), details.reconstruction.as_ref(), "the code alone is what is rebuilt from");
    let grid = decoded(&send(
        &mut session,
        LatentCommand::DecodeGrid { request: 2, across: [-1.0, 1.0], up: [-1.0, 1.0], side: 4 },
    ));
    assert_eq!((grid.count, grid.codes.0[..2].to_vec()), (16, vec![-1.0, 1.0]));
    let shown = decoded(&send(&mut session, LatentCommand::Show { request: 2, indices: vec![4, 4] }));
    assert_eq!((shown.count, shown.codes.0.len()), (2, 0));
    let pca = project(&mut session, Projection::Pca);
    assert!(pca.quality.trustworthiness.is_some_and(|kept| kept > 0.9), "{pca:?}");
    assert!(pca.pca.is_some_and(|pca| pca.explained_variance.len() == 2 && pca.loadings.0.len() == 4));
}

#[test]
fn walks_ways_and_sums_begin_and_end_where_they_should() {
    let (mut session, _) = opened();
    let events = send(&mut session, LatentCommand::Walk { request: 1, around: CodePoint::Sample(0), steps: 5 });
    let walks = answer(&events, |event| match event {
        LatentEvent::Walks { walks, .. } => Some((**walks).clone()),
        _ => None,
    });
    assert_eq!((walks.width, walks.dimensions.len()), (2, 2));
    let first = &walks.dimensions[0];
    assert_eq!((first.samples.count, first.change.0.len()), (5, 784));
    assert!(first.effect >= walks.dimensions[1].effect && first.low < first.high);

    let way = |interpolation| LatentCommand::Interpolate {
        request: 2,
        from: CodePoint::Sample(1),
        to: CodePoint::Code(Floats(vec![0.5, 0.25])),
        interpolation,
        steps: 3,
    };
    for interpolation in [Interpolation::Straight, Interpolation::Spherical] {
        let samples = decoded(&send(&mut session, way(interpolation)));
        assert!((samples.codes.0[4] - 0.5).abs() < 1e-5 && (samples.codes.0[5] - 0.25).abs() < 1e-5);
    }
    let term = |factor, index| MeanTerm { factor, indices: vec![index] };
    let sum = LatentCommand::Combine { request: 3, terms: vec![term(1.0, 0), term(-1.0, 0), term(1.0, 1)] };
    let sum = decoded(&send(&mut session, sum));
    let sample = decoded(&send(&mut session, LatentCommand::Decode { request: 4, at: CodePoint::Sample(1) }));
    assert!(sum.codes.0.iter().zip(&sample.codes.0).all(|(sum, code)| (sum - code).abs() < 1e-5));
    let along = LatentCommand::WalkDirection {
        request: 5,
        around: CodePoint::Sample(1),
        from: vec![0, 1],
        to: vec![2],
        steps: 3,
    };
    let along = decoded(&send(&mut session, along));
    assert!((along.codes.0[2] - sample.codes.0[0]).abs() < 1e-5, "the sample stands in the middle");
}

#[test]
fn a_run_is_followed_from_its_first_weights_on() {
    let mut session = started();
    send(&mut session, LatentCommand::Follow { is_on: true });
    let mut deep = experiment();
    deep.network.bottleneck = BottleneckSpec::Dense { size: 4, activation: pinhole_protocol::Activation::Linear };
    deep.schedule.epochs = 3;
    let events = train(&mut session, deep);
    let snapshots: Vec<Snapshot> = latent_events(&events)
        .filter_map(|event| if let LatentEvent::Snapshot(snapshot) = event { Some(snapshot.clone()) } else { None })
        .collect();
    let epochs: Vec<usize> = snapshots.iter().map(|snapshot| snapshot.epoch).collect();
    assert!(epochs.starts_with(&[0, 1, 2]), "{epochs:?}");
    assert!(snapshots.iter().all(|snapshot| snapshot.positions.0.len() == 40 && snapshot.labels.0.len() == 20));
    // Axes stay put: turned by a half circle, the map would be as far away as it can be.
    let [before, after] = [&snapshots[1].positions.0, &snapshots[2].positions.0];
    let product: f32 = before.iter().zip(after).map(|(before, after)| before * after).sum();
    assert!(product > 0.0);
    let decode = LatentCommand::Decode { request: 1, at: CodePoint::Map([after[0], after[1]]) };
    assert_eq!(decoded(&send(&mut session, decode)).codes.0.len(), 4);
}

#[test]
fn while_a_network_is_trained_it_is_the_model_in_hand() {
    let mut session = started();
    let mut long = experiment();
    long.schedule.epochs = 1_000;
    let training = Command::Train { experiment: Box::new(long), start: pinhole_protocol::TrainingStart::Fresh };
    let source = VectorSource::Model { samples: SampleRange::All };
    // The run ends when the codes are open: a pause ends the turn.
    session.send_all([training, Command::Pause]);
    session.send(Command::Step);
    let events = send(&mut session, LatentCommand::Open { source });
    let set = answer(&events, |event| if let LatentEvent::Opened(set) = event { Some((**set).clone()) } else { None });
    assert_eq!((set.count, set.are_held_out), (100, false));
    assert!(set.name.ends_with("untrained"), "{}", set.name);
    let events = session.send_all([
        Command::Resume,
        Command::Latent(LatentCommand::Project { projection: Projection::Pca, seed: 1 }),
        Command::Latent(LatentCommand::Decode { request: 1, at: CodePoint::Sample(0) }),
        Command::Pause,
    ]);
    decoded(&events);
    assert!(latent_events(&events).any(|event| matches!(event, LatentEvent::Projected(_))), "{events:?}");
}

#[test]
fn samples_are_drawn_from_a_mixture_and_from_a_prior() {
    let (mut session, _) = opened();
    let draw = |prior| LatentCommand::Draw { request: 1, prior, count: 30, seed: 5 };
    let events = send(&mut session, draw(CodePrior::Mixture));
    let drawn =
        answer(
            &events,
            |event| if let LatentEvent::Drawn { drawn, .. } = event { Some((**drawn).clone()) } else { None },
        );
    assert!(drawn.components.is_some() && drawn.warning.is_some() && drawn.samples.count == 30);
    assert!(drawn.quality.distance_to_held_out > 0.0 && (0.0..=1.0).contains(&drawn.quality.copied_share));
    let export = LatentCommand::ExportDrawn { prior: CodePrior::Mixture, count: 30, seed: 5 };
    let events = send(&mut session, export);
    let (name, bytes) = exported(&events);
    assert!(name.ends_with(".npy") && bytes.len() == 128 + 30 * 784, "{name}, {} bytes", bytes.len());
    let DecodedContent::Pictures { pixels, .. } = &drawn.samples.content else { panic!("they are pictures") };
    assert_eq!(bytes[128..], pixels.0, "the same seed draws the same samples");
    let events = send(&mut session, LatentCommand::Augment { prior: CodePrior::Mixture, count: 20, seed: 5 });
    let effect =
        answer(&events, |event| if let LatentEvent::Augmented(effect) = event { Some(effect.clone()) } else { None });
    assert!(effect.figure.contains("classifier") && effect.drawn == 20 && (0.0..=1.0).contains(&effect.with));

    let mut variational = experiment();
    variational.network.bottleneck = BottleneckSpec::Variational { size: 3 };
    variational.objective.beta = 1.0;
    train(&mut session, variational);
    open(&mut session, VectorSource::Model { samples: SampleRange::HeldOut });
    let events = send(&mut session, draw(CodePrior::Prior));
    let drawn =
        answer(
            &events,
            |event| if let LatentEvent::Drawn { drawn, .. } = event { Some((**drawn).clone()) } else { None },
        );
    assert!(drawn.components.is_none() && drawn.warning.is_none() && drawn.samples.codes.0.len() == 90);
}

pub fn exported(events: &[pinhole_protocol::Event]) -> (String, Vec<u8>) {
    answer(events, |event| match event {
        LatentEvent::Exported { name, bytes } => Some((name.clone(), bytes.0.clone())),
        _ => None,
    })
}

#[test]
fn coordinates_are_exported_and_opened_again() {
    let (mut session, set) = opened();
    project(&mut session, Projection::Pca);
    let events = send(&mut session, LatentCommand::ExportCoordinates { indices: None });
    let (_, bytes) = exported(&events);
    let text = String::from_utf8(bytes.clone()).expect("CSV is text");
    assert!(text.starts_with("id,label,error,x,y\n") && text.lines().count() == 21, "{text}");
    let again = open(&mut session, super::file("map.csv", bytes));
    assert!(again.are_coordinates && again.count == set.count && again.columns[0].name == "Label", "{again:?}");
}
