//! Unique names of columns.

use std::collections::HashSet;

use pinhole_protocol::table::TableWarning;

/// Returns unique names, and a warning for each changed one: surrounding spaces are removed (without a warning), an
/// empty name becomes `column 3`, the second `price` becomes `price (2)`.
pub fn clean_names(header: &[String]) -> (Vec<String>, Vec<TableWarning>) {
    let mut used_names: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(header.len());
    let mut messages = Vec::new();
    for (index, raw) in header.iter().enumerate() {
        let trimmed = raw.trim();
        // "# time" begins a header that other programs take for a remark.
        let trimmed = if index == 0 { trimmed.strip_prefix("# ").map_or(trimmed, str::trim_start) } else { trimmed };
        let base = if trimmed.is_empty() { format!("column {}", index + 1) } else { trimmed.to_owned() };
        let mut name = base.clone();
        let mut number = 2;
        while !used_names.insert(name.clone()) {
            name = format!("{base} ({number})");
            number += 1;
        }
        if trimmed.is_empty() {
            messages.push(format!("Column {} has no name: it is called \"{name}\" here.", index + 1));
        } else if name != base {
            messages.push(format!(
                "Column {} is named \"{base}\" as another before it: it is called \"{name}\" here.",
                index + 1
            ));
        }
        names.push(name);
    }
    (names, messages.into_iter().map(|message| TableWarning { row: None, message }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_unique() {
        let header = ["a", " a ", "", "a (2)", "a"].map(String::from);
        let (names, warnings) = clean_names(&header);
        assert_eq!(names, ["a", "a (2)", "column 3", "a (2) (2)", "a (3)"]);
        assert_eq!(warnings.len(), 4);
    }
}
