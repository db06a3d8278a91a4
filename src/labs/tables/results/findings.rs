//! What is known of the scored table beyond its first report: the threshold in force, a row's details, comparisons.

use std::rc::Rc;

use pinhole_protocol::{
    Event,
    table::{ColumnErrors, FineTuneEffect, RowDetails, ScoredFile, TableEvent, ThresholdReport},
};

use super::compare::Comparison;
use crate::latest_request::LatestRequest;

/// The findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// The threshold in force.
    pub report: Rc<ThresholdReport>,
    /// Columns, those that drive the flagged rows first.
    pub columns: Rc<Vec<ColumnErrors>>,
    pub comparison: Option<Rc<Comparison>>,
    pub effect: Option<FineTuneEffect>,
    pub details: Option<Rc<RowDetails>>,
    /// Rows whose details are wanted.
    pub wanted: LatestRequest<u64>,
    /// The effect was told of scores that are still to come.
    is_effect_new: bool,
}

impl Findings {
    /// Of a table that was just scored.
    pub fn of(scored: &ScoredFile) -> Self {
        Self {
            report: Rc::new(scored.threshold.clone()),
            columns: Rc::new(scored.summary.columns.clone()),
            comparison: None,
            effect: None,
            details: None,
            wanted: LatestRequest::default(),
            is_effect_new: false,
        }
    }

    /// Takes news. Whether anything changed, and the row to ask for next.
    pub fn hear(&mut self, event: &Event) -> (bool, Option<u64>) {
        match event {
            Event::Table(event) => self.hear_tables(event),
            // Whatever was refused: a question for details is not answered any more.
            Event::Failed(_) => (false, self.wanted.advance()),
            _ => (false, None),
        }
    }

    fn hear_tables(&mut self, event: &TableEvent) -> (bool, Option<u64>) {
        let mut next = None;
        match event {
            TableEvent::Scored(scored) => {
                let effect = self.effect.take().filter(|_| self.is_effect_new);
                *self = Self { effect, ..Self::of(scored) };
            }
            TableEvent::Threshold { report, columns } => {
                self.report = Rc::new(report.clone());
                self.columns = Rc::new(columns.clone());
            }
            TableEvent::Compared { methods, verdict } => {
                let comparison = Comparison { methods: methods.clone(), verdict: verdict.clone() };
                self.comparison = Some(Rc::new(comparison));
            }
            TableEvent::FineTuned(effect) => {
                self.effect = Some(effect.clone());
                self.is_effect_new = true;
            }
            TableEvent::Details(details) => {
                next = self.wanted.advance();
                // While another row is wanted already, this one would only flicker by.
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
    use crate::labs::tables::example;

    fn details(row: u64) -> Event {
        let row = ScoredRow {
            row,
            score: 1.0,
            percentile: 1.0,
            is_flagged: false,
            is_anomalous: None,
            top_columns: Vec::new(),
            cells: Vec::new(),
        };
        let details = RowDetails { row, contributions: Vec::new(), notes: Vec::new() };
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
        let mut findings = Findings::of(&example::scored("a.csv"));
        assert_eq!(findings.wanted.request(3), Some(3));
        assert_eq!(findings.wanted.request(4), None);
        assert_eq!(findings.hear(&details(3)), (true, Some(4)));
        assert_eq!(findings.details, None);
        assert_eq!(findings.hear(&details(4)), (true, None));
        assert_eq!(findings.details.as_ref().map(|details| details.row.row), Some(4));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_refusal_frees_the_way_for_the_next_question() {
        let mut findings = Findings::of(&example::scored("a.csv"));
        findings.wanted.request(3);
        let failure = Failure { kind: FailureKind::State, message: "not now".into() };
        assert_eq!(findings.hear(&Event::Failed(failure)), (false, None));
        assert_eq!(findings.wanted.request(3), Some(3));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_effect_of_fine_tuning_outlives_the_scores_that_follow_it_once() {
        let scored = || Event::Table(TableEvent::Scored(Box::new(example::scored("b.csv"))));
        let mut findings = Findings::of(&example::scored("a.csv"));
        findings.hear(&Event::Table(TableEvent::FineTuned(effect())));
        findings.hear(&scored());
        assert_eq!(findings.effect, Some(effect()));
        findings.hear(&scored());
        assert_eq!(findings.effect, None);
    }
}
