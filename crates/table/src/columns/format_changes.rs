//! Sentences about formats that later rows of a file changed.

use pinhole_protocol::table::{ColumnFormat, DecimalMark, Dialect, NumberStyle, TableWarning, TimeNotation};

/// One sentence per change from the dialect `before`, that the first rows suggested, to `after`, that all rows ask for.
pub fn format_changes(before: &Dialect, after: &Dialect, names: &[String]) -> Vec<TableWarning> {
    let style = |dialect: &Dialect| NumberStyle { decimal: dialect.decimal, thousands: dialect.thousands.clone() };
    let mut changes = Vec::new();
    if style(before) != style(after) {
        changes.push(format!(
            "Later rows show that numbers are written {}: the file is read so.",
            describe(&style(after))
        ));
    }
    if before.day_first != after.day_first {
        let order = if after.day_first { "the day" } else { "the month" };
        changes.push(format!("Later rows show that {order} comes first in dates: the file is read so."));
    }
    if after.end.is_some() && before.end != after.end {
        changes.push("The last rows are totals or remarks: they are not read as rows of data.".to_owned());
    }
    let none = ColumnFormat::default();
    for format in &after.columns {
        let earlier = before.column(format.column).unwrap_or(&none);
        let name = names.get(format.column).map_or("", String::as_str);
        changes.extend(
            column_changes(earlier, format)
                .into_iter()
                .map(|change| format!("Later rows show that \"{name}\" {change}: the column is read so.")),
        );
    }
    changes.into_iter().map(|message| TableWarning { row: None, message }).collect()
}

fn column_changes(before: &ColumnFormat, after: &ColumnFormat) -> Vec<String> {
    let mut changes = Vec::new();
    if let Some(style) = after.number.as_ref().filter(|_| before.number != after.number) {
        changes.push(format!("has numbers written {}", describe(style)));
    }
    if let Some(day_first) = after.day_first.filter(|_| before.day_first != after.day_first) {
        changes.push(format!("has dates with the {} first", if day_first { "day" } else { "month" }));
    }
    if let Some(unit) = after.unit.as_ref().filter(|unit| before.unit != after.unit && !unit.is_empty()) {
        changes.push(format!("has the unit {unit}"));
    }
    match after.time.filter(|_| before.time != after.time) {
        Some(TimeNotation::Duration) => changes.push("holds lengths of time".into()),
        Some(TimeNotation::MinutesSeconds) => changes.push("holds lengths of time in minutes and seconds".into()),
        Some(TimeNotation::Digits) => changes.push("holds dates without marks".into()),
        Some(_) => changes.push("counts time since 1970".into()),
        None => {}
    }
    changes
}

fn describe(style: &NumberStyle) -> String {
    let mark = if style.decimal == DecimalMark::Comma { "comma" } else { "point" };
    match style.thousands.as_deref() {
        Some(" ") => format!("with a decimal {mark} and spaces between thousands"),
        Some(separator) => format!("with a decimal {mark} and {separator} between thousands"),
        None => format!("with a decimal {mark}"),
    }
}
