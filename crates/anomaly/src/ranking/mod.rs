//! A scored table: its ranking, threshold and measures, and the explanation of each row.

mod column_error_sample;
mod comparison;
mod counted_rows;
mod explanation;
mod prepared_row;
mod row_sample;
mod scored_rows;

use std::rc::Rc;

use pinhole_protocol::table::{
    ColumnErrors, DetectorPlan, DriftReport, Histogram, Measures, RowDetails, RowQuery, ScoreSummary, ScoredFile,
    ScoredRow, ThresholdReport, ThresholdRule,
};

pub use self::{
    column_error_sample::ColumnErrorSample,
    comparison::Comparison,
    explanation::top_columns,
    row_sample::RowSample,
    scored_rows::{ColumnOrder, Lookup, LookupResult, ScoredRows, SearchResult},
};
use self::{counted_rows::counted_rows, explanation::explain, prepared_row::PreparedRow};
use crate::{
    AnomalyError,
    derived::DerivedRows,
    fitted_detector::{ColumnBinding, FittedDetector},
    report::{self, REPORT_ROWS, Report},
    row_roles::RowLabel,
    scoring::{self, ColumnErrorSums, MeasuredLabels},
    table::SharedTable,
    training_memory::TrainingMemory,
};

/// Normal rows that are shown beside another.
const NEAREST_ROWS: usize = 3;

/// Facts about a scored table that is not the detector's training table.
pub(crate) struct OtherTable {
    /// Drift against the training table.
    pub drift: DriftReport,
    /// Sentences on columns that are missing, new or renamed, or no longer constant.
    pub column_notes: Vec<String>,
}

/// Result of scoring a table.
pub(crate) struct ScoredTable {
    pub rows: ScoredRows,
    /// Numbers that are derived from earlier rows.
    pub derived: DerivedRows,
    /// Contributions of the columns to the scores of a sample of the rows.
    pub errors: ColumnErrorSample,
    /// Prepared rows, among which those like another are found.
    pub sample: RowSample,
    /// `None` for the detector's training table.
    pub other: Option<OtherTable>,
    /// Memory of the table, if the detector was trained on it.
    pub memory: Option<TrainingMemory>,
    /// Sentences about cells and columns that do not fit.
    pub warnings: Vec<String>,
}

/// A table with its scores.
pub struct Ranking {
    table: SharedTable,
    detector: Rc<FittedDetector>,
    rows: ScoredRows,
    derived: DerivedRows,
    errors: ColumnErrorSample,
    sample: RowSample,
    /// `None` for the detector's training table.
    other: Option<OtherTable>,
    /// Memory of the table, if the detector was trained on it.
    memory: Option<TrainingMemory>,
    warnings: Vec<String>,
    /// True for each measured row that the label calls anomalous; `None` without labels.
    labels: Option<Vec<Option<bool>>>,
    /// Number of the table's normal rows per measured one.
    normal_weight: f64,
    histogram: Histogram,
    measures: Option<Measures>,
    threshold: ThresholdReport,
    comparison: Option<Comparison>,
}

