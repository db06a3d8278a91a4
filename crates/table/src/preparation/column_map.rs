//! Columns that a person maps to those of a detector, as they have other names in a file.

use std::collections::HashMap;

use pinhole_protocol::table::RenamedColumn;

use super::column_match::list_names;

/// Reason why a map of columns is refused, in a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnMapError {
    /// The detector has no such column.
    #[error("The detector has no column \"{name}\" to map: it has {columns}.")]
    UnknownOld {
        /// The name.
        name: String,
        /// Names of the first columns of the detector.
        columns: String,
    },
    /// The file has no such column.
    #[error("The file has no column \"{name}\" to read as \"{old}\": it has {columns}.")]
    UnknownNew {
        /// The name.
        name: String,
        /// The detector's column that is mapped to it.
        old: String,
        /// Names of the first columns of the file.
        columns: String,
    },
    /// A column of the detector is mapped twice.
    #[error("\"{old}\" is mapped to both \"{first}\" and \"{second}\": choose one of them.")]
    TwoNew {
        /// The detector's column.
        old: String,
        /// The file's column that it is mapped to first.
        first: String,
        /// The other.
        second: String,
    },
    /// A column of the file is to be read as two.
    #[error("\"{new}\" is chosen for both \"{first}\" and \"{second}\": a column can be read as one of them alone.")]
    TwoOld {
        /// The file's column.
        new: String,
        /// The detector's column that is mapped to it first.
        first: String,
        /// The other.
        second: String,
    },
}

/// Indices of mapped columns: of each of the `wanted` ones that the map names, its index among the `names` of a file.
///
/// # Errors
/// When a name does not exist, or the map contradicts itself.
pub fn mapped_indices(
    wanted: &[String],
    names: &[String],
    map: &[RenamedColumn],
) -> Result<HashMap<usize, usize>, ColumnMapError> {
    let position = |all: &[String], name: &str| all.iter().position(|own| own == name);
    let listed = |all: &[String]| list_names(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let mut indices: HashMap<usize, usize> = HashMap::new();
    for RenamedColumn { old, new } in map {
        let from = position(wanted, old)
            .ok_or_else(|| ColumnMapError::UnknownOld { name: old.clone(), columns: listed(wanted) })?;
        let to = position(names, new).ok_or_else(|| ColumnMapError::UnknownNew {
            name: new.clone(),
            old: old.clone(),
            columns: listed(names),
        })?;
        if let Some((&first, _)) = indices.iter().find(|&(&other, &index)| other != from && index == to) {
            let (new, second) = (new.clone(), old.clone());
            return Err(ColumnMapError::TwoOld { new, first: wanted[first].clone(), second });
        }
        if let Some(first) = indices.insert(from, to).filter(|first| *first != to) {
            let (old, second) = (old.clone(), new.clone());
            return Err(ColumnMapError::TwoNew { old, first: names[first].clone(), second });
        }
    }
    Ok(indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(map: &[(&str, &str)]) -> String {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let map: Vec<RenamedColumn> =
            map.iter().map(|&(old, new)| RenamedColumn { old: old.into(), new: new.into() }).collect();
        match mapped_indices(&names(&["amount", "fee"]), &names(&["Betrag", "Summe"]), &map) {
            Ok(indices) => format!("{indices:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn contradictions_are_told_in_a_sentence() {
        assert_eq!(
            refusal(&[("amount", "Summe"), ("amount", "Summe")]),
            "{0: 1}",
            "the same twice is no contradiction"
        );
        for (map, words) in [
            (&[("amount", "Betrag"), ("amount", "Summe")][..], "\"amount\" is mapped to both \"Betrag\" and \"Summe\""),
            (&[("amount", "Betrag"), ("fee", "Betrag")], "\"Betrag\" is chosen for both \"amount\" and \"fee\""),
            (&[("price", "Betrag")], "no column \"price\" to map: it has \"amount\", \"fee\""),
            (&[("fee", "Preis")], "no column \"Preis\" to read as \"fee\": it has \"Betrag\", \"Summe\""),
        ] {
            let sentence = refusal(map);
            assert!(sentence.contains(words), "{sentence}");
        }
    }
}
