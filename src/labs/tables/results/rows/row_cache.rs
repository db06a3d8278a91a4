//! Cache of the scored rows that the engine has sent, and the requests for more.

use std::{collections::BTreeMap, ops::Range, rc::Rc};

use pinhole_protocol::table::{RowOrder, RowQuery, ScoredRow};

/// Rows kept on each side of the requested ones.
const KEPT_AROUND: u64 = 400;

/// Most cells per request: of a wide table fewer rows are requested.
const MAX_CELLS_PER_REQUEST: usize = 12_000;

/// Order and filters of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowView {
    pub order: RowOrder,
    pub flagged_only: bool,
    pub search: String,
}

/// Rows of a view that are known.
#[derive(Clone, Debug, Default)]
pub struct RowCache {
    view: RowView,
    columns: usize,
    rows: BTreeMap<u64, Rc<ScoredRow>>,
    total: u64,
    /// Number of the newest request.
    request: u32,
    /// Rows of the request that is not answered yet.
    pending: Option<Range<u64>>,
    /// True after a request without a result: there is no next one until [`RowCache::retry`].
    is_suspended: bool,
}

impl RowCache {
    /// An empty cache for a table of that size. Request numbers continue from `newest_request`, so that a
    /// late answer to an earlier cache is ignored.
    pub fn new(rows: u64, columns: usize, newest_request: u32) -> Self {
        Self { columns, total: rows, request: newest_request.wrapping_add(1), ..Self::default() }
    }

    /// Number of the newest request.
    pub const fn newest_request(&self) -> u32 {
        self.request
    }

    pub const fn view(&self) -> &RowView {
        &self.view
    }

    /// Changes the view. Drops all rows; answers to earlier requests will be ignored.
    pub fn set_view(&mut self, view: RowView) {
        self.view = view;
        self.clear();
    }

    /// Drops all rows, as the view may hold others now; answers to earlier requests will be ignored.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.pending = None;
        self.is_suspended = false;
        self.request = self.request.wrapping_add(1);
    }

    /// Number of rows in the view, as of the last answer.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The row at an index of the view.
    pub fn row(&self, index: u64) -> Option<&Rc<ScoredRow>> {
        self.rows.get(&index)
    }

    /// True while a request is not answered.
    pub const fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// Number and query of the next request for the rows of `window`; `None` if all are known or a request is pending.
    pub fn next_request(&mut self, window: Range<u64>) -> Option<(u32, RowQuery)> {
        let is_first = self.rows.is_empty();
        // The total of a new view is known only from its first answer.
        let window = if is_first && window.is_empty() { window.start..window.start + 1 } else { window };
        let max_rows = (MAX_CELLS_PER_REQUEST / self.columns.max(1)).clamp(24, 200) as u64;
        let first = window.clone().find(|index| !self.rows.contains_key(index))?;
        let requested = first..window.end.min(first + max_rows);
        if self.pending.is_some() || self.is_suspended {
            return None;
        }
        self.request = self.request.wrapping_add(1);
        let query = RowQuery {
            order: self.view.order,
            flagged_only: self.view.flagged_only,
            search: self.view.search.clone(),
            offset: requested.start,
            count: (requested.end - requested.start) as usize,
        };
        self.pending = Some(requested);
        Some((self.request, query))
    }

    /// Stores the rows of an answer. Returns false if it does not answer the pending request.
    pub fn on_answer(&mut self, request: u32, total: u64, rows: &[ScoredRow]) -> bool {
        if request != self.request {
            return false;
        }
        let Some(requested) = self.pending.take() else { return false };
        self.total = total;
        self.is_suspended = rows.is_empty();
        let near = requested.start.saturating_sub(KEPT_AROUND)..requested.end + KEPT_AROUND;
        self.rows.retain(|index, _| near.contains(index));
        self.rows.extend((requested.start..).zip(rows.iter().cloned().map(Rc::new)));
        true
    }

    /// Allows a request again after one without a result.
    pub const fn retry(&mut self) {
        self.is_suspended = false;
    }

    /// Handles a failure: the pending request will not be answered.
    pub fn on_failure(&mut self) {
        self.is_suspended |= self.pending.take().is_some();
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
            percentile: 50.0,
            is_flagged: false,
            is_anomalous: None,
            top_columns: Vec::new(),
            cells: Vec::new(),
        };
        range.map(row).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rows_are_requested_once_and_one_request_at_a_time() {
        let mut cache = RowCache::new(1000, 10, 0);
        let (request, query) = cache.next_request(0..40).expect("nothing is known yet");
        assert_eq!((query.offset, query.count), (0, 40));
        assert_eq!(cache.next_request(100..140), None, "one is on its way");
        assert!(cache.on_answer(request, 1000, &rows(0..40)));
        assert_eq!(cache.next_request(0..40), None);
        let (_, query) = cache.next_request(30..60).expect("some are missing");
        assert_eq!((query.offset, query.count), (40, 20));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_the_newest_answer_counts() {
        let mut cache = RowCache::new(1000, 10, 0);
        let (old, _) = cache.next_request(0..40).expect("nothing is known yet");
        cache.set_view(RowView { search: "pump".into(), ..RowView::default() });
        let (new, query) = cache.next_request(0..40).expect("another view");
        assert_eq!(query.search, "pump");
        assert!(!cache.on_answer(old, 1000, &rows(0..40)));
        assert_eq!(cache.row(0), None);
        assert!(cache.on_answer(new, 1, &rows(7..8)));
        assert_eq!((cache.total(), cache.row(0).map(|row| row.row)), (1, Some(7)));
        assert!(!cache.on_answer(new, 1, &rows(0..1)), "it was answered already");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_request_without_a_result_is_not_repeated_by_itself() {
        let mut cache = RowCache::new(1000, 10, 0);
        assert!(cache.next_request(0..40).is_some());
        cache.on_failure();
        assert_eq!(cache.next_request(0..40), None);
        cache.retry();
        assert!(cache.next_request(8..48).is_some(), "scrolling on tries again");
        cache.set_view(RowView { flagged_only: true, ..RowView::default() });
        let (request, _) = cache.next_request(0..0).expect("the total is not known");
        assert!(cache.on_answer(request, 0, &[]));
        assert_eq!(cache.next_request(0..0), None, "there are none");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn far_rows_are_dropped_and_wide_tables_are_requested_in_small_pieces() {
        let mut cache = RowCache::new(1_000_000, 10_000, 0);
        let (request, query) = cache.next_request(0..200).expect("nothing is known yet");
        assert_eq!(query.count, 24);
        cache.on_answer(request, 1_000_000, &rows(0..24));
        let (request, _) = cache.next_request(900_000..900_010).expect("far away");
        cache.on_answer(request, 1_000_000, &rows(0..10));
        assert_eq!(cache.row(0), None);
        assert!(cache.row(900_009).is_some());
    }
}
