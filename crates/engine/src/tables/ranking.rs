//! A scored table: its ranking, threshold, measures, and why each row lies where it does.

use std::rc::Rc;

use pinhole_protocol::table::{
    ColumnErrors, DriftReport, Histogram, Measures, RowDetails, RowQuery, ScoreSummary, ScoredFile, ScoredRow,
    ThresholdReport, ThresholdRule,
};

use super::{
    compare::Compared,
    explain::{explain, top_columns},
    rows::Label,
    score::ErrorSample,
    scored::{ColumnOrder, Found, Lookup, ScoredRows},
    stored::StoredDetector,
    table::SharedTable,
};
use crate::{
    EngineError,
    report::{self, REPORT_ROWS, Report},
    scoring::{self, ColumnErrorTally},
};

/// A table with its scores.
pub struct Ranking {
    table: SharedTable,
    detector: Rc<StoredDetector>,
    rows: ScoredRows,
    errors: ErrorSample,
    drift: Option<DriftReport>,
    is_of_training: bool,
    warnings: Vec<String>,
    /// What the label says of each measured row; `None` without labels.
    labels: Option<Vec<Option<bool>>>,
    histogram: Histogram,
    measures: Option<Measures>,
    threshold: ThresholdReport,
    compared: Option<Compared>,
}

impl Ranking {
    pub(super) fn new(
        table: SharedTable,
        detector: Rc<StoredDetector>,
        rows: ScoredRows,
        errors: ErrorSample,
        drift: Option<DriftReport>,
        mut warnings: Vec<String>,
    ) -> Self {
        warnings.extend(scoring::constant_scores_warning(rows.scores()));
        let labels = measured_labels(&rows);
        let histogram = scoring::histogram(rows.scores(), labels.as_deref());
        let measures = labels.as_deref().and_then(|labels| measure(rows.scores(), labels));
        let rule = if drift.is_some() { detector.threshold_rule() } else { first_rule(&detector, &rows) };
        let mut ranking = Self {
            is_of_training: drift.is_none(),
            table,
            detector,
            errors,
            drift,
            warnings,
            histogram,
            measures,
            threshold: no_threshold(rule),
            compared: None,
            labels,
            rows,
        };
        if let Ok(threshold) = ranking.report_on(rule) {
            ranking.threshold = threshold;
        }
        ranking
    }

    /// The scored rows.
    pub const fn rows(&self) -> &ScoredRows {
        &self.rows
    }

    /// Whether this is the table that the detector was trained on.
    pub const fn is_of_training(&self) -> bool {
        self.is_of_training
    }

    /// Measures, where labels allow them.
    pub const fn measures(&self) -> Option<&Measures> {
        self.measures.as_ref()
    }

    /// The detector with what this table's scores are, if it is its own: threshold and reference of other tables' scores.
    pub fn calibrated_detector(&self) -> StoredDetector {
        let mut detector = (*self.detector).clone();
        if self.is_of_training {
            detector.set_threshold(&self.threshold);
            detector.set_scores(self.rows.scores(), &self.rows.roles);
        }
        detector
    }

    /// Puts the detector that scored, calibrated, in its own place.
    pub fn set_detector(&mut self, detector: Rc<StoredDetector>) {
        self.detector = detector;
    }

    /// The detector that scored.
    pub const fn detector(&self) -> &Rc<StoredDetector> {
        &self.detector
    }

    /// The table that was scored.
    pub const fn table(&self) -> &SharedTable {
        &self.table
    }

    /// The threshold in force.
    pub const fn threshold(&self) -> &ThresholdReport {
        &self.threshold
    }

    /// Chooses the threshold.
    ///
    /// # Errors
    /// When the rule asks for labels or held-out rows that are not there; the threshold stays.
    pub fn set_threshold(&mut self, rule: ThresholdRule) -> Result<(), EngineError> {
        self.threshold = self.report_on(rule)?;
        Ok(())
    }

    fn report_on(&self, rule: ThresholdRule) -> Result<ThresholdReport, EngineError> {
        let held_out: Vec<f64> = (0..self.rows.len())
            .filter(|&row| self.rows.roles.is_held_out_normal(row))
            .map(|row| self.rows.scores()[row])
            .collect();
        Ok(scoring::threshold(rule, self.rows.scores(), self.labels.as_deref(), &held_out)?)
    }

    /// Everything that is said of it at once.
    pub fn file(&self) -> ScoredFile {
        let table = self.table.borrow();
        ScoredFile {
            name: table.name().to_owned(),
            columns: table.column_names(),
            summary: ScoreSummary {
                rows: self.rows.len() as u64,
                histogram: self.histogram.clone(),
                measures: self.measures.clone(),
                measures_missing: self.measures_missing(),
                columns: self.column_errors(),
                warnings: self.warnings.clone(),
            },
            threshold: self.threshold.clone(),
            drift: self.drift.clone(),
        }
    }

    /// The columns' errors, those that drive the flagged rows first; over a sample of the rows where there are many.
    pub fn column_errors(&self) -> Vec<ColumnErrors> {
        let mut tally = ColumnErrorTally::new(self.detector.columns());
        for (row, errors) in self.errors.errors() {
            tally.add(errors, self.is_flagged(row));
        }
        tally.finish(&self.detector.column_names())
    }

