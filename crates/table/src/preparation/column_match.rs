//! Matching of the columns of another file by name.

use std::collections::{HashMap, HashSet};

use super::{preparation_error::PreparationError, prepared_columns::Preparation};
use crate::{records::Record, typed::ColumnSpec};

/// Names that a sentence lists.
const LISTED_NAMES: usize = 5;

/// Columns of a file that are those of a detector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMatch {
    /// Index in the file of each column of the preparation; `None`: the file lacks it.
    pub indices: Vec<Option<usize>>,
    /// Warnings about renamed, missing and extra columns.
    pub warnings: Vec<String>,
}

impl ColumnMatch {
    /// Text of the cell in a column of the preparation; empty if the file lacks it.
    pub fn cell<'a>(&self, column: usize, record: &Record<'a>) -> &'a str {
        self.indices.get(column).copied().flatten().map_or("", |index| record.cell(index))
    }
}

impl Preparation {
    /// Finds the columns of the preparation among the `names` of a file, in any order; if there is no exact match, by
    /// their letters and digits alone: `Booked At` is `booked_at`. `excluded` are columns of the file without a warning that they are extra,
    /// such as the label.
    ///
    /// # Errors
    /// [`PreparationError::NoColumnMatches`] if the file has none of them.
    pub fn match_columns(&self, names: &[String], excluded: &[String]) -> Result<ColumnMatch, PreparationError> {
        let exact_indices: HashMap<&str, usize> =
            names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let mut indices: Vec<Option<usize>> =
            self.columns.iter().map(|column| exact_indices.get(column.name.as_str()).copied()).collect();
        let mut matched: HashSet<usize> = indices.iter().flatten().copied().collect();
        let unmatched = (0..names.len()).rev().filter(|index| !matched.contains(index));
        let normalised_indices: HashMap<String, usize> =
            unmatched.map(|index| (letters_and_digits(&names[index]), index)).collect();
        let mut warnings = Vec::new();
        for (column, column_index) in self.columns.iter().zip(&mut indices).filter(|(_, index)| index.is_none()) {
            if let Some(&index) = normalised_indices.get(&letters_and_digits(&column.name))
                && matched.insert(index)
            {
                warnings.push(format!("\"{}\" is read as the detector's \"{}\".", names[index], column.name));
                *column_index = Some(index);
            }
        }
        let missing: Vec<&str> = self
            .columns
            .iter()
            .zip(&indices)
            .filter(|(_, index)| index.is_none())
            .map(|(column, _)| column.name.as_str())
            .collect();
        if missing.len() == self.columns.len() {
            return Err(PreparationError::NoColumnMatches { needed: list_names(&missing) });
        }
        if !missing.is_empty() {
            warnings.push(format!(
                "The file lacks {} of the detector's {} columns ({}): read as missing.",
                missing.len(),
                self.columns.len(),
                list_names(&missing)
            ));
        }
        let extra: Vec<&str> = (0..names.len())
            .filter(|index| !matched.contains(index) && !excluded.contains(&names[*index]))
            .map(|index| names[index].as_str())
            .collect();
        if !extra.is_empty() {
            warnings.push(format!(
                "The file has {} that the detector does not use ({}).",
                if extra.len() == 1 { "1 column".into() } else { format!("{} columns", extra.len()) },
                list_names(&extra)
            ));
        }
        Ok(ColumnMatch { indices, warnings })
    }

    /// Columns that a [`crate::typed::TypedReader`] must read of a file with this match.
    pub fn column_specs(&self, matched: &ColumnMatch) -> Vec<ColumnSpec> {
        let columns = self.columns.iter().zip(&matched.indices);
        columns.map(|(column, &index)| ColumnSpec { name: column.name.clone(), kind: column.kind, index }).collect()
    }
}

/// Letters and digits of a name, in lower case; the whole name if it has none.
pub fn letters_and_digits(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    if plain.is_empty() { name.trim().to_owned() } else { plain }
}

fn list_names(names: &[&str]) -> String {
    let mut listed: Vec<String> = names.iter().take(LISTED_NAMES).map(|name| format!("\"{name}\"")).collect();
    if names.len() > LISTED_NAMES {
        listed.push(format!("{} more", names.len() - LISTED_NAMES));
    }
    listed.join(", ")
}
