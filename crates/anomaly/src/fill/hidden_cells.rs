//! Errors of filling, measured on known cells that are hidden for the purpose.

use std::time::Duration;

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::table::{FillErrors, FilledColumn};
use rand::RngExt as _;
use web_time::Instant;

use super::CellFiller;
use crate::detector::{ColumnPredictorsRun, FeatureTable, mean_square_difference};

/// Share of the known cells of a column that are hidden.
const HIDDEN_SHARE: f64 = 0.1;
/// Neighbours whose mean or most frequent category is compared with.
const NEIGHBOURS: usize = 5;

/// A row that was drawn to measure on.
#[derive(Clone, Debug)]
pub struct SampledRow {
    /// Prepared features of the file's columns.
    pub features: Vec<f32>,
    /// Entity that it belongs to.
    pub entity: Option<String>,
}

/// Measure of filling: of a sample of rows some known cells are hidden, predictors that never saw them predict them from
/// the other cells, and so do the column's mean and the nearest rows.
pub struct HiddenCells {
    filler: CellFiller,
    /// True value of every cell, [rows, columns]; NaN if it is missing.
    values: Vec<f64>,
    /// Features without the hidden cells.
    visible: FeatureTable,
    entities: Vec<Option<String>>,
    /// Columns that are hidden in each row.
    hidden: Vec<Vec<usize>>,
    stage: Stage,
    /// Row to measure next.
    next: usize,
    /// Sums over the hidden cells of each column: their number, and squared or wrong predictions.
    sums: Vec<(u64, FillErrors)>,
}

enum Stage {
    /// Predictors learn from what is visible.
    Learning(Box<ColumnPredictorsRun>),
    /// They predict what is hidden.
    Predicting(CellFiller),
}

impl HiddenCells {
    /// A measure of the `wanted` columns on rows of a table.
    pub fn new(filler: &CellFiller, wanted: &[usize], rows: &[SampledRow]) -> Self {
        let columns = filler.columns();
        let mut values = Vec::with_capacity(rows.len() * columns);
        let mut visible = filler.prepared(&[]);
        let mut hidden = Vec::with_capacity(rows.len());
        let mut random = generator(0, Stream::Rows, 5);
        for row in rows {
            let entity = row.entity.as_deref();
            values.extend((0..columns).map(|column| {
                let is_known = !filler.is_unknown(column, &row.features) && filler.can_fill(column);
                if is_known { filler.value(column, &row.features, entity) } else { f64::NAN }
            }));
            let own = &values[values.len() - columns..];
            let hides = |column: &usize| !own[*column].is_nan() && random.random_bool(HIDDEN_SHARE);
            let chosen: Vec<usize> = wanted.iter().copied().filter(hides).collect();
            let start = visible.values.len();
            visible.values.extend_from_slice(&row.features);
            for &column in &chosen {
                let features = visible.groups[column].clone();
                visible.values[start..][features].fill(f32::NAN);
            }
            hidden.push(chosen);
        }
        let run = Box::new(ColumnPredictorsRun::new(&visible, 0));
        Self {
            filler: filler.clone(),
            values,
            visible,
            entities: rows.iter().map(|row| row.entity.clone()).collect(),
            hidden,
            stage: Stage::Learning(run),
            next: 0,
            sums: vec![<(u64, FillErrors)>::default(); columns],
        }
    }

    /// Works for about `slice`. Returns true when all hidden cells are measured.
    pub fn advance(&mut self, slice: Duration) -> bool {
        if let Stage::Learning(run) = &mut self.stage {
            if run.advance(slice) {
                self.stage = Stage::Predicting(self.filler.taught(run.predictors().clone(), &self.visible));
            }
            return false;
        }
        let start = Instant::now();
        while self.next < self.hidden.len() && start.elapsed() < slice {
            self.measure(self.next);
            self.next += 1;
        }
        self.next == self.hidden.len()
    }

    /// Share done, 0 to 1.
    pub fn share(&self) -> f64 {
        match &self.stage {
            Stage::Learning(run) => run.share() / 2.0,
            Stage::Predicting(_) => 0.5 + self.next as f64 / (2 * self.hidden.len()).max(1) as f64,
        }
    }

