//! Rules to choose a threshold: a menu of kinds, and their numbers.

use pinhole_protocol::table::{ErrorCosts, ThresholdReport, ThresholdRule};

use crate::components::number_field::NumberRange;

/// Kind of a [`ThresholdRule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    Score,
    Quantile,
    Contamination,
    FalseAlarms,
    Capacity,
    Cost,
    BestF1,
}

/// Label and range of a number of a rule.
pub type RuleField = (&'static str, NumberRange);

/// False-alarm rate of a rule that was just chosen, percent.
const INITIAL_FALSE_ALARMS_PERCENT: f64 = 5.0;
/// Costs of a missed anomaly and of a false alarm in a rule that was just chosen.
const INITIAL_COSTS: [f64; 2] = [10.0, 1.0];
/// Range of a capacity.
const ROWS: NumberRange = NumberRange::whole_from(1);
/// Range of a cost.
const COST: NumberRange = NumberRange::real(0.0, 1e12);

impl RuleKind {
    /// Every kind, in the order of the menu.
    const ALL: [Self; 7] =
        [Self::Score, Self::Quantile, Self::Contamination, Self::FalseAlarms, Self::Capacity, Self::Cost, Self::BestF1];

    /// Kinds that the menu offers.
    pub fn offered(has_labels: bool) -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| has_labels || !kind.needs_labels()).collect()
    }

    /// True if a threshold of this kind is measured by labels.
    pub const fn needs_labels(self) -> bool {
        matches!(self, Self::Cost | Self::BestF1)
    }

    /// Kind of a rule.
    pub const fn of(rule: ThresholdRule) -> Self {
        match rule {
            ThresholdRule::Score(_) => Self::Score,
            ThresholdRule::Quantile(_) => Self::Quantile,
            ThresholdRule::Contamination(_) => Self::Contamination,
            ThresholdRule::FalseAlarms(_) => Self::FalseAlarms,
            ThresholdRule::Capacity(_) => Self::Capacity,
            ThresholdRule::Cost(_) => Self::Cost,
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
            Self::Capacity => "By capacity: rows that can be checked",
            Self::Cost => "By cost of errors",
            Self::BestF1 => "By best F1",
        }
    }

    /// Its numbers.
    pub const fn fields(self) -> &'static [RuleField] {
        match self {
            Self::Score => &[("Score", NumberRange::ANY)],
            Self::Quantile => &[("Quantile, in percent", NumberRange::PERCENT)],
            Self::Contamination => &[("Contamination, in percent", NumberRange::PERCENT)],
            Self::FalseAlarms => &[("False alarms, in percent", NumberRange::PERCENT)],
            Self::Capacity => &[("Rows to check per file", ROWS)],
            Self::Cost => &[("Cost of a missed anomaly", COST), ("Cost of a false alarm", COST)],
            Self::BestF1 => &[],
        }
    }

    /// The rule with these numbers, in the order of its fields; `None` if one is lacking or out of range.
    pub fn rule(self, numbers: &[f64]) -> Option<ThresholdRule> {
        let fields = self.fields();
        let is_in_range = |(number, (_, range)): (&f64, &RuleField)| range.contains(*number);
        if numbers.len() != fields.len() || !numbers.iter().zip(fields).all(is_in_range) {
            return None;
        }
        let first = numbers.first().copied().unwrap_or_default();
        Some(match self {
            Self::Score => ThresholdRule::Score(first),
            Self::Quantile => ThresholdRule::Quantile(first / 100.0),
            Self::Contamination => ThresholdRule::Contamination(first / 100.0),
            Self::FalseAlarms => ThresholdRule::FalseAlarms(first / 100.0),
            Self::Capacity => ThresholdRule::Capacity(first as u64),
            Self::Cost => ThresholdRule::Cost(ErrorCosts { missed: first, false_alarm: *numbers.last()? }),
            Self::BestF1 => ThresholdRule::BestF1,
        })
    }

    /// The rule of this kind that lies nearest to the current threshold, for a table of `rows` rows.
    pub fn initial_rule(self, report: &ThresholdReport, rows: u64) -> Option<ThresholdRule> {
        match self {
            Self::Score => self.rule(&[report.value]),
            Self::Quantile => self.rule(&[100.0 * report.quantile]),
            Self::Contamination => self.rule(&[100.0 * report.flagged as f64 / rows.max(1) as f64]),
            Self::FalseAlarms => self.rule(&[INITIAL_FALSE_ALARMS_PERCENT]),
            Self::Capacity => self.rule(&[report.flagged.max(1) as f64]),
            Self::Cost => self.rule(&INITIAL_COSTS),
            Self::BestF1 => self.rule(&[]),
        }
    }
}

/// Numbers of a rule, in the order of its fields: a score, percentages, a count or costs.
pub fn numbers(rule: ThresholdRule) -> Vec<f64> {
    match rule {
        ThresholdRule::Score(score) => vec![score],
        ThresholdRule::Quantile(share) | ThresholdRule::Contamination(share) | ThresholdRule::FalseAlarms(share) => {
            vec![100.0 * share]
        }
        ThresholdRule::Capacity(rows) => vec![rows as f64],
        ThresholdRule::Cost(ErrorCosts { missed, false_alarm }) => vec![missed, false_alarm],
        ThresholdRule::BestF1 => Vec::new(),
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
            let own = &[25.0, 3.0][..kind.fields().len()];
            let rule = kind.rule(own).expect("25 is a score, a share, a count and a cost");
            assert_eq!(RuleKind::of(rule), kind);
            assert_eq!(numbers(rule), own);
            assert_eq!(kind.rule(&[1.0; 3]), None);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn shares_beyond_all_rows_are_no_rules() {
        for number in [-1.0, 101.0, f64::NAN] {
            assert_eq!(RuleKind::Contamination.rule(&[number]), None);
        }
        assert_eq!(RuleKind::Score.rule(&[101.0]), Some(ThresholdRule::Score(101.0)));
        assert_eq!(RuleKind::Score.rule(&[f64::INFINITY]), None);
        assert_eq!([0.0, 1.5].map(|rows| RuleKind::Capacity.rule(&[rows])), [None, None]);
        assert_eq!(RuleKind::Cost.rule(&[1.0, -1.0]), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_rule_starts_at_the_current_threshold() {
        let report = fixtures::scored("a.csv").threshold;
        assert_eq!(RuleKind::Score.initial_rule(&report, 40), Some(ThresholdRule::Score(1.5)));
        assert_eq!(RuleKind::Contamination.initial_rule(&report, 40), Some(ThresholdRule::Contamination(0.05)));
        assert_eq!(RuleKind::Contamination.initial_rule(&report, 0), None);
        assert_eq!(RuleKind::Capacity.initial_rule(&report, 40), Some(ThresholdRule::Capacity(2)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_best_f1_and_costs_need_labels() {
        let offered = RuleKind::offered(false);
        assert!(!offered.contains(&RuleKind::BestF1) && !offered.contains(&RuleKind::Cost));
        assert_eq!(RuleKind::offered(true).len(), RuleKind::ALL.len());
    }
}
