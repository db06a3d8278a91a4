//! Commands about tables: inspect, fit, score, evaluate.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use pinhole_anomaly::{
    Table,
    jobs::{FitJob, Job, ScanJob, ScoreJob},
};
use pinhole_protocol::table::{ColumnPlan, DetectorPlan, LabelPlan};
use pinhole_table::source::MemorySource;
use serde_json::Value;

use crate::program::{folder, pinhole, succeed};

fn json(folder: &Path, line: &str) -> Value {
    serde_json::from_str(&succeed(folder, line)).expect("one line of JSON")
}

/// A folder of test data beside the repository, if it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        println!("SKIP {} is not here", path.display());
        return None;
    }
    Some(path)
}

/// Rows on a line in space; one row in 25 is an anomaly off the line, with label 1.
fn table(rows: usize) -> String {
    let mut text = String::from("a,b,c,label\n");
    for row in 0..rows {
        let along = f64::from((row * 37 % 101) as u32) / 10.0;
        let wobble = f64::from((row * 53 % 17) as u32) / 20.0;
        let is_anomaly = row % 25 == 24;
        let offset = if is_anomaly { 9.0 } else { 0.0 };
        let (b, c) = (2.0 * along + wobble + offset, 5.0 - along + wobble);
        writeln!(text, "{along:.2},{b:.2},{c:.2},{}", u8::from(is_anomaly)).expect("text can be written");
    }
    text
}

#[test]
fn inspect_prints_what_programs_read() {
    let folder = folder("inspect");
    fs::write(folder.join("t.csv"), "name;größe\nä;1,5\nb;2,5\nc;3,25\n").expect("written");
    let found = json(&folder, "inspect t.csv --json --rows");
    assert_eq!(found["encoding"], "utf-8");
    assert_eq!(found["delimiter"], ";");
    assert_eq!(found["has_header"], true);
    let column = &found["columns"][1];
    assert_eq!((&column["name"], &column["kind"], &column["unit"]), (&"größe".into(), &"numeric".into(), &Value::Null));
    assert_eq!((&column["missing"], &column["max"]), (&0.into(), &3.25.into()));
    assert_eq!(found["label"], Value::Null);
    assert_eq!(found["n_rows"], 3);
    assert_eq!(found["rows"][2], serde_json::json!(["c", "3,25"]));
    assert!(found["warnings"].is_array() && found.get("quote").is_some());
    assert!(json(&folder, "inspect t.csv --json").get("rows").is_none());
    assert!(succeed(&folder, "inspect t.csv").contains("3 rows"));
}

#[test]
fn csv_spectrum_is_read_as_expected() {
    let Some(spectrum) = shared("csv-spectrum") else { return };
    let folder = folder("spectrum");
    for entry in fs::read_dir(spectrum.join("csvs")).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let found = json(&folder, &format!("inspect {} --json --rows", path.display()));
        let expected = fs::read(spectrum.join("json").join(format!("{name}.json"))).expect("each has one");
        // The one that is not in brackets disagrees with its table, by its makers' mistake.
        let Ok(Value::Array(expected)) = serde_json::from_slice(&expected) else { continue };
        let columns = found["columns"].as_array().expect("columns");
        let rows = found["rows"].as_array().expect("rows");
        assert_eq!(rows.len(), expected.len(), "{name}");
        for (row, expected) in rows.iter().zip(&expected) {
            let expected = expected.as_object().expect("an object per row");
            assert_eq!(columns.len(), expected.len(), "{name}");
            for (index, column) in columns.iter().enumerate() {
                let key = column["name"].as_str().expect("text");
                assert_eq!(row[index], expected[key], "{name}, {key}");
            }
        }
    }
}

