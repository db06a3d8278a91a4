//! Check of a label before training on it: has it both classes, do its values occur, does a column leak it?

use std::{collections::BTreeMap, fmt::Write as _};

use pinhole_protocol::table::{DetectorPlan, LabelPlan, TableActivity, TableProgress};
use pinhole_table::{
    cells::CellFormat,
    typed::{TypedColumn, TypedReader, TypedTable},
};

use super::job::{Job, ProgressMeter};
use crate::{AnomalyError, scoring::separation, table::SharedTable, table_reader::TableReader, text};

/// Rows whose columns are compared with the label, about, and fewer in a wide table.
const SAMPLED_ROWS: usize = 20_000;
const SAMPLED_CELLS: usize = 2_000_000;
/// Share of the sampled rows that may be anomalies which the even distances would leave out.
const ANOMALIES_ONE_IN: usize = 10;
/// AUROC of a column alone from which on it seems to leak the label.
const LEAK: f64 = 0.995;
/// Fewest rows of either kind that tell a leak from chance.
const MIN_ROWS: usize = 5;
/// Rows per category that tell a leak from chance.
const ROWS_PER_CATEGORY: usize = 10;
/// Values of the label, and columns, that a sentence names.
const NAMED: usize = 5;
/// Values of the label that are told apart.
const MAX_VALUES: usize = 1_000;

/// Reads a table once, and says what is wrong with its label.
pub struct LabelCheckJob {
    table: SharedTable,
    reader: TableReader,
    label: LabelPlan,
    /// Index of the label's column.
    index: usize,
    format: CellFormat,
    sample: TypedReader,
    /// Distance of the sampled rows.
    step: usize,
    /// Anomalies that are sampled whatever their distance, at most.
    max_anomalies: usize,
    /// Rows of each value of the label.
    values: BTreeMap<String, u64>,
    anomalies: usize,
    meter: ProgressMeter,
}

impl LabelCheckJob {
    /// A job at the first row of a scanned table.
    ///
    /// # Errors
    /// When the plan has no label, or the table has no such column.
    pub fn new(table: &SharedTable, plan: &DetectorPlan) -> Result<Self, AnomalyError> {
        let label = plan.label.clone().ok_or(AnomalyError::State("No label was chosen."))?;
        let open = table.borrow();
        let names = open.column_names();
        let index = names.iter().position(|name| *name == label.column).ok_or_else(|| {
            AnomalyError::setting(
                "label",
                format!("The table has no column \"{}\": choose another label column.", label.column),
            )
        })?;
        let mut columns = plan.columns.clone();
        columns.retain(|column| plan.entity.as_ref() != Some(&column.name));
        let used = columns.iter().filter(|column| column.used).count();
        let sampled_rows = (SAMPLED_CELLS / used.max(1)).clamp(1, SAMPLED_ROWS);
        let job = Self {
            table: table.clone(),
            reader: TableReader::new(&open)?,
            format: CellFormat::new(open.dialect(), index),
            sample: TypedReader::new(open.dialect(), &names, &columns, Some(&label)),
            step: open.rows().div_ceil(sampled_rows).max(1),
            max_anomalies: sampled_rows / ANOMALIES_ONE_IN,
            values: BTreeMap::new(),
            anomalies: 0,
            meter: ProgressMeter::start(TableActivity::Searching),
            label,
            index,
        };
        drop(open);
        Ok(job)
    }

    fn finish(&self) -> Vec<String> {
        let mut warnings: Vec<String> = self.unknown_values().into_iter().chain(self.one_class()).collect();
        warnings.extend(self.leaks());
        warnings
    }

    fn is_anomalous(&self, value: &str) -> bool {
        self.label.anomalous_values.iter().any(|anomalous| anomalous.trim() == value)
    }

