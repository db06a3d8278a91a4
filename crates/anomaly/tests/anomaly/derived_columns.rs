//! Columns that are derived from a row and those before it.

use std::{fmt::Write as _, rc::Rc};

use pinhole_anomaly::{FittedDetector, jobs::ScoreJob};
use pinhole_protocol::table::{DetectorPlan, Method};
use pinhole_table::source::MemorySource;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::parcels::{fit, open, plan, run};

/// Rows, counted from 0, in which the temperature of M1 is stuck.
const STUCK: std::ops::Range<usize> = 400..520;

/// A log of four machines in turn, one of which has a sensor that sticks for 30 of its rows.
fn log(minutes: impl Fn(usize) -> usize) -> String {
    let mut random = Pcg32::seed_from_u64(7);
    let mut text = String::from("logged_at,machine,temperature,pressure\n");
    let mut stuck = None;
    for row in 0..1200 {
        let mut noise = || (0..4).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
        let machine = row % 4;
        let (mut temperature, pressure) = (20.0 + 5.0 * machine as f64 + noise(), 3.0 + noise());
        if machine == 1 && STUCK.contains(&row) {
            temperature = *stuck.get_or_insert(temperature);
        }
        let minute = minutes(row);
        let (day, hour, minute) = (1 + minute / 1_440, minute / 60 % 24, minute % 60);
        writeln!(text, "2025-03-{day:02} {hour:02}:{minute:02},M{machine},{temperature:.3},{pressure:.3}")
            .expect("text can be written");
    }
    text
}

fn timed(plan: DetectorPlan) -> DetectorPlan {
    DetectorPlan { time: Some("logged_at".into()), entity: Some("machine".into()), ..plan }
}

fn is_stuck(row: usize) -> bool {
    STUCK.contains(&row) && row % 4 == 1
}

#[test]
fn a_sensor_that_is_stuck_comes_first_and_is_told() {
    let (table, summary) = open(Box::new(MemorySource::new("log.csv", log(|row| 10 * row))));
    let ranking = fit(&table, timed(plan(&summary)));
    let found = ranking.rows().top(20).filter(|&row| is_stuck(row)).count();
    assert!(found >= 15, "{found} of the 20 greatest scores are of the stuck sensor");
    let details = ranking.details(450 + 4).expect("a row");
    assert!(is_stuck(453));
    let first = &details.contributions[0];
    assert_eq!((&*first.column, &*first.actual), ("standard deviation of temperature over 8 rows", "0"));
    assert!(first.expected.parse::<f64>().is_ok_and(|expected| expected > 0.2), "{}", first.expected);
    let since = details.contributions.iter().find(|each| each.column.starts_with("time since")).expect("a column");
    assert_eq!((&*since.column, &*since.actual), ("time since the last row of the same machine", "40 min"));
    assert_eq!(ranking.file().summary.warnings, [""; 0]);
    let detector = ranking.detector().summary();
    assert!(detector.description.contains("columns of the rows before by logged_at"), "{}", detector.description);
    assert_eq!(detector.columns, ["logged_at", "temperature", "pressure"], "columns of the file");
}

#[test]
fn without_a_time_column_nothing_is_derived() {
    let (table, summary) = open(Box::new(MemorySource::new("log.csv", log(|row| 10 * row))));
    let ranking = fit(&table, DetectorPlan { method: Method::Pca, time: None, ..timed(plan(&summary)) });
    assert!(ranking.detector().column_names().iter().all(|name| !name.contains(" of ")));
}

#[test]
fn a_detector_file_derives_the_same_columns() {
    let (table, summary) = open(Box::new(MemorySource::new("log.csv", log(|row| 10 * row))));
    let ranking = fit(&table, DetectorPlan { method: Method::Pca, ..timed(plan(&summary)) });
    let file = ranking.calibrated_detector().to_file(true).expect("it can be saved");
    let detector = FittedDetector::from_file("d.safetensors", &file).expect("it can be opened");
    let again = run(ScoreJob::new(&table, &Rc::new(detector), None).expect("its columns are there"));
    assert_eq!(again.rows().scores(), ranking.rows().scores());
    let file = again.file();
    let drift = file.drift.expect("another table");
    assert!(drift.columns.iter().any(|column| column.name == "standard deviation of pressure over 8 rows"));
    assert_eq!(file.column_notes, [""; 0], "derived columns are not missed in the file");
}

