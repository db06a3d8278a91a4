//! Dictionary encoding of categories.

use std::{collections::HashMap, sync::Arc};

/// Code of a missing value.
pub const MISSING: u32 = u32::MAX;

/// Code of a value that is not in the dictionary, as the dictionary is full or the value too long.
pub const OTHER: u32 = u32::MAX - 1;

/// Distinct values of a column that are kept; later ones are [`OTHER`].
pub const MAX_VALUES: usize = 10_000;

/// Distinct values of all columns together that are kept.
const MAX_VALUES_IN_ALL: usize = 1_000_000;

/// Distinct values that every column may keep.
const MIN_VALUES: usize = 64;

/// Length in bytes of the longest value that is kept; longer ones are [`OTHER`].
const MAX_VALUE_BYTES: usize = 128;

/// Distinct values of a column, in order of first occurrence; the code of a value is its index.
#[derive(Clone, Debug)]
pub struct Dictionary {
    values: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
    max_values: usize,
}

impl Dictionary {
    /// An empty dictionary, one of `dictionaries` that share the memory.
    pub fn new(dictionaries: usize) -> Self {
        let max_values = (MAX_VALUES_IN_ALL / dictionaries.max(1)).clamp(MIN_VALUES, MAX_VALUES);
        Self { values: Vec::new(), codes: HashMap::new(), max_values }
    }

    /// Code of a value, which is added if it is new.
    pub fn code(&mut self, value: &str) -> u32 {
        if let Some(&code) = self.codes.get(value) {
            return code;
        }
        if self.values.len() == self.max_values || value.len() > MAX_VALUE_BYTES {
            return OTHER;
        }
        let code = self.values.len() as u32;
        let value: Arc<str> = value.into();
        self.values.push(Arc::clone(&value));
        self.codes.insert(value, code);
        code
    }

    /// Values by code.
    pub fn values(&self) -> &[Arc<str>] {
        &self.values
    }

    /// Value of a code; `None` for [`MISSING`] and [`OTHER`].
    pub fn value(&self, code: u32) -> Option<&str> {
        self.values.get(code as usize).map(AsRef::as_ref)
    }
}
