//! Code on the page: that of the picture, with the edits of a person.

use pinhole_protocol::LatentCode;

use super::code_figure::ValueRange;

/// Code of the picture, with the edits of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownCode {
    pub code: LatentCode,
    /// Range of its values before any edit.
    pub range: ValueRange,
    pub selected: Option<usize>,
    pub is_edited: bool,
}

impl ShownCode {
    /// Code of a new picture. The unit that was selected stays so, if there still is one of that index.
    pub fn new(code: LatentCode, before: Option<&Self>) -> Self {
        let selected = before.and_then(|shown| shown.selected).filter(|unit| *unit < code.values.0.len());
        Self { range: ValueRange::of(&code), code, selected, is_edited: false }
    }

    /// Sets and selects a unit. Returns true if there is one of that index.
    pub fn set(&mut self, unit: usize, value: f32) -> bool {
        let Some(slot) = self.code.values.0.get_mut(unit) else { return false };
        *slot = value;
        self.selected = Some(unit);
        self.is_edited = true;
        true
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::fixtures::vector_code as vector;

    #[wasm_bindgen_test(unsupported = test)]
    fn an_edit_selects_its_unit_until_the_code_is_shorter() {
        let mut shown = ShownCode::new(vector(&[1.0, 2.0]), None);
        let range = shown.range;
        assert!(shown.set(1, -9.0) && !shown.set(2, 0.0));
        assert_eq!((shown.selected, shown.is_edited, shown.range), (Some(1), true, range));
        let next = ShownCode::new(vector(&[0.5, 0.5]), Some(&shown));
        assert_eq!((next.selected, next.is_edited), (Some(1), false));
        assert_eq!(ShownCode::new(vector(&[0.5]), Some(&shown)).selected, None);
    }
}
