//! Rules to choose a threshold: a menu of kinds, and a number.

use pinhole_protocol::table::{ThresholdReport, ThresholdRule};

use crate::components::number_field::NumberRange;

/// Kind of a [`ThresholdRule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    Score,
    Quantile,
    Contamination,
    FalseAlarms,
    BestF1,
}

/// False-alarm rate of a rule that was just chosen, percent.
const INITIAL_FALSE_ALARMS_PERCENT: f64 = 5.0;

impl RuleKind {
    /// Every kind, in the order of the menu; the last needs labels.
    const ALL: [Self; 5] = [Self::Score, Self::Quantile, Self::Contamination, Self::FalseAlarms, Self::BestF1];

    /// Kinds that the menu offers.
    pub fn offered(has_labels: bool) -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| has_labels || *kind != Self::BestF1).collect()
    }

    /// Kind of a rule.
    pub const fn of(rule: ThresholdRule) -> Self {
        match rule {
            ThresholdRule::Score(_) => Self::Score,
            ThresholdRule::Quantile(_) => Self::Quantile,
            ThresholdRule::Contamination(_) => Self::Contamination,
            ThresholdRule::FalseAlarms(_) => Self::FalseAlarms,
            ThresholdRule::BestF1 => Self::BestF1,
        }
    }

    /// Title in the menu.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Score => "By score",
            Self::Quantile => "By quantile of the scores",
            Self::Contamination => "By contamination",
            Self::FalseAlarms => "By false-alarm rate on held-out normal rows",
            Self::BestF1 => "By best F1",
        }
    }

    /// Label of its number; `None` for a kind without one.
    pub const fn number_label(self) -> Option<&'static str> {
        match self {
            Self::Score => Some("Score"),
            Self::Quantile => Some("Quantile, in percent"),
            Self::Contamination => Some("Contamination, in percent"),
            Self::FalseAlarms => Some("False alarms, in percent"),
            Self::BestF1 => None,
        }
    }

    /// Range of its number.
    pub const fn number_range(self) -> NumberRange {
        match self {
            Self::Score | Self::BestF1 => NumberRange::ANY,
            Self::Quantile | Self::Contamination | Self::FalseAlarms => NumberRange::PERCENT,
        }
    }

    /// The rule with this number, a score or a percentage; `None` if the number is out of range.
    pub fn rule(self, number: f64) -> Option<ThresholdRule> {
        let share = number / 100.0;
        let is_share = (0.0..=1.0).contains(&share);
        match self {
            Self::Score => number.is_finite().then_some(ThresholdRule::Score(number)),
            Self::Quantile => is_share.then_some(ThresholdRule::Quantile(share)),
            Self::Contamination => is_share.then_some(ThresholdRule::Contamination(share)),
            Self::FalseAlarms => is_share.then_some(ThresholdRule::FalseAlarms(share)),
            Self::BestF1 => Some(ThresholdRule::BestF1),
        }
    }

    /// The rule of this kind that lies nearest to the current threshold, for a table of `rows` rows.
    pub fn initial_rule(self, report: &ThresholdReport, rows: u64) -> Option<ThresholdRule> {
        let number = match self {
            Self::Score => report.value,
            Self::Quantile => 100.0 * report.quantile,
            Self::Contamination => 100.0 * report.flagged as f64 / rows.max(1) as f64,
            Self::FalseAlarms => INITIAL_FALSE_ALARMS_PERCENT,
            Self::BestF1 => 0.0,
        };
        self.rule(number)
    }
}

/// Number of a rule: a score, or a percentage.
pub fn number(rule: ThresholdRule) -> Option<f64> {
    match rule {
        ThresholdRule::Score(score) => Some(score),
        ThresholdRule::Quantile(share) | ThresholdRule::Contamination(share) | ThresholdRule::FalseAlarms(share) => {
            Some(100.0 * share)
        }
        ThresholdRule::BestF1 => None,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn rules_and_numbers_belong_together() {
        for kind in RuleKind::ALL {
            let rule = kind.rule(25.0).expect("25 is a score and a share");
            assert_eq!(RuleKind::of(rule), kind);
            assert_eq!(number(rule), kind.number_label().map(|_| 25.0));
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn shares_beyond_all_rows_are_no_rules() {
        for number in [-1.0, 101.0, f64::NAN] {
            assert_eq!(RuleKind::Contamination.rule(number), None);
        }
        assert_eq!(RuleKind::Score.rule(101.0), Some(ThresholdRule::Score(101.0)));
        assert_eq!(RuleKind::Score.rule(f64::INFINITY), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_rule_starts_at_the_current_threshold() {
        let report = fixtures::scored("a.csv").threshold;
        assert_eq!(RuleKind::Score.initial_rule(&report, 40), Some(ThresholdRule::Score(1.5)));
        assert_eq!(RuleKind::Contamination.initial_rule(&report, 40), Some(ThresholdRule::Contamination(0.05)));
        assert_eq!(RuleKind::Contamination.initial_rule(&report, 0), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_best_f1_needs_labels() {
        assert!(!RuleKind::offered(false).contains(&RuleKind::BestF1));
        assert_eq!(RuleKind::offered(true).len(), RuleKind::ALL.len());
    }
}
