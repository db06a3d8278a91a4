//! Matching of the columns of another file by name.

use std::collections::{HashMap, HashSet};

use pinhole_protocol::table::RenamedColumn;

use super::{column_map::mapped_indices, preparation_error::PreparationError, prepared_columns::Preparation};
use crate::{records::Record, typed::ColumnSpec};

/// Names that a sentence lists.
const LISTED_NAMES: usize = 5;

/// Columns beside those of the preparation, and names that a person maps.
#[derive(Clone, Debug, Default)]
pub struct MatchOptions {
    /// Further columns that are read and are no features, such as the entity's.
    pub keys: Vec<String>,
    /// Columns of the training table that are not read: in another file they are not new.
    pub unread: Vec<String>,
    /// Columns that have another name in the file.
    pub map: Vec<RenamedColumn>,
}

/// Columns of a file that are those of a detector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMatch {
    /// Index in the file of each column of the preparation, then of each key; `None`: the file lacks it.
    pub indices: Vec<Option<usize>>,
    /// Warnings about renamed, missing and new columns.
    pub warnings: Vec<String>,
    /// Names of the columns of the preparation, and keys, that the file lacks.
    pub missing: Vec<String>,
    /// Indices in the file of the columns that are not read.
    pub unused: Vec<usize>,
}

impl ColumnMatch {
    /// Text of the cell in a column of the preparation; empty if the file lacks it.
    pub fn cell<'a>(&self, column: usize, record: &Record<'a>) -> &'a str {
        self.indices.get(column).copied().flatten().map_or("", |index| record.cell(index))
    }
}

impl Preparation {
    /// Finds the columns of the preparation, and keys, among the `names` of a file, in any order: those that the map
    /// names; then by their name; then by its letters and digits alone, so that `Booked At` is `booked_at`. A file that
    /// has none of them matches too, in nothing.
    ///
    /// # Errors
    /// [`PreparationError::Map`] if the map names columns that do not exist, or contradicts itself.
    pub fn find_columns(&self, names: &[String], options: &MatchOptions) -> Result<ColumnMatch, PreparationError> {
        let own = self.columns.iter().map(|column| &column.name);
        let wanted: Vec<String> = own.chain(&options.keys).cloned().collect();
        let mapped = mapped_indices(&wanted, names, &options.map)?;
        let mut found = Found { indices: vec![None; wanted.len()], read: HashSet::new() };
        for (column, index) in mapped {
            found.take(column, Some(index));
        }
        let exact: HashMap<&str, usize> =
            names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        for (column, name) in wanted.iter().enumerate() {
            found.take(column, exact.get(name.as_str()).copied());
        }
        let others = (0..names.len()).rev().filter(|index| !found.read.contains(index));
        let normalised: HashMap<String, usize> =
            others.map(|index| (letters_and_digits(&names[index]), index)).collect();
        for (column, name) in wanted.iter().enumerate() {
            found.take(column, normalised.get(&letters_and_digits(name)).copied());
        }
        Ok(self.described(found, &wanted, names, options))
    }

    /// The match with its warnings.
    fn described(&self, found: Found, wanted: &[String], names: &[String], options: &MatchOptions) -> ColumnMatch {
        let Found { indices, read } = found;
        let is_missing = |column: &usize| indices[*column].is_none();
        let missing: Vec<String> = (0..wanted.len()).filter(is_missing).map(|column| wanted[column].clone()).collect();
        let missing_columns: Vec<&str> =
            (0..self.columns.len()).filter(is_missing).map(|column| wanted[column].as_str()).collect();
        let renamed: Vec<(&str, &str)> = wanted
            .iter()
            .zip(&indices)
            .filter_map(|(name, index)| Some((names[(*index)?].as_str(), name.as_str())))
            .filter(|(new, old)| new != old)
            .collect();
        let unused: Vec<usize> = (0..names.len()).filter(|index| !read.contains(index)).collect();
        let unread: HashSet<String> = options.unread.iter().map(|name| letters_and_digits(name)).collect();
        let is_new = |index: &&usize| !unread.contains(&letters_and_digits(&names[**index]));
        let new: Vec<&str> = unused.iter().filter(is_new).map(|index| names[*index].as_str()).collect();
        let warnings =
            [renamed_warning(&renamed), missing_warning(&missing_columns, self.columns.len()), new_warning(&new)];
        ColumnMatch { warnings: warnings.into_iter().flatten().collect(), indices, missing, unused }
    }