    /// Number of rows of which cells were hidden.
    pub fn rows(&self) -> u64 {
        self.hidden.iter().filter(|columns| !columns.is_empty()).count() as u64
    }

    /// Writes the number of hidden cells of a column and its errors into the report.
    pub fn finish(&self, column: usize, report: &mut FilledColumn) {
        let (count, sums) = self.sums[column];
        let mean = |sum: f64| {
            let mean = sum / count as f64;
            if self.filler.is_categorical(column) { mean } else { mean.sqrt() }
        };
        report.hidden = count;
        report.errors = (count > 0).then(|| FillErrors {
            predicted: mean(sums.predicted),
            constant: mean(sums.constant),
            neighbours: mean(sums.neighbours),
        });
    }

    fn measure(&mut self, row: usize) {
        let Stage::Predicting(trained) = &self.stage else { return };
        if self.hidden[row].is_empty() {
            return;
        }
        let filled = trained.fill(self.visible.row(row));
        let nearest = self.nearest(row);
        for &column in &self.hidden[row] {
            let is_categorical = self.filler.is_categorical(column);
            let truth = self.values[row * self.filler.columns() + column];
            let error = |value: f64| {
                if is_categorical { f64::from(u8::from((value - truth).abs() > 0.5)) } else { (value - truth).powi(2) }
            };
            let entity = self.entities[row].as_deref();
            let known = |rows: &mut dyn Iterator<Item = usize>| self.typical(column, entity, rows);
            let others = || (0..self.hidden.len()).filter(|&other| other != row);
            let errors = [
                self.filler.value(column, &filled, entity),
                known(&mut others()),
                known(&mut nearest.iter().copied().filter(|&other| self.is_visible(other, column)).take(NEIGHBOURS)),
            ]
            .map(error);
            let (count, sums) = &mut self.sums[column];
            *count += 1;
            sums.predicted += errors[0];
            sums.constant += errors[1];
            sums.neighbours += errors[2];
        }
    }

    fn is_visible(&self, row: usize, column: usize) -> bool {
        !self.values[row * self.filler.columns() + column].is_nan() && !self.hidden[row].contains(&column)
    }

    /// Mean of a column's visible numbers in some rows, or their most frequent category, the first of equals. Where numbers
    /// are compared within entities, it is that for this entity.
    fn typical(&self, column: usize, entity: Option<&str>, rows: &mut dyn Iterator<Item = usize>) -> f64 {
        let visible: Vec<usize> = rows.filter(|&row| self.is_visible(row, column)).collect();
        let count = visible.len().max(1);
        if self.filler.is_compared(column) {
            let feature = |row: &usize| self.filler.feature(column, self.visible.row(*row));
            let mean = visible.iter().map(feature).sum::<f32>() / count as f32;
            return self.filler.value(column, &vec![mean; self.filler.width()], entity);
        }
        let values: Vec<f64> = visible.iter().map(|row| self.values[row * self.filler.columns() + column]).collect();
        if values.is_empty() {
            return 0.0;
        }
        if !self.filler.is_categorical(column) {
            return values.iter().sum::<f64>() / count as f64;
        }
        let mut counts = vec![0_usize; values.iter().fold(0.0_f64, |most, &value| most.max(value)) as usize + 1];
        for value in values {
            counts[value as usize] += 1;
        }
        let most = counts.iter().max().copied().unwrap_or(0);
        counts.iter().position(|&count| count == most).unwrap_or(0) as f64
    }

    /// The other rows, the nearest first.
    fn nearest(&self, row: usize) -> Vec<usize> {
        let own = self.visible.row(row);
        let mut others: Vec<(f32, usize)> = (0..self.hidden.len())
            .filter(|&other| other != row)
            .map(|other| (mean_square_difference(own, self.visible.row(other)), other))
            .collect();
        others.sort_by(|one, other| one.0.total_cmp(&other.0));
        others.into_iter().map(|(_, other)| other).collect()
    }
}
