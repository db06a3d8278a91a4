//! A scored table, and a network of table rows.

use pinhole_protocol::{
    Activation, DataSpec, Experiment, ImageSource,
    latent::{
        CodePoint, CodePrior, DecodedContent, Decoding, LatentCommand, LatentEvent, Projection, SampleRange,
        VectorSource,
    },
};

use super::{answer, decoded, networks::exported, open, project, send, started, train};
use crate::session_harness::{parcels, plan, scanned, scored};

#[test]
fn rows_are_encoded_by_their_detector_and_decoded_in_the_units_of_the_file() {
    let mut session = started();
    let plan = plan(scanned(&session.open("parcels.csv", parcels(300, 20, 3))));
    scored(&session.fit(&plan));
    let set = open(&mut session, VectorSource::Detector);
    let names: Vec<&str> = set.columns.iter().map(|column| column.name.as_str()).collect();
    let known = ["Label", "Reconstruction error", "Anomaly score", "length", "girth", "weight", "kind", "Row"];
    assert_eq!((set.count, names), (300, known.to_vec()));
    assert!(matches!(&set.decoding, Decoding::Rows { columns } if columns.len() == 4), "{:?}", set.decoding);
    project(&mut session, Projection::Pca);
    let sample = decoded(&send(&mut session, LatentCommand::Show { request: 1, indices: vec![0] }));
    let rebuilt = decoded(&send(&mut session, LatentCommand::Decode { request: 1, at: CodePoint::Sample(0) }));
    let (DecodedContent::Rows { cells: sample }, DecodedContent::Rows { cells: rebuilt }) =
        (&sample.content, &rebuilt.content)
    else {
        panic!("they are rows")
    };
    let number = |cell: &str| cell.parse::<f64>().unwrap_or_else(|_| panic!("{cell} is a number"));
    assert!((number(&sample[0][0]) - number(&rebuilt[0][0])).abs() < 4.0, "{sample:?}, {rebuilt:?}");
    assert!(["box", "tube"].contains(&rebuilt[0][3].as_str()));
    let events = send(&mut session, LatentCommand::Walk { request: 1, around: CodePoint::Sample(0), steps: 3 });
    let walks = answer(&events, |event| match event {
        LatentEvent::Walks { walks, .. } => Some((**walks).clone()),
        _ => None,
    });
    assert!(walks.dimensions.iter().all(|walk| walk.change.0.len() == 4));
    let export = LatentCommand::ExportDrawn { prior: CodePrior::Mixture, count: 7, seed: 1 };
    let (name, bytes) = exported(&send(&mut session, export));
    let text = String::from_utf8(bytes).expect("CSV is text");
    assert!(name == "drawn-rows.csv" && text.starts_with("synthetic,length,girth,weight,kind\n1,"), "{text}");
    assert_eq!(text.lines().count(), 8);
}

#[test]
fn a_network_of_rows_knows_their_columns() {
    let mut session = started();
    scanned(&session.open("parcels.csv", parcels(200, 20, 3)));
    let mut experiment =
        Experiment { data: DataSpec { source: ImageSource::TableRows, limit: None }, ..super::experiment() };
    // Three numbers, and a kind of two values and others.
    experiment.network.input = pinhole_protocol::GridShape { channels: 6, height: 1, width: 1 };
    experiment.network.output_activation = Activation::Linear;
    let events = train(&mut session, experiment);
    assert_eq!(crate::session_harness::failures(&events), [""; 0]);
    let set = open(&mut session, VectorSource::Model { samples: SampleRange::All });
    assert_eq!(set.count, 200);
    assert!(set.columns.iter().any(|column| column.name == "kind") && set.thumbnails.is_none());
    let samples = decoded(&send(&mut session, LatentCommand::Decode { request: 1, at: CodePoint::Sample(3) }));
    assert!(matches!(&samples.content, DecodedContent::Rows { cells } if cells[0].len() == 4), "{samples:?}");
}

#[test]
fn a_detector_without_a_network_has_no_codes() {
    let mut session = started();
    let plan = crate::session_harness::quick_plan(scanned(&session.open("parcels.csv", parcels(200, 20, 3))));
    scored(&session.fit(&plan));
    let sentence = super::refusal(&mut session, LatentCommand::Open { source: VectorSource::Detector });
    assert!(sentence.contains("principal components") && sentence.contains("Autoencoder"), "{sentence}");
}
