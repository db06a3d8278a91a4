//! Filling of missing cells: each is what the row's other cells make it expected to be.

mod cell_template;
mod hidden_cells;

use std::rc::Rc;

use pinhole_protocol::table::Dialect;
use pinhole_table::{
    cells::{CellFormat, NumberCell},
    preparation::{FeatureGroup, Preparation},
    records::Record,
};

pub use self::{
    cell_template::CellTemplate,
    hidden_cells::{HiddenCells, SampledRow},
};
use crate::{
    detector::{ColumnPredictors, FeatureTable},
    entity::Usual,
    fitted_detector::{ColumnBinding, FittedDetector},
};

/// Fewest rows with a cell of a column, of those that are learnt from, by which the table itself tells how to fill it.
const MIN_TAUGHT: usize = 50;

/// Filler of cells that a row lacks, in columns of a table that are read and prepared as a detector does.
///
/// Only columns of the file count: what is derived from a cell would give it away.
#[derive(Clone, Debug)]
pub struct CellFiller {
    detector: Rc<FittedDetector>,
    /// The detector's, with the decimal mark of the table.
    preparation: Preparation,
    /// Features of each column of the file.
    groups: Vec<FeatureGroup>,
    /// Index in the file and format of each column; `None`: the file lacks it.
    cells: Vec<Option<(usize, CellFormat)>>,
    /// Usual numbers of the entity in the middle of all, of columns that are compared within entities.
    middles: Vec<Option<Usual>>,
    /// Predictors that learnt from the table, and the columns that it has enough cells of; `None`: the detector's own.
    learnt: Option<Rc<(ColumnPredictors, Vec<bool>)>>,
}

impl CellFiller {
    /// A filler by the expectations of a detector, for a table to whose columns it is bound.
    pub fn new(detector: &Rc<FittedDetector>, binding: &ColumnBinding, dialect: &Dialect) -> Self {
        let mut groups = detector.preparation().groups();
        groups.truncate(detector.read_columns());
        let specs = binding.reader.columns();
        let cell = |column: usize| specs[column].index.map(|index| (index, CellFormat::new(dialect, index)));
        let middle = |column: usize| detector.entities().and_then(|entities| entities.middle(column));
        Self {
            preparation: Preparation { decimal: dialect.decimal, ..detector.preparation().clone() },
            cells: (0..groups.len()).map(cell).collect(),
            middles: (0..groups.len()).map(middle).collect(),
            groups,
            detector: detector.clone(),
            learnt: None,
        }
    }

    /// The same filler by the expectations of predictors that learnt from these rows of the table itself.
    #[must_use]
    pub fn taught(&self, predictors: ColumnPredictors, rows: &FeatureTable) -> Self {
        let present = |column: &FeatureGroup| {
            (0..rows.len()).filter(|&row| !rows.row(row)[column.features.start].is_nan()).take(MIN_TAUGHT).count()
        };
        let is_taught = self.groups.iter().map(|column| present(column) >= MIN_TAUGHT).collect();
        Self { learnt: Some(Rc::new((predictors, is_taught))), ..self.clone() }
    }

    /// Rows to learn from.
    pub fn prepared(&self, rows: &[SampledRow]) -> FeatureTable {
        let mut cells = self.preparation.cells();
        cells.retain(|cell| cell.column < self.columns());
        FeatureTable {
            values: rows.iter().flat_map(|row| &row.features).copied().collect(),
            width: self.width(),
            groups: self.groups.iter().map(|group| group.features.clone()).collect(),
            cells,
        }
    }

    /// Number of columns of the file that the detector reads.
    pub const fn columns(&self) -> usize {
        self.groups.len()
    }

    /// Number of features of these columns, the first of a prepared row.
    pub fn width(&self) -> usize {
        self.groups.last().map_or(0, |group| group.features.end)
    }

    /// Name of a column.
    pub fn name(&self, column: usize) -> &str {
        &self.groups[column].name
    }

    /// Index of a column in the file; `None`: the file lacks it.
    pub fn index(&self, column: usize) -> Option<usize> {
        self.cells[column].as_ref().map(|(index, _)| *index)
    }

    /// True if the file says nothing in a cell: a text that cannot be read is not missing, and stays.
    pub fn is_missing(&self, column: usize, record: &Record<'_>) -> bool {
        self.cells[column].as_ref().is_some_and(|(index, format)| format.is_missing(record.cell(*index)))
    }