impl Ranking {
    pub(crate) fn new(
        table: SharedTable,
        detector: Rc<FittedDetector>,
        ScoredTable { rows, derived, errors, sample, other, memory, mut warnings }: ScoredTable,
    ) -> Self {
        warnings.extend(scoring::constant_scores_warning(rows.scores()));
        let labels = measured_labels(&rows);
        let normal_weight = rows.roles.normal_weight();
        let histogram = scoring::histogram(rows.scores(), labels.as_deref());
        let measures = labels
            .as_deref()
            .and_then(|is_anomalous| scoring::measures(rows.scores(), MeasuredLabels { is_anomalous, normal_weight }));
        let rule = if memory.is_some() { first_rule(&detector, &rows) } else { detector.threshold_rule() };
        let mut ranking = Self {
            memory,
            table,
            detector,
            derived,
            errors,
            sample,
            other,
            warnings,
            histogram,
            measures,
            threshold: no_threshold(rule),
            comparison: None,
            labels,
            normal_weight,
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

    /// True if this is the table that the detector was trained on.
    pub const fn is_training_table(&self) -> bool {
        self.memory.is_some()
    }

    /// Measures, where labels allow them.
    pub const fn measures(&self) -> Option<&Measures> {
        self.measures.as_ref()
    }

    /// The detector; if it was trained on this table, with threshold, reference distribution of its scores, and memory of
    /// the rows that trained.
    pub fn calibrated_detector(&self) -> FittedDetector {
        let mut detector = (*self.detector).clone();
        if let Some(memory) = &self.memory {
            detector.set_threshold(&self.threshold, &self.rows);
            detector.set_score_reference(&self.rows);
            detector.remember(memory.clone());
        }
        detector
    }

    /// The detector with this ranking's threshold.
    pub fn detector_with_threshold(&self) -> FittedDetector {
        let mut detector = (*self.detector).clone();
        detector.set_threshold(&self.threshold, &self.rows);
        detector
    }

    /// Replaces the detector by its [calibrated](Self::calibrated_detector) self.
    pub fn set_detector(&mut self, detector: Rc<FittedDetector>) {
        self.detector = detector;
    }

    /// The detector that scored.
    pub const fn detector(&self) -> &Rc<FittedDetector> {
        &self.detector
    }

    /// The table that was scored.
    pub const fn table(&self) -> &SharedTable {
        &self.table
    }

    /// Current threshold.
    pub const fn threshold(&self) -> &ThresholdReport {
        &self.threshold
    }

    /// Chooses the threshold.
    ///
    /// # Errors
    /// When the rule needs labels or held-out rows, and there are none; the threshold stays.
    pub fn set_threshold(&mut self, rule: ThresholdRule) -> Result<(), AnomalyError> {
        self.threshold = self.report_on(rule)?;
        Ok(())
    }

    fn report_on(&self, rule: ThresholdRule) -> Result<ThresholdReport, AnomalyError> {
        let held_out: Vec<f64> = (0..self.rows.len())
            .filter(|&row| self.rows.roles.is_held_out_normal(row))
            .map(|row| self.rows.scores()[row])
            .collect();
        let labels = self
            .labels
            .as_deref()
            .map(|is_anomalous| MeasuredLabels { is_anomalous, normal_weight: self.normal_weight });
        Ok(scoring::threshold(rule, self.rows.scores(), labels, &held_out)?)
    }

    /// Summary of the whole scored table.
    pub fn file(&self) -> ScoredFile {
        let table = self.table.borrow();
        ScoredFile {
            name: table.name().to_owned(),
            has_own_format: table.origin().is_some_and(|origin| origin.origin().scored_extension.is_some()),
            columns: table.column_names(),
            summary: ScoreSummary {
                rows: self.rows.len() as u64,
                histogram: self.histogram.clone(),
                measures: self.measures.clone(),
                counted_rows: self.measures.as_ref().map(|measures| counted_rows(measures, &self.rows.roles)),
                measures_missing: self.measures_missing(),
                columns: self.column_errors(),
                warnings: self.warnings.clone(),
            },
            threshold: self.threshold.clone(),
            column_notes: self.other.as_ref().map_or_else(Vec::new, |other| other.column_notes.clone()),
            drift: self.other.as_ref().map(|other| other.drift.clone()),
        }
    }

    /// Errors by column, those with the greatest share in the flagged rows' error first; over a sample of the rows
    /// where there are many.
    pub fn column_errors(&self) -> Vec<ColumnErrors> {
        let mut sums = ColumnErrorSums::new(self.detector.columns());
        for (row, errors) in self.errors.errors() {
            sums.add(errors, self.is_flagged(row));
        }
        sums.finish(&self.detector.column_names())
    }

    fn measures_missing(&self) -> Option<String> {
        let label = self.detector.label()?;
        if self.measures.is_some() {
            return None;
        }
        let labels = self.labels.as_deref().unwrap_or_default();
        let anomalous = labels.iter().flatten().filter(|is_anomalous| **is_anomalous).count();
        let normal = labels.iter().flatten().count() - anomalous;
        Some(if anomalous + normal == 0 {
            format!("The table has no column \"{}\" with values, so nothing can be measured.", label.column)
        } else {
            let (absent, present) = if anomalous == 0 { ("anomalous", normal) } else { ("normal", anomalous) };
            format!(
                "Measures need rows of both kinds, and \"{}\" calls none of the {present} measured rows {absent}.",
                label.column
            )
        })
    }

    /// True if a row, counted from 0, lies above the threshold.
    pub fn is_flagged(&self, row: usize) -> bool {
        self.rows.scores()[row] > self.threshold.value
    }

    /// Sets the comparison with the other methods, for the report.
    pub fn set_comparison(&mut self, comparison: Comparison) {
        self.comparison = Some(comparison);
    }

    /// Lookup in the file that `query` needs and that was not made yet.
    pub fn missing_lookup(&self, query: &RowQuery) -> Option<Lookup> {
        self.rows.missing_lookup(query)
    }

    /// Sets the result of a lookup.
    pub fn set_lookup(&mut self, result: LookupResult) {
        self.rows.set_lookup(result);
    }

    /// The rows that `query` selects, and their number without its limit.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn select(&mut self, query: &RowQuery) -> Result<(Vec<ScoredRow>, u64), AnomalyError> {
        let (rows, total) = self.rows.select(query, self.threshold.value);
        Ok((self.read_rows(rows)?, total))
    }

    /// The rows with the greatest scores, the greatest first.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn top(&self, count: usize) -> Result<Vec<ScoredRow>, AnomalyError> {
        self.read_rows(self.rows.top(count))
    }