    fn unknown_values(&self) -> Option<String> {
        let is_unknown = |value: &&String| !self.values.contains_key(value.trim());
        let unknown: Vec<String> =
            self.label.anomalous_values.iter().filter(is_unknown).map(|value| format!("\"{value}\"")).collect();
        if unknown.is_empty() || self.values.is_empty() || self.values.len() >= MAX_VALUES {
            return None;
        }
        let mut known: Vec<(&String, &u64)> = self.values.iter().collect();
        known.sort_by(|one, other| other.1.cmp(one.1));
        let mut list = String::new();
        for (position, (value, rows)) in known.iter().take(NAMED).enumerate() {
            let _ = write!(list, "{}\"{value}\" in {}", if position > 0 { ", " } else { "" }, text::rows(**rows));
        }
        let more = if known.len() > NAMED { ", and others" } else { "" };
        let verb = if unknown.len() > 1 { "do" } else { "does" };
        Some(format!(
            "{} {verb} not occur in \"{}\", which has {list}{more}: name the values that mark an anomaly.",
            unknown.join(", "),
            self.label.column
        ))
    }

    fn one_class(&self) -> Option<String> {
        let rows = |is_wanted: bool| -> u64 {
            self.values.iter().filter(|(value, _)| self.is_anomalous(value) == is_wanted).map(|(_, rows)| rows).sum()
        };
        let (absent, rest) = match (rows(true), rows(false)) {
            (0, 0) => {
                return Some(format!(
                    "\"{}\" has no value in any row: choose another label column.",
                    self.label.column
                ));
            }
            (0, _) => ("anomalous", "nothing can be measured by it"),
            (_, 0) => ("normal", "there is no row to learn from, and nothing can be measured by it"),
            _ => return None,
        };
        Some(format!("\"{}\" has one class only: it calls no row {absent}, so that {rest}.", self.label.column))
    }

    /// Columns that alone tell anomalies from normal rows.
    fn leaks(&self) -> Option<String> {
        let table = self.sample.table();
        let anomalous = table.labels.iter().filter(|label| **label == Some(true)).count();
        let normal = table.labels.iter().filter(|label| **label == Some(false)).count();
        if anomalous.min(normal) < MIN_ROWS {
            return None;
        }
        let columns = self.sample.columns().iter().zip(&table.columns);
        let separations =
            columns.filter_map(|(spec, column)| Some((spec.name.as_str(), column_separation(column, table)?)));
        let mut leaks: Vec<(&str, f64)> = separations.filter(|(_, auroc)| *auroc >= LEAK).collect();
        leaks.sort_by(|one, other| other.1.total_cmp(&one.1));
        let list: Vec<String> =
            leaks.iter().take(NAMED).map(|(name, auroc)| format!("\"{name}\" (AUROC {auroc:.3})")).collect();
        (!list.is_empty()).then(|| {
            format!(
                "The label may leak: each of these columns alone tells the anomalies of \"{}\" from normal rows: {}. \
                 Exclude what is only known once the label is.",
                self.label.column,
                list.join(", ")
            )
        })
    }
}

/// AUROC of a column alone, whichever of its ends is anomalous: of numbers by their order, of categories by their share
/// of anomalies. Missing cells are the least or the greatest. `None` if it cannot tell.
fn column_separation(column: &TypedColumn, table: &TypedTable) -> Option<f64> {
    let numbers = |values: Vec<f64>| {
        let with_missing = |missing: f64| {
            let value = |value: f64| if value.is_nan() { missing } else { value };
            separation(values.iter().zip(&table.labels).filter_map(|(&own, label)| Some((value(own), (*label)?))))
        };
        Some(with_missing(f64::NEG_INFINITY)?.max(with_missing(f64::INFINITY)?))
    };
    match column {
        TypedColumn::Numbers(column) => numbers(column.iter().collect()),
        TypedColumn::Times(times) => numbers(times.clone()),
        TypedColumn::Categories { codes, .. } => {
            // Anomalies and rows of each category.
            let mut counts = BTreeMap::<u32, [u64; 2]>::new();
            for (code, label) in codes.iter().zip(&table.labels) {
                if let Some(is_anomalous) = label {
                    let [anomalies, rows] = counts.entry(*code).or_default();
                    *anomalies += u64::from(*is_anomalous);
                    *rows += 1;
                }
            }
            let share = |code: &u32| counts.get(code).map_or(0.0, |[anomalies, rows]| *anomalies as f64 / *rows as f64);
            let is_by_chance = counts.len() * ROWS_PER_CATEGORY > codes.len();
            if is_by_chance { None } else { numbers(codes.iter().map(share).collect()) }
        }
    }
}

