//! The rows of a table with their scores, and every order and choice of them.

use pinhole_protocol::table::{RowOrder, RowQuery, SortKey};

use super::rows::RowRoles;

/// Scores of a whole table: 8 bytes a row, 4 for their order and 1 for its role.
#[derive(Clone, Debug)]
pub struct ScoredRows {
    scores: Vec<f64>,
    /// Rows by score, the least first; equal ones by number.
    by_score: Vec<u32>,
    /// What is known of each row beside its score.
    pub roles: RowRoles,
    column_order: Option<ColumnOrder>,
    found: Option<Found>,
    listed: Option<Listed>,
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
pub struct Found {
    /// The text.
    pub text: String,
    /// Whether each row has it.
    pub rows: Vec<bool>,
}

/// The rows of the last query that left some out.
#[derive(Clone, Debug)]
struct Listed {
    order: RowOrder,
    flagged_above: Option<f64>,
    search: String,
    rows: Vec<u32>,
}

/// What must be looked up in the file before a query can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The order by this column.
    Column(usize),
    /// The rows with this text.
    Text(String),
}

impl ScoredRows {
    /// Sorts the scores.
    pub fn new(scores: Vec<f64>, roles: RowRoles) -> Self {
        let mut by_score: Vec<u32> = (0..scores.len() as u32).collect();
        by_score.sort_by(|&one, &other| scores[one as usize].total_cmp(&scores[other as usize]));
        Self { scores, by_score, roles, column_order: None, found: None, listed: None }
    }

    /// Rows.
    pub const fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// Every row's score, in the file's order.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// Share of rows with a lower or equal score, 0 to 1.
    pub fn percentile(&self, row: usize) -> f64 {
        let score = self.scores[row];
        let not_above = self.by_score.partition_point(|&other| self.scores[other as usize] <= score);
        not_above as f64 / self.len() as f64
    }

    /// The `count` rows with the greatest scores, the greatest first.
    pub fn top(&self, count: usize) -> impl Iterator<Item = usize> + use<'_> {
        self.by_score.iter().rev().take(count).map(|&row| row as usize)
    }

    /// What `query` needs that is not there yet.
    pub fn lookup(&self, query: &RowQuery) -> Option<Lookup> {
        if let SortKey::Column(column) = query.order.key
            && self.column_order.as_ref().is_none_or(|order| order.column != column)
        {
            return Some(Lookup::Column(column));
        }
        let text = query.search.trim();
        let is_found = text.is_empty() || self.found.as_ref().is_some_and(|found| found.text == text);
        (!is_found).then(|| Lookup::Text(text.to_owned()))
    }

    /// Keeps the order by a column.
    pub fn set_column_order(&mut self, order: ColumnOrder) {
        self.column_order = Some(order);
        self.listed = None;
    }

    /// Keeps what was found.
    pub fn set_found(&mut self, found: Found) {
        self.found = Some(found);
        self.listed = None;
    }

    /// The rows that `query` wants, from 0, and how many it has in all. What it needs must have been looked up.
    pub fn select(&mut self, query: &RowQuery, threshold: f64) -> (Vec<usize>, u64) {
        let search = query.search.trim();
        let flagged_above = query.flagged_only.then_some(threshold);
        let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
        if search.is_empty() && flagged_above.is_none() {
            let rows = (offset..self.len()).take(query.count).map(|place| self.placed(query.order, place)).collect();
            return (rows, self.len() as u64);
        }
        let is_listed = self.listed.as_ref().is_some_and(|listed| {
            listed.order == query.order && listed.flagged_above == flagged_above && listed.search == search
        });
        if !is_listed {
            self.listed = Some(self.list(query.order, flagged_above, search));
        }
        let rows = self.listed.as_ref().map_or(&[][..], |listed| &listed.rows);
        (rows.iter().skip(offset).take(query.count).map(|&row| row as usize).collect(), rows.len() as u64)
    }

    fn list(&self, order: RowOrder, flagged_above: Option<f64>, search: &str) -> Listed {
        let found = self.found.as_ref().filter(|found| !search.is_empty() && found.text == search);
        let rows = (0..self.len())
            .map(|place| self.placed(order, place))
            .filter(|&row| flagged_above.is_none_or(|threshold| self.scores[row] > threshold))
            .filter(|&row| found.is_none_or(|found| found.rows[row]))
            .map(|row| row as u32)
            .collect();
        Listed { order, flagged_above, search: search.to_owned(), rows }
    }

    /// The row at a place of an order of all rows.
    fn placed(&self, order: RowOrder, place: usize) -> usize {
        let place = if order.descending { self.len() - 1 - place } else { place };
        match (order.key, &self.column_order) {
            (SortKey::Score, _) => self.by_score[place] as usize,
            (SortKey::Column(column), Some(order)) if order.column == column => order.rows[place] as usize,
            (SortKey::Row | SortKey::Column(_), _) => place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::rows::Label;

    fn scored() -> ScoredRows {
        ScoredRows::new(vec![0.3, 0.9, 0.1, 0.9, 0.5], RowRoles::unseen([Label::Unknown; 5]))
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
        assert_eq!(rows.lookup(&by_column), Some(Lookup::Column(2)));
        rows.set_column_order(ColumnOrder { column: 2, rows: vec![4, 2, 0, 1, 3] });
        assert_eq!(rows.lookup(&by_column), None);
        assert_eq!(rows.select(&by_column, 0.6).0, [4, 2, 0, 1, 3]);
    }

    #[test]
    fn filters_leave_the_order_and_count_what_is_left() {
        let mut rows = scored();
        let flagged = RowQuery { flagged_only: true, count: 1, ..query(SortKey::Score, true) };
        assert_eq!(rows.select(&flagged, 0.4), (vec![3], 3));
        assert_eq!(rows.select(&flagged, 0.6), (vec![3], 2), "another threshold lists anew");
        let search = RowQuery { search: " a ".into(), ..query(SortKey::Row, true) };
        assert_eq!(rows.lookup(&search), Some(Lookup::Text("a".into())));
        rows.set_found(Found { text: "a".into(), rows: vec![true, false, false, true, false] });
        assert_eq!(rows.select(&search, 0.4), (vec![3, 0], 2));
        let beyond = RowQuery { offset: 99, ..search };
        assert_eq!(rows.select(&beyond, 0.4), (vec![], 2));
    }

    #[test]
    fn a_percentile_counts_equal_scores() {
        let rows = scored();
        assert!((rows.percentile(1) - 1.0).abs() < 1e-12);
        assert!((rows.percentile(2) - 0.2).abs() < 1e-12);
        assert_eq!(rows.top(2).collect::<Vec<_>>(), [3, 1]);
    }
}
