//! Virtual list: the arithmetic of a scrolled list of very many rows, of which only the visible ones are on the page.
//!
//! The list has a position, in pixels of all its rows; the scrolled element has an offset. They are equal until the
//! rows are taller than browsers allow an element to be. Beyond that the element is shorter than its rows: a long move
//! of the scroll bar is scaled in proportion, a short one (a wheel, a finger) counts pixel by pixel, and when scrolling
//! stops the offset is corrected to match the position ([`VirtualList::align_offset`]).

use std::ops::Range;

/// Largest height of the element: Firefox allows 17.8 million pixels, Chromium 33.5 million, divided by the zoom.
const MAX_HEIGHT_PX: f64 = 8_000_000.0;

/// Scrolled list of rows of equal height.
#[derive(Clone, Debug, PartialEq)]
pub struct VirtualList {
    rows: u64,
    row_px: f64,
    view_px: f64,
    position_px: f64,
    offset_px: f64,
}

impl VirtualList {
    /// Creates an empty list with rows of `row_px` pixels.
    pub const fn new(row_px: f64) -> Self {
        Self { rows: 0, row_px, view_px: 0.0, position_px: 0.0, offset_px: 0.0 }
    }

    /// Sets the number of rows.
    pub fn set_rows(&mut self, rows: u64) {
        self.rows = rows;
        self.position_px = self.position_px.min(self.max_position_px());
    }

    /// Sets the height of the visible part.
    pub fn set_view(&mut self, view_px: f64) {
        self.view_px = view_px.max(0.0);
        self.position_px = self.position_px.min(self.max_position_px());
    }

    /// Number of rows.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Height of the visible part.
    pub const fn view_px(&self) -> f64 {
        self.view_px
    }

    /// Height of the element that is as tall as all rows, up to the limit of browsers.
    pub fn height_px(&self) -> f64 {
        self.content_px().min(MAX_HEIGHT_PX)
    }

    /// Rows that are visible, wholly or partly.
    pub fn visible(&self) -> Range<u64> {
        let first = (self.position_px / self.row_px).floor() as u64;
        let end = ((self.position_px + self.view_px) / self.row_px).ceil() as u64;
        first.min(self.rows)..end.min(self.rows)
    }

    /// Visible rows and at least `around` more on each side, rounded to steps of eight rows so that it rarely changes.
    pub fn window(&self, around: u64) -> Range<u64> {
        const STEP: u64 = 8;
        let visible = self.visible();
        let first = visible.start.saturating_sub(around) / STEP * STEP;
        let end = (visible.end + around).div_ceil(STEP) * STEP;
        first..end.min(self.rows)
    }

    /// Number of whole rows that are visible at once, at least one.
    pub fn page(&self) -> u64 {
        ((self.view_px / self.row_px).floor() as u64).max(1)
    }

    /// Position of the upper edge of row `first` on the scrolled element.
    pub fn top_px(&self, first: u64) -> f64 {
        self.offset_px - (self.position_px - first as f64 * self.row_px)
    }

    /// Takes the offset to which the element was scrolled.
    pub fn scroll(&mut self, offset_px: f64) {
        let moved = offset_px - self.offset_px;
        self.offset_px = offset_px;
        self.position_px = if !self.is_scaled() {
            offset_px
        } else if moved.abs() > self.view_px {
            offset_px * self.ratio()
        } else {
            self.position_px + moved
        }
        .clamp(0.0, self.max_position_px());
        // At an end of the scroll bar one cannot scroll on: the rest of the rows, less than a screen, is skipped.
        if offset_px <= 0.0 && self.position_px < self.view_px {
            self.position_px = 0.0;
        }
        if offset_px >= self.max_offset_px() && self.max_position_px() - self.position_px < self.view_px {
            self.position_px = self.max_position_px();
        }
    }

    /// True if the scroll bar is near an end that the position is not near to.
    pub fn is_cramped(&self) -> bool {
        let near = self.view_px;
        let is_up = self.offset_px < near && self.position_px > near * self.ratio();
        let is_down = self.max_offset_px() - self.offset_px < near
            && self.max_position_px() - self.position_px > near * self.ratio();
        self.is_scaled() && (is_up || is_down)
    }

    /// Corrects the offset to match the position. Returns the offset to scroll to, if it changed.
    pub fn align_offset(&mut self) -> Option<f64> {
        let offset = if self.is_scaled() { self.position_px / self.ratio() } else { self.position_px };
        let is_inside = self.position_px > 0.0 && self.position_px < self.max_position_px();
        let max_offset_px = self.max_offset_px();
        let offset = if is_inside && max_offset_px > 2.0 { offset.clamp(1.0, max_offset_px - 1.0) } else { offset };
        let is_changed = (offset - self.offset_px).abs() >= 1.0;
        if is_changed {
            self.offset_px = offset;
        }
        is_changed.then_some(offset)
    }

