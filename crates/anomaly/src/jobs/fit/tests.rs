//! Both ways of reading a table, and what a plan needs.

use std::fmt::Write as _;

use pinhole_protocol::table::{ColumnKind, ColumnPlan, LabelPlan, Method};
use pinhole_table::source::MemorySource;

use super::*;
use crate::{jobs::ScanJob, table::Table};

fn run<J: Job>(mut job: J) -> J::Output {
    loop {
        if let Some(output) = pollster::block_on(job.advance()).expect("the table is sound") {
            return output;
        }
    }
}

fn table() -> SharedTable {
    let mut text = String::from("t,a,b,label\n");
    for row in 0..50 {
        let time = format!("2025-03-01 10:{row:02}");
        writeln!(text, "{time},{},{row}.5,{}", row % 7, u8::from(row % 10 == 9)).expect("text can be written");
    }
    let source = MemorySource::new("table.csv", text);
    let (table, _) = Table::open(Box::new(source), None).expect("a table");
    run(ScanJob::new(&table).expect("it can be read"));
    table
}

fn plan() -> DetectorPlan {
    let column = |name: &str| ColumnPlan { name: name.into(), kind: ColumnKind::Numeric, used: true };
    DetectorPlan {
        columns: vec![
            ColumnPlan { name: "t".into(), kind: ColumnKind::DateTime, used: false },
            column("a"),
            column("b"),
        ],
        label: Some(LabelPlan { column: "label".into(), anomalous_values: vec!["1".into()] }),
        method: Method::Pca,
        ..DetectorPlan::default()
    }
}

#[test]
fn a_table_of_more_rows_than_the_sample_is_read_once_more() {
    for (max_rows, reads_again) in [(50, false), (49, true), (20, true)] {
        let mut job = FitJob::with_max_rows(&table(), plan(), max_rows).expect("the plan fits");
        while matches!(job.stage, Stage::Labels(..)) {
            assert!(pollster::block_on(job.advance()).expect("it can be read").is_none());
        }
        assert_eq!(matches!(job.stage, Stage::Sample(..)), reads_again, "at most {max_rows} rows");
        assert_eq!(run(job).roles.trained(), max_rows.min(31), "70 % of 45 normal rows");
    }
}

#[test]
fn both_ways_of_reading_derive_the_same_from_earlier_rows() {
    let timed = DetectorPlan { time: Some("t".into()), ..plan() };
    let fit = |max_rows, plan: DetectorPlan| FitJob::with_max_rows(&table(), plan, max_rows);
    let [once, twice] = [50, 49].map(|max_rows| run(fit(max_rows, timed.clone()).expect("the plan fits")).detector);
    assert_eq!(
        once.column_names(),
        [
            "a",
            "b",
            "change of a",
            "standard deviation of a over 8 rows",
            "change of b",
            "standard deviation of b over 8 rows"
        ]
    );
    assert_eq!(once.preparation(), twice.preparation());
    assert_eq!(once.references(), twice.references());
    for time in ["a", "none such"] {
        let error = fit(50, DetectorPlan { time: Some(time.into()), ..plan() }).err().expect("no dates").to_string();
        assert!(error.contains(&format!("no column \"{time}\" of dates")), "{error}");
    }
}

#[test]
fn both_ways_of_reading_give_the_same_detector() {
    let [read_once, read_twice] = [50, 49]
        .map(|max_rows| run(FitJob::with_max_rows(&table(), plan(), max_rows).expect("the plan fits")).detector);
    let scores = |detector: &FittedDetector| {
        let mut scores = Vec::new();
        detector.score(&[0.25, -1.0, 2.0, 0.5], &mut scores);
        scores
    };
    assert_eq!(read_once.preparation(), read_twice.preparation());
    assert_eq!(read_once.references(), read_twice.references());
    assert_eq!(scores(&read_once), scores(&read_twice));
}
