//! Preparation of rows: compared with scikit-learn, stored as JSON, and applied to values that did not occur in
//! training.

use pinhole_protocol::table::{ColumnKind, ColumnPlan, DecimalMark, Dialect, LabelPlan, NumberScaling};
use pinhole_table::{
    preparation::{MatchOptions, Preparation, PreparationError, PreparedFor, TransformCounts},
    records::RecordBatch,
    typed::{ColumnSpec, TypedReader, TypedTable},
};
use serde::Deserialize;

use crate::support::{File, read};

#[derive(Deserialize)]
struct Reference {
    training: Vec<u32>,
    standard: Vec<Standard>,
    categories: Vec<String>,
    order: Vec<String>,
    one_hot: Vec<Vec<f32>>,
    spread: Vec<f64>,
    middle: Vec<usize>,
    scores: Vec<f64>,
}

#[derive(Deserialize)]
struct Standard {
    values: Vec<f64>,
    features: Vec<f64>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../reference/scaling.json")).expect("the script that made it writes this shape")
}

fn typed(kind: ColumnKind, cells: &[String]) -> (TypedTable, Vec<ColumnSpec>) {
    let mut batch = RecordBatch::new(1);
    for cell in cells {
        batch.push_cell(cell);
        batch.end_record(0..0);
    }
    let plan = [ColumnPlan { name: "v".into(), kind, used: true }];
    let mut reader = TypedReader::new(&Dialect::default(), &["v".into()], &plan, None);
    reader.read(&batch);
    (reader.table().clone(), reader.columns().to_vec())
}

fn fit(table: &TypedTable, specs: &[ColumnSpec], rows: &[u32], scaling: NumberScaling) -> Preparation {
    Preparation::fit(table, specs, rows, scaling, DecimalMark::Point, PreparedFor::Network)
        .expect("there are rows and columns")
}

fn transform(preparation: &Preparation, table: &TypedTable) -> (Vec<f32>, TransformCounts) {
    let mut features = Vec::new();
    let counts = preparation.transform(table, &mut features).expect("the columns are the same");
    assert!(features.iter().all(|feature| feature.is_finite()));
    (features, counts)
}

