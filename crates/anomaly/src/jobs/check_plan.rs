//! Check of a plan against the table that it is for.

use pinhole_protocol::table::{ColumnKind, DetectorPlan};

use crate::{AnomalyError, table::Table};

/// Checks that a scanned table has rows, and the columns that a plan names, and that the plan's shares are shares.
///
/// # Errors
/// When one of these does not hold.
pub fn check_plan(table: &Table, plan: &DetectorPlan) -> Result<(), AnomalyError> {
    table.require_rows()?;
    for (setting, name, share, most) in [
        ("contamination", "The contamination", plan.contamination, 0.5),
        ("held_out", "The share of held-out rows", plan.held_out_share, 0.5),
        ("false_alarm_rate", "The false-alarm rate", plan.false_alarm_rate, 1.0),
    ] {
        if !(0.0..=most).contains(&share) {
            return Err(AnomalyError::setting(setting, format!("{name} is {share}: give a number from 0 to {most}.")));
        }
    }
    if let Some(entity) = &plan.entity
        && !table.column_names().contains(entity)
    {
        return Err(AnomalyError::setting(
            "entity",
            format!("The table has no column \"{entity}\": choose another entity column, or none."),
        ));
    }
    if let Some(time) = &plan.time
        && !plan.columns.iter().any(|column| column.name == *time && column.kind == ColumnKind::DateTime)
    {
        return Err(AnomalyError::setting(
            "time",
            format!("The table has no column \"{time}\" of dates: choose another time column, or none."),
        ));
    }
    if !plan.columns.iter().any(|column| column.used && plan.entity.as_ref() != Some(&column.name)) {
        return Err(AnomalyError::setting(
            "columns",
            "No column is used: choose at least one that is numeric, categorical, boolean or a date.",
        ));
    }
    Ok(())
}
