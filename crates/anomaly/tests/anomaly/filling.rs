//! Filling of missing cells.

use std::{fmt::Write as _, rc::Rc};

use pinhole_anomaly::{
    AnomalyError, FittedDetector, SharedTable,
    jobs::{ExportAdvance, FillJob, FitJob},
};
use pinhole_protocol::table::{DetectorPlan, FillReport, Method};
use pinhole_table::source::MemorySource;

use crate::parcels::{open, parcels, plan, run};

/// Row in so many that lacks its weight or its kind, in turn.
const ONE_IN: usize = 9;

/// Parcels of which some lack weight or kind, and the same table with all cells.
fn with_gaps(rows: usize) -> (String, String) {
    let whole = parcels(rows, 50, 3);
    let mut text = String::new();
    for (index, line) in whole.lines().enumerate() {
        let mut cells: Vec<&str> = line.split(',').collect();
        if index % ONE_IN == ONE_IN - 1 {
            cells[2 + index / ONE_IN % 2] = "";
        }
        writeln!(text, "{}", cells.join(",")).expect("text can be written");
    }
    (text, whole)
}

fn fitted(table: &SharedTable, plan: DetectorPlan) -> Rc<FittedDetector> {
    Rc::new(run(FitJob::new(table, plan).expect("the plan fits the table")).detector)
}

fn fill(table: &SharedTable, detector: &Rc<FittedDetector>) -> Result<(String, FillReport), AnomalyError> {
    let mut job = FillJob::new(table, detector)?;
    let mut text = Vec::new();
    while let ExportAdvance::Part(part) = job.advance()? {
        text.extend(part);
    }
    assert_eq!(job.name(), "parcels-filled.csv");
    Ok((String::from_utf8(text).expect("it is UTF-8"), job.report().clone()))
}

#[test]
fn missing_cells_are_what_the_other_cells_make_expected() {
    let (text, whole) = with_gaps(1_200);
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", text.clone())));
    let detector = fitted(&table, DetectorPlan { method: Method::Pca, ..plan(&summary) });
    let (filled, report) = fill(&table, &detector).expect("it can be filled");
    assert_eq!(filled.lines().count(), 1_201);
    let (mut numbers, mut wrong) = (0, 0);
    for ((line, gappy), truth) in filled.lines().zip(text.lines()).zip(whole.lines()).skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let truth: Vec<&str> = truth.split(',').collect();
        match cells[5] {
            "" => assert_eq!(line, format!("{gappy},"), "a row without gaps keeps its bytes"),
            "weight" => {
                let [found, expected] = [cells[2], truth[2]].map(|cell| cell.parse::<f64>().expect("a number"));
                assert!((found - expected).abs() < 4.0, "{line} for {expected}");
                numbers += 1;
            }
            name => {
                assert_eq!(name, "kind");
                wrong += usize::from(cells[3] != truth[3]);
            }
        }
    }
    assert_eq!((numbers, numbers + 66), (67, 133), "every gap is filled");
    assert!(wrong <= 6, "{wrong} of 66 kinds");
    let [weight, kind] = &report.columns[..] else { panic!("{report:?}") };
    assert_eq!((weight.filled, weight.left, kind.filled, kind.left), (67, 0, 66, 0));
    assert!(!weight.is_categorical && kind.is_categorical && weight.hidden > 50 && kind.hidden > 50);
    for (column, least) in [(weight, 0.5), (kind, 0.3)] {
        let errors = column.errors.expect("they are measured");
        assert!(errors.predicted < least * errors.constant, "{column:?}");
    }
}

#[test]
fn a_short_table_is_filled_by_what_the_detector_learnt_and_not_measured() {
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", parcels(300, 50, 3))));
    let detector = fitted(&table, plan(&summary));
    let text = "length,girth,weight,kind,label\n12.0,24.0,,box,0\n8.0,16.0,24.1,,0\n";
    let (short, _) = open(Box::new(MemorySource::new("parcels.csv", text)));
    let (filled, report) = fill(&short, &detector).expect("it can be filled");
    let rows: Vec<Vec<&str>> = filled.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let weight: f64 = rows[0][2].parse().expect("a number");
    assert!((weight - 36.0).abs() < 3.0, "{filled}");
    assert_eq!((rows[1][3], rows[1][5]), ("tube", "kind"));
    assert!(report.measured_rows == 0 && report.columns.iter().all(|column| column.errors.is_none()));
}

#[test]
fn other_methods_fill_too_and_a_whole_table_is_refused() {
    let (text, whole) = with_gaps(300);
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", text)));
    for method in [Method::Pca, Method::IsolationForest] {
        let detector = fitted(&table, DetectorPlan { method, ..plan(&summary) });
        let (_, report) = fill(&table, &detector).expect("it can be filled");
        assert_eq!(report.columns.iter().map(|column| column.filled).sum::<u64>(), 33, "{method:?}");
    }
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", whole)));
    let detector = fitted(&table, DetectorPlan { method: Method::Pca, ..plan(&summary) });
    let error = fill(&table, &detector).expect_err("nothing is missing").to_string();
    assert!(error.contains("nothing to fill"), "{error}");
}
