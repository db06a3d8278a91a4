//! Selected samples: made in one view, known to all.

use std::rc::Rc;

/// Origin of the samples that indices of a selection count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectionOrigin {
    /// Samples of the Digits lab's data.
    Samples,
    /// Rows of the scored table; indices are their numbers in the file, from 1.
    Rows,
    /// Vectors of a file.
    File,
}

/// Selected samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    pub origin: SelectionOrigin,
    /// Indices of the samples, ascending.
    pub indices: Rc<[usize]>,
    /// Name that a person gave it, or what was selected.
    pub name: String,
}

impl Selection {
    /// Selection of these samples, in any order and each counted once.
    pub fn new(origin: SelectionOrigin, mut indices: Vec<usize>, name: impl Into<String>) -> Self {
        indices.sort_unstable();
        indices.dedup();
        Self { origin, indices: indices.into(), name: name.into() }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.indices.len()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn samples_are_selected_once() {
        let selection = Selection::new(SelectionOrigin::Samples, vec![7, 2, 7], "Lasso");
        assert_eq!((selection.len(), &*selection.indices), (2, &[2, 7][..]));
    }
}
