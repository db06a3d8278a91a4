//! Rows of a table as samples for the networks of the engine.

use std::collections::BTreeMap;

use pinhole_anomaly::{
    AnomalyError, PreparedRows, RowLabel, RowRoles, SampledCells, SharedTable, Table, TableReader, TableSample,
    detector::FeatureTable,
    jobs::{Job, ProgressMeter},
    prepare_rows, sample_column,
};
use pinhole_protocol::{
    Experiment, LIMITS,
    table::{ColumnKind, ColumnPlan, DetectorPlan, NumberScaling, TableActivity, TableProgress},
};
use pinhole_table::{
    cells::{CellFormat, NumberCell},
    preparation::{Preparation, PreparedFor},
    records::Record,
    reservoir::max_sample_rows,
    typed::TypedReader,
};

use super::{Attribute, Attributes, Labels, SampleSet};

/// Most classes that a classifier distinguishes.
const MAX_CLASSES: usize = 256;

/// Rows that an experiment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsRequest {
    /// Largest number of rows; of more, a sample is drawn.
    pub limit: Option<usize>,
    /// Seed of that sample.
    pub seed: u64,
    /// Names of the columns that are learnt from the others.
    pub attributes: Vec<String>,
}

impl From<&Experiment> for RowsRequest {
    fn from(experiment: &Experiment) -> Self {
        let attributes = experiment.attributes().into_iter().map(str::to_owned).collect();
        Self { limit: experiment.data.limit, seed: experiment.seed, attributes }
    }
}

/// Use of a table's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplePlan {
    /// Every column; its `used` says if it is part of a sample.
    pub columns: Vec<ColumnPlan>,
    /// Name of the column with the labels, which is never part of a sample.
    pub label: Option<String>,
    /// Names of the columns of numbers that are learnt from the others, and are never part of a sample.
    pub attributes: Vec<String>,
    /// Scaling of numbers.
    pub scaling: NumberScaling,
}

impl From<&DetectorPlan> for SamplePlan {
    fn from(plan: &DetectorPlan) -> Self {
        Self {
            columns: plan.columns.clone(),
            label: plan.label.as_ref().map(|label| label.column.clone()),
            attributes: Vec::new(),
            scaling: plan.scaling,
        }
    }
}

impl SamplePlan {
    /// All usable columns of a scanned table, with `label` or the column of classes for labels.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn new(table: &Table, label: Option<&str>) -> Result<Self, AnomalyError> {
        let names = table.column_names();
        require_column("data.source", label, &names)?;
        let label = label.or_else(|| table.class_column()).map(str::to_owned);
        let columns = table.columns().iter().map(|column| ColumnPlan {
            name: column.name.clone(),
            kind: column.kind,
            used: column.exclusion_reason.is_none() && column.kind.is_usable() && Some(&column.name) != label.as_ref(),
        });
        Ok(Self { columns: columns.collect(), label, attributes: Vec::new(), scaling: NumberScaling::Standard })
    }

    /// The same plan, with these columns as attributes.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn with_attributes(mut self, attributes: Vec<String>) -> Result<Self, AnomalyError> {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        for attribute in &attributes {
            require_column("network.regression", Some(attribute), &names)?;
        }
        for column in self.columns.iter_mut().filter(|column| attributes.contains(&column.name)) {
            column.used = false;
        }
        Ok(Self { attributes, ..self })
    }
}

/// Checks that a column that is named is one of the table's.
fn require_column(field: &'static str, column: Option<&str>, names: &[String]) -> Result<(), AnomalyError> {
    match column {
        Some(column) if !names.iter().any(|name| name == column) => Err(AnomalyError::setting(
            field,
            format!("The table has no column “{column}”: it has {}.", names.join(", ")),
        )),
        _ => Ok(()),
    }
}

