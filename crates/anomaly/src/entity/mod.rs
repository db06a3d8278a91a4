//! What is usual for an entity: the customer, machine or account that a row belongs to.
//!
//! An amount that is ordinary in the table may be unheard of for its customer. Each numeric column whose numbers lie
//! closer together within the entities than in the whole table is read as the distance from what is usual for the row's
//! entity, in units of the entity's own spread. Of a column of categories where each entity has its own, how little the
//! row's category is expected of its entity is a number beside it. A column that has nothing to do with the entity stays
//! as it is, so that a key that tells nothing changes nothing.

mod categories;
mod fit;

use std::collections::HashMap;

use pinhole_protocol::table::ColumnKind;
use pinhole_table::typed::{ColumnSpec, NumberColumn, TypedColumn, TypedTable};
use serde::{Deserialize, Serialize};

pub use self::categories::EntityCategories;

/// What is usual for each entity, in the columns where entities differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityProfiles {
    /// Name of the column with the entities.
    pub key: String,
    /// Numeric columns where entities differ.
    pub columns: Vec<EntityColumn>,
    /// Columns of categories where entities differ: how little a category is expected of its entity is a column of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<EntityCategories>,
}

/// A numeric column, compared within entities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityColumn {
    /// Index among the detector's columns.
    pub column: usize,
    /// True if logarithms are compared, as numbers are positive and skewed.
    pub is_logarithmic: bool,
    /// What is usual for each entity that has enough rows.
    pub usual: HashMap<String, Usual>,
}

/// Numbers that are usual for an entity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// Median of its numbers.
    pub level: f64,
    /// Spread of its numbers about the level, as a normal distribution's standard deviation; shrunk to that within all
    /// entities where rows are few.
    pub spread: f64,
}

impl EntityProfiles {
    /// Takes the last column of a table for its entities, removes it, and replaces the numbers of each compared column by
    /// their distances from what is usual: NaN for an entity of which too little is known. How little the categories are
    /// expected follows in columns of their own.
    pub fn compare_within(&self, table: &mut TypedTable) -> Option<TypedColumn> {
        let keys = table.columns.pop()?;
        let names: Vec<Option<&str>> = match &keys {
            TypedColumn::Categories { codes, dictionary } => codes.iter().map(|&code| dictionary.value(code)).collect(),
            TypedColumn::Numbers(_) | TypedColumn::Times(_) => Vec::new(),
        };
        for own in &self.columns {
            if let Some(TypedColumn::Numbers(numbers)) = table.columns.get_mut(own.column) {
                let mut compared = NumberColumn::default();
                for (row, number) in numbers.iter().enumerate() {
                    compared.push(own.distance(names.get(row).copied().flatten(), number));
                }
                *numbers = compared;
            }
        }
        let surprises: Vec<TypedColumn> =
            self.categories.iter().map(|own| TypedColumn::Numbers(own.surprises(table, &names))).collect();
        table.columns.extend(surprises);
        Some(keys)
    }

    /// Columns that are added to a table, as a preparation is fitted to them.
    pub fn specs(&self, columns: &[ColumnSpec]) -> Vec<ColumnSpec> {
        let name = |own: &EntityCategories| format!("{} for its {}", columns[own.column].name, self.key);
        let spec = |own| ColumnSpec { name: name(own), kind: ColumnKind::Numeric, index: None };
        self.categories.iter().map(spec).collect()
    }

    /// The column of categories whose surprise is the added column with this index.
    pub fn source(&self, added: usize) -> Option<usize> {
        Some(self.categories.get(added)?.column)
    }

    /// Usual categories of an entity in a column, such as `box, tube (usual for K1042)`; `None` if the column
    /// is not compared within entities.
    pub fn usual_categories_text(&self, column: usize, entity: &str) -> Option<String> {
        let own = self.categories.iter().find(|own| own.column == column)?;
        Some(match own.usual_text(entity) {
            Some(usual) => format!("{usual} (usual for {entity})"),
            None => format!("(little is known of {entity})"),
        })
    }

    /// True if it refers to columns of a table that has so many.
    pub fn is_valid(&self, columns: usize) -> bool {
        self.columns.iter().all(|own| own.column < columns)
            && self.categories.iter().all(|own| own.column < columns && own.is_valid())
    }

    /// Range of the usual numbers of an entity in a column, such as `30 to 55 (usual for K1042)`, by the texts of the bounds; `None` if
    /// the column is not compared within entities.
    pub fn usual_text(
        &self,
        column: usize,
        entity: &str,
        range_text: impl Fn([f64; 2]) -> [String; 2],
    ) -> Option<String> {
        let own = self.columns.iter().find(|own| own.column == column)?;
        let Some(usual) = own.usual.get(entity) else { return Some(format!("(little is known of {entity})")) };
        let bound = |sign: f64| own.number(sign.mul_add(USUAL_SPREADS * usual.spread, usual.level));
        let [low, high] = range_text([bound(-1.0), bound(1.0)]);
        Some(format!("{low} to {high} (usual for {entity})"))
    }

    /// True if anything is usual for an entity.
    pub fn knows(&self, entity: &str) -> bool {
        self.columns.iter().any(|own| own.usual.contains_key(entity))
            || self.categories.iter().any(|own| own.usual.contains_key(entity))
    }

    /// Usual numbers of an entity in a column.
    pub fn usual(&self, column: usize, entity: &str) -> Option<Usual> {
        self.column(column)?.usual.get(entity).copied()
    }

    /// Usual numbers of the entity in the middle of all; `None` if the column is not compared within entities.
    pub fn middle(&self, column: usize) -> Option<Usual> {
        let mut all: Vec<Usual> = self.column(column)?.usual.values().copied().collect();
        all.sort_by(|one, other| one.level.total_cmp(&other.level).then(one.spread.total_cmp(&other.spread)));
        all.get(all.len() / 2).copied()
    }

    /// Number in the units of the file that lies so many spreads from what is usual.
    pub fn number(&self, column: usize, usual: Usual, distance: f64) -> Option<f64> {
        Some(self.column(column)?.number(distance.mul_add(usual.spread, usual.level)))
    }

    fn column(&self, column: usize) -> Option<&EntityColumn> {
        self.columns.iter().find(|own| own.column == column)
    }
}

/// Spreads about the level within which numbers are called usual.
const USUAL_SPREADS: f64 = 2.0;

impl EntityColumn {
    /// Distance of a number from what is usual for an entity, in its spreads; NaN if either is unknown.
    fn distance(&self, entity: Option<&str>, number: f64) -> f64 {
        let usual = entity.and_then(|entity| self.usual.get(entity));
        usual.map_or(f64::NAN, |usual| (self.scale(number) - usual.level) / usual.spread)
    }

    /// Number on the scale on which it is compared.
    fn scale(&self, number: f64) -> f64 {
        if self.is_logarithmic { if number > 0.0 { number.ln() } else { f64::NAN } } else { number }
    }

    /// Number of one on the compared scale.
    fn number(&self, scaled: f64) -> f64 {
        if self.is_logarithmic { scaled.exp() } else { scaled }
    }
}
