//! The rows on which methods are compared, held in memory.

use pinhole_protocol::table::{DecimalMark, DetectorPlan};
use pinhole_table::{
    preparation::{Preparation, PreparedFor},
    reservoir::max_sample_rows,
    typed::{ColumnSpec, TypedReader, TypedTable},
};

use crate::{
    AnomalyError, baselines::BaselineRows, detector::FeatureTable, fitted_detector::FittedDetector,
    prepared_rows::MAX_FEATURE_VALUES, row_roles::RowRoles, table::Table, table_reader::TableReader,
};

/// Most rows that are compared: of more, every second, third, … is compared.
const MAX_COMPARED_ROWS: usize = 25_000;

/// Reader of the compared rows.
pub struct ComparedRows {
    reader: TableReader,
    typed: TypedReader,
    step: usize,
    /// Indices of the compared rows in the table.
    pub rows: Vec<usize>,
}

impl ComparedRows {
    /// A reader at the table's first row, of the columns that a plan uses.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn new(table: &Table, detector: &FittedDetector) -> Result<Self, AnomalyError> {
        let plan = detector.plan();
        let used = plan.columns.iter().filter(|column| column.used).count();
        let most =
            MAX_COMPARED_ROWS.min(max_sample_rows(used)).min(MAX_FEATURE_VALUES / detector.features().max(1)).max(1);
        let is_feature = |name: &String| plan.entity.as_ref() != Some(name);
        let columns: Vec<_> = plan.columns.iter().filter(|column| is_feature(&column.name)).cloned().collect();
        Ok(Self {
            reader: TableReader::new(table)?,
            typed: TypedReader::new(table.dialect(), &table.column_names(), &columns, plan.label.as_ref()),
            step: table.rows().div_ceil(most).max(1),
            rows: Vec::new(),
        })
    }

    /// Reads the next batch. Returns false at the end of the table.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn read(&mut self, table: &Table) -> Result<bool, AnomalyError> {
        let Some(batch) = self.reader.next_batch(table)? else { return Ok(false) };
        for record in batch.records() {
            let row = record.row() as usize - 1;
            if row.is_multiple_of(self.step) {
                self.typed.read_record(&record);
                self.rows.push(row);
            }
        }
        Ok(true)
    }

    /// The compared rows as usual methods read them: categories one-hot, numbers standardised, missing ones the mean with an
    /// indicator. Scales are fitted on the rows that train.
    ///
    /// # Errors
    /// When no held row trains.
    pub fn prepare(
        &self,
        roles: &RowRoles,
        plan: &DetectorPlan,
        decimal: DecimalMark,
    ) -> Result<BaselineRows, AnomalyError> {
        let table: &TypedTable = self.typed.table();
        let trained: Vec<u32> =
            (0..self.rows.len() as u32).filter(|&index| roles.is_trained(self.rows[index as usize])).collect();
        let columns: &[ColumnSpec] = self.typed.columns();
        let preparation = Preparation::fit(table, columns, &trained, plan.scaling, decimal, PreparedFor::Network)?;
        let mut values = Vec::new();
        preparation.transform(table, &mut values)?;
        let features = FeatureTable {
            values,
            width: preparation.feature_count(),
            groups: preparation.groups().into_iter().map(|group| group.features).collect(),
            cells: preparation.cells(),
        };
        Ok(BaselineRows { features, trained })
    }
}