/// Reads and prepares rows of a table.
pub struct SamplesJob {
    table: SharedTable,
    plan: SamplePlan,
    roles: RowRoles,
    reader: TableReader,
    typed: TypedReader,
    cells: SampledCells,
    label_values: LabelValues,
    attribute_values: Vec<AttributeValues>,
    meter: ProgressMeter,
}

impl SamplesJob {
    /// A job at the first row of a scanned table. Of more than `limit` rows a sample is drawn by `seed`.
    ///
    /// # Errors
    /// When the table has no rows or no column to learn from, or cannot be read.
    pub fn new(table: &SharedTable, plan: SamplePlan, limit: Option<usize>, seed: u64) -> Result<Self, AnomalyError> {
        let open = table.borrow();
        open.require_rows()?;
        let used = plan.columns.iter().filter(|column| column.used).count();
        if used == 0 {
            return Err(AnomalyError::setting(
                "data.source",
                "No column of the table can be learnt from: it needs one that is numeric, categorical, boolean or a date.",
            ));
        }
        let most = limit.unwrap_or(LIMITS.images).min(LIMITS.images).min(max_sample_rows(used));
        let choice = DetectorPlan { seed, ..DetectorPlan::default() };
        let names = open.column_names();
        let label_index = plan.label.as_ref().and_then(|label| names.iter().position(|name| name == label));
        Ok(Self {
            roles: RowRoles::choose(vec![RowLabel::Unknown; open.rows()], &choice, most),
            reader: TableReader::new(&open)?,
            typed: TypedReader::new(open.dialect(), &names, &plan.columns, None),
            label_values: LabelValues::new(
                label_index,
                CellFormat::new(open.dialect(), label_index.unwrap_or(usize::MAX)),
            ),
            attribute_values: plan
                .attributes
                .iter()
                .filter_map(|name| names.iter().position(|column| column == name))
                .map(|column| AttributeValues::new(column, CellFormat::new(open.dialect(), column)))
                .collect(),
            meter: ProgressMeter::start(TableActivity::Reading),
            cells: SampledCells::new(used),
            table: table.clone(),
            plan,
        })
    }

    /// Names of the table's numeric columns, which can be attributes.
    pub fn numeric_columns(&self) -> Vec<String> {
        let columns = self.plan.columns.iter().filter(|column| column.kind == ColumnKind::Numeric);
        columns.map(|column| column.name.clone()).filter(|name| Some(name) != self.plan.label.as_ref()).collect()
    }

    fn finish(&self) -> Result<SampleSet, AnomalyError> {
        let table = self.table.borrow();
        let columns = self.typed.columns();
        let sample = self.typed.table();
        let PreparedRows { preparation, features, rows } =
            prepare_rows(sample, columns, self.plan.scaling, table.dialect().decimal, PreparedFor::Network)?;
        let missing = missing(&preparation, &features);
        let shown_columns = columns.iter().zip(&sample.columns);
        let shown = TableSample {
            columns: shown_columns.map(|(spec, column)| sample_column(&spec.name, column, &rows)).collect(),
            cells: self.cells.select(&rows),
            rows: rows.iter().map(|&row| sample.row_numbers[row as usize]).collect(),
            preparation,
        };
        let attributes = self.plan.attributes.iter().zip(&self.attribute_values);
        let attributes = attributes.map(|(name, values)| values.attribute(name, &rows)).collect();
        let mut set = SampleSet::vectors(table.name(), features.groups, features.values)
            .with_missing(missing)
            .with_attributes(Attributes::new(attributes))
            .with_table(shown);
        set.warnings = self.typed.warnings();
        if let Some(labels) = self.label_values.labels(&rows) {
            return Ok(set.with_labels(labels));
        }
        set.warnings.push(format!(
            "“{}” has more than {MAX_CLASSES} different values: they were not taken for labels.",
            self.plan.label.as_deref().unwrap_or_default()
        ));
        Ok(set)
    }
}

