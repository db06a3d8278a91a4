//! Rows of a table as samples for a network that a person has built.

use std::collections::BTreeMap;

use pinhole_protocol::{
    LIMITS,
    table::{ColumnPlan, DetectorPlan, Scaling, TableActivity, TableProgress},
};
use pinhole_table::{
    cells::CellFormat, preparation::Preparation, records::Record, reservoir::max_sample_rows, typed::TypedReader,
};

use super::{
    features::{Prepared, prepare},
    job::{Job, Meter},
    pass::Pass,
    rows::{Label, RowRoles},
    table::{SharedTable, Table},
};
use crate::{
    EngineError,
    data::{Labels, SampleSet},
    detector::FeatureTable,
};

/// Different labels that a classifier may be asked to tell apart.
const MAX_CLASSES: usize = 256;

/// What becomes of a table's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplePlan {
    /// Every column, and whether it is part of a sample.
    pub columns: Vec<ColumnPlan>,
    /// The column with the labels, which is never part of a sample.
    pub label: Option<String>,
    /// How numbers are scaled.
    pub scaling: Scaling,
}

impl From<&DetectorPlan> for SamplePlan {
    fn from(plan: &DetectorPlan) -> Self {
        Self {
            columns: plan.columns.clone(),
            label: plan.label.as_ref().map(|label| label.column.clone()),
            scaling: plan.scaling,
        }
    }
}

impl SamplePlan {
    /// All usable columns of a scanned table, and the label column that was guessed; or another one.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn new(table: &Table, label: Option<&str>) -> Result<Self, EngineError> {
        let names = table.column_names();
        if let Some(label) = label
            && !names.iter().any(|name| name == label)
        {
            return Err(EngineError::setting(
                "data.source",
                format!("The table has no column “{label}”: it has {}.", names.join(", ")),
            ));
        }
        let label = label.or_else(|| table.label_column()).map(str::to_owned);
        let columns = table.columns().iter().map(|column| ColumnPlan {
            name: column.name.clone(),
            kind: column.kind,
            used: column.aside.is_none() && column.kind.is_usable() && Some(&column.name) != label.as_ref(),
        });
        Ok(Self { columns: columns.collect(), label, scaling: Scaling::Standard })
    }
}

/// Reads and prepares rows.
pub struct SamplesJob {
    table: SharedTable,
    plan: SamplePlan,
    roles: RowRoles,
    pass: Pass,
    reader: TypedReader,
    words: LabelWords,
    meter: Meter,
}

impl SamplesJob {
    /// Begins. The table must have been scanned. Of more than `limit` rows a sample is drawn by `seed`.
    ///
    /// # Errors
    /// When the table has no rows or no column to learn from, or cannot be read.
    pub fn new(table: &SharedTable, plan: SamplePlan, limit: Option<usize>, seed: u64) -> Result<Self, EngineError> {
        let open = table.borrow();
        open.demand_rows()?;
        let used = plan.columns.iter().filter(|column| column.used).count();
        if used == 0 {
            return Err(EngineError::setting(
                "data.source",
                "No column of the table can be learnt from: it needs one that is numeric, categorical, boolean or a date.",
            ));
        }
        let most = limit.unwrap_or(LIMITS.images).min(LIMITS.images).min(max_sample_rows(used));
        let choice = DetectorPlan { seed, ..DetectorPlan::default() };
        let names = open.column_names();
        let place = plan.label.as_ref().and_then(|label| names.iter().position(|name| name == label));
        Ok(Self {
            roles: RowRoles::choose(vec![Label::Unknown; open.rows()], &choice, most),
            pass: Pass::start(&open)?,
            reader: TypedReader::new(open.dialect(), &names, &plan.columns, None),
            words: LabelWords::new(place, CellFormat::new(open.dialect())),
            meter: Meter::start(TableActivity::Reading),
            table: table.clone(),
            plan,
        })
    }

