//! The settings of a training, [`DetectorPlan`]: derived from a table's summary, and edited by a person.

use pinhole_protocol::table::{
    ColumnKind, ColumnPlan, ColumnSummary, DetectorPlan, LabelGuess, LabelPlan, LabelValue, TableSummary,
};

/// The plan for a table: columns, label and entity as guessed, no time, all other settings as chosen before.
pub fn from_summary(chosen: &DetectorPlan, summary: &TableSummary) -> DetectorPlan {
    let label = summary.label.as_ref().and_then(|guess| {
        let column = summary.columns.get(guess.column)?.name.clone();
        Some(LabelPlan { column, anomalous_values: guess.anomalous_values.clone() })
    });
    let entity = summary.entity.and_then(|index| summary.columns.get(index)).map(|column| column.name.clone());
    let columns = summary.columns.iter().map(guessed_column).collect();
    DetectorPlan { columns, label, entity, time: None, ..chosen.clone() }
}

fn guessed_column(column: &ColumnSummary) -> ColumnPlan {
    let used = column.exclusion_reason.is_none() && column.kind.is_usable();
    ColumnPlan { name: column.name.clone(), kind: column.kind, used }
}

/// Sets the kind of a column. A column of a kind that a detector cannot learn from is not used, any other is.
pub fn set_kind(plan: &mut DetectorPlan, column: usize, kind: ColumnKind) {
    if let Some(column) = plan.columns.get_mut(column) {
        column.kind = kind;
        column.used = kind.is_usable();
    }
}

/// Sets the label column, or none. Values that mark an anomaly are known only of the guessed column.
pub fn set_label(plan: &mut DetectorPlan, column: Option<String>, summary: &TableSummary) {
    plan.label = column.map(|column| {
        let guess = label_guess(&column, summary);
        LabelPlan { anomalous_values: guess.map_or_else(Vec::new, |guess| guess.anomalous_values.clone()), column }
    });
}

/// The guess of the label if it is of this column.
pub fn label_guess<'a>(column: &str, summary: &'a TableSummary) -> Option<&'a LabelGuess> {
    summary.label.as_ref().filter(|guess| summary.columns.get(guess.column).is_some_and(|known| known.name == column))
}

/// All values of a column with their rows; none if they are too many.
pub fn values_of<'a>(column: &str, summary: &'a TableSummary) -> &'a [LabelValue] {
    let guessed = label_guess(column, summary).map(|guess| guess.values.as_slice());
    let known = summary.columns.iter().find(|known| known.name == column);
    guessed.or_else(|| known.map(|known| known.values.as_slice())).unwrap_or_default()
}

/// Name of the column that looks like a label and would be used as a feature; `None` if there is none.
pub fn label_as_feature<'a>(plan: &DetectorPlan, summary: &'a TableSummary) -> Option<&'a str> {
    let guess = summary.label.as_ref()?;
    let name = &summary.columns.get(guess.column)?.name;
    let is_label = plan.label.as_ref().is_some_and(|label| label.column == *name);
    let is_used = plan.columns.get(guess.column).is_some_and(|column| column.used);
    (is_used && !is_label).then_some(name.as_str())
}

/// Marks a value of the label as an anomaly, or as normal.
pub fn set_anomalous(plan: &mut DetectorPlan, value: &str, is_anomalous: bool) {
    if let Some(label) = &mut plan.label {
        label.anomalous_values.retain(|other| other != value);
        if is_anomalous {
            label.anomalous_values.push(value.to_owned());
        }
    }
}

/// Parses a comma-separated list.
pub fn parse_list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Number of columns that are features of the detector; label and entity are never among them.
pub fn used_column_count(plan: &DetectorPlan) -> usize {
    let label = plan.label.as_ref().map(|label| &label.column);
    let others = [label, plan.entity.as_ref()];
    plan.columns.iter().filter(|column| column.used && !others.contains(&Some(&column.name))).count()
}

