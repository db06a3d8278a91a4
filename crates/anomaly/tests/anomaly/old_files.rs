//! Detector files that were saved before the renames of 2026 open, and give the scores that they gave then.

use std::{fs, io::Read as _, rc::Rc};

use flate2::read::GzDecoder;
use pinhole_anomaly::{FittedDetector, jobs::ScoreJob};
use pinhole_table::source::MemorySource;

use crate::parcels::{open, run};

/// Detectors (compressed, as a forest is 900 kB), `parcels.csv`, and for each detector the scores that the terminal of then wrote beside the table's rows.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/before_renames");

/// Column `score` of a scored table.
fn scores(text: &str) -> Vec<f64> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let index = header.iter().position(|name| *name == "score").expect("a column of scores");
    let score = |line: &str| line.split(',').nth(index).expect("a cell").parse().expect("a number");
    lines.map(score).collect()
}

#[test]
fn files_saved_before_the_renames_score_as_they_did() {
    let read = |name: &str| fs::read(format!("{FOLDER}/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"));
    for name in ["ensemble", "unsupervised", "pca"] {
        let mut file = Vec::new();
        GzDecoder::new(&read(&format!("{name}.safetensors.gz"))[..]).read_to_end(&mut file).expect("a whole file");
        let detector = FittedDetector::from_file(name, &file).expect("it opens");
        let (table, _) = open(Box::new(MemorySource::new("parcels.csv", read("parcels.csv"))));
        let ranking = run(ScoreJob::new(&table, &Rc::new(detector), None).expect("the columns are there"));
        let expected = scores(&String::from_utf8(read(&format!("{name}-scored.csv"))).expect("text"));
        assert_eq!(ranking.rows().scores().len(), expected.len(), "{name}");
        for (row, (score, expected)) in ranking.rows().scores().iter().zip(&expected).enumerate() {
            assert!(
                (score - expected).abs() <= 1e-6 * expected.abs().max(1.0),
                "{name}, row {row}: {score}, {expected}"
            );
        }
    }
}
