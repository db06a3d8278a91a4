//! Keyboard navigation: the row that a key selects.

/// Selection and visible range of the list of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPosition {
    /// Index of the selected row.
    pub selected: Option<u64>,
    /// Number of all rows.
    pub total: u64,
    /// Number of rows that fit in the visible area.
    pub page: u64,
    /// Index of the first visible row.
    pub first: u64,
}

impl ListPosition {
    /// Index of the row that a key selects; `None` if the key does not navigate, or there is no row.
    pub fn after_key(self, key: &str) -> Option<u64> {
        let last = self.total.checked_sub(1)?;
        let from = |step: fn(u64, u64) -> u64, by: u64| self.selected.map_or(self.first, |row| step(row, by));
        let index = match key {
            "ArrowDown" => from(u64::saturating_add, 1),
            "ArrowUp" => from(u64::saturating_sub, 1),
            "PageDown" => from(u64::saturating_add, self.page),
            "PageUp" => from(u64::saturating_sub, self.page),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Some(index.min(last))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_move_within_the_rows() {
        let position = ListPosition { selected: Some(5), total: 100, page: 20, first: 0 };
        let pressed = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].map(|key| position.after_key(key));
        assert_eq!(pressed, [6, 4, 25, 0, 0, 99].map(Some));
        let last = ListPosition { selected: Some(99), ..position };
        assert_eq!(["ArrowDown", "PageDown"].map(|key| last.after_key(key)), [Some(99); 2]);
        assert_eq!(position.after_key("Tab"), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_first_key_selects_a_visible_row() {
        let position = ListPosition { selected: None, total: 100, page: 20, first: 40 };
        assert_eq!(position.after_key("ArrowDown"), Some(40));
        assert_eq!(ListPosition { total: 0, ..position }.after_key("End"), None);
    }
}
