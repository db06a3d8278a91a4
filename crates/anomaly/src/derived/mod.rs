//! Columns derived from a row and those before it, of a log in the order of time.
//!
//! A number that is ordinary in the table may be odd where it stands: a jump, or a sensor that is stuck. Of each numeric
//! column the change from the row before and the standard deviation over the last rows are columns of their own, and of entities the
//! time since the row before and the rows in a day. "Before" is the file's order, among the rows of the same entity if
//! there are entities.
//!
//! A row that is read alone has no rows before it, so these numbers are computed while the whole file is read
//! ([`DerivedReader`]), and kept with the scores.

mod candidate_reader;
mod derived_reader;
mod derived_rows;
mod fit;
mod history;
mod time_order;

use pinhole_protocol::table::{ColumnKind, DecimalMark, DetectorPlan};
use pinhole_table::typed::{ColumnSpec, TypedColumn, TypedTable};
use serde::{Deserialize, Serialize};

use self::history::WINDOW;
pub use self::{
    candidate_reader::CandidateReader, derived_reader::DerivedReader, derived_rows::DerivedRows, fit::FittedColumns,
};
use crate::number_text;

/// Most numeric columns of which others are derived.
const MAX_SOURCES: usize = 50;

/// Columns that are derived from a row and those before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DerivedColumns {
    /// Name of the column with the time of each row.
    pub time: String,
    /// Name of the column with the entities, if each has rows of its own before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The columns.
    pub columns: Vec<DerivedColumn>,
}

/// A derived column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DerivedColumn {
    /// Name in explanations.
    pub name: String,
    /// Its derivation.
    pub derivation: Derivation,
    /// Added to a number before its logarithm is taken; `None`: numbers are read as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_offset: Option<f64>,
}

/// Derivation of a number from a row and those before it. Columns are indices among those that the detector reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// The column's number minus the one before.
    Change(usize),
    /// Standard deviation of the column's last numbers.
    #[serde(rename = "spread")]
    StandardDeviation(usize),
    /// Seconds since the row before.
    TimeSinceLast,
    /// Rows in the last 24 hours.
    RowsInADay,
}

impl DerivedColumns {
    /// Every column that could be derived in a table with these columns of features.
    pub fn candidates(time: String, entity: Option<String>, features: &[ColumnSpec]) -> Self {
        let numeric = features.iter().enumerate().filter(|(_, spec)| spec.kind == ColumnKind::Numeric);
        let of_numbers = numeric.take(MAX_SOURCES).flat_map(|(column, spec)| {
            [
                (format!("change of {}", spec.name), Derivation::Change(column)),
                (
                    format!("standard deviation of {} over {WINDOW} rows", spec.name),
                    Derivation::StandardDeviation(column),
                ),
            ]
        });
        let of_entities = [
            ("time since the last row".to_owned(), Derivation::TimeSinceLast),
            ("rows in 24 hours".to_owned(), Derivation::RowsInADay),
        ];
        let of_entities = entity.iter().flat_map(|entity| {
            of_entities.clone().map(|(name, derivation)| (format!("{name} of the same {entity}"), derivation))
        });
        let columns = of_numbers
            .chain(of_entities)
            .map(|(name, derivation)| DerivedColumn { name, derivation, log_offset: None })
            .collect();
        Self { time, entity, columns }
    }

    /// Most columns that a plan can derive.
    pub fn max_columns(plan: &DetectorPlan) -> usize {
        let numeric = plan.columns.iter().filter(|column| column.used && column.kind == ColumnKind::Numeric).count();
        let of_entities = 2 * usize::from(plan.entity.is_some());
        if plan.time.is_some() { 2 * numeric.min(MAX_SOURCES) + of_entities } else { 0 }
    }

    /// Number of columns.
    pub const fn len(&self) -> usize {
        self.columns.len()
    }

    /// The columns, as a preparation is fitted to them.
    pub fn specs(&self) -> impl Iterator<Item = ColumnSpec> {
        let spec =
            |column: &DerivedColumn| ColumnSpec { name: column.name.clone(), kind: ColumnKind::Numeric, index: None };
        self.columns.iter().map(spec)
    }

    /// Inserts the columns into a table, from this index on. `values` are those of its rows, [rows, columns].
    pub fn insert(&self, values: &[f32], table: &mut TypedTable, at: usize) {
        let columns = self.columns.iter().enumerate().map(|(index, column)| {
            let numbers = values.chunks_exact(self.len()).map(|row| column.scale(f64::from(row[index])));
            TypedColumn::Numbers(numbers.collect())
        });
        let columns: Vec<TypedColumn> = columns.collect();
        table.columns.splice(at..at, columns);
    }

    /// True if the columns are derived from the first `features` alone.
    pub fn are_of(&self, features: usize) -> bool {
        self.columns.iter().all(|column| match column.derivation {
            Derivation::Change(source) | Derivation::StandardDeviation(source) => source < features,
            Derivation::TimeSinceLast | Derivation::RowsInADay => true,
        })
    }
}

impl DerivedColumn {
    /// Number on the scale that the detector reads.
    fn scale(&self, number: f64) -> f64 {
        self.log_offset.map_or(number, |offset| (number + offset).ln())
    }

    /// Number of one on the scale that the detector reads.
    pub fn number(&self, scaled: f64) -> f64 {
        self.log_offset.map_or(scaled, |offset| (scaled.exp() - offset).max(0.0))
    }

    /// Text of a number; empty for a missing one.
    pub fn text(&self, number: f64, decimal: DecimalMark) -> String {
        match self.derivation {
            _ if number.is_nan() => String::new(),
            Derivation::TimeSinceLast => duration_text(number, decimal),
            Derivation::RowsInADay => number_text::number(number.round(), decimal),
            Derivation::Change(_) | Derivation::StandardDeviation(_) => number_text::number(number, decimal),
        }
    }
}

/// A duration in its largest unit of which there is one or more.
fn duration_text(seconds: f64, decimal: DecimalMark) -> String {
    const UNITS: [(f64, &str); 3] = [(86_400.0, "days"), (3_600.0, "h"), (60.0, "min")];
    let (unit_s, unit) = UNITS.into_iter().find(|(unit_s, _)| seconds >= *unit_s).unwrap_or((1.0, "s"));
    format!("{} {unit}", number_text::number(seconds / unit_s, decimal))
}
