//! Another file than the training table: its drift, and columns that are missing, renamed, empty or no longer constant.

use std::{fmt::Write as _, rc::Rc};

use pinhole_anomaly::{AnomalyError, FittedDetector, jobs::ScoreJob};
use pinhole_protocol::table::{ColumnDrift, DetectorPlan, Method, RenamedColumn, ScoredFile, ShiftSize};
use pinhole_table::source::MemorySource;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::parcels::{fit, open, plan, run};

/// Payments of a month: times of its own, amounts about a level, and three columns that never change.
struct Payments {
    rows: usize,
    month: u32,
    level: f64,
    /// Share of empty amounts.
    missing: f64,
    /// Share of a country that no other month has.
    new_country: f64,
    seed: u64,
}

impl Payments {
    const fn new(rows: usize, month: u32) -> Self {
        Self { rows, month, level: 50.0, missing: 0.0, new_country: 0.0, seed: month as u64 }
    }

    fn text(&self) -> String {
        let mut random = Pcg32::seed_from_u64(self.seed);
        let mut text = String::from("booked_at,amount,fee,country,currency,limit,remark\n");
        for row in 0..self.rows {
            let noise = (0..4).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
            let amount = self.level + 12.0 * noise;
            let shown = if random.random_bool(self.missing) { String::new() } else { format!("{amount:.2}") };
            let country = ["AT", "DE", "DE", "IT"][random.random_range(0..4)];
            let country = if random.random_bool(self.new_country) { "NZ" } else { country };
            let (day, hour) = (1 + row * 28 / self.rows, random.random_range(0..24));
            writeln!(
                text,
                "2026-{:02}-{day:02} {hour:02}:15:00,{shown},{:.2},{country},EUR,100.5,",
                self.month,
                amount / 10.0 + random.random::<f64>()
            )
            .expect("text can be written");
        }
        text
    }
}

fn march() -> Rc<FittedDetector> {
    let (table, summary) = open(Box::new(MemorySource::new("march.csv", Payments::new(1500, 3).text())));
    let plan = DetectorPlan { method: Method::Pca, ..plan(&summary) };
    assert!(
        plan.columns
            .iter()
            .all(|column| column.used
                == (column.name != "currency" && column.name != "limit" && column.name != "remark"))
    );
    Rc::new(fit(&table, plan).calibrated_detector())
}

fn score_mapped(detector: &Rc<FittedDetector>, text: String, map: &[(&str, &str)]) -> Result<ScoredFile, AnomalyError> {
    let (table, _) = open(Box::new(MemorySource::new("april.csv", text)));
    let renamed = map.iter().map(|&(old, new)| RenamedColumn { old: old.into(), new: new.into() });
    table.borrow_mut().rename_columns(renamed.collect());
    Ok(run(ScoreJob::new(&table, detector, None)?).file())
}

fn score(detector: &Rc<FittedDetector>, text: String) -> ScoredFile {
    score_mapped(detector, text, &[]).expect("it fits the detector")
}

fn column<'a>(file: &'a ScoredFile, name: &str) -> &'a ColumnDrift {
    let drift = file.drift.as_ref().expect("it is another table");
    drift.columns.iter().find(|column| column.name == name).unwrap_or_else(|| panic!("{name} is compared: {drift:?}"))
}

#[test]
fn the_same_process_a_month_later_has_not_drifted() {
    let detector = march();
    for (rows, seed) in [(1500, 11), (300, 12), (40, 13), (7, 14)] {
        let file = score(&detector, Payments { seed, ..Payments::new(rows, 4) }.text());
        let drift = file.drift.as_ref().expect("it is another table");
        let shifted: Vec<&ColumnDrift> =
            drift.columns.iter().chain([&drift.scores]).filter(|column| column.shift() != ShiftSize::Stable).collect();
        assert!(shifted.is_empty(), "{rows} rows: {shifted:?}");
        assert!(drift.columns.iter().all(|column| column.name != "booked_at"), "a date is not compared");
        assert_eq!(file.column_notes, [""; 0]);
    }
}

