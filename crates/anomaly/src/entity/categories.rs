//! Categories that are usual for each entity.

use std::collections::HashMap;

use pinhole_table::typed::{MISSING, NumberColumn, TypedColumn, TypedTable};
use serde::{Deserialize, Serialize};

use super::fit::{MAX_NARROWED, MIN_MEASURED, MIN_MEASURED_ROWS};

/// Most categories of a column that is compared within entities.
const MAX_CATEGORIES: usize = 100;
/// Rows that the whole table's categories count for in those of an entity. Of 1, 2, 5 and 10, mean AUROC of three tables
/// with categories that are odd for their account: .926, .924, .918, .914 (without this comparison .514).
const PRIOR_ROWS: f64 = 2.0;
/// Share of an entity's rows that the categories called usual have together, and their greatest number.
const USUAL_SHARE: f64 = 0.8;
const MAX_USUAL: usize = 3;

/// A column of categories, compared within entities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityCategories {
    /// Index among the detector's columns.
    pub column: usize,
    /// Categories and their rows, the most frequent first.
    pub categories: Vec<(String, u64)>,
    /// Rows of each category, by its index, of each entity that has enough rows.
    pub usual: HashMap<String, Vec<(u32, u32)>>,
}

impl EntityCategories {
    /// Usual numbers of each entity in a column; `None` if they do not differ.
    pub(super) fn fit(index: usize, column: &TypedColumn, entities: &[(&str, Vec<usize>)]) -> Option<Self> {
        let TypedColumn::Categories { codes, dictionary } = column else { return None };
        let mut counts: HashMap<u32, u64> = HashMap::new();
        for &code in codes.iter().filter(|&&code| dictionary.value(code).is_some()) {
            *counts.entry(code).or_default() += 1;
        }
        if counts.len() < 2 || counts.len() > MAX_CATEGORIES {
            return None;
        }
        let mut by_count: Vec<(u32, u64)> = counts.into_iter().collect();
        by_count.sort_by_key(|&(code, count)| (std::cmp::Reverse(count), code));
        let places: HashMap<u32, u32> = by_count.iter().zip(0..).map(|(&(code, _), place)| (code, place)).collect();
        let name = |&(code, count): &(u32, u64)| Some((dictionary.value(code)?.to_owned(), count));
        let categories = by_count.iter().filter_map(name).collect();
        let usual = entities.iter().map(|(name, rows)| {
            let mut counts: HashMap<u32, u32> = HashMap::new();
            for place in rows.iter().filter_map(|&row| places.get(&codes[row])) {
                *counts.entry(*place).or_default() += 1;
            }
            let mut counts: Vec<(u32, u32)> = counts.into_iter().collect();
            counts.sort_by_key(|&(place, count)| (std::cmp::Reverse(count), place));
            ((*name).to_owned(), counts)
        });
        let own = Self { column: index, categories, usual: usual.collect() };
        own.is_narrowed().then_some(own)
    }

    /// True if the entities' categories are surprising by a quarter less within them than in the whole table; a row
    /// counts in neither of its own.
    fn is_narrowed(&self) -> bool {
        let all = self.rows() as f64;
        let (mut within, mut pooled, mut measured) = (0.0, 0.0, 0);
        for counts in self.usual.values() {
            let rows: u32 = counts.iter().map(|(_, count)| count).sum();
            if (rows as usize) < MIN_MEASURED_ROWS {
                continue;
            }
            for &(place, count) in counts {
                let others = (self.categories[place as usize].1 as f64 - 1.0).max(0.5);
                within += f64::from(count) * self.surprise_of(Some(place), counts);
                pooled -= f64::from(count) * (others / (all - 1.0)).ln();
            }
            measured += rows as usize;
        }
        measured >= MIN_MEASURED && within <= MAX_NARROWED * pooled
    }

    fn rows(&self) -> u64 {
        self.categories.iter().map(|(_, count)| count).sum()
    }

    /// Minus the logarithm of a category's probability for an entity with these counts. One row of the category is taken
    /// for the row itself, so that a category that the entity had once is as odd as one that it never had.
    fn surprise_of(&self, place: Option<u32>, counts: &[(u32, u32)]) -> f64 {
        let of_table = place.map_or(0, |place| self.categories[place as usize].1);
        let share = (of_table as f64).max(0.5) / self.rows().max(1) as f64;
        let rows: u32 = counts.iter().map(|(_, count)| count).sum();
        let same = counts.iter().find(|(other, _)| Some(*other) == place).map_or(0, |(_, count)| *count);
        let probability = PRIOR_ROWS.mul_add(share, f64::from(same.saturating_sub(1)))
            / (PRIOR_ROWS + f64::from(rows.saturating_sub(1)));
        -probability.ln()
    }