#[test]
fn dialects_of_messy_files_are_inferred() {
    let Some(messy) = shared("messy") else { return };
    let folder = folder("messy");
    // File, encoding, delimiter, header, columns, rows.
    let cases = [
        ("AirQualityUCI.csv", "utf-8", ";", true, 15, 9357),
        ("bikes.csv", "windows-1252", ";", true, 10, 310),
        // Without their sources and notes, and without the total.
        ("spanish_chars.csv", "windows-1252", ",", true, 8, 114),
        ("excel_pasting.csv", "utf-8", ",", true, 9, 13),
        ("mixedGLB.csv", "utf-8", ",", true, 19, 133),
        ("utf8bom.csv", "utf-8", ",", true, 2, 0),
        ("simple.psv", "utf-8", "|", true, 6, 28),
        ("null.csv", "utf-8", ",", false, 4, 10),
    ];
    for (name, encoding, delimiter, has_header, columns, rows) in cases {
        let found = json(&folder, &format!("inspect {} --json", messy.join(name).display()));
        let inferred = (&found["encoding"], &found["delimiter"], &found["has_header"], &found["n_rows"]);
        let expected = (&encoding.into(), &delimiter.into(), &has_header.into(), &Value::from(rows));
        assert_eq!(inferred, expected, "{name}");
        assert_eq!(found["columns"].as_array().map(Vec::len), Some(columns), "{name}");
    }
    let air = json(&folder, &format!("inspect {} --json", messy.join("AirQualityUCI.csv").display()));
    let kinds: Vec<&str> = (0..15).filter_map(|column| air["columns"][column]["kind"].as_str()).collect();
    assert!(kinds[..2] == ["datetime"; 2] && kinds[2..].iter().all(|kind| *kind == "numeric"), "{kinds:?}");
}

#[test]
fn a_detector_is_fitted_and_scores() {
    let folder = folder("fit_and_score");
    let text = table(300);
    fs::write(folder.join("t.csv"), &text).expect("written");
    let printed = succeed(&folder, "fit t.csv --label label --anomalous 1 --out m.safetensors");
    assert!(printed.contains("AUROC"), "{printed}");
    succeed(&folder, "fit t.csv --label label --anomalous 1 --out again.safetensors");
    let read = |name| fs::read(folder.join(name)).expect("it was written");
    succeed(&folder, "score m.safetensors t.csv --out one.csv --report r.html");
    succeed(&folder, "score again.safetensors t.csv --out two.csv");
    assert!(read("one.csv") == read("two.csv"), "the same seed scores alike");
    assert!(String::from_utf8(read("r.html")).expect("UTF-8").contains("t.csv"));
    let scored = String::from_utf8(read("one.csv")).expect("UTF-8");
    let mut ranking = Vec::new();
    for (index, (line, own)) in scored.lines().zip(text.lines()).enumerate() {
        let added = line.strip_prefix(own).unwrap_or_else(|| panic!("{own} is kept in {line}"));
        let cells: Vec<&str> = added.trim_start_matches(',').split(',').collect();
        assert_eq!(cells.len(), 6, "{line}");
        if index == 0 {
            assert_eq!(cells[..3], ["score", "percentile", "flag"]);
        } else {
            let score: f64 = cells[0].parse().expect("a number");
            ranking.push((score, index % 25 == 0));
        }
    }
    assert_eq!(ranking.len(), 300);
    ranking.sort_by(|one, other| other.0.total_cmp(&one.0));
    assert!(ranking[..12].iter().filter(|(_, is_anomaly)| *is_anomaly).count() >= 11, "{:?}", &ranking[..12]);
}

#[test]
fn names_of_options_from_before_still_work() {
    let folder = folder("aliases");
    fs::write(folder.join("t.csv"), table(200)).expect("written");
    let fit = "fit t.csv --method pca --label label";
    succeed(&folder, &format!("{fit} --anomalous 1 --contamination 0.1 --unsupervised --out new.safetensors"));
    succeed(&folder, &format!("{fit} --odd 1 --expected-odd-share 0.1 --robust --out old.safetensors"));
    let scored = ["new", "old"].map(|name| {
        succeed(&folder, &format!("score {name}.safetensors t.csv --out {name}.csv"));
        fs::read(folder.join(format!("{name}.csv"))).expect("it was written")
    });
    assert!(scored[0] == scored[1], "both names mean the same");
    let help = succeed(&folder, "fit --help");
    for old in ["--odd", "--expected-odd-share", "--robust"] {
        assert!(!help.contains(old), "{old} is not shown in {help}");
    }
}

#[test]
fn evaluation_prints_means_and_seeds() {
    let folder = folder("evaluate");
    fs::write(folder.join("t.csv"), table(200)).expect("written");
    for protocol in ["P", "U"] {
        let found = json(&folder, &format!("evaluate t.csv --label label --protocol {protocol} --seeds 2 --json"));
        let seeds = found["seeds"].as_array().expect("one entry per seed");
        assert_eq!(seeds.len(), 2);
        let counted = found["counted_rows"].as_str().expect("a sentence");
        assert_eq!(counted.contains("rows that trained are left out"), protocol == "P", "{counted}");
        for measure in ["auroc", "average_precision"] {
            let [low, high] =
                [0, 1].map(|bound| found[format!("{measure}_interval")][bound].as_f64().expect("a bound"));
            assert!(low <= high && high <= 1.0, "{found}");
            let mean = seeds.iter().filter_map(|seed| seed[measure].as_f64()).sum::<f64>() / 2.0;
            let printed = found[measure].as_f64().expect("a number");
            assert!((printed - mean).abs() < 1e-12 && printed > 0.8, "{found}");
        }
    }
}