#[test]
fn a_real_shift_is_called() {
    let detector = march();
    let later = Payments { level: 62.0, ..Payments::new(200, 5) };
    let file = score(&detector, later.text());
    assert_eq!(column(&file, "amount").values_shift, ShiftSize::Large, "{:?}", column(&file, "amount"));
    assert_eq!(column(&file, "country").shift(), ShiftSize::Stable);
    let drift = file.drift.as_ref().expect("it is another table");
    assert_eq!(drift.columns[0].shift(), ShiftSize::Large, "the greatest shift comes first");

    let file = score(&detector, Payments { missing: 0.15, new_country: 0.3, ..Payments::new(400, 6) }.text());
    let (amount, country) = (column(&file, "amount"), column(&file, "country"));
    assert_eq!((amount.values_shift, amount.missing_shift), (ShiftSize::Stable, ShiftSize::Some), "{amount:?}");
    assert_eq!(country.unknown_shift, ShiftSize::Large, "{country:?}");
}

#[test]
fn a_constant_that_changes_is_told_by_name() {
    let text = Payments::new(50, 4).text();
    let changed = text.replacen(",EUR,100.5,\n", ",CHF,100.50,late\n", 1).replace(",100.5,", ",100.50000000000001,");
    let detector = march();
    let saved = FittedDetector::from_file("march.safetensors", &detector.to_file(true).expect("it can be saved"));
    for detector in [detector, Rc::new(saved.expect("its own file"))] {
        let notes = score(&detector, changed.clone()).column_notes.join("\n");
        for told in [
            "\"currency\" was always \"EUR\" in training, and has another value in 1 of 50 rows now (first \"CHF\" in row 1)",
            "\"remark\" was empty in training, and has a value in 1 of 50 rows now (first \"late\" in row 1)",
        ] {
            assert!(notes.contains(told), "{notes}");
        }
        assert!(!notes.contains("limit"), "the same number otherwise written: {notes}");
    }
}

#[test]
fn a_column_without_any_value_is_told() {
    let file = score(&march(), Payments { missing: 1.0, ..Payments::new(60, 4) }.text());
    assert!(file.column_notes.join(" ").contains("\"amount\" has no value in any row"), "{:?}", file.column_notes);
    assert_eq!(column(&file, "amount").shift_text(), "large shift: missing cells");
}

#[test]
fn columns_are_mapped_by_a_person_and_contradictions_are_told() {
    let detector = march();
    let text = Payments::new(60, 4).text();
    let renamed = text.replacen("booked_at,amount,fee", "Booked At,Betrag,Gebühr", 1);
    let plain = score(&detector, text);
    let map = [("amount", "Betrag"), ("fee", "Gebühr")];
    let mapped = score_mapped(&detector, renamed.clone(), &map).expect("the map fits");
    assert_eq!(mapped.summary.histogram, plain.summary.histogram, "scores are those of the columns' own names");
    assert!(mapped.column_notes.join(" ").contains("\"Gebühr\" as \"fee\""), "{:?}", mapped.column_notes);
    let unmapped = score(&detector, renamed.clone());
    assert!(unmapped.column_notes.iter().any(|note| note.contains("lacks 2 of the detector's 4 columns")));
    for (map, words) in [
        (&[("amount", "Betrag"), ("amount", "Gebühr")][..], "mapped to both \"Betrag\" and \"Gebühr\""),
        (&[("amount", "Betrag"), ("fee", "Betrag")], "chosen for both \"amount\" and \"fee\""),
        (&[("price", "Betrag")], "The detector has no column \"price\""),
        (&[("amount", "Preis")], "The file has no column \"Preis\""),
    ] {
        let sentence = score_mapped(&detector, renamed.clone(), map).expect_err("a contradiction").to_string();
        assert!(sentence.contains(words) && sentence.contains("april.csv"), "{sentence}");
    }
}