    fn measures_missing(&self) -> Option<String> {
        let label = self.detector.label()?;
        if self.measures.is_some() {
            return None;
        }
        let labels = self.labels.as_deref().unwrap_or_default();
        let odd = labels.iter().flatten().filter(|is_odd| **is_odd).count();
        let normal = labels.iter().flatten().count() - odd;
        Some(if odd + normal == 0 {
            format!("The table has no column \"{}\" with values, so nothing can be measured.", label.column)
        } else {
            let (absent, present) = if odd == 0 { ("odd", normal) } else { ("normal", odd) };
            format!(
                "Measures need rows of both kinds, and \"{}\" calls none of the {present} measured rows {absent}.",
                label.column
            )
        })
    }

    /// Whether a row, counted from 0, lies above the threshold.
    pub fn is_flagged(&self, row: usize) -> bool {
        self.rows.scores()[row] > self.threshold.value
    }

    /// Keeps how the methods compare, for the report.
    pub fn set_compared(&mut self, compared: Compared) {
        self.compared = Some(compared);
    }

    /// What must be looked up before `query` can be answered.
    pub fn lookup(&self, query: &RowQuery) -> Option<Lookup> {
        self.rows.lookup(query)
    }

    /// Keeps an order by a column.
    pub fn set_column_order(&mut self, order: ColumnOrder) {
        self.rows.set_column_order(order);
    }

    /// Keeps what a search found.
    pub fn set_found(&mut self, found: Found) {
        self.rows.set_found(found);
    }

    /// The rows that `query` wants, and how many it has in all.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn select(&mut self, query: &RowQuery) -> Result<(Vec<ScoredRow>, u64), EngineError> {
        let (rows, total) = self.rows.select(query, self.threshold.value);
        let rows = rows.into_iter().map(|row| self.scored_row(row)).collect::<Result<_, _>>()?;
        Ok((rows, total))
    }

    /// The rows with the greatest scores.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn top(&self, count: usize) -> Result<Vec<ScoredRow>, EngineError> {
        self.rows.top(count).map(|row| self.scored_row(row)).collect()
    }

    /// A row, counted from 0.
    fn scored_row(&self, row: usize) -> Result<ScoredRow, EngineError> {
        let table = self.table.borrow();
        let batch = table.read_row(row)?;
        let record = batch.record(0);
        let columns = table.columns().len();
        let features = self.detector.prepare(&table, &batch)?;
        let is_odd = match self.rows.roles.label(row) {
            Label::Unknown => None,
            label => Some(label == Label::Odd),
        };
        Ok(ScoredRow {
            row: row as u64 + 1,
            score: self.rows.scores()[row],
            percentile: self.rows.percentile(row),
            is_flagged: self.is_flagged(row),
            is_anomalous: is_odd,
            top_columns: top_columns(&self.detector.column_names(), &self.detector.column_errors(&features)),
            cells: (0..columns).map(|column| record.cell(column).to_owned()).collect(),
        })
    }

    /// Why a row, counted from 1, is odd.
    ///
    /// # Errors
    /// When there is no such row, or the file cannot be read any more.
    pub fn details(&self, row: u64) -> Result<RowDetails, EngineError> {
        let index = (row as usize).checked_sub(1).filter(|&index| index < self.rows.len()).ok_or_else(|| {
            EngineError::setting("row", format!("There is no row {row}: the table has {} rows.", self.rows.len()))
        })?;
        let scored = self.scored_row(index)?;
        let table = self.table.borrow();
        explain(&self.detector, &table, &table.read_row(index)?, scored)
    }
}

/// What the label says of the rows that count when the ranking is measured.
fn measured_labels(rows: &ScoredRows) -> Option<Vec<Option<bool>>> {
    let label = |row| rows.roles.is_measured(row).then(|| rows.roles.label(row) == Label::Odd);
    let labels: Vec<Option<bool>> = (0..rows.len()).map(label).collect();
    labels.iter().any(Option::is_some).then_some(labels)
}

fn measure(scores: &[f64], labels: &[Option<bool>]) -> Option<Measures> {
    let measured = scores.iter().zip(labels).filter_map(|(score, label)| Some((*score, (*label)?)));
    let (scores, is_odd): (Vec<f64>, Vec<bool>) = measured.unzip();
    scoring::measures(&scores, &is_odd)
}

/// The first threshold: by false alarms where normal rows were held out, else by the share of rows expected to be odd.
fn first_rule(detector: &StoredDetector, rows: &ScoredRows) -> ThresholdRule {
    let share = detector.plan().contamination;
    let has_held_out = (0..rows.len()).any(|row| rows.roles.is_held_out_normal(row));
    if has_held_out && detector.learns_from_normals() {
        ThresholdRule::FalseAlarms(share)
    } else {
        ThresholdRule::Contamination(share)
    }
}

/// Before there is a score: nothing is flagged.
const fn no_threshold(rule: ThresholdRule) -> ThresholdReport {
    ThresholdReport {
        rule,
        value: f64::MAX,
        quantile: 1.0,
        flagged: 0,
        confusion: None,
        precision: None,
        recall: None,
        f1: None,
    }
}

/// The report on a ranking, one HTML file.
///
/// # Errors
/// When the table's file cannot be read any more.
pub fn report(ranking: &Ranking) -> Result<String, EngineError> {
    let flagged = ranking.threshold.flagged as usize;
    Ok(report::html(&Report {
        file: &ranking.file(),
        detector: &ranking.detector.summary(),
        columns: &ranking.column_errors(),
        rows: &ranking.top(flagged.min(REPORT_ROWS))?,
        methods: ranking.compared.as_ref().map_or(&[][..], |compared| &compared.methods),
        verdict: ranking.compared.as_ref().map(|compared| &compared.verdict),
    }))
}