#[test]
fn thresholds_are_chosen_by_capacity_and_cost() {
    let folder = folder("thresholds");
    fs::write(folder.join("t.csv"), table(300)).expect("written");
    fs::write(folder.join("later.csv"), table(500)).expect("written");
    let fit = "fit t.csv --method pca --label label --anomalous 1 --out m.safetensors";
    let printed = succeed(&folder, &format!("{fit} --capacity 9"));
    assert!(printed.contains("9 of 300 rows flagged") && printed.contains("At most 9 rows of each file"), "{printed}");
    let later = succeed(&folder, "score m.safetensors later.csv --out s.csv");
    assert!(later.contains("9 of 500 rows flagged"), "{later}");
    let scored = fs::read_to_string(folder.join("s.csv")).expect("written");
    let percentile = |line: &str| line.split(',').nth(5).and_then(|cell| cell.parse::<f64>().ok()).expect("a number");
    assert!(scored.lines().skip(1).map(percentile).fold(0.0, f64::max) > 99.9, "percentiles are in percent");
    let careful = succeed(&folder, "score m.safetensors later.csv --out s.csv --costs 1000:1");
    assert!(careful.contains("recall 1.0000"), "{careful}");
    let [fixed, alarms] = ["--threshold 1e9", "--false-alarm-rate 0.1"]
        .map(|rule| succeed(&folder, &format!("score m.safetensors later.csv --out s.csv {rule}")));
    assert!(fixed.contains("\n0 of 500 rows flagged") && alarms.contains("precision"), "{fixed}{alarms}");
    for (line, word) in [("--capacity 5 --threshold 1", "cannot be used with"), ("--costs 5", "no pair of costs")] {
        let output = pinhole(&folder, &format!("score m.safetensors later.csv --out s.csv {line}"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && error.contains(word), "{line}: {error}");
    }
}

#[test]
fn a_label_is_checked_before_training() {
    let folder = folder("label_check");
    fs::write(folder.join("t.csv"), table(200)).expect("written");
    let notes = |line: &str| {
        let output = pinhole(&folder, &format!("fit t.csv --method pca {line} --out m.safetensors"));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let guessed = notes("");
    assert!(
        guessed.contains("learns from the rows that it calls normal; --unsupervised only measures by it"),
        "{guessed}"
    );
    let unknown = notes("--label label --anomalous fraud");
    assert!(
        unknown.contains("\"fraud\" does not occur in \"label\"") && unknown.contains("one class only"),
        "{unknown}"
    );
    let whole = notes("--label label --anomalous 1 --without-replay");
    assert!(!whole.contains("neighbours"), "PCA has none: {whole}");
}

/// Amounts of twenty customers, each with a level of its own; that of row 307 is another customer's.
fn payments() -> String {
    let mut text = String::from("customer_id,amount,items\n");
    for row in 1..=600 {
        let customer = row * 7 % 20;
        let level = if row == 307 { (customer + 9) % 20 } else { customer };
        let amount = 20.0 * (1.0 + f64::from(level)) + f64::from(row * 53 % 31) / 10.0;
        writeln!(text, "K{},{amount:.2},{}", 1000 + customer, 1 + row % 4).expect("text can be written");
    }
    text
}

#[test]
fn rows_are_compared_with_those_of_their_entity() {
    let folder = folder("entity");
    fs::write(folder.join("p.csv"), payments()).expect("written");
    assert_eq!(json(&folder, "inspect p.csv --json")["entity"], "customer_id");
    let place = |entity: &str| {
        succeed(&folder, &format!("fit p.csv {entity} --out d.safetensors"));
        succeed(&folder, "score d.safetensors p.csv --out s.csv");
        let text = fs::read_to_string(folder.join("s.csv")).expect("written");
        let scores: Vec<f64> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(3).and_then(|cell| cell.parse().ok()).expect("a score"))
            .collect();
        scores.iter().filter(|score| **score > scores[306]).count()
    };
    assert_eq!(place(""), 0, "the customer is guessed, and the row comes first");
    // Twenty customers are few enough to be categories that predict the amount: the row comes first without entity too.
    assert_eq!(place("--entity none"), 0);
    for (entity, word) in [("nobody", "no column"), ("amount", "occurs in 3 rows")] {
        let output = pinhole(&folder, &format!("fit p.csv --entity {entity} --out d.safetensors"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(word), "{entity}: {error}");
    }
}

/// A noisy temperature by the minute that is stuck in rows 601 to 630.
fn log() -> String {
    let mut text = String::from("logged_at,temperature\n");
    for row in 0_u32..1200 {
        let noise = |row: u32| f64::from(row.wrapping_mul(2_654_435_761) >> 16) / 65_536.0;
        let temperature = 20.0 + noise(if (600..630).contains(&row) { 600 } else { row });
        writeln!(text, "2025-03-01 {:02}:{:02},{temperature:.3}", row / 60, row % 60).expect("text can be written");
    }
    text
}

#[test]
fn a_sensor_that_is_stuck_is_found_in_a_log() {
    let folder = folder("time");
    fs::write(folder.join("log.csv"), log()).expect("written");
    let flagged_of_stuck = |time: &str| {
        succeed(&folder, &format!("fit log.csv {time} --out d.safetensors"));
        succeed(&folder, "score d.safetensors log.csv --out s.csv");
        let text = fs::read_to_string(folder.join("s.csv")).expect("written");
        text.lines()
            .skip(601)
            .take(30)
            .filter(|line| line.contains("standard deviation of temperature over 8 rows"))
            .count()
    };
    assert_eq!(flagged_of_stuck("--time none"), 0, "nothing is derived unasked");
    assert!(flagged_of_stuck("--time logged_at") >= 22);
    let output = pinhole(&folder, "fit log.csv --time temperature --out d.safetensors");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && error.contains("dates are in logged_at"), "{error}");
}

#[test]
fn errors_are_printed_on_standard_error() {
    let folder = folder("table_refusals");
    fs::write(folder.join("t.csv"), table(100)).expect("written");
    fs::write(folder.join("empty.csv"), "").expect("written");
    fs::write(folder.join("few.csv"), "a,b\n1,2\n3,5\n4,4\n").expect("written");
    let cases = [
        ("inspect missing.csv --json", 1, "missing.csv"),
        ("inspect empty.csv", 1, "is empty"),
        ("fit t.csv --label lable --out m.safetensors", 1, "lable"),
        ("fit few.csv --out m.safetensors", 1, "use PCA"),
        ("score t.csv t.csv --out s.csv", 1, "t.csv"),
        ("evaluate few.csv --json", 1, "--label"),
        ("evaluate t.csv --protocol X", 2, "X"),
        ("fit t.csv", 2, "--out"),
    ];
    for (line, exit_code, word) in cases {
        let output = pinhole(&folder, line);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit_code), "{line}: {error}");
        assert!(output.stdout.is_empty() && error.contains(word), "{line}: {error}");
    }
    assert!(!folder.join("m.safetensors").exists() && !folder.join("s.csv").exists());
}