    /// Reads and scores rows, counted from 0.
    fn read_rows(&self, rows: impl IntoIterator<Item = usize>) -> Result<Vec<ScoredRow>, AnomalyError> {
        let binding = self.detector.bind(&self.table.borrow())?;
        let names = self.detector.column_names();
        let scored = |row| Ok(self.scored_row(row, &names, &self.prepared_row(&binding, row)?));
        rows.into_iter().map(scored).collect()
    }

    fn prepared_row(&self, binding: &ColumnBinding, row: usize) -> Result<PreparedRow, AnomalyError> {
        PreparedRow::read(&self.detector, binding, &self.table.borrow(), row, self.derived.row(row))
    }

    /// A row, counted from 0, as the table view shows it; `names` are those of the detector's columns.
    fn scored_row(&self, row: usize, names: &[String], prepared: &PreparedRow) -> ScoredRow {
        let record = prepared.batch.record(0);
        let columns = self.table.borrow().columns().len();
        let is_anomalous = match self.rows.roles.label(row) {
            RowLabel::Unknown => None,
            label => Some(label == RowLabel::Anomalous),
        };
        ScoredRow {
            row: row as u64 + 1,
            score: self.rows.scores()[row],
            percentile: self.rows.percentile(row),
            is_flagged: self.is_flagged(row),
            is_anomalous,
            top_columns: top_columns(names, &prepared.errors),
            cells: (0..columns).map(|column| record.cell(column).to_owned()).collect(),
        }
    }

    /// Contribution of each column to the score of a row, counted from 1, and the nearest normal rows. Each row is read
    /// once.
    ///
    /// # Errors
    /// When there is no such row, or the file cannot be read any more.
    pub fn details(&self, row: u64) -> Result<RowDetails, AnomalyError> {
        let index = (row as usize).checked_sub(1).filter(|&index| index < self.rows.len()).ok_or_else(|| {
            AnomalyError::setting("row", format!("There is no row {row}: the table has {} rows.", self.rows.len()))
        })?;
        let binding = self.detector.bind(&self.table.borrow())?;
        let prepared = self.prepared_row(&binding, index)?;
        let scored = self.scored_row(index, &self.detector.column_names(), &prepared);
        let is_normal = |other: usize| match self.rows.roles.label(other) {
            _ if other == index => false,
            RowLabel::Unknown => !self.is_flagged(other),
            label => label == RowLabel::Normal,
        };
        let nearest = self.sample.nearest(&prepared.features, NEAREST_ROWS, is_normal);
        let nearest: Vec<PreparedRow> =
            nearest.into_iter().map(|row| self.prepared_row(&binding, row)).collect::<Result<_, _>>()?;
        let mut details = explain(&self.detector, &binding, &prepared, scored, &nearest);
        if !self.derived.has(index) {
            let note =
                "The table is so long that what this row has to do with those before it was scored, but not kept.";
            details.notes.push(note.into());
        }
        Ok(details)
    }
}

/// Labels of the rows that count in the measures, true for an anomaly; `None` if there are none.
fn measured_labels(rows: &ScoredRows) -> Option<Vec<Option<bool>>> {
    let label = |row| rows.roles.is_measured(row).then(|| rows.roles.label(row) == RowLabel::Anomalous);
    let labels: Vec<Option<bool>> = (0..rows.len()).map(label).collect();
    labels.iter().any(Option::is_some).then_some(labels)
}

/// Rule of the first threshold: by the false-alarm rate where normal rows were held out, whatever the contamination; else
/// by the contamination.
fn first_rule(detector: &FittedDetector, rows: &ScoredRows) -> ThresholdRule {
    let DetectorPlan { false_alarm_rate, contamination, .. } = *detector.plan();
    let has_held_out = (0..rows.len()).any(|row| rows.roles.is_held_out_normal(row));
    if has_held_out && detector.is_semi_supervised() {
        ThresholdRule::FalseAlarms(false_alarm_rate)
    } else {
        ThresholdRule::Contamination(contamination)
    }
}

/// A threshold that flags nothing, before there is a score.
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
        precision_interval: None,
        recall_interval: None,
        alerts: String::new(),
    }
}

/// Report on a ranking, one HTML file.
///
/// # Errors
/// When the table's file cannot be read any more.
pub fn html_report(ranking: &Ranking) -> Result<String, AnomalyError> {
    let flagged = ranking.threshold.flagged as usize;
    Ok(report::html(&Report {
        file: &ranking.file(),
        detector: &ranking.detector.summary(),
        columns: &ranking.column_errors(),
        rows: &ranking.top(flagged.min(REPORT_ROWS))?,
        methods: ranking.comparison.as_ref().map_or(&[][..], |comparison| &comparison.methods),
        verdict: ranking.comparison.as_ref().map(|comparison| &comparison.verdict),
    }))
}
