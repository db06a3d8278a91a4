//! The columns of a detector, found in a table.

use std::borrow::Cow;

use pinhole_protocol::table::{ColumnKind, UnmatchedColumns};
use pinhole_table::{
    preparation::{ColumnMatch, MatchOptions, Preparation, position_of_name},
    records::Record,
    typed::{ColumnSpec, TypedReader},
};

use super::{DetectorMetadata, FittedDetector};
use crate::{AnomalyError, derived::DerivedReader, table::Table};

/// Positions of a detector's columns in a table, and the reader of them.
pub struct ColumnBinding {
    /// Index of each of the detector's columns in the table.
    pub matched: ColumnMatch,
    /// Reads these columns, and the label if the table has it; no row was read yet.
    pub reader: TypedReader,
    /// Notes on columns that do not fit, one sentence each.
    pub notes: Vec<String>,
}

impl FittedDetector {
    /// Finds its columns in a table, by name.
    ///
    /// # Errors
    /// When the table has none of them, or its map of renamed columns does not fit.
    pub fn bind(&self, table: &Table) -> Result<ColumnBinding, AnomalyError> {
        let names = table.column_names();
        let preparation = self.read_preparation();
        let matched = preparation
            .match_columns(&names, &self.match_options(table))
            .map_err(|problem| AnomalyError::Incompatible { name: table.name().to_owned(), problem })?;
        let mut wanted = preparation.column_specs(&matched);
        let mut notes = matched.warnings.clone();
        if let Some(entities) = &self.metadata.entities {
            let (key, index) = (entities.key.clone(), self.key_index(&matched, &entities.key));
            if index.is_none() {
                notes
                    .push(format!("The file lacks \"{key}\", so that no row is compared with those of its own {key}."));
            }
            wanted.push(ColumnSpec { name: key, kind: ColumnKind::Categorical, index });
        }
        let label = self.label().and_then(|label| {
            let index = position_of_name(&names, &label.column)?;
            Some((index, label.anomalous_values.as_slice()))
        });
        let reader = TypedReader::with_columns(table.dialect(), wanted, label);
        Ok(ColumnBinding { matched, reader, notes })
    }

    /// Columns that [`Self::bind`] does not find in a table, and those of the table that are left over; `None` if no
    /// person can match them: none is missing, none is left over, or the table seems to be another.
    pub fn unmatched_columns(&self, table: &Table) -> Option<UnmatchedColumns> {
        let names = table.column_names();
        let matched = self.read_preparation().find_columns(&names, &self.match_options(table)).ok()?;
        let label = self.label().and_then(|label| position_of_name(&names, &label.column));
        let is_free = |index: &usize| Some(*index) != label;
        let mut unused: Vec<String> =
            matched.unused.iter().filter(|index| is_free(index)).map(|&index| names[index].clone()).collect();
        // New columns first: one that the training table has under the same name is hardly another of its columns.
        let plan = &self.metadata.plan;
        unused.sort_by_key(|name| plan.columns.iter().any(|column| column.name == *name));
        let missing = matched.missing;
        let finds_nothing = matched.indices.iter().take(self.read_columns()).all(Option::is_none);
        let is_another = finds_nothing && unused.len() < missing.len();
        if missing.is_empty() || unused.is_empty() || is_another {
            return None;
        }
        Some(UnmatchedColumns { name: table.name().to_owned(), missing, unused })
    }

    /// Columns of a file that are read and are no features, each once: those of the entity, and of the time where it is
    /// none.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let DetectorMetadata { entities, derived, .. } = &self.metadata;
        let of_derived = derived.iter().flat_map(|derived| derived.entity.iter().chain([&derived.time]));
        let all = entities.iter().map(|entities| &entities.key).chain(of_derived).map(String::as_str);
        let mut keys: Vec<&str> = all.filter(|key| self.place_of_feature(key).is_none()).collect();
        keys.dedup();
        keys.into_iter()
    }

    /// Place of a column among the features that are read; `None` if it is none of them.
    fn place_of_feature(&self, name: &str) -> Option<usize> {
        self.metadata.preparation.columns[..self.read_columns()].iter().position(|column| column.name == name)
    }

    /// Index in a file of the column of entities, or of times; `None` if the file lacks it.
    fn key_index(&self, matched: &ColumnMatch, key: &str) -> Option<usize> {
        let place = self
            .place_of_feature(key)
            .or_else(|| Some(self.read_columns() + self.keys().position(|own| own == key)?))?;
        matched.indices.get(place).copied().flatten()
    }

    fn match_options(&self, table: &Table) -> MatchOptions {
        let plan = &self.metadata.plan;
        let unread = plan.columns.iter().filter(|column| !column.used).map(|column| column.name.clone());
        MatchOptions {
            keys: self.keys().map(str::to_owned).collect(),
            unread: unread
                .chain(plan.label.iter().map(|label| label.column.clone()))
                .chain(plan.entity.clone())
                .collect(),
            map: table.renamed_columns().to_vec(),
        }
    }

    /// The preparation of the columns that are read from a file.
    fn read_preparation(&self) -> Cow<'_, Preparation> {
        let preparation = &self.metadata.preparation;
        if self.read_columns() == self.columns() {
            return Cow::Borrowed(preparation);
        }
        Cow::Owned(Preparation { columns: preparation.columns[..self.read_columns()].to_vec(), ..*preparation })
    }

    /// A reader of the derived columns, at the first row of a table to whose columns the detector is bound; `None` if
    /// there are none.
    pub(crate) fn derived_reader(&self, binding: &ColumnBinding, table: &Table) -> Option<DerivedReader> {
        let derived = self.metadata.derived.as_ref()?;
        let index = |key: &String| self.key_index(&binding.matched, key);
        let (time, entity) = (index(&derived.time), derived.entity.as_ref().and_then(index));
        Some(DerivedReader::new(derived, table.dialect(), &binding.matched.indices, time, entity))
    }

    /// Entity that a row of a bound table belongs to; `None` if rows are not compared within entities.
    pub(crate) fn entity_of<'a>(&self, binding: &ColumnBinding, record: &Record<'a>) -> Option<&'a str> {
        self.metadata.entities.as_ref()?;
        Some(record.cell(binding.reader.columns().last()?.index?).trim())
    }
}