/// Runs a job to its end.
fn run_job<J: Job>(mut job: J) -> J::Output {
    loop {
        if let Some(output) = pollster::block_on(job.advance()).expect("it can be done") {
            return output;
        }
    }
}

#[test]
fn a_detector_made_in_the_page_scores_alike_here() {
    let folder = folder("page_to_terminal");
    let text = table(300);
    fs::write(folder.join("t.csv"), &text).expect("written");
    let (opened, _) = Table::open(Box::new(MemorySource::new("t.csv", text)), None).expect("a table");
    let summary = run_job(ScanJob::new(&opened).expect("it can be read"));
    let columns = summary.columns.iter().map(|column| ColumnPlan {
        name: column.name.clone(),
        kind: column.kind,
        used: column.name != "label",
    });
    let label = Some(LabelPlan { column: "label".into(), anomalous_values: vec!["1".into()] });
    let plan = DetectorPlan { columns: columns.collect(), label, seed: 3, ..DetectorPlan::default() };
    let fitted = run_job(FitJob::new(&opened, plan).expect("the plan fits"));
    let ranking =
        run_job(ScoreJob::new(&opened, &Rc::new(fitted.detector), Some(fitted.roles)).expect("its own table"));
    let file = ranking.calibrated_detector().to_file(true).expect("it can be written");
    fs::write(folder.join("page.safetensors"), file).expect("written");
    succeed(&folder, "score page.safetensors t.csv --out s.csv");
    let scored = fs::read_to_string(folder.join("s.csv")).expect("it was written");
    for (line, score) in scored.lines().skip(1).zip(ranking.rows().scores()) {
        let here: f64 = line.split(',').nth(4).and_then(|cell| cell.parse().ok()).expect("a score");
        assert!((here - score).abs() < 1e-5, "{here} and {score}");
    }
}
