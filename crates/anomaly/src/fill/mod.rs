//! Filling of missing cells: each is what the row's other cells make it expected to be.

mod hidden_cells;

use std::rc::Rc;

use pinhole_table::preparation::FeatureGroup;

pub use self::hidden_cells::{HiddenCells, SampledRow};
use crate::{
    detector::{ColumnPredictors, FeatureTable},
    fitted_detector::FittedDetector,
};

/// Filler of cells that a row lacks, in columns that are read and prepared as a detector does.
#[derive(Clone, Debug)]
pub struct CellFiller {
    detector: Rc<FittedDetector>,
    groups: Vec<FeatureGroup>,
    /// Predictors that learnt from the table; `None`: the detector's own.
    predictors: Option<Rc<ColumnPredictors>>,
}

impl CellFiller {
    /// A filler by the expectations of a detector.
    pub fn new(detector: &Rc<FittedDetector>) -> Self {
        Self { detector: detector.clone(), groups: detector.preparation().groups(), predictors: None }
    }

    /// The same filler by the expectations of predictors that learnt from the table itself.
    #[must_use]
    pub fn with_predictors(&self, predictors: ColumnPredictors) -> Self {
        Self { predictors: Some(Rc::new(predictors)), ..self.clone() }
    }

    /// Prepared rows, to learn from.
    pub fn prepared(&self, rows: &[SampledRow]) -> FeatureTable {
        let preparation = self.detector.preparation();
        FeatureTable {
            values: rows.iter().flat_map(|row| &row.features).copied().collect(),
            width: preparation.feature_count(),
            groups: self.groups.iter().map(|group| group.features.clone()).collect(),
            cells: preparation.cells(),
        }
    }

    /// Number of columns that are read from the file: what is derived from them is none of its cells.
    pub fn columns(&self) -> usize {
        self.detector.read_columns()
    }

    /// Name of a column.
    pub fn name(&self, column: usize) -> &str {
        &self.groups[column].name
    }

    /// True if prepared features lack a cell of this column.
    pub fn is_missing(&self, column: usize, row: &[f32]) -> bool {
        row.get(self.groups[column].features.start).is_none_or(|feature| feature.is_nan())
    }

    /// True if a cell of this column can be written: times and columns of very many categories are not predicted.
    pub fn can_fill(&self, column: usize) -> bool {
        self.detector.preparation().can_fill(column)
    }

    /// True for a column of categories, false for one of numbers.
    pub fn is_categorical(&self, column: usize) -> bool {
        self.detector.preparation().is_categorical(column)
    }

    /// Prepared features of a row with expected ones where a cell is missing.
    pub fn fill(&self, row: &[f32]) -> Vec<f32> {
        match &self.predictors {
            Some(predictors) => predictors.impute(row),
            None => self.detector.detector().impute(row),
        }
    }

    /// Text of a filled cell, in the units of the file; `entity` is the one that the row belongs to.
    pub fn text(&self, column: usize, filled: &[f32], entity: Option<&str>) -> String {
        let preparation = self.detector.preparation();
        let own = &filled[self.groups[column].features.clone()];
        let compared = self.detector.entities().and_then(|entities| {
            entities.number_text(column, entity, preparation.number(column, own)?, preparation.decimal)
        });
        compared.unwrap_or_else(|| preparation.fill_text(column, own))
    }

    /// Value of a cell as a number: of a number in the units of the file, of a category its place among the known ones.
    pub fn value(&self, column: usize, row: &[f32], entity: Option<&str>) -> f64 {
        let preparation = self.detector.preparation();
        let own = &row[self.groups[column].features.clone()];
        match preparation.number(column, own) {
            Some(number) => {
                self.detector.entities().and_then(|entities| entities.number(column, entity, number)).unwrap_or(number)
            }
            None => preparation.category(column, own) as f64,
        }
    }
}