    /// Columns that a [`crate::typed::TypedReader`] must read of a file with this match, without the keys.
    pub fn column_specs(&self, matched: &ColumnMatch) -> Vec<ColumnSpec> {
        let columns = self.columns.iter().zip(&matched.indices);
        columns.map(|(column, &index)| ColumnSpec { name: column.name.clone(), kind: column.kind, index }).collect()
    }

    /// Finds the columns as [`Self::find_columns`], of which the file must have at least one.
    ///
    /// # Errors
    /// [`PreparationError::NoColumnMatches`] if the file has none of them, and as [`Self::find_columns`].
    pub fn match_columns(&self, names: &[String], options: &MatchOptions) -> Result<ColumnMatch, PreparationError> {
        let matched = self.find_columns(names, options)?;
        if matched.indices.iter().take(self.columns.len()).any(Option::is_some) {
            return Ok(matched);
        }
        let needed: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        Err(PreparationError::NoColumnMatches { needed: list_names(&needed) })
    }
}

/// Columns that were found so far.
struct Found {
    /// Index in the file of each wanted column.
    indices: Vec<Option<usize>>,
    /// Indices in the file that are taken.
    read: HashSet<usize>,
}

impl Found {
    /// Takes a column of the file for a wanted one, unless either is taken.
    fn take(&mut self, column: usize, index: Option<usize>) {
        if let Some(index) = index
            && self.indices[column].is_none()
            && self.read.insert(index)
        {
            self.indices[column] = Some(index);
        }
    }
}

fn renamed_warning(renamed: &[(&str, &str)]) -> Option<String> {
    match renamed {
        [] => None,
        [(new, old)] => Some(format!("\"{new}\" is read as the detector's \"{old}\".")),
        _ => {
            let pairs = renamed.iter().map(|(new, old)| format!("\"{new}\" as \"{old}\""));
            Some(format!("{} columns are read under other names: {}.", renamed.len(), join(pairs, renamed.len())))
        }
    }
}

fn missing_warning(missing: &[&str], columns: usize) -> Option<String> {
    if missing.is_empty() {
        return None;
    }
    Some(format!(
        "The file lacks {} of the detector's {columns} columns ({}): read as missing.",
        missing.len(),
        list_names(missing)
    ))
}

fn new_warning(new: &[&str]) -> Option<String> {
    let count = match new.len() {
        0 => return None,
        1 => "1 column".into(),
        count => format!("{count} columns"),
    };
    Some(format!("The file has {count} that the detector does not use ({}).", list_names(new)))
}

/// Letters and digits of a name, in lower case; the whole name if it has none.
pub fn letters_and_digits(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    if plain.is_empty() { name.trim().to_owned() } else { plain }
}

/// Index of the column with this name, or else of the first whose name has the same letters and digits.
pub fn position_of_name(names: &[String], name: &str) -> Option<usize> {
    let normalised = letters_and_digits(name);
    let exact = names.iter().position(|own| own == name);
    exact.or_else(|| names.iter().position(|own| letters_and_digits(own) == normalised))
}

/// The first names in quotes, and the number of the others.
pub(super) fn list_names(names: &[&str]) -> String {
    join(names.iter().map(|name| format!("\"{name}\"")), names.len())
}

fn join(items: impl Iterator<Item = String>, count: usize) -> String {
    let mut listed: Vec<String> = items.take(LISTED_NAMES).collect();
    if count > LISTED_NAMES {
        listed.push(format!("{} more", count - LISTED_NAMES));
    }
    listed.join(", ")
}