    /// Surprise of each row's category given its entity; NaN where either is unknown.
    pub(super) fn surprises(&self, table: &TypedTable, names: &[Option<&str>]) -> NumberColumn {
        let Some(TypedColumn::Categories { codes, dictionary }) = table.columns.get(self.column) else {
            return names.iter().map(|_| f64::NAN).collect();
        };
        let places: HashMap<&str, u32> =
            self.categories.iter().zip(0..).map(|((name, _), place)| (&**name, place)).collect();
        let known: Vec<Option<u32>> = dictionary.values().iter().map(|value| places.get(&**value).copied()).collect();
        let surprise = |(&name, &code)| {
            let name: Option<&str> = name;
            let counts = name.and_then(|name| self.usual.get(name)).filter(|_| code != MISSING);
            counts.map_or(f64::NAN, |counts| self.surprise_of(known.get(code as usize).copied().flatten(), counts))
        };
        names.iter().zip(codes).map(surprise).collect()
    }

    /// The categories that are usual for an entity, such as `box, tube`; `None` if too little is known of it.
    pub(super) fn usual_text(&self, entity: &str) -> Option<String> {
        let counts = self.usual.get(entity).filter(|counts| !counts.is_empty())?;
        let rows: u32 = counts.iter().map(|(_, count)| count).sum();
        let mut counted = 0;
        let usual = counts.iter().take(MAX_USUAL).take_while(|(_, count)| {
            let is_due = f64::from(counted) < USUAL_SHARE * f64::from(rows);
            counted += count;
            is_due
        });
        let texts: Vec<&str> = usual.map(|(place, _)| self.categories[*place as usize].0.as_str()).collect();
        Some(texts.join(", "))
    }

    /// True if its counts are of its categories.
    pub(super) fn is_valid(&self) -> bool {
        let is_known = |&(place, _): &(u32, u32)| (place as usize) < self.categories.len();
        self.usual.values().flatten().all(is_known)
    }
}

#[cfg(test)]
mod tests {
    use pinhole_table::typed::Dictionary;

    use super::*;

    /// A table of categories by row.
    fn table(categories: impl Iterator<Item = usize>) -> TypedTable {
        let mut dictionary = Dictionary::new(1);
        let codes: Vec<u32> = categories.map(|category| dictionary.code(&format!("c{category}"))).collect();
        let row_numbers = (0..codes.len() as u64).collect();
        let columns = vec![TypedColumn::Categories { codes, dictionary }];
        TypedTable { columns, labels: Vec::new(), row_numbers }
    }

    /// Ten entities with twenty rows each.
    fn fit(table: &TypedTable) -> Option<EntityCategories> {
        let entities: Vec<(&str, Vec<usize>)> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
            .into_iter()
            .enumerate()
            .map(|(entity, name)| (name, (20 * entity..20 * entity + 20).collect()))
            .collect();
        EntityCategories::fit(0, &table.columns[0], &entities)
    }

    #[test]
    fn a_category_of_others_is_odd_for_an_entity() {
        let habit = |row: usize| if row == 25 { 4 } else { row / 20 % 5 };
        let rows = table((0..200).map(habit));
        let own = fit(&rows).expect("entities differ");
        assert_eq!(own.usual_text("b").as_deref(), Some("c1"));
        assert_eq!(own.usual_text("z"), None);
        let names: Vec<Option<&str>> = (0..200).map(|row| Some(if row < 20 { "a" } else { "b" })).collect();
        let surprises = own.surprises(&rows, &names[..40]);
        assert!(surprises.get(0) < 0.1 && surprises.get(20) < 0.2);
        // Two of 21 rows are the table's, a fifth of which is of this category; its own does not count.
        let share = 41.0 / 200.0;
        assert!((surprises.get(25) + (2.0_f64 * share / 21.0).ln()).abs() < 1e-6, "{}", surprises.get(25));
        let [unknown, other] =
            [table(std::iter::once(77)), table(std::iter::once(1))].map(|new| own.surprises(&new, &[Some("a")]).get(0));
        assert!(unknown > other && own.surprises(&rows, &[Some("z"), None]).iter().all(f64::is_nan));
    }

    #[test]
    fn random_categories_and_too_many_of_them_are_not_compared() {
        assert_eq!(fit(&table((0..200).map(|row| row * 7_919 % 101 % 5))), None);
        assert_eq!(fit(&table(0..200)), None);
    }
}
