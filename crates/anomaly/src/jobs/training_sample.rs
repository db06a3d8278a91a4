//! The rows that train, selected from all rows of a table.

use pinhole_table::typed::{Dictionary, OTHER, TypedColumn, TypedTable};

use crate::row_roles::RowRoles;

/// The rows of `all` that train, as if they alone had been read: categories are numbered by their first appearance
/// among these rows. `None` if a category may be lost, as a dictionary of all rows may be full where one of these rows
/// is not.
pub fn training_sample(all: &TypedTable, roles: &RowRoles) -> Option<TypedTable> {
    let rows: Vec<usize> = roles.trained_rows().map(|row| row as usize).collect();
    select_rows(all, &rows)
}

/// These rows of `all`, as [`training_sample`] selects them.
pub fn select_rows(all: &TypedTable, rows: &[usize]) -> Option<TypedTable> {
    let columns = all.columns.iter().map(|column| select(column, rows, all.columns.len())).collect::<Option<_>>()?;
    Some(TypedTable {
        columns,
        labels: rows.iter().filter_map(|&row| all.labels.get(row)).copied().collect(),
        row_numbers: rows.iter().map(|&row| all.row_numbers[row]).collect(),
    })
}

fn select(column: &TypedColumn, rows: &[usize], columns: usize) -> Option<TypedColumn> {
    Some(match column {
        TypedColumn::Numbers(numbers) => TypedColumn::Numbers(numbers.select(rows)),
        TypedColumn::Times(times) => TypedColumn::Times(rows.iter().map(|&row| times[row]).collect()),
        TypedColumn::Categories { codes, .. } if codes.contains(&OTHER) => return None,
        TypedColumn::Categories { codes, dictionary } => {
            let mut selected = Dictionary::new(columns);
            let code = |&row: &usize| dictionary.value(codes[row]).map_or(codes[row], |value| selected.code(value));
            let codes = rows.iter().map(code).collect();
            TypedColumn::Categories { codes, dictionary: selected }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use pinhole_protocol::table::{ColumnKind, DetectorPlan, Dialect, LabelPlan};
    use pinhole_table::{
        records::{RecordBatch, RecordReader},
        source::{Content, MemorySource},
        typed::{ColumnSpec, TypedReader},
    };

    use super::*;
    use crate::row_roles::RowLabel;

    fn records(text: &str) -> RecordBatch {
        let mut content = Content::open(Box::new(MemorySource::new("table.csv", text))).expect("in memory");
        let mut reader = RecordReader::new(&mut content, &Dialect::default()).expect("a table");
        let mut batch = RecordBatch::new(1);
        assert!(reader.next_batch(&mut content, &mut batch).expect("in memory"));
        batch
    }

    fn reader() -> TypedReader {
        let columns = [("kind", ColumnKind::Categorical), ("length", ColumnKind::Numeric)];
        let column =
            |(index, &(name, kind)): (usize, &(&str, _))| ColumnSpec { name: name.into(), kind, index: Some(index) };
        let columns = columns.iter().enumerate().map(column).collect();
        TypedReader::with_columns(&Dialect::default(), columns, Some((2, &["1".to_owned()])))
    }

    #[test]
    fn selected_rows_are_those_that_would_have_been_read_alone() {
        let mut text = String::from("kind,length,label\n");
        for row in 0..60 {
            let kind = ["crate", "box", "", "tube", "bag"][(row * 7 + row / 5) % 5];
            writeln!(text, "{kind},{row}.5,{}", u8::from(row % 9 == 0)).expect("text can be written");
        }
        let batch = records(&text);
        let mut all = reader();
        all.read(&batch);
        let labels = all.table().labels.iter().map(|label| RowLabel::from(*label));
        let label = LabelPlan { column: "label".into(), anomalous_values: vec!["1".into()] };
        let roles = RowRoles::choose(labels, &DetectorPlan { label: Some(label), ..DetectorPlan::default() }, 30);
        let mut alone = reader();
        batch.records().filter(|record| roles.is_trained(record.row() as usize - 1)).for_each(|record| {
            alone.read_record(&record);
        });
        let selected = training_sample(all.table(), &roles).expect("no category is lost");
        assert_eq!(selected.row_numbers, alone.table().row_numbers);
        assert_eq!(selected.labels, alone.table().labels);
        assert_eq!(format!("{:?}", columns(&selected)), format!("{:?}", columns(alone.table())));
    }

    /// Codes, dictionary values and numbers; a dictionary's own hash map has no order.
    fn columns(table: &TypedTable) -> Vec<(Vec<u32>, Vec<String>, Vec<f64>)> {
        let parts = |column: &TypedColumn| match column {
            TypedColumn::Categories { codes, dictionary } => {
                (codes.clone(), dictionary.values().iter().map(ToString::to_string).collect(), Vec::new())
            }
            TypedColumn::Numbers(numbers) => (Vec::new(), Vec::new(), numbers.iter().collect()),
            TypedColumn::Times(_) => (Vec::new(), Vec::new(), Vec::new()),
        };
        table.columns.iter().map(parts).collect()
    }

    #[test]
    fn a_category_that_no_dictionary_holds_is_not_lost() {
        let mut all = reader();
        all.read(&records(&format!("kind,length,label\n{},1,0\nbox,2,0\n", "x".repeat(200))));
        let roles = RowRoles::choose([RowLabel::Unknown; 2], &DetectorPlan::default(), 2);
        assert!(training_sample(all.table(), &roles).is_none());
    }
}