    /// Moves the position by the least amount that makes the row wholly visible. Returns the offset to scroll to, if it
    /// changed.
    pub fn reveal(&mut self, row: u64) -> Option<f64> {
        let top = row as f64 * self.row_px;
        let most = top.min(self.max_position_px());
        let least = (top + self.row_px - self.view_px).clamp(0.0, most);
        self.position_px = self.position_px.clamp(least, most);
        self.align_offset()
    }

    fn content_px(&self) -> f64 {
        self.rows as f64 * self.row_px
    }

    fn max_position_px(&self) -> f64 {
        (self.content_px() - self.view_px).max(0.0)
    }

    fn max_offset_px(&self) -> f64 {
        (self.height_px() - self.view_px).max(0.0)
    }

    fn is_scaled(&self) -> bool {
        self.content_px() > MAX_HEIGHT_PX
    }

    /// Pixels of the position per pixel of the offset.
    fn ratio(&self) -> f64 {
        let max_offset_px = self.max_offset_px();
        if max_offset_px > 0.0 { self.max_position_px() / max_offset_px } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn list(rows: u64) -> VirtualList {
        let mut list = VirtualList::new(30.0);
        list.set_rows(rows);
        list.set_view(600.0);
        list
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_short_list_scrolls_like_any_element() {
        let mut list = list(1000);
        assert!((list.height_px() - 30_000.0).abs() < 1e-9);
        list.scroll(315.0);
        assert_eq!(list.visible(), 10..31);
        assert!((list.top_px(10) - 300.0).abs() < 1e-9);
        assert_eq!(list.align_offset(), None);
        list.scroll(1e9);
        assert_eq!(list.visible(), 980..1000);
        assert_eq!(super::tests::list(3).visible(), 0..3);
        assert_eq!(super::tests::list(0).window(8), 0..0);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_window_changes_in_steps() {
        let mut list = list(1000);
        list.scroll(3000.0);
        let window = list.window(8);
        assert_eq!(window, 88..128);
        list.scroll(3010.0);
        assert_eq!(list.window(8), 88..136);
        list.scroll(3050.0);
        assert_eq!(list.window(8), 88..136);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn both_ends_of_millions_of_rows_can_be_reached() {
        let mut list = list(5_000_000);
        assert!(list.height_px() <= 17_000_000.0);
        list.scroll(MAX_HEIGHT_PX - 600.0);
        assert_eq!(list.visible().end, 5_000_000);
        list.scroll(0.0);
        assert_eq!(list.visible(), 0..20);
        list.scroll((MAX_HEIGHT_PX - 600.0) / 2.0);
        let middle = list.visible().start as f64;
        assert!((middle - 2_500_000.0).abs() < 20.0, "{middle}");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_wheel_moves_by_pixels_for_any_number_of_rows() {
        let mut list = list(5_000_000);
        list.scroll(4_000_000.0);
        let before = list.visible().start;
        let top = list.top_px(before);
        list.scroll(4_000_090.0);
        assert_eq!(list.visible().start, before + 3);
        assert!((list.top_px(before) - top).abs() < 1e-6, "the rows on the page stay where they are");
        let back = list.align_offset().expect("the offset needs correction");
        assert!((back - 4_000_000.0).abs() < 10.0);
        assert_eq!(list.visible().start, before + 3, "the visible rows stay");
        assert_eq!(list.align_offset(), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn scrolling_up_by_the_wheel_reaches_the_first_row() {
        let mut list = list(5_000_000);
        list.reveal(4000);
        let mut offset = list.offset_px;
        for _ in 0..10_000 {
            offset = (offset - 100.0).max(0.0);
            list.scroll(offset);
            if list.is_cramped() || offset <= 0.0 {
                offset = list.align_offset().unwrap_or(offset);
            }
        }
        assert_eq!(list.visible().start, 0);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_row_is_revealed_with_the_least_move() {
        for rows in [1000, 5_000_000] {
            let mut list = list(rows);
            assert_eq!(list.reveal(5), None);
            list.reveal(25);
            assert_eq!(list.visible(), 6..26);
            list.reveal(rows - 1);
            assert_eq!(list.visible(), rows - 20..rows);
            list.reveal(rows / 2);
            assert_eq!(list.visible().start, rows / 2);
        }
    }
}
