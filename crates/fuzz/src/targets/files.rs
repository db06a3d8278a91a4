//! Pictures, models and detectors.

use std::{fmt::Write as _, io::Cursor};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use pinhole_anomaly::FittedDetector;
use pinhole_engine::{data, model_file};
use pinhole_protocol::{
    Bytes, Command, Event, NamedFile, TrainingStart,
    table::{TableCommand, TableEvent},
};

use super::{messages, session::Session, tables};
use crate::Outcome;

/// Pictures of IDX, PNG and JPEG.
pub fn image_seeds() -> Vec<Vec<u8>> {
    let picture = RgbImage::from_fn(20, 17, |x, y| Rgb([x as u8 * 9, y as u8 * 11, 40]));
    let encoded = |picture: &DynamicImage, format| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture can be written");
        bytes.into_inner()
    };
    let colour = DynamicImage::from(picture);
    let grey = colour.to_luma_alpha8().into();
    vec![
        idx(&[3, 8, 8], 192),
        idx(&[1, 30, 17], 510),
        encoded(&colour, ImageFormat::Png),
        encoded(&grey, ImageFormat::Png),
        encoded(&colour, ImageFormat::Jpeg),
    ]
}

/// An IDX file of bytes.
fn idx(sizes: &[u32], count: usize) -> Vec<u8> {
    let header = [0, 0, 8, sizes.len() as u8].into_iter().chain(sizes.iter().flat_map(|size| size.to_be_bytes()));
    header.chain((0..count).map(|index| (index * 37 % 256) as u8)).collect()
}

/// Opened pictures have as many values as their shape says.
pub fn open_images(bytes: &[u8]) -> Outcome {
    let file = NamedFile { name: "fuzz.png".into(), bytes: Bytes(bytes.to_vec()) };
    let opened = data::open_images(&[file]);
    if let Ok(samples) = &opened {
        assert!(!samples.is_empty(), "pictures were opened");
    }
    Outcome::of(&opened)
}

/// A small model, and the same with the state of its run.
pub fn model_seeds() -> Vec<Vec<u8>> {
    let mut session = Session::new();
    let train = Command::Train { experiment: Box::new(messages::small_experiment()), start: TrainingStart::Fresh };
    let mut events = session.send(&[train], None);
    events.extend(session.send(&[Command::SaveModel], None));
    let files: Vec<Vec<u8>> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::ModelSaved(file) => Some(file.0),
            Event::Checkpoint(checkpoint) => Some(checkpoint.0),
            _ => None,
        })
        .collect();
    assert!(!files.is_empty(), "a trained model is saved");
    files
}

/// A model file that is read has the weights of its plan.
pub fn open_model(bytes: &[u8]) -> Outcome {
    Outcome::of(&model_file::read(bytes))
}

/// A detector of principal components with its replay rows.
pub fn detector_seeds() -> Vec<Vec<u8>> {
    let mut session = Session::new();
    let mut table = String::from("length,girth,kind\n");
    for row in 0..200 {
        let length = f64::from(row * 37 % 101);
        writeln!(table, "{length},{},{}", 2.0 * length + f64::from(row % 7), if row % 3 == 0 { "box" } else { "tube" })
            .expect("text can be written");
    }
    let summary = tables::open(&mut session, table.as_bytes()).expect("the table is good");
    let save = Command::Table(TableCommand::SaveDetector { with_replay: true });
    session.send(&[tables::fit(&summary)], None);
    let events = session.send(&[save], None);
    let files: Vec<Vec<u8>> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::Table(TableEvent::DetectorSaved(file)) => Some(file.0),
            _ => None,
        })
        .collect();
    assert!(!files.is_empty(), "a fitted detector is saved");
    files
}

/// A detector that is read scores rows of its own width.
pub fn open_detector(bytes: &[u8]) -> Outcome {
    let opened = FittedDetector::from_file("fuzz.safetensors", bytes);
    if let Ok(detector) = &opened {
        let mut scores = Vec::new();
        detector.score(&vec![0.5; 2 * detector.features()], &mut scores);
        assert_eq!(scores.len(), 2, "a score per row");
        detector.summary();
    }
    Outcome::of(&opened)
}
