//! The columns of another file, by name.

use std::collections::{HashMap, HashSet};

use super::{Preparation, PreparationError};
use crate::{records::Record, typed::Wanted};

/// Names listed in a sentence.
const NAMED: usize = 5;

/// Where a file has the detector's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMatch {
    /// For each column of the preparation its place in the file; `None`: the file lacks it.
    pub indices: Vec<Option<usize>>,
    /// What does not fit, a sentence each.
    pub notes: Vec<String>,
}

impl ColumnMatch {
    /// A cell's own text; empty if the file lacks the column.
    pub fn seen<'a>(&self, column: usize, record: &Record<'a>) -> &'a str {
        self.indices.get(column).copied().flatten().map_or("", |index| record.cell(index))
    }
}

impl Preparation {
    /// Finds the detector's columns in a file by their names, in any order; if need be, upper and lower case and blanks
    /// aside. `aside` are columns of the file that need not be noted as extra, such as the label.
    ///
    /// # Errors
    /// When the file has none of them.
    pub fn match_columns(&self, names: &[String], aside: &[String]) -> Result<ColumnMatch, PreparationError> {
        let plain = |name: &str| name.trim().to_lowercase();
        let places: HashMap<&str, usize> =
            names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let mut indices: Vec<Option<usize>> =
            self.columns.iter().map(|column| places.get(column.name.as_str()).copied()).collect();
        let mut taken: HashSet<usize> = indices.iter().flatten().copied().collect();
        let free = (0..names.len()).rev().filter(|index| !taken.contains(index));
        let plain_places: HashMap<String, usize> = free.map(|index| (plain(&names[index]), index)).collect();
        let mut notes = Vec::new();
        for (column, place) in self.columns.iter().zip(&mut indices).filter(|(_, place)| place.is_none()) {
            if let Some(&index) = plain_places.get(&plain(&column.name))
                && taken.insert(index)
            {
                notes.push(format!("\"{}\" is taken for the detector's \"{}\".", names[index], column.name));
                *place = Some(index);
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
            return Err(PreparationError::NoColumnMatches { wanted: listed(&missing) });
        }
        if !missing.is_empty() {
            notes.push(format!(
                "The file lacks {} of the detector's {} columns ({}): read as missing.",
                missing.len(),
                self.columns.len(),
                listed(&missing)
            ));
        }
        let extra: Vec<&str> = (0..names.len())
            .filter(|index| !taken.contains(index) && !aside.contains(&names[*index]))
            .map(|index| names[index].as_str())
            .collect();
        if !extra.is_empty() {
            notes.push(format!(
                "The file has {} that the detector does not use ({}).",
                if extra.len() == 1 { "1 column".into() } else { format!("{} columns", extra.len()) },
                listed(&extra)
            ));
        }
        Ok(ColumnMatch { indices, notes })
    }

    /// What a [`crate::typed::TypedReader`] must read of a file with this match.
    pub fn wanted(&self, matched: &ColumnMatch) -> Vec<Wanted> {
        let columns = self.columns.iter().zip(&matched.indices);
        columns.map(|(column, &index)| Wanted { name: column.name.clone(), kind: column.kind, index }).collect()
    }
}

fn listed(names: &[&str]) -> String {
    let mut listed: Vec<String> = names.iter().take(NAMED).map(|name| format!("\"{name}\"")).collect();
    if names.len() > NAMED {
        listed.push(format!("{} more", names.len() - NAMED));
    }
    listed.join(", ")
}
