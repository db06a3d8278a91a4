//! Rows as the engine tells them: what is known, what is asked for, which answer counts.

use std::{collections::BTreeMap, ops::Range, rc::Rc};

use pinhole_protocol::table::{RowOrder, RowQuery, ScoredRow};

/// Rows kept beyond the wanted ones, on each side.
const KEPT_AROUND: u64 = 400;

/// Cells asked for at once: a wide table is asked for fewer rows.
const CELLS_AT_ONCE: usize = 12_000;

/// Which rows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub order: RowOrder,
    pub flagged_only: bool,
    pub search: String,
}

/// The rows of a view.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    view: View,
    columns: usize,
    rows: BTreeMap<u64, Rc<ScoredRow>>,
    total: u64,
    request: u32,
    asked: Option<Range<u64>>,
    /// The last question brought nothing: it is not asked again by itself.
    is_barren: bool,
}

impl Feed {
    /// Of a table with so many rows and columns. The requests' numbers go on from `newest_request`, so that a late answer
    /// to an earlier feed is known as one.
    pub fn new(rows: u64, columns: usize, newest_request: u32) -> Self {
        Self { columns, total: rows, request: newest_request.wrapping_add(1), ..Self::default() }
    }

    /// The number of the newest request.
    pub const fn newest_request(&self) -> u32 {
        self.request
    }

    pub const fn view(&self) -> &View {
        &self.view
    }

    /// Another view; what was known of the last is forgotten, and what was asked for it counts no more. The request's
    /// number goes on, so that a late answer is known as one.
    pub fn look(&mut self, view: View) {
        self.view = view;
        self.forget();
    }

    /// The rows may be others now.
    pub fn forget(&mut self) {
        self.rows.clear();
        self.asked = None;
        self.is_barren = false;
        self.request = self.request.wrapping_add(1);
    }

    /// Rows in the view, as far as is known.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The row at a place of the view.
    pub fn row(&self, place: u64) -> Option<&Rc<ScoredRow>> {
        self.rows.get(&place)
    }

    /// Whether an answer is awaited.
    pub const fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }

    /// What to ask so that the rows of `window` are known; nothing while an answer is awaited.
    pub fn ask(&mut self, window: Range<u64>) -> Option<(u32, RowQuery)> {
        let is_first = self.rows.is_empty();
        // The total of a new view is known only from its first answer.
        let window = if is_first && window.is_empty() { window.start..window.start + 1 } else { window };
        let most = (CELLS_AT_ONCE / self.columns.max(1)).clamp(24, 200) as u64;
        let first = window.clone().find(|place| !self.rows.contains_key(place))?;
        let wanted = first..window.end.min(first + most);
        if self.asked.is_some() || self.is_barren {
            return None;
        }
        self.request = self.request.wrapping_add(1);
        let query = RowQuery {
            order: self.view.order,
            flagged_only: self.view.flagged_only,
            search: self.view.search.clone(),
            offset: wanted.start,
            count: (wanted.end - wanted.start) as usize,
        };
        self.asked = Some(wanted);
        Some((self.request, query))
    }

    /// Takes an answer. Whether it was the one awaited.
    pub fn hear(&mut self, request: u32, total: u64, rows: &[ScoredRow]) -> bool {
        if request != self.request {
            return false;
        }
        let Some(asked) = self.asked.take() else { return false };
        self.total = total;
        self.is_barren = rows.is_empty();
        let near = asked.start.saturating_sub(KEPT_AROUND)..asked.end + KEPT_AROUND;
        self.rows.retain(|place, _| near.contains(place));
        self.rows.extend((asked.start..).zip(rows.iter().cloned().map(Rc::new)));
        true
    }

    /// Someone looks for rows: what brought nothing is tried once more.
    pub const fn retry(&mut self) {
        self.is_barren = false;
    }

    /// What was asked will not be answered.
    pub fn fail(&mut self) {
        self.is_barren |= self.asked.take().is_some();
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn rows(range: Range<u64>) -> Vec<ScoredRow> {
        let row = |row| ScoredRow {
            row,
            score: 1.0,
            percentile: 0.5,
            is_flagged: false,
            is_anomalous: None,
            top_columns: Vec::new(),
            cells: Vec::new(),
        };
        range.map(row).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rows_are_asked_for_once_and_one_answer_at_a_time() {
        let mut feed = Feed::new(1000, 10, 0);
        let (request, query) = feed.ask(0..40).expect("nothing is known yet");
        assert_eq!((query.offset, query.count), (0, 40));
        assert_eq!(feed.ask(100..140), None, "one is on its way");
        assert!(feed.hear(request, 1000, &rows(0..40)));
        assert_eq!(feed.ask(0..40), None);
        let (_, query) = feed.ask(30..60).expect("some are missing");
        assert_eq!((query.offset, query.count), (40, 20));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_the_newest_answer_counts() {
        let mut feed = Feed::new(1000, 10, 0);
        let (old, _) = feed.ask(0..40).expect("nothing is known yet");
        feed.look(View { search: "pump".into(), ..View::default() });
        let (new, query) = feed.ask(0..40).expect("another view");
        assert_eq!(query.search, "pump");
        assert!(!feed.hear(old, 1000, &rows(0..40)));
        assert_eq!(feed.row(0), None);
        assert!(feed.hear(new, 1, &rows(7..8)));
        assert_eq!((feed.total(), feed.row(0).map(|row| row.row)), (1, Some(7)));
        assert!(!feed.hear(new, 1, &rows(0..1)), "it was answered already");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_not_answered_is_not_asked_for_ever() {
        let mut feed = Feed::new(1000, 10, 0);
        assert!(feed.ask(0..40).is_some());
        feed.fail();
        assert_eq!(feed.ask(0..40), None);
        feed.retry();
        assert!(feed.ask(8..48).is_some(), "who scrolls on, tries again");
        feed.look(View { flagged_only: true, ..View::default() });
        let (request, _) = feed.ask(0..0).expect("the total is not known");
        assert!(feed.hear(request, 0, &[]));
        assert_eq!(feed.ask(0..0), None, "there are none");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn far_rows_are_forgotten_and_wide_tables_come_in_small_pieces() {
        let mut feed = Feed::new(1_000_000, 10_000, 0);
        let (request, query) = feed.ask(0..200).expect("nothing is known yet");
        assert_eq!(query.count, 24);
        feed.hear(request, 1_000_000, &rows(0..24));
        let (request, _) = feed.ask(900_000..900_010).expect("far away");
        feed.hear(request, 1_000_000, &rows(0..10));
        assert_eq!(feed.row(0), None);
        assert!(feed.row(900_009).is_some());
    }
}
