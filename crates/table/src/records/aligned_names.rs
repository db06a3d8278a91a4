//! Names of columns that blanks align, as `Max Temp` above a column of numbers.

use std::cmp::Reverse;

/// Columns of characters that a cell occupies.
type Extent = (usize, usize);

/// The names in a line above rows whose cells are apart by blanks: parts of the line that two blanks separate, or else its
/// words, each at the column that is nearest. `None`: a column would have no name.
pub(super) fn aligned_names(line: &str, rows: &[&str]) -> Option<Vec<String>> {
    let columns = column_extents(rows)?;
    let parts: Vec<&str> = line.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() == columns.len() {
        return Some(parts.into_iter().map(str::to_owned).collect());
    }
    let mut names = vec![String::new(); columns.len()];
    for (start, end, word) in words(line) {
        let distance = |column: &Extent| column.0.saturating_sub(end).max(start.saturating_sub(column.1));
        let overlap = |column: &Extent| column.1.min(end).saturating_sub(column.0.max(start));
        let nearness = |&index: &usize| (distance(&columns[index]), Reverse(overlap(&columns[index])));
        let nearest = (0..columns.len()).min_by_key(nearness)?;
        let name = &mut names[nearest];
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    names.iter().all(|name| !name.is_empty()).then_some(names)
}

/// The characters that the cells of each column occupy, in rows of equally many.
fn column_extents(rows: &[&str]) -> Option<Vec<Extent>> {
    let mut columns: Vec<Extent> = words(rows.first()?).map(|(start, end, _)| (start, end)).collect();
    for row in rows {
        let cells: Vec<Extent> = words(row).map(|(start, end, _)| (start, end)).collect();
        if cells.len() == columns.len() {
            for (column, cell) in columns.iter_mut().zip(cells) {
                *column = (column.0.min(cell.0), column.1.max(cell.1));
            }
        }
    }
    Some(columns)
}

/// Words of a line, with the characters that they occupy.
fn words(line: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let position = |byte: usize| line[..byte].chars().count();
    line.split_ascii_whitespace().map(move |word| {
        let start = position(word.as_ptr() as usize - line.as_ptr() as usize);
        (start, start + word.chars().count(), word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_given_to_the_nearest_column() {
        let rows = ["A            12.5      3.1", "B             7.5     13.1"];
        let names = |line: &str| aligned_names(line, &rows);
        let expected = Some(vec!["Station".to_owned(), "Max Temp".to_owned(), "Min Temp".to_owned()]);
        assert_eq!(names("Station   Max Temp  Min Temp"), expected);
        assert_eq!(names("Station    Max Temp Min Temp"), expected);
        assert_eq!(names("Station Max"), None);
        assert_eq!(aligned_names("a b", &[]), None);
    }
}