/// Columns that say when a row was: those that are read as dates, but for the label.
pub fn time_columns(plan: &DetectorPlan) -> impl Iterator<Item = &String> {
    let label = plan.label.as_ref().map(|label| &label.column);
    let dates = plan.columns.iter().filter(|column| column.kind == ColumnKind::DateTime);
    dates.map(|column| &column.name).filter(move |name| label != Some(name))
}

/// Reason why the plan cannot be trained; `None` if it can.
pub fn invalid_reason(plan: &DetectorPlan) -> Option<&'static str> {
    if plan.label.as_ref().is_some_and(|label| label.anomalous_values.is_empty()) {
        Some("Name the values of the label column that mark an anomaly, or choose no label column.")
    } else if plan.entity.is_some() && plan.entity.as_ref() == plan.label.as_ref().map(|label| &label.column) {
        Some("The entity column is the label column too: choose another, or none.")
    } else if plan.time.as_ref().is_some_and(|time| !time_columns(plan).any(|name| name == time)) {
        Some("The time column holds no dates: choose another, or none.")
    } else if used_column_count(plan) == 0 {
        Some("No column is used: tick one under \"Columns\".")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    #[wasm_bindgen_test(unsupported = test)]
    fn guesses_become_a_plan_and_settings_stay() {
        let chosen = DetectorPlan { seed: 9, contamination: 0.01, ..DetectorPlan::default() };
        let plan = from_summary(&chosen, &fixtures::summary());
        assert_eq!((plan.seed, plan.contamination.to_bits()), (9, 0.01_f64.to_bits()));
        let used: Vec<bool> = plan.columns.iter().map(|column| column.used).collect();
        assert_eq!(used, [false, true, true]);
        assert_eq!(plan.label, Some(LabelPlan { column: "state".into(), anomalous_values: vec!["fault".into()] }));
        assert_eq!(used_column_count(&plan), 1, "the label is no feature");
        assert_eq!(invalid_reason(&plan), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_label_needs_its_anomalous_values() {
        let summary = fixtures::summary();
        let mut plan = from_summary(&DetectorPlan::default(), &summary);
        set_label(&mut plan, Some("flow".into()), &summary);
        assert!(invalid_reason(&plan).is_some_and(|reason| reason.contains("mark an anomaly")));
        set_anomalous(&mut plan, "1", true);
        set_anomalous(&mut plan, "2", true);
        set_anomalous(&mut plan, "1", false);
        assert_eq!(plan.label.as_ref().map(|label| label.anomalous_values.clone()), Some(vec!["2".to_owned()]));
        set_label(&mut plan, Some("state".into()), &summary);
        assert_eq!(plan.label.as_ref().map(|label| label.anomalous_values.clone()), Some(vec!["fault".to_owned()]));
        set_label(&mut plan, None, &summary);
        set_kind(&mut plan, 1, ColumnKind::Text);
        set_kind(&mut plan, 2, ColumnKind::Constant);
        assert!(invalid_reason(&plan).is_some_and(|reason| reason.contains("No column")));
        set_kind(&mut plan, 1, ColumnKind::Numeric);
        assert_eq!(invalid_reason(&plan), None);
        set_kind(&mut plan, 99, ColumnKind::Numeric);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_label_that_is_used_as_a_feature_is_named() {
        let summary = fixtures::summary();
        let mut plan = from_summary(&DetectorPlan::default(), &summary);
        assert_eq!(label_as_feature(&plan, &summary), None);
        set_label(&mut plan, None, &summary);
        assert_eq!(label_as_feature(&plan, &summary), Some("state"));
        plan.columns[2].used = false;
        assert_eq!(label_as_feature(&plan, &summary), None);
        assert!(values_of("flow", &summary).is_empty() && values_of("state", &summary).len() == 2);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn lists_are_comma_separated() {
        assert_eq!(parse_list(" -200, n.a. ,,x y"), ["-200", "n.a.", "x y"]);
        assert!(parse_list(" , ").is_empty());
    }
}