    fn finish(&self) -> Result<SampleSet, EngineError> {
        let table = self.table.borrow();
        let wanted = self.reader.columns();
        let sample = self.reader.table();
        let Prepared { preparation, features, rows } =
            prepare(sample, wanted, self.plan.scaling, table.dialect().decimal)?;
        let missing = missing(&preparation, &features);
        let mut set = SampleSet::vectors(table.name(), features.groups, features.values).with_missing(missing);
        set.warnings = self.reader.warnings();
        if let Some(labels) = self.words.labels(&rows) {
            return Ok(set.with_labels(labels));
        }
        set.warnings.push(format!(
            "“{}” has more than {MAX_CLASSES} different values: they were not taken for labels.",
            self.plan.label.as_deref().unwrap_or_default()
        ));
        Ok(set)
    }
}

/// Which features stand for an empty cell. The mark that says so, a column's last feature, is known.
fn missing(preparation: &Preparation, features: &FeatureTable) -> Vec<bool> {
    let mut missing = vec![false; features.values.len()];
    for (row, missing) in missing.chunks_exact_mut(features.width).enumerate() {
        let values = features.row(row);
        for (column, group) in preparation.columns.iter().zip(&features.groups) {
            let mark = group.end - 1;
            if column.has_missing_indicator() && values[mark] > 0.5 {
                missing[group.start..mark].fill(true);
            }
        }
    }
    missing
}

impl Job for SamplesJob {
    type Output = SampleSet;

    async fn advance(&mut self) -> Result<Option<SampleSet>, EngineError> {
        let shared = self.table.clone();
        let table = shared.borrow();
        let Some(batch) = self.pass.next(&table)? else {
            drop(table);
            return self.finish().map(Some);
        };
        for record in batch.records().filter(|record| self.roles.is_trained(record.row() as usize - 1)) {
            self.reader.read_record(&record);
            self.words.read(&record);
        }
        self.meter.note(table.share_read(), self.pass.rows());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

/// What stands in the label column.
struct LabelWords {
    /// Its place among the columns.
    place: Option<usize>,
    format: CellFormat,
    /// Every different word, and when it was first seen.
    seen: BTreeMap<String, usize>,
    /// Of each row, when its word was first seen; `None` for an empty cell.
    of_rows: Vec<Option<usize>>,
}

impl LabelWords {
    const fn new(place: Option<usize>, format: CellFormat) -> Self {
        Self { place, format, seen: BTreeMap::new(), of_rows: Vec::new() }
    }

    fn read(&mut self, record: &Record<'_>) {
        let Some(place) = self.place else { return };
        let cell = record.cell(place).trim();
        let number = (!self.format.is_missing(cell)).then(|| {
            if let Some(&number) = self.seen.get(cell) {
                return number;
            }
            let number = self.seen.len();
            // One more than may be told apart is enough to know that they are too many.
            if number <= MAX_CLASSES {
                self.seen.insert(cell.to_owned(), number);
            }
            number
        });
        self.of_rows.push(number);
    }

    /// Labels of these rows, none if there is no label column; their names in the order of numbers, or else of words.
    /// `None`: there are too many.
    fn labels(&self, rows: &[u32]) -> Option<Labels> {
        if self.seen.len() > MAX_CLASSES {
            return None;
        }
        if self.seen.is_empty() {
            return Some(Labels::default());
        }
        let mut names: Vec<(&String, usize)> = self.seen.iter().map(|(word, &number)| (word, number)).collect();
        let as_numbers: Option<Vec<f64>> = names.iter().map(|(word, _)| word.parse().ok()).collect();
        if as_numbers.is_some() {
            let number = |word: &str| word.parse::<f64>().unwrap_or_default();
            names.sort_by(|one, other| number(one.0).total_cmp(&number(other.0)));
        }
        let mut class_of = vec![0; names.len()];
        for (class, (_, number)) in names.iter().enumerate() {
            class_of[*number] = class as u8;
        }
        let of_rows = rows.iter().map(|&row| self.of_rows[row as usize].map(|number| class_of[number])).collect();
        Some(Labels::new(names.into_iter().map(|(word, _)| word.clone()).collect(), of_rows))
    }
}
