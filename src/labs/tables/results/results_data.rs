//! Data of the results section: the current threshold, column errors, the explained row, baselines, effect of fine-tuning.

use std::rc::Rc;

use pinhole_protocol::{
    Event,
    table::{ColumnErrors, FillReport, FineTuneEffect, RowDetails, ScoredFile, TableEvent, ThresholdReport},
};

use super::comparison::Comparison;
use crate::latest_request::LatestRequest;

/// Data of the results, updated by events.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultsData {
    /// The current threshold.
    pub report: Rc<ThresholdReport>,
    /// Errors of the columns, those with the largest share in flagged rows first.
    pub columns: Rc<Vec<ColumnErrors>>,
    pub comparison: Option<Rc<Comparison>>,
    pub fill: Option<Rc<FillReport>>,
    pub effect: Option<FineTuneEffect>,
    pub details: Option<Rc<RowDetails>>,
    /// Requests for the details of a row.
    pub details_request: LatestRequest<u64>,
    /// True until the scores arrive that `effect` belongs to.
    is_effect_new: bool,
}

impl ResultsData {
    /// Data of a table that was just scored.
    pub fn new(scored: &ScoredFile) -> Self {
        Self {
            report: Rc::new(scored.threshold.clone()),
            columns: Rc::new(scored.summary.columns.clone()),
            comparison: None,
            fill: None,
            effect: None,
            details: None,
            details_request: LatestRequest::default(),
            is_effect_new: false,
        }
    }

    /// Handles an event. Returns true if anything changed, and the row whose details to request next.
    pub fn on_event(&mut self, event: &Event) -> (bool, Option<u64>) {
        match event {
            Event::Table(event) => self.on_table_event(event),
            // Whichever command was refused: pending details may not arrive any more.
            Event::Failed(_) => (false, self.details_request.advance()),
            _ => (false, None),
        }
    }

    fn on_table_event(&mut self, event: &TableEvent) -> (bool, Option<u64>) {
        let mut next = None;
        match event {
            TableEvent::Scored(scored) => {
                let effect = self.effect.take().filter(|_| self.is_effect_new);
                *self = Self { effect, ..Self::new(scored) };
            }
            TableEvent::Threshold { report, columns } => {
                self.report = Rc::new(report.clone());
                self.columns = Rc::new(columns.clone());
                // Which rows are normal without a label depends on the threshold, and so do those beside the explained one.
                let explained = self.details.as_ref().map(|details| details.row.row);
                next = explained.and_then(|row| self.details_request.request(row));
            }
            TableEvent::Compared { methods, verdict } => {
                let comparison = Comparison { methods: methods.clone(), verdict: verdict.clone() };
                self.comparison = Some(Rc::new(comparison));
            }
            TableEvent::Filled(report) => self.fill = Some(Rc::new(report.clone())),
            TableEvent::FineTuned(effect) => {
                self.effect = Some(effect.clone());
                self.is_effect_new = true;
            }
            TableEvent::Details(details) => {
                next = self.details_request.advance();
                // While another row is requested, this one would only flicker.
                if next.is_none() {
                    self.details = Some(Rc::new((**details).clone()));
                }
            }
            _ => return (false, None),
        }
        (true, next)
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Failure, FailureKind, table::ScoredRow};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    fn details(row: u64) -> Event {
        let row = ScoredRow {
            row,
            score: 1.0,
            percentile: 100.0,
            is_flagged: false,
            is_anomalous: None,
            top_columns: Vec::new(),
            cells: Vec::new(),
        };
        let details = RowDetails { row, contributions: Vec::new(), nearest_rows: Vec::new(), notes: Vec::new() };
        Event::Table(TableEvent::Details(Box::new(details)))
    }

    fn effect() -> FineTuneEffect {
        FineTuneEffect {
            epochs: 1,
            replay_rows: 1,
            old_before: 1.0,
            old_after: 1.0,
            new_before: 1.0,
            new_after: 1.0,
            flagged_before: 0.0,
            flagged_after: 0.0,
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn details_of_the_newest_row_are_shown() {
        let mut data = ResultsData::new(&fixtures::scored("a.csv"));
        assert_eq!(data.details_request.request(3), Some(3));
        assert_eq!(data.details_request.request(4), None);
        assert_eq!(data.on_event(&details(3)), (true, Some(4)));
        assert_eq!(data.details, None);
        assert_eq!(data.on_event(&details(4)), (true, None));
        assert_eq!(data.details.as_ref().map(|details| details.row.row), Some(4));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn after_a_refusal_the_next_row_is_requested() {
        let mut data = ResultsData::new(&fixtures::scored("a.csv"));
        data.details_request.request(3);
        let failure = Failure { kind: FailureKind::State, message: "not now".into() };
        assert_eq!(data.on_event(&Event::Failed(failure)), (false, None));
        assert_eq!(data.details_request.request(3), Some(3));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_effect_of_fine_tuning_stays_until_the_second_scores_after_it() {
        let scored = || Event::Table(TableEvent::Scored(Box::new(fixtures::scored("b.csv"))));
        let mut data = ResultsData::new(&fixtures::scored("a.csv"));
        data.on_event(&Event::Table(TableEvent::FineTuned(effect())));
        data.on_event(&scored());
        assert_eq!(data.effect, Some(effect()));
        data.on_event(&scored());
        assert_eq!(data.effect, None);
    }
}
