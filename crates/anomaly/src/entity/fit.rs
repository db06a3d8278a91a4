//! Fitting of what is usual for each entity.

use std::collections::HashMap;

use pinhole_numerics::moments::skewness;
use pinhole_table::typed::{ColumnSpec, TypedColumn, TypedTable};

use super::{EntityCategories, EntityColumn, EntityProfiles, Usual};
use crate::{
    AnomalyError,
    statistics::{deviation, median},
};

/// Fewest rows of an entity of which anything is called usual.
const MIN_ROWS: usize = 3;
/// Fewest rows of an entity by which the spread within entities is measured.
pub(super) const MIN_MEASURED_ROWS: usize = 5;
/// Fewest rows by which it is measured altogether.
pub(super) const MIN_MEASURED: usize = 20;
/// A column is compared within entities if that narrows its spread to this share or less.
pub(super) const MAX_NARROWED: f64 = 0.75;
/// Rows that the spread within all entities counts for in that of one.
const PRIOR_ROWS: f64 = 10.0;
/// Fewest distinct numbers of a column that has a level and a spread.
const MIN_DISTINCT: usize = 5;
/// Skewness of positive numbers above which their logarithms are compared.
const LOGARITHMIC_SKEWNESS: f64 = 1.0;

impl EntityProfiles {
    /// Fits to the rows of a table whose last column says to which entity they belong; `specs` are its columns. `None`
    /// if entities differ in no column.
    ///
    /// # Errors
    /// When no entity has enough rows.
    pub fn fit(table: &TypedTable, specs: &[ColumnSpec]) -> Result<Option<Self>, AnomalyError> {
        let (Some(TypedColumn::Categories { codes, dictionary }), Some(spec)) = (table.columns.last(), specs.last())
        else {
            return Ok(None);
        };
        let mut rows_of: HashMap<u32, Vec<usize>> = HashMap::new();
        for (row, &code) in codes.iter().enumerate() {
            if dictionary.value(code).is_some() {
                rows_of.entry(code).or_default().push(row);
            }
        }
        let mut entities: Vec<(&str, Vec<usize>)> = rows_of
            .into_iter()
            .filter(|(_, rows)| rows.len() >= MIN_ROWS)
            .filter_map(|(code, rows)| Some((dictionary.value(code)?, rows)))
            .collect();
        entities.sort_unstable();
        if entities.is_empty() {
            return Err(AnomalyError::setting(
                "entity",
                format!(
                    "No value of \"{}\" occurs in {MIN_ROWS} rows or more, so that nothing is usual for it: choose another \
                     entity column, or none.",
                    spec.name
                ),
            ));
        }
        let columns = table.columns[..table.columns.len() - 1].iter().enumerate();
        let categories = columns.clone().filter_map(|(index, column)| EntityCategories::fit(index, column, &entities));
        let categories: Vec<EntityCategories> = categories.collect();
        let compared = columns.filter_map(|(index, column)| match column {
            TypedColumn::Numbers(numbers) => fit_column(index, &numbers.iter().collect::<Vec<_>>(), &entities),
            TypedColumn::Times(_) | TypedColumn::Categories { .. } => None,
        });
        let columns: Vec<EntityColumn> = compared.collect();
        let tells_nothing = columns.is_empty() && categories.is_empty();
        Ok((!tells_nothing).then(|| Self { key: spec.name.clone(), columns, categories }))
    }
}

/// Usual numbers of each entity in a column; `None` if they do not differ.
fn fit_column(column: usize, numbers: &[f64], entities: &[(&str, Vec<usize>)]) -> Option<EntityColumn> {
    let present: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    let mut distinct = present.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() < MIN_DISTINCT {
        return None;
    }
    let is_logarithmic = distinct[0] > 0.0 && skewness(&present) > LOGARITHMIC_SKEWNESS;
    let mut own = EntityColumn { column, is_logarithmic, usual: HashMap::new() };
    let scaled = |row: usize| Some(own.scale(numbers[row])).filter(|number| !number.is_nan());
    let groups: Vec<(&str, Vec<f64>)> =
        entities.iter().map(|(name, rows)| (*name, rows.iter().filter_map(|&row| scaled(row)).collect())).collect();
    let pooled = spread(present.iter().map(|&number| own.scale(number)).collect());
    let measured = groups.iter().filter(|(_, numbers)| numbers.len() >= MIN_MEASURED_ROWS);
    let residuals: Vec<f64> = measured.flat_map(|(_, numbers)| residuals_without_own(numbers)).collect();
    if residuals.len() < MIN_MEASURED {
        return None;
    }
    let within = deviation(residuals);
    if pooled <= 0.0 || within > MAX_NARROWED * pooled {
        return None;
    }
    let floor = (0.01 * pooled).max(f64::MIN_POSITIVE);
    let usual = groups.iter().filter(|(_, numbers)| numbers.len() >= MIN_ROWS).map(|(name, numbers)| {
        let level = median(numbers.clone());
        let rows = numbers.len() as f64;
        let own = deviation(numbers.iter().map(|number| number - level).collect());
        let spread = (rows.mul_add(own * own, PRIOR_ROWS * within * within) / (rows + PRIOR_ROWS)).sqrt().max(floor);
        ((*name).to_owned(), Usual { level, spread })
    });
    let usual = usual.collect();
    own.usual = usual;
    Some(own)
}