/// True for the features of an empty cell, [rows, features]; false for the missing indicator, a column's last feature.
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

    async fn advance(&mut self) -> Result<Option<SampleSet>, AnomalyError> {
        let shared = self.table.clone();
        let table = shared.borrow();
        let Some(batch) = self.reader.next_batch(&table)? else {
            drop(table);
            return self.finish().map(Some);
        };
        for record in batch.records().filter(|record| self.roles.is_trained(record.row() as usize - 1)) {
            self.typed.read_record(&record);
            self.cells.push(&record, self.typed.columns());
            self.label_values.read(&record);
            self.attribute_values.iter_mut().for_each(|values| values.read(&record));
        }
        self.meter.set(table.share_read(), self.reader.rows_read());
        Ok(None)
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}

/// Values of the label column.
struct LabelValues {
    /// Index of the label column; `None` without one.
    column: Option<usize>,
    format: CellFormat,
    /// Every different value, numbered by first appearance.
    numbers: BTreeMap<String, usize>,
    /// Number of each row's value; `None` for an empty cell.
    of_rows: Vec<Option<usize>>,
}

impl LabelValues {
    const fn new(column: Option<usize>, format: CellFormat) -> Self {
        Self { column, format, numbers: BTreeMap::new(), of_rows: Vec::new() }
    }

    fn read(&mut self, record: &Record<'_>) {
        let Some(column) = self.column else { return };
        let cell = record.cell(column).trim();
        let number = (!self.format.is_missing(cell)).then(|| {
            if let Some(&number) = self.numbers.get(cell) {
                return number;
            }
            let number = self.numbers.len();
            // One more than a classifier distinguishes is enough to know that they are too many.
            if number <= MAX_CLASSES {
                self.numbers.insert(cell.to_owned(), number);
            }
            number
        });
        self.of_rows.push(number);
    }

    /// Labels of these rows, none without a label column; classes in numeric order if all values are numbers, else in
    /// that of text. `None` if there are too many.
    fn labels(&self, rows: &[u32]) -> Option<Labels> {
        if self.numbers.len() > MAX_CLASSES {
            return None;
        }
        if self.numbers.is_empty() {
            return Some(Labels::default());
        }
        let mut names: Vec<(&String, usize)> = self.numbers.iter().map(|(value, &number)| (value, number)).collect();
        let as_numbers: Option<Vec<f64>> = names.iter().map(|(value, _)| value.parse().ok()).collect();
        if as_numbers.is_some() {
            let parsed = |value: &str| value.parse::<f64>().unwrap_or_default();
            names.sort_by(|one, other| parsed(one.0).total_cmp(&parsed(other.0)));
        }
        let mut class_of = vec![0; names.len()];
        for (class, (_, number)) in names.iter().enumerate() {
            class_of[*number] = class as u8;
        }
        let of_rows = rows.iter().map(|&row| self.of_rows[row as usize].map(|number| class_of[number])).collect();
        Some(Labels::new(names.into_iter().map(|(value, _)| value.clone()).collect(), of_rows))
    }
}

/// Values of an attribute's column.
struct AttributeValues {
    /// Index of the column.
    column: usize,
    format: CellFormat,
    /// Number of each row; `None` for a cell without one.
    of_rows: Vec<Option<f32>>,
}

impl AttributeValues {
    const fn new(column: usize, format: CellFormat) -> Self {
        Self { column, format, of_rows: Vec::new() }
    }

    fn read(&mut self, record: &Record<'_>) {
        self.of_rows.push(match self.format.number(record.cell(self.column).trim()) {
            NumberCell::Number(value) => Some(value as f32),
            NumberCell::Missing | NumberCell::OutOfRange | NumberCell::Text => None,
        });
    }

    /// The attribute of these rows.
    fn attribute(&self, name: &str, rows: &[u32]) -> Attribute {
        Attribute { name: name.to_owned(), values: rows.iter().map(|&row| self.of_rows[row as usize]).collect() }
    }
}
