//! From what is known of a table to how odd rows are looked for in it, and the edits that a person makes.

use pinhole_protocol::table::{
    ColumnKind, ColumnPlan, ColumnSummary, DetectorPlan, LabelGuess, LabelPlan, TableSummary,
};

/// The guessed columns and label, with the settings that were chosen before.
pub fn of_summary(chosen: &DetectorPlan, summary: &TableSummary) -> DetectorPlan {
    let label = summary.label.as_ref().and_then(|guess| {
        let column = summary.columns.get(guess.column)?.name.clone();
        Some(LabelPlan { column, anomalous_values: guess.anomalous_values.clone() })
    });
    DetectorPlan { columns: summary.columns.iter().map(guessed).collect(), label, ..chosen.clone() }
}

fn guessed(column: &ColumnSummary) -> ColumnPlan {
    let used = column.exclusion_reason.is_none() && column.kind.is_usable();
    ColumnPlan { name: column.name.clone(), kind: column.kind, used }
}

/// Reads the column as another kind. What a detector cannot learn from is not used; what it now can is.
pub fn set_kind(plan: &mut DetectorPlan, column: usize, kind: ColumnKind) {
    if let Some(column) = plan.columns.get_mut(column) {
        column.kind = kind;
        column.used = kind.is_usable();
    }
}

/// Takes another column as the label, or none. The values that mean odd are known only of the guessed one.
pub fn set_label(plan: &mut DetectorPlan, column: Option<String>, summary: &TableSummary) {
    plan.label = column.map(|column| {
        let guess = guess_of(&column, summary);
        LabelPlan { anomalous_values: guess.map_or_else(Vec::new, |guess| guess.anomalous_values.clone()), column }
    });
}

/// What was guessed of that column as a label.
pub fn guess_of<'a>(column: &str, summary: &'a TableSummary) -> Option<&'a LabelGuess> {
    summary.label.as_ref().filter(|guess| summary.columns.get(guess.column).is_some_and(|known| known.name == column))
}

/// Calls a value of the label odd, or normal.
pub fn set_odd(plan: &mut DetectorPlan, value: &str, is_odd: bool) {
    if let Some(label) = &mut plan.label {
        label.anomalous_values.retain(|odd| odd != value);
        if is_odd {
            label.anomalous_values.push(value.to_owned());
        }
    }
}

/// Reads a list of words with commas between them.
pub fn read_list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Columns that the detector will see: the label never is one.
pub fn used_columns(plan: &DetectorPlan) -> usize {
    let label = plan.label.as_ref().map(|label| &label.column);
    plan.columns.iter().filter(|column| column.used && Some(&column.name) != label).count()
}

/// Why it cannot be trained as it is.
pub fn obstacle(plan: &DetectorPlan) -> Option<&'static str> {
    if plan.label.as_ref().is_some_and(|label| label.anomalous_values.is_empty()) {
        Some("Say which values of the label column mean odd, or choose no label column.")
    } else if used_columns(plan) == 0 {
        Some("No column is used: tick one under \"Columns\".")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::example;

    #[wasm_bindgen_test(unsupported = test)]
    fn guesses_become_a_plan_and_settings_stay() {
        let chosen = DetectorPlan { seed: 9, contamination: 0.01, ..DetectorPlan::default() };
        let plan = of_summary(&chosen, &example::summary());
        assert_eq!((plan.seed, plan.contamination.to_bits()), (9, 0.01_f64.to_bits()));
        let used: Vec<bool> = plan.columns.iter().map(|column| column.used).collect();
        assert_eq!(used, [false, true, true]);
        assert_eq!(plan.label, Some(LabelPlan { column: "state".into(), anomalous_values: vec!["fault".into()] }));
        assert_eq!(used_columns(&plan), 1, "the label is no feature");
        assert_eq!(obstacle(&plan), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_label_has_to_be_explained() {
        let summary = example::summary();
        let mut plan = of_summary(&DetectorPlan::default(), &summary);
        set_label(&mut plan, Some("flow".into()), &summary);
        assert!(obstacle(&plan).is_some_and(|why| why.contains("mean odd")));
        set_odd(&mut plan, "1", true);
        set_odd(&mut plan, "2", true);
        set_odd(&mut plan, "1", false);
        assert_eq!(plan.label.as_ref().map(|label| label.anomalous_values.clone()), Some(vec!["2".to_owned()]));
        set_label(&mut plan, Some("state".into()), &summary);
        assert_eq!(plan.label.as_ref().map(|label| label.anomalous_values.clone()), Some(vec!["fault".to_owned()]));
        set_label(&mut plan, None, &summary);
        set_kind(&mut plan, 1, ColumnKind::Text);
        set_kind(&mut plan, 2, ColumnKind::Constant);
        assert!(obstacle(&plan).is_some_and(|why| why.contains("No column")));
        set_kind(&mut plan, 1, ColumnKind::Numeric);
        assert_eq!(obstacle(&plan), None);
        set_kind(&mut plan, 99, ColumnKind::Numeric);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn lists_are_read_with_commas() {
        assert_eq!(read_list(" -200, n.a. ,,x y"), ["-200", "n.a.", "x y"]);
        assert!(read_list(" , ").is_empty());
    }
}