impl Job for LabelCheckJob {
    /// Faults of the label, a sentence each.
    type Output = Vec<String>;

    async fn advance(&mut self) -> Result<Option<Vec<String>>, AnomalyError> {
        let shared = self.table.clone();
        let table = shared.borrow();
        if self.reader.next_batch(&table)?.is_none() {
            return Ok(Some(self.finish()));
        }
        for record in self.reader.batch().records() {
            let cell = record.cell(self.index).trim();
            let is_anomalous = self.label.anomalous_values.iter().any(|anomalous| anomalous.trim() == cell);
            if !is_anomalous && self.format.is_missing(cell) {
                continue;
            }
            if let Some(rows) = self.values.get_mut(cell) {
                *rows += 1;
            } else if is_anomalous || self.values.len() < MAX_VALUES {
                self.values.insert(cell.to_owned(), 1);
            }
            let is_taken = is_anomalous && self.anomalies < self.max_anomalies;
            if is_taken || (record.row() as usize).is_multiple_of(self.step) {
                self.anomalies += usize::from(is_anomalous);
                self.sample.read_record(&record);
            }
        }
        self.meter.set(table.share_read(), self.reader.rows_read());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::{ColumnKind, ColumnPlan};
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

    /// Warnings about the column `fault` of a table whose other columns are noise, refunds (only of anomalies) and a
    /// state that equals the label.
    fn check(anomalous: &str, used: &[(&str, ColumnKind)]) -> Vec<String> {
        let mut text = String::from("noise,refund,state,fault\n");
        for row in 0..400 {
            let is_fault = row % 20 == 7;
            let refund = if is_fault { "12.5" } else { "" };
            let state = if is_fault { "off" } else { ["on", "idle"][row % 2] };
            let _ = writeln!(text, "{},{refund},{state},{}", row * 7 % 31, if is_fault { "yes" } else { "no" });
        }
        let (table, _) = Table::open(Box::new(MemorySource::new("t.csv", text)), None).expect("a table");
        run(ScanJob::new(&table).expect("it can be read"));
        let column = |&(name, kind): &(&str, ColumnKind)| ColumnPlan { name: name.into(), kind, used: true };
        let plan = DetectorPlan {
            columns: used.iter().map(column).collect(),
            label: Some(LabelPlan { column: "fault".into(), anomalous_values: vec![anomalous.into()] }),
            ..DetectorPlan::default()
        };
        run(LabelCheckJob::new(&table, &plan).expect("the label is there"))
    }

    #[test]
    fn columns_that_leak_the_label_are_named() {
        let noise = ("noise", ColumnKind::Numeric);
        assert_eq!(check("yes", &[noise]), [""; 0]);
        let found = check("yes", &[noise, ("refund", ColumnKind::Numeric), ("state", ColumnKind::Categorical)]);
        let [leak] = &found[..] else { panic!("{found:?}") };
        assert!(leak.contains("\"refund\" (AUROC 1.000), \"state\" (AUROC 1.000)"), "{leak}");
        assert!(!leak.contains("noise"), "{leak}");
    }

    #[test]
    fn a_value_that_does_not_occur_is_told() {
        let found = check("Yes", &[("noise", ColumnKind::Numeric)]);
        let [unknown, one_class] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            unknown,
            "\"Yes\" does not occur in \"fault\", which has \"no\" in 380 rows, \"yes\" in 20 rows: name the values that \
             mark an anomaly."
        );
        assert!(one_class.contains("one class only: it calls no row anomalous"), "{one_class}");
    }
}
