//! Refusals of the browser's storage.

use std::fmt;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Reason for which nothing was stored or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// There is no storage: a private window, a setting, or an old browser.
    Refused,
    /// There is no room left.
    Full,
    /// Another tab holds the database in an older version.
    Blocked,
}

impl From<JsValue> for StorageError {
    fn from(error: JsValue) -> Self {
        match error.dyn_ref::<DomException>() {
            Some(exception) if exception.name() == "QuotaExceededError" => Self::Full,
            _ => Self::Refused,
        }
    }
}

/// The consequence, and what to do.
impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => {
                "This browser does not store data for the page (a private window, or a setting): save your model or \
                 detector before you leave. All else works."
            }
            Self::Blocked => {
                "Another tab has an older version of this page open, which keeps this one from storing data: close that tab, \
                 then reload this one."
            }
            Self::Full => {
                "This browser has no room left for the page's data: save your model or detector before you \
                 leave, or delete runs under “Stored data”."
            }
        })
    }
}
