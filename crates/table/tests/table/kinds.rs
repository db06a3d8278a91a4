//! Type inference on real and generated tables.

use pinhole_protocol::table::{ColumnKind, DecimalMark, Dialect};
use pinhole_table::columns::{Profile, Profiler, clean_names};

use crate::support::{File, delimited, kinds, read, shared};

fn profile(File { header, batch, dialect }: &File) -> Profile {
    let (names, _) = clean_names(header);
    let mut profiler = Profiler::new(header, &names, dialect);
    profiler.add(batch);
    profiler.profile()
}

fn kinds_of(text: &str) -> Vec<&'static str> {
    kinds(&profile(&read(text, Dialect::default())).columns)
}

fn column(values: impl Iterator<Item = String>) -> String {
    "v\n".to_owned() + &values.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn kinds_of_small_columns_are_inferred() {
    assert_eq!(kinds_of(&column((0..50).map(|row| format!("{}.5", row * 7 % 50)))), ["numeric"]);
    assert_eq!(kinds_of(&column((1..50).map(|row| row.to_string()))), ["identifier"]);
    assert_eq!(kinds_of(&column((1986..2020).map(|row| row.to_string()))), ["numeric"]);
    assert_eq!(kinds_of(&column((0..50).map(|row| (row % 3).to_string()))), ["numeric"]);
    assert_eq!(kinds_of(&column((0..50).map(|row| (row % 2).to_string()))), ["boolean"]);
    assert_eq!(kinds_of(&column((0..50).map(|row| ["yes", "no", ""][row % 3].to_owned()))), ["boolean"]);
    assert_eq!(kinds_of(&column((0..50).map(|row| ["tcp", "udp", "icmp"][row % 3].to_owned()))), ["categorical"]);
    assert_eq!(kinds_of(&column((1..29).map(|day| format!("2024-02-{day:02} 10:00")))), ["datetime"]);
    assert_eq!(kinds_of(&column((0..50).map(|row| format!("u-{row}x")))), ["identifier"]);
    assert_eq!(kinds_of(&column((0..50).map(|row| format!("the cat sat on mat number {row}")))), ["text"]);
    assert_eq!(kinds_of(&column((0..50).map(|_| "7".to_owned()))), ["constant"]);
    assert_eq!(kinds_of("a,b\nNA,1\nnull,2\n?,4\n"), ["constant", "numeric"]);
    assert_eq!(kinds_of("a,b\n1,x\n"), ["numeric", "categorical"]);
    assert_eq!(kinds_of("user_id,x\n93,1\n11,3\n57,3\n"), ["identifier", "numeric"]);
}

#[test]
fn a_few_mismatches_are_read_as_missing_with_a_warning() {
    let text = column((0..300).map(|row| if row == 7 { "broken".into() } else { format!("{}.5", row % 90) }));
    let profile = profile(&read(&text, Dialect::default()));
    assert_eq!(profile.columns[0].kind, ColumnKind::Numeric);
    assert_eq!(profile.warnings[0].row, Some(8));
    assert!(profile.warnings[0].message.contains("\"broken\" in row 8"), "{}", profile.warnings[0].message);
    let half = column((0..300).map(|row| if row % 2 == 0 { "word".into() } else { format!("{}.5", row % 9) }));
    assert_eq!(kinds_of(&half), ["categorical"]);
}

#[test]
fn infinite_numbers_are_counted() {
    let text = "v\n1.5\ninf\n2.5\n1e999\n7\n";
    let profile = profile(&read(text, Dialect::default()));
    assert_eq!((profile.columns[0].kind, profile.columns[0].max), (ColumnKind::Numeric, Some(7.0)));
    assert!(profile.warnings[0].message.contains("2 numbers are infinite"), "{}", profile.warnings[0].message);
}

#[test]
fn distinct_values_beyond_ten_thousand_are_estimated() {
    let profile =
        profile(&read(&column((0..30_000).map(|row| format!("{}.25", row * 7919 % 29_999))), Dialect::default()));
    let column = &profile.columns[0];
    assert_eq!((column.kind, column.is_distinct_estimated), (ColumnKind::Numeric, true));
    assert!(column.distinct.abs_diff(29_999) < 1500, "{}", column.distinct);
}

#[test]
fn air_quality_has_decimal_commas_and_a_marker_to_suggest() {
    let Some(file) = shared("messy/AirQualityUCI.csv", delimited(";")) else { return };
    assert_eq!((file.dialect.decimal, file.dialect.day_first), (DecimalMark::Comma, true));
    assert_eq!(file.dialect.thousands, None);
    let profile = profile(&file);
    assert_eq!(profile.columns.len(), 15);
    let kinds = kinds(&profile.columns);
    assert_eq!(kinds[..2], ["datetime", "datetime"]);
    assert!(kinds[2..].iter().all(|kind| *kind == "numeric"), "{kinds:?}");
    let messages: Vec<&str> = profile.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.starts_with("-200 lies far")), "{messages:?}");
    assert!(messages.iter().any(|message| message.starts_with("Columns 16 to 17")), "{messages:?}");
}