fn cells(values: &[f64]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

#[test]
fn standard_scaling_agrees_with_scikit_learn() {
    let Reference { training, standard, .. } = reference();
    for Standard { values, features } in standard {
        let (table, specs) = typed(ColumnKind::Numeric, &cells(&values));
        let preparation = fit(&table, &specs, &training, NumberScaling::Standard);
        for (own, expected) in transform(&preparation, &table).0.iter().zip(&features) {
            assert!((f64::from(*own) - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{own} {expected}");
        }
    }
}

#[test]
fn categories_agree_with_scikit_learn() {
    let Reference { training, categories, order, one_hot, .. } = reference();
    let (table, specs) = typed(ColumnKind::Categorical, &categories);
    let preparation = fit(&table, &specs, &training, NumberScaling::Standard);
    let (features, counts) = transform(&preparation, &table);
    let width = order.len() + 1;
    for (own, expected) in features.chunks(width).zip(&one_hot) {
        assert_eq!(own[..order.len()], expected[..]);
        // scikit-learn has no feature for other values.
        let is_known = expected.contains(&1.0);
        assert_eq!(own[order.len()].to_bits(), f32::from(u8::from(!is_known)).to_bits());
    }
    assert_eq!((counts.columns[0].unknown, counts.columns[0].examples.as_slice()), (5, ["sctp".to_owned()].as_slice()));
    assert!(counts.warnings()[0].contains("5 rows have a value that training never saw"));
    assert_eq!(preparation.expected_value(0, &features[..width]), categories[0]);
}

#[test]
fn quantile_scaling_agrees_with_scikit_learn() {
    let Reference { spread, middle, scores, .. } = reference();
    let (table, specs) = typed(ColumnKind::Numeric, &cells(&spread));
    let rows: Vec<u32> = (0..spread.len() as u32).collect();
    let (features, _) = transform(&fit(&table, &specs, &rows, NumberScaling::Quantile), &table);
    for (row, score) in middle.into_iter().zip(scores) {
        assert!((f64::from(features[row]) - score).abs() < 1e-5, "{} {score}", features[row]);
    }
}

/// A table with a column of every kind and missing values.
fn mixed() -> File {
    let mut lines = vec!["size,kind,when,ok,void,label".to_owned()];
    for row in 0..60 {
        let size = if row % 10 == 3 { "NA".into() } else { format!("{}.5", row % 7) };
        let kind = ["a", "b", "a", "", "c"][row % 5];
        let ok = if row == 4 { "" } else { ["yes", "no"][row % 2] };
        let label = if row % 20 == 0 { "odd" } else { "fine" };
        lines.push(format!("{size},{kind},2024-01-{:02} {:02}:30,{ok},,{label}", row % 28 + 1, row % 24));
    }
    read(&lines.join("\n"), Dialect::default())
}

fn mixed_reader(file: &File) -> TypedReader {
    let kinds = [
        ColumnKind::Numeric,
        ColumnKind::Categorical,
        ColumnKind::DateTime,
        ColumnKind::Boolean,
        ColumnKind::Numeric,
        ColumnKind::Categorical,
    ];
    let plan: Vec<ColumnPlan> =
        file.header.iter().zip(kinds).map(|(name, kind)| ColumnPlan { name: name.clone(), kind, used: true }).collect();
    let label = LabelPlan { column: "label".into(), anomalous_values: vec!["odd".into()] };
    let mut reader = TypedReader::new(&file.dialect, &file.header, &plan, Some(&label));
    reader.read(&file.batch);
    reader
}

#[test]
fn the_label_is_never_a_feature() {
    let reader = mixed_reader(&mixed());
    assert_eq!(reader.columns().len(), 5);
    assert_eq!(reader.table().labels.iter().filter(|label| **label == Some(true)).count(), 3);
}

#[test]
fn every_kind_is_prepared_and_restored() {
    let file = mixed();
    let reader = mixed_reader(&file);
    let rows: Vec<u32> = (0..60).collect();
    for scaling in [NumberScaling::Standard, NumberScaling::Quantile] {
        let preparation = fit(reader.table(), reader.columns(), &rows, scaling);
        let groups = preparation.groups();
        let widths: Vec<usize> = groups.iter().map(|group| group.features.len()).collect();
        // size, missing; a, b, c, other, missing; time of day, weekday, day of year, time; ok, missing; void, missing
        assert_eq!(widths, [2, 5, 7, 2, 2]);
        let (features, counts) = transform(&preparation, reader.table());
        assert_eq!(features.len(), 60 * preparation.feature_count());
        assert_eq!(counts.columns.iter().map(|column| column.missing).collect::<Vec<_>>(), [6, 12, 0, 1, 60]);
        let row = |index: usize| &features[index * preparation.feature_count()..][..preparation.feature_count()];
        let expected = |index: usize, column: usize| {
            preparation.expected_value(column, &row(index)[groups[column].features.clone()])
        };
        assert_eq!(
            [expected(1, 0), expected(3, 0), expected(1, 1), expected(3, 1)],
            ["1.5", "(empty)", "b", "(empty)"]
        );
        assert_eq!([expected(1, 2), expected(1, 3), expected(2, 3)], ["2024-01-02 01:30", "no", "yes"]);
        assert_eq!(expected(1, 4), "(empty)");
        let text = serde_json::to_string(&preparation).expect("plain values");
        assert_eq!(serde_json::from_str::<Preparation>(&text).expect("it was just written"), preparation);
    }
}

/// `preparation.json` was written before fields were renamed in Rust.
#[test]
fn stored_preparations_keep_their_format() {
    let stored = include_str!("../reference/preparation.json");
    let preparation: Preparation = serde_json::from_str(stored).expect("the names are those of the file");
    assert_eq!(serde_json::to_string_pretty(&preparation).expect("plain values"), stored.trim_end());
    let rows = [
        ["1.5", "a", "yes", "2024-01-02 10:30"],
        ["NA", "b", "no", "2024-01-03 11:30"],
        ["4", "a", "no", "2024-02-02 10:30"],
    ];
    let mut batch = RecordBatch::new(1);
    for row in rows {
        for cell in row {
            batch.push_cell(cell);
        }
        batch.end_record(0..0);
    }
    let names = ["size", "kind", "ok", "when"].map(String::from);
    let matched = preparation.match_columns(&names, &MatchOptions::default()).expect("all are there");
    let specs = preparation.column_specs(&matched);
    let mut reader = TypedReader::with_columns(&Dialect::default(), specs.clone(), None);
    reader.read(&batch);
    let fitted = Preparation::fit(
        reader.table(),
        &specs,
        &[0, 1, 2],
        preparation.scaling,
        preparation.decimal,
        PreparedFor::Network,
    );
    assert_eq!(fitted, Ok(preparation));
}

#[test]
fn only_training_rows_are_fitted() {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let (table, specs) = typed(ColumnKind::Numeric, &cells(&values));
    let rows: Vec<u32> = (0..50).collect();
    let (short, _) = typed(ColumnKind::Numeric, &cells(&values[..50]));
    assert_eq!(
        fit(&table, &specs, &rows, NumberScaling::Standard),
        fit(&short, &specs, &rows, NumberScaling::Standard)
    );
}

#[test]
fn another_file_is_matched_by_name() {
    let file = mixed();
    let reader = mixed_reader(&file);
    let rows: Vec<u32> = (0..60).collect();
    let preparation = fit(reader.table(), reader.columns(), &rows, NumberScaling::Standard);
    let other = read(
        "extra,OK ,when,size,kind\n1,maybe,2031-05-05 10:00,huge,zz\n2,yes,2024-01-03 10:00,1e999,a\n",
        Dialect::default(),
    );
    let matched = preparation.match_columns(&other.header, &MatchOptions::default()).expect("four are there");
    assert_eq!(matched.indices, [Some(3), Some(4), Some(2), Some(1), None]);
    assert_eq!(matched.warnings.len(), 3, "{:?}", matched.warnings);
    assert_eq!(matched.cell(0, &other.batch.record(0)), "huge");
    assert_eq!(matched.cell(4, &other.batch.record(0)), "");
    let mut reader = TypedReader::with_columns(&other.dialect, preparation.column_specs(&matched), None);
    reader.read(&other.batch);
    let (_, counts) = transform(&preparation, reader.table());
    let unknown: Vec<u64> = counts.columns.iter().map(|column| column.unknown).collect();
    assert_eq!(unknown, [0, 1, 0, 1, 0]);
    let warnings = reader.warnings().join(" ");
    assert!(warnings.contains("(first \"huge\" in row 1)") && warnings.contains("1 infinite"), "{warnings}");
    let refused = preparation.match_columns(&["x".into()], &MatchOptions::default());
    assert!(matches!(refused, Err(PreparationError::NoColumnMatches { .. })));
}

#[test]
fn columns_that_cannot_be_fitted_are_rejected() {
    let (table, specs) = typed(ColumnKind::Numeric, &cells(&[1.0, 2.0]));
    let fit = |table: &TypedTable, specs: &[ColumnSpec], rows: &[u32]| {
        Preparation::fit(table, specs, rows, NumberScaling::Standard, DecimalMark::Point, PreparedFor::Network)
    };
    assert_eq!(fit(&table, &specs, &[]), Err(PreparationError::NoRows));
    assert_eq!(fit(&TypedTable::default(), &[], &[0]), Err(PreparationError::NoColumns));
    let preparation = fit(&table, &specs, &[0, 1]).expect("there is a row");
    assert!(preparation.transform(&TypedTable::default(), &mut Vec::new()).is_err());
}

#[test]
fn rare_categories_share_the_last_feature() {
    let values: Vec<String> = (0..200).map(|row| format!("v{}", row % 50)).collect();
    let (table, specs) = typed(ColumnKind::Categorical, &values);
    let rows: Vec<u32> = (0..200).collect();
    let preparation = fit(&table, &specs, &rows, NumberScaling::Standard);
    assert_eq!(preparation.feature_count(), 33);
    let (features, counts) = transform(&preparation, &table);
    assert_eq!(counts.columns[0].unknown, 0);
    let others = features.chunks(33).filter(|row| row[32] > 0.5).count();
    assert_eq!(others, 18 * 4);
}
