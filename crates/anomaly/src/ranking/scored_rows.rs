//! Scores of a table's rows, and the rows in every order and selection.

use pinhole_protocol::table::{RowOrder, RowQuery, SortKey};

use crate::{detector::RowScores, row_roles::RowRoles};

/// Scores of a whole table: 8 bytes per row, of an ensemble twice, 4 for the order and 1 for the role.
#[derive(Clone, Debug)]
pub struct ScoredRows {
    scores: Vec<f64>,
    /// Scores by the members other than the neighbours; empty if there are none.
    without_neighbours: Vec<f64>,
    /// Rows by score, the least first; equal ones by number.
    by_score: Vec<u32>,
    /// Label and role of each row.
    pub roles: RowRoles,
    column_order: Option<ColumnOrder>,
    found: Option<SearchResult>,
    selection: Option<Selection>,
}

/// Rows by the values of a column, the least first.
#[derive(Clone, Debug)]
pub struct ColumnOrder {
    /// The column's index.
    pub column: usize,
    /// Row indices.
    pub rows: Vec<u32>,
}

/// Rows in which a text was found.
#[derive(Clone, Debug)]
pub struct SearchResult {
    /// The text.
    pub text: String,
    /// True for each row that contains it.
    pub rows: Vec<bool>,
}

/// Result of a [`Lookup`].
#[derive(Clone, Debug)]
pub enum LookupResult {
    /// An order of all rows.
    Order(ColumnOrder),
    /// The rows with a text.
    Found(SearchResult),
}

/// The rows of the last query with a filter.
#[derive(Clone, Debug)]
struct Selection {
    order: RowOrder,
    flagged_above: Option<f64>,
    search: String,
    rows: Vec<u32>,
}

/// Something to look up in the file before a query can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The order by this column.
    Column(usize),
    /// The rows with this text.
    Text(String),
}

impl ScoredRows {
    /// Scores in the order of the file, and the rows' roles.
    pub fn new(scores: Vec<f64>, roles: RowRoles) -> Self {
        let mut by_score: Vec<u32> = (0..scores.len() as u32).collect();
        by_score.sort_by(|&one, &other| scores[one as usize].total_cmp(&scores[other as usize]));
        let without_neighbours = Vec::new();
        Self { scores, without_neighbours, by_score, roles, column_order: None, found: None, selection: None }
    }

    /// Scores of all members of a detector and of those other than the neighbours, and the rows' roles.
    pub(crate) fn of_members(RowScores { scores, without_neighbours }: RowScores, roles: RowRoles) -> Self {
        Self { without_neighbours, ..Self::new(scores, roles) }
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        self.scores.len()
    }

    /// True if there is no row.
    pub const fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// Score of every row, in the file's order.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// Score of every row by the members other than the neighbours; `None` if there are no neighbours.
    pub(crate) fn without_neighbours(&self) -> Option<&[f64]> {
        (!self.without_neighbours.is_empty()).then_some(&self.without_neighbours)
    }

    /// Share of rows with a lower or equal score in percent, 0 to 100.
    pub fn percentile(&self, row: usize) -> f64 {
        let score = self.scores[row];
        let not_above = self.by_score.partition_point(|&other| self.scores[other as usize] <= score);
        100.0 * not_above as f64 / self.len() as f64
    }

