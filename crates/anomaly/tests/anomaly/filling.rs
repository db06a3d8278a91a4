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
    let (mut numbers, mut kinds, mut wrong) = (0, 0, 0);
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
                kinds += 1;
                wrong += usize::from(cells[3] != truth[3]);
            }
        }
    }
    assert_eq!((numbers, kinds), (67, 66), "every gap is filled");
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

/// Rows of twenty accounts with levels of their own; amounts in euros, some missing.
fn accounts(unknown: &str) -> String {
    let mut text = String::from("account;amount;paid\r\n");
    for row in 0..800 {
        let level = 100.0 * f64::from(row % 20 + 1);
        let amount = level + f64::from(row * 7 % 11) - 5.0;
        let cell = if row % 7 == 3 { String::new() } else { format!("{amount:.2} €").replace('.', ",") };
        let account = if row == 501 { unknown.to_owned() } else { format!("K{}", row % 20) };
        write!(text, "{account};{cell};{}\r\n", ["yes", "no", "maybe"][usize::from(row == 9) * 2]).expect("text");
    }
    text
}

#[test]
fn only_missing_cells_are_filled_and_they_are_written_as_their_column_is() {
    let text = accounts("NOBODY");
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", text.clone())));
    let plan = DetectorPlan { entity: Some("account".into()), method: Method::Pca, ..plan(&summary) };
    let detector = fitted(&table, plan);
    let (filled, report) = fill(&table, &detector).expect("it can be filled");
    for (row, (before, after)) in text.lines().zip(filled.lines()).skip(1).enumerate() {
        let (before, after): (Vec<&str>, Vec<&str>) = (before.split(';').collect(), after.split(';').collect());
        assert_eq!((before[0], before[2]), (after[0], after[2]), "cells that are there stay, of unknown accounts too");
        if row % 7 == 3 {
            let number = after[1].strip_suffix(" €").expect("the unit is written").replace(',', ".");
            let level = 100.0 * (row % 20 + 1) as f64;
            assert!((number.parse::<f64>().expect("a number") - level).abs() < 10.0, "row {row}: {after:?}");
            assert_eq!(number.split_once('.').expect("decimals").1.len(), 2);
        } else {
            assert_eq!((before[1], after[3]), (after[1], ""), "row {row}");
        }
    }
    assert_eq!(report.columns.iter().map(|column| column.filled).sum::<u64>(), 114);
    let renamed = text.replace("account;", "site;");
    let (other, _) = open(Box::new(MemorySource::new("parcels.csv", renamed)));
    let (_, report) = fill(&other, &detector).expect("it can be filled");
    assert_eq!(
        report.columns.iter().map(|column| column.filled).sum::<u64>(),
        114,
        "no entity is known, no cell replaced"
    );
}

#[test]
fn a_column_that_the_table_lacks_is_filled_by_what_the_detector_learnt() {
    let (table, summary) = open(Box::new(MemorySource::new("parcels.csv", parcels(400, 50, 3))));
    let detector = fitted(&table, plan(&summary));
    let mut text = String::new();
    for line in parcels(300, 50, 4).lines() {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells[2] = if text.is_empty() { cells[2] } else { "" };
        writeln!(text, "{}", cells.join(",")).expect("text can be written");
    }
    let (empty, _) = open(Box::new(MemorySource::new("parcels.csv", text)));
    let (filled, _) = fill(&empty, &detector).expect("it can be filled");
    for line in filled.lines().skip(1).filter(|line| !line.contains("crate")) {
        let number = |index: usize| line.split(',').nth(index).expect("a cell").parse::<f64>().expect("a number");
        assert!((number(2) - 3.0 * number(0)).abs() < 6.0, "{line}");
    }
}