#[test]
fn messy_files_have_the_kinds_that_a_person_expects() {
    let preamble = |rows| Dialect { preamble_rows: rows, ..Dialect::default() };
    if let Some(file) = shared("messy/bikes.csv", delimited(";")) {
        assert!(file.dialect.day_first);
        let kinds = kinds(&profile(&file).columns);
        assert_eq!(kinds[0], "datetime");
        assert_eq!((kinds[2], kinds[9]), ("constant", "constant"));
        assert_eq!(kinds.iter().filter(|kind| **kind == "numeric").count(), 7, "{kinds:?}");
    }
    if let Some(file) = shared("messy/spanish_chars.csv", Dialect::default()) {
        assert_eq!(file.dialect.thousands.as_deref(), Some(","));
        let kinds = kinds(&profile(&file).columns);
        assert_eq!((kinds[6], kinds[7]), ("numeric", "text"), "{kinds:?}");
    }
    if let Some(file) = shared("messy/excel_pasting.csv", preamble(3)) {
        let kinds = kinds(&profile(&file).columns);
        assert!(kinds[1..].iter().all(|kind| *kind == "numeric"), "{kinds:?}");
    }
    if let Some(file) = shared("messy/mixedGLB.csv", preamble(3)) {
        let profile = profile(&file);
        assert!(
            profile.columns.iter().all(|column| column.kind == ColumnKind::Numeric),
            "{:?}",
            kinds(&profile.columns)
        );
        assert_eq!(profile.columns[14].missing, 2);
    }
    if let Some(file) = shared("messy/simple.psv", delimited("|")) {
        assert!(kinds(&profile(&file).columns).iter().all(|kind| *kind == "numeric"));
    }
}

#[test]
fn adbench_columns_are_numeric_and_the_label_is_found() {
    for name in [
        "18_Ionosphere.csv",
        "21_Lymphography.csv",
        "26_optdigits.csv",
        "45_wine.csv",
        "4_breastw.csv",
        "6_cardio.csv",
        "23_mammography.csv",
        "25_musk.csv.gz",
        "28_pendigits.csv.gz",
        "38_thyroid.csv",
        "40_vowels.csv",
        "32_shuttle.csv.gz",
    ] {
        let Some(file) = shared(&format!("adbench/{name}"), Dialect::default()) else { return };
        let profile = profile(&file);
        let label = profile.label.expect("each has a label column");
        assert_eq!((label.column, label.anomalous_values), (profile.columns.len() - 1, vec!["1".to_owned()]), "{name}");
        for column in &profile.columns[..label.column] {
            let is_fit = matches!(column.kind, ColumnKind::Numeric | ColumnKind::Boolean | ColumnKind::Constant);
            assert!(is_fit, "{name} {} {:?}", column.name, column.kind);
        }
        assert!(profile.warnings.is_empty(), "{name} {:?}", profile.warnings);
    }
}

#[test]
fn the_network_log_leaks_its_label() {
    let Some(file) = shared("nsl-kdd/kdd_train_20000.csv.gz", Dialect::default()) else { return };
    let profile = profile(&file);
    let label = profile.label.expect("it has a label column");
    assert_eq!(profile.columns[label.column].name, "label");
    assert_eq!(label.anomalous_values, ["1"]);
    let find = |name: &str| profile.columns.iter().find(|column| column.name == name).expect("it has this column");
    for name in ["protocol_type", "service", "flag"] {
        assert_eq!((find(name).kind, &find(name).exclusion_reason), (ColumnKind::Categorical, &None), "{name}");
    }
    assert!(find("attack").exclusion_reason.as_deref().is_some_and(|reason| reason.contains("leaks the label")));
    assert!(find("difficulty").exclusion_reason.is_some());
    assert!(find("src_bytes").exclusion_reason.is_none() && find("label").exclusion_reason.is_none());
}

#[test]
fn a_label_is_found_by_its_name_or_its_values() {
    let label_of = |header: &str, label: fn(usize) -> String| {
        let rows = (0..200).map(|row| format!("{}.5,{}", row * 7 % 90, label(row)));
        let file = read(&format!("{header}\n{}\n", rows.collect::<Vec<_>>().join("\n")), Dialect::default());
        profile(&file).label.map(|label| label.anomalous_values)
    };
    let anomalous = |value: &str| Some(vec![value.to_owned()]);
    assert_eq!(label_of("x,state", |row| if row % 40 == 3 { "fault" } else { "ok" }.into()), anomalous("fault"));
    assert_eq!(label_of("x,odd", |row| u8::from(row % 20 == 3).to_string()), anomalous("1"));
    assert_eq!(label_of("x,answer", |row| if row % 3 == 0 { "yes" } else { "no" }.into()), None, "words of any column");
    assert_eq!(label_of("x,y", |row| (row * 5 % 23).to_string()), None, "a measured number");
    assert_eq!(label_of("x,label", |_| "0".into()), None, "one class only");
}

#[test]
fn numbers_that_overflow_are_still_numbers() {
    assert_eq!(kinds_of(&column((0..9).map(|row| format!("{}e{}", row + 1, 999 + row)))), ["numeric"]);
}

#[test]
fn taxi_times_are_times() {
    let Some(file) = shared("nab/realKnownCause/nyc_taxi.csv", Dialect::default()) else { return };
    assert_eq!(kinds(&profile(&file).columns), ["datetime", "numeric"]);
}