#[test]
fn a_file_out_of_order_and_one_without_times_are_told() {
    let (table, summary) =
        open(Box::new(MemorySource::new("log.csv", log(|row| if row == 600 { 0 } else { 10 * row }))));
    let ranking = fit(&table, DetectorPlan { method: Method::Pca, ..timed(plan(&summary)) });
    let warnings = ranking.file().summary.warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("not in the order of \"logged_at\": 1 row is")),
        "{warnings:?}"
    );
    let text = log(|row| 10 * row).replace("logged_at", "id").replace("machine", "site");
    let (other, _) = open(Box::new(MemorySource::new("other.csv", text)));
    let scored = run(ScoreJob::new(&other, ranking.detector(), None).expect("columns are there"));
    let warnings = scored.file().summary.warnings.join(" ");
    assert!(warnings.contains("lacks \"machine\"") && warnings.contains("lacks \"logged_at\""), "{warnings}");
    assert!(scored.rows().scores().iter().all(|score| score.is_finite()));
}

#[test]
fn a_log_from_which_nothing_follows_is_told() {
    let cases: [fn(usize) -> String; 3] = [
        |row| format!("{},{}", ["on", "off"][row % 2], ["a", "b", "c"][row % 3]),
        |row| format!("{},5", row / 40),
        |_| "1,2".into(),
    ];
    for (index, cells) in cases.into_iter().enumerate() {
        let mut text = String::from("logged_at,one,other\n");
        for row in 0..120 {
            writeln!(text, "2025-03-01 {:02}:{:02},{}", row / 60, row % 60, cells(row)).expect("text can be written");
        }
        let (table, summary) = open(Box::new(MemorySource::new("log.csv", text)));
        let plan = DetectorPlan { time: Some("logged_at".into()), ..plan(&summary) };
        let ranking = fit(&table, DetectorPlan { method: Method::Pca, label: None, ..plan });
        let detector = ranking.detector().summary();
        assert!(detector.warnings.iter().any(|warning| warning.contains("by \"logged_at\"")), "{index}: {detector:?}");
        assert!(ranking.rows().scores().iter().all(|score| score.is_finite()), "{index}");
        assert!(ranking.details(7).is_ok());
    }
}

/// Payments of twenty accounts, each of which buys of its own kind but for row 307, counted from 1.
fn payments() -> String {
    let mut random = Pcg32::seed_from_u64(3);
    let mut text = String::from("account,kind,amount\n");
    for row in 1..=800 {
        let account = row * 7 % 20;
        let kind = if row == 307 { (account + 2) % 4 } else { account % 4 };
        let amount = 20.0 + random.random::<f64>();
        writeln!(text, "K{},{},{amount:.2}", 1000 + account, ["fuel", "books", "toys", "food"][kind])
            .expect("text can be written");
    }
    text
}

#[test]
fn a_category_that_its_entity_never_had_comes_first_and_is_told() {
    let (table, summary) = open(Box::new(MemorySource::new("payments.csv", payments())));
    let ranking = fit(&table, DetectorPlan { entity: Some("account".into()), ..plan(&summary) });
    assert_eq!(ranking.rows().top(1).next(), Some(306));
    let details = ranking.details(307).expect("a row");
    let own = details.contributions.iter().find(|each| each.column == "kind for its account").expect("a column");
    assert_eq!((&*own.actual, &*own.expected), ("food", "books (usual for K1009)"));
    let file = ranking.calibrated_detector().to_file(true).expect("it can be saved");
    let detector = FittedDetector::from_file("d.safetensors", &file).expect("it can be opened");
    let again = run(ScoreJob::new(&table, &Rc::new(detector), None).expect("its columns are there"));
    assert_eq!(again.rows().scores(), ranking.rows().scores());
}
