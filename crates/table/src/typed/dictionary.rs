//! Categories as numbers.

use std::{collections::HashMap, sync::Arc};

/// Code of a cell without a value.
pub const MISSING: u32 = u32::MAX;
/// Code of a value beyond the dictionary's bounds.
pub const OTHER: u32 = u32::MAX - 1;

/// Different values kept of a column; later ones are [`OTHER`].
const MAX_VALUES: usize = 10_000;
/// Different values kept of all columns together.
const MAX_VALUES_IN_ALL: usize = 1_000_000;
/// Values that every column may keep.
const MIN_VALUES: usize = 64;
/// Longest value kept, in bytes; longer ones are [`OTHER`].
const MAX_BYTES: usize = 128;

/// The different values of a column in the order of their first appearance.
#[derive(Clone, Debug)]
pub struct Dictionary {
    values: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
    max_values: usize,
}

impl Dictionary {
    /// An empty one, of so many.
    pub fn new(dictionaries: usize) -> Self {
        let max_values = (MAX_VALUES_IN_ALL / dictionaries.max(1)).clamp(MIN_VALUES, MAX_VALUES);
        Self { values: Vec::new(), codes: HashMap::new(), max_values }
    }

    /// A value's code, given to it now if it is new.
    pub fn code(&mut self, value: &str) -> u32 {
        if let Some(&code) = self.codes.get(value) {
            return code;
        }
        if self.values.len() == self.max_values || value.len() > MAX_BYTES {
            return OTHER;
        }
        let code = self.values.len() as u32;
        let value: Arc<str> = value.into();
        self.values.push(Arc::clone(&value));
        self.codes.insert(value, code);
        code
    }

    /// The values, by code.
    pub fn values(&self) -> &[Arc<str>] {
        &self.values
    }

    /// The value with a code; `None` for [`MISSING`] and [`OTHER`].
    pub fn value(&self, code: u32) -> Option<&str> {
        self.values.get(code as usize).map(AsRef::as_ref)
    }
}