/// Distance of each number from the median of the others: a number must not narrow its own spread, or random keys of few
/// rows would seem to.
fn residuals_without_own(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    let without = |place: usize| {
        let at = |index: usize| sorted[if index < place { index } else { index + 1 }];
        let rest = count - 1;
        if rest % 2 == 1 { at(rest / 2) } else { f64::midpoint(at(rest / 2 - 1), at(rest / 2)) }
    };
    (0..count).map(|place| sorted[place] - without(place)).collect()
}

/// Spread about the median, as a normal distribution's standard deviation.
fn spread(numbers: Vec<f64>) -> f64 {
    let level = median(numbers.clone());
    deviation(numbers.into_iter().map(|number| number - level).collect())
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::{ColumnKind, DecimalMark};
    use pinhole_table::typed::{Dictionary, NumberColumn};

    use super::*;
    use crate::number_text;

    /// Rows of twenty machines: a level of their own in the first column, none in the second.
    fn table(rows: usize, rows_per_machine: usize) -> (TypedTable, Vec<ColumnSpec>) {
        let (mut own, mut other) = (NumberColumn::default(), NumberColumn::default());
        let mut dictionary = Dictionary::new(1);
        let mut codes = Vec::new();
        for row in 0..rows {
            let machine = row / rows_per_machine;
            let noise = (row * 7_919 % 101) as f64 / 101.0;
            own.push((machine * 37 % 50) as f64 + noise);
            other.push(10.0 * noise + (row * 31 % 17) as f64);
            codes.push(dictionary.code(&format!("M{machine}")));
        }
        let columns =
            vec![TypedColumn::Numbers(own), TypedColumn::Numbers(other), TypedColumn::Categories { codes, dictionary }];
        let spec = |name: &str, kind| ColumnSpec { name: name.into(), kind, index: None };
        let specs = vec![
            spec("own", ColumnKind::Numeric),
            spec("other", ColumnKind::Numeric),
            spec("m", ColumnKind::Categorical),
        ];
        (TypedTable { columns, labels: Vec::new(), row_numbers: (0..rows as u64).collect() }, specs)
    }

    #[test]
    fn columns_where_entities_differ_are_compared_within_them() {
        let (mut table, specs) = table(400, 20);
        let profiles = EntityProfiles::fit(&table, &specs).expect("enough rows").expect("machines differ");
        assert_eq!(profiles.columns.iter().map(|column| column.column).collect::<Vec<_>>(), [0]);
        let range = |range| number_text::range(range, DecimalMark::Point);
        let text = profiles.usual_text(0, "M1", range).expect("compared");
        assert!(text.ends_with("(usual for M1)") && text.starts_with("36."), "{text}");
        assert!(profiles.usual_text(0, "M99", range).expect("compared").contains("little is known"));
        assert_eq!(profiles.usual_text(1, "M1", range), None);
        assert!(profiles.compare_within(&mut table).is_some());
        let TypedColumn::Numbers(distances) = &table.columns[0] else { panic!("numbers") };
        assert!(distances.iter().all(|distance| distance.abs() < 4.0));
    }

    #[test]
    fn entities_of_a_row_each_are_refused_and_random_keys_compare_nothing() {
        let (rows, specs) = table(60, 1);
        let error = EntityProfiles::fit(&rows, &specs).expect_err("a row each").to_string();
        assert!(error.contains("No value of \"m\" occurs in 3 rows"), "{error}");
        let (mut rows, specs) = table(400, 20);
        if let TypedColumn::Categories { codes, .. } = &mut rows.columns[2] {
            for (row, code) in codes.iter_mut().enumerate() {
                *code = (row * 13 % 20) as u32;
            }
        }
        assert_eq!(EntityProfiles::fit(&rows, &specs).expect("enough rows"), None);
    }
}
