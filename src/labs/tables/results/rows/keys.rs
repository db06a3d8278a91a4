//! Keys that move the selected row.

/// What of the list a key needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub selected: Option<u64>,
    /// Rows in all.
    pub total: u64,
    /// Rows that fit in sight.
    pub page: u64,
    /// The first row in sight.
    pub first: u64,
}

impl Place {
    /// The row that a key selects; `None`: the key means something else, or there is no row.
    pub fn press(self, key: &str) -> Option<u64> {
        let last = self.total.checked_sub(1)?;
        let from = |step: fn(u64, u64) -> u64, by: u64| self.selected.map_or(self.first, |row| step(row, by));
        let to = match key {
            "ArrowDown" => from(u64::saturating_add, 1),
            "ArrowUp" => from(u64::saturating_sub, 1),
            "PageDown" => from(u64::saturating_add, self.page),
            "PageUp" => from(u64::saturating_sub, self.page),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Some(to.min(last))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_move_within_the_rows() {
        let place = Place { selected: Some(5), total: 100, page: 20, first: 0 };
        let pressed = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].map(|key| place.press(key));
        assert_eq!(pressed, [6, 4, 25, 0, 0, 99].map(Some));
        let last = Place { selected: Some(99), ..place };
        assert_eq!(["ArrowDown", "PageDown"].map(|key| last.press(key)), [Some(99); 2]);
        assert_eq!(place.press("Tab"), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_first_key_selects_what_is_in_sight() {
        let place = Place { selected: None, total: 100, page: 20, first: 40 };
        assert_eq!(place.press("ArrowDown"), Some(40));
        assert_eq!(Place { total: 0, ..place }.press("End"), None);
    }
}