    /// Learns from a cell how the numbers of its column are written.
    pub fn learn_format(&self, column: usize, record: &Record<'_>, template: &mut CellTemplate) {
        let Some((index, format)) = &self.cells[column] else { return };
        let cell = record.cell(*index);
        if matches!(format.number(cell), NumberCell::Number(_)) {
            template.learn(cell, format);
        }
    }

    /// Makes the features of missing cells NaN, as those of older detectors are not.
    pub fn hide_missing(&self, record: &Record<'_>, features: &mut [f32]) {
        for (column, group) in self.groups.iter().enumerate() {
            if self.is_missing(column, record) {
                features[group.features.clone()].fill(f32::NAN);
            }
        }
    }

    /// True if prepared features tell nothing of a cell: it is missing, cannot be read, or too little is known of the
    /// row's entity.
    pub fn is_unknown(&self, column: usize, features: &[f32]) -> bool {
        features.get(self.groups[column].features.start).is_none_or(|feature| feature.is_nan())
    }

    /// True if a cell of this column can be written: times and columns of very many categories are not predicted.
    pub fn can_fill(&self, column: usize) -> bool {
        self.preparation.can_fill(column)
    }

    /// True for a column of categories, false for one of numbers.
    pub fn is_categorical(&self, column: usize) -> bool {
        self.preparation.is_categorical(column)
    }

    /// True if a column's numbers are read as distances from what is usual for their entity.
    pub fn is_compared(&self, column: usize) -> bool {
        self.middles[column].is_some()
    }

    /// Features of the file's columns of a row, with expected ones where they are unknown. `row` are all its features.
    pub fn fill(&self, row: &[f32]) -> Vec<f32> {
        let own = &row[..self.width()];
        let Some((predictors, is_taught)) = self.learnt.as_deref() else {
            return self.detector.detector().impute(row)[..self.width()].to_vec();
        };
        let mut filled = predictors.impute(own);
        let is_left = |column: usize| !is_taught[column] && self.is_unknown(column, own);
        if row.len() == self.detector.features() && (0..self.columns()).any(is_left) {
            let expected = self.detector.detector().impute(row);
            for column in (0..self.columns()).filter(|&column| is_left(column)) {
                let features = self.groups[column].features.clone();
                filled[features.clone()].copy_from_slice(&expected[features]);
            }
        }
        filled
    }

    /// Text of a filled cell, written as the others of its column; `None` if that cannot be. `entity` is the one that the
    /// row belongs to.
    pub fn text(&self, column: usize, filled: &[f32], entity: Option<&str>, template: &CellTemplate) -> Option<String> {
        let own = &filled[self.groups[column].features.clone()];
        let Some(distance) = self.preparation.number(column, own) else {
            return Some(self.preparation.fill_text(column, own));
        };
        let number = self.compared(column, entity, distance).unwrap_or(distance);
        let (_, format) = self.cells[column].as_ref()?;
        let decimals = self.decimals(column, entity);
        if template.is_empty() {
            // No cell of the file shows how it is written.
            let mark = format.decimal();
            return Some(format!("{number:.decimals$}").replace('.', mark.encode_utf8(&mut [0; 4])));
        }
        template.text(number, decimals, format)
    }

    /// Value of a cell as a number: of a number in the units of the file, of a category its place among the known ones.
    pub fn value(&self, column: usize, row: &[f32], entity: Option<&str>) -> f64 {
        let own = &row[self.groups[column].features.clone()];
        match self.preparation.number(column, own) {
            Some(number) => self.compared(column, entity, number).unwrap_or(number),
            None => self.preparation.category(column, own) as f64,
        }
    }

    /// The feature of a column's numbers in a row.
    pub fn feature(&self, column: usize, row: &[f32]) -> f32 {
        row[self.groups[column].features.start]
    }

    /// Number that lies so many spreads from what is usual for an entity, or else in the middle of all; `None` if the
    /// column is not compared within entities.
    fn compared(&self, column: usize, entity: Option<&str>, distance: f64) -> Option<f64> {
        self.detector.entities()?.number(column, self.usual(column, entity)?, distance)
    }

    fn usual(&self, column: usize, entity: Option<&str>) -> Option<Usual> {
        self.detector.entities()?.usual(column, entity?).or(self.middles[column])
    }

    /// Decimals to three digits of the column's spread.
    fn decimals(&self, column: usize, entity: Option<&str>) -> usize {
        let spread = self.preparation.spread(column);
        let spread = match (self.compared(column, entity, 0.0), self.compared(column, entity, spread)) {
            (Some(level), Some(above)) => (above - level).abs(),
            _ => spread,
        };
        (2.0 - spread.max(1e-12).log10().floor()).clamp(0.0, 12.0) as usize
    }
}