    /// The `count` rows with the greatest scores, the greatest first.
    pub fn top(&self, count: usize) -> impl Iterator<Item = usize> + use<'_> {
        self.by_score.iter().rev().take(count).map(|&row| row as usize)
    }

    /// Lookup that `query` needs and that was not made yet.
    pub fn missing_lookup(&self, query: &RowQuery) -> Option<Lookup> {
        if let SortKey::Column(column) = query.order.key
            && self.column_order.as_ref().is_none_or(|order| order.column != column)
        {
            return Some(Lookup::Column(column));
        }
        let text = query.search.trim();
        let is_found = text.is_empty() || self.found.as_ref().is_some_and(|found| found.text == text);
        (!is_found).then(|| Lookup::Text(text.to_owned()))
    }

    /// Sets the result of a lookup.
    pub fn set_lookup(&mut self, result: LookupResult) {
        match result {
            LookupResult::Order(order) => self.column_order = Some(order),
            LookupResult::Found(found) => self.found = Some(found),
        }
        self.selection = None;
    }

    /// Rows that `query` selects, counted from 0, and their number without its limit. Its lookup must have been made.
    pub fn select(&mut self, query: &RowQuery, threshold: f64) -> (Vec<usize>, u64) {
        let search = query.search.trim();
        let flagged_above = query.flagged_only.then_some(threshold);
        let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
        if search.is_empty() && flagged_above.is_none() {
            let rows =
                (offset..self.len()).take(query.count).map(|position| self.row_at(query.order, position)).collect();
            return (rows, self.len() as u64);
        }
        let is_current = self.selection.as_ref().is_some_and(|selection| {
            selection.order == query.order && selection.flagged_above == flagged_above && selection.search == search
        });
        if !is_current {
            self.selection = Some(self.filter(query.order, flagged_above, search));
        }
        let rows = self.selection.as_ref().map_or(&[][..], |selection| &selection.rows);
        (rows.iter().skip(offset).take(query.count).map(|&row| row as usize).collect(), rows.len() as u64)
    }

    fn filter(&self, order: RowOrder, flagged_above: Option<f64>, search: &str) -> Selection {
        let found = self.found.as_ref().filter(|found| !search.is_empty() && found.text == search);
        let rows = (0..self.len())
            .map(|position| self.row_at(order, position))
            .filter(|&row| flagged_above.is_none_or(|threshold| self.scores[row] > threshold))
            .filter(|&row| found.is_none_or(|found| found.rows[row]))
            .map(|row| row as u32)
            .collect();
        Selection { order, flagged_above, search: search.to_owned(), rows }
    }

    /// Row at a position in an order of all rows.
    fn row_at(&self, order: RowOrder, position: usize) -> usize {
        let position = if order.descending { self.len() - 1 - position } else { position };
        match (order.key, &self.column_order) {
            (SortKey::Score, _) => self.by_score[position] as usize,
            (SortKey::Column(column), Some(order)) if order.column == column => order.rows[position] as usize,
            (SortKey::Row | SortKey::Column(_), _) => position,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row_roles::RowLabel;

    fn scored() -> ScoredRows {
        ScoredRows::new(vec![0.3, 0.9, 0.1, 0.9, 0.5], RowRoles::unseen([RowLabel::Unknown; 5]))
    }

    fn query(key: SortKey, descending: bool) -> RowQuery {
        RowQuery { order: RowOrder { key, descending }, count: 10, ..RowQuery::default() }
    }

    #[test]
    fn rows_come_in_the_order_asked_for() {
        let mut rows = scored();
        assert_eq!(rows.select(&query(SortKey::Score, true), 0.6), (vec![3, 1, 4, 0, 2], 5));
        assert_eq!(rows.select(&query(SortKey::Row, false), 0.6).0, [0, 1, 2, 3, 4]);
        let by_column = query(SortKey::Column(2), false);
        assert_eq!(rows.missing_lookup(&by_column), Some(Lookup::Column(2)));
        rows.set_lookup(LookupResult::Order(ColumnOrder { column: 2, rows: vec![4, 2, 0, 1, 3] }));
        assert_eq!(rows.missing_lookup(&by_column), None);
        assert_eq!(rows.select(&by_column, 0.6).0, [4, 2, 0, 1, 3]);
    }

    #[test]
    fn filters_leave_the_order_and_count_what_is_left() {
        let mut rows = scored();
        let flagged = RowQuery { flagged_only: true, count: 1, ..query(SortKey::Score, true) };
        assert_eq!(rows.select(&flagged, 0.4), (vec![3], 3));
        assert_eq!(rows.select(&flagged, 0.6), (vec![3], 2), "another threshold lists anew");
        let search = RowQuery { search: " a ".into(), ..query(SortKey::Row, true) };
        assert_eq!(rows.missing_lookup(&search), Some(Lookup::Text("a".into())));
        let found = SearchResult { text: "a".into(), rows: vec![true, false, false, true, false] };
        rows.set_lookup(LookupResult::Found(found));
        assert_eq!(rows.select(&search, 0.4), (vec![3, 0], 2));
        let beyond = RowQuery { offset: 99, ..search };
        assert_eq!(rows.select(&beyond, 0.4), (vec![], 2));
    }

    #[test]
    fn a_percentile_counts_equal_scores() {
        let rows = scored();
        assert!((rows.percentile(1) - 100.0).abs() < 1e-12);
        assert!((rows.percentile(2) - 20.0).abs() < 1e-12);
        assert_eq!(rows.top(2).collect::<Vec<_>>(), [3, 1]);
    }
}
