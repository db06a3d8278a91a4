//! Content that this browser keeps for the page: runs with their weights, drafts, settings per table, and handles of
//! files, in IndexedDB.
//!
//! | object store | key | value |
//! |---|---|---|
//! | `runs` | run's id | [`StoredRun`]: everything but the weights |
//! | `weights` | run's id | checkpoint file, with the last weights and the best; or a detector file |
//! | `drafts` | tab's id | [`Draft`]: drawing and edited experiment |
//! | `tables` | fingerprint of a header | [`TableSettings`]: choices for files with these columns |
//! | `handles` | file's name | handle of a table that was opened, in browsers that have them |
//!
//! Several tabs write at once, each under ids of its own. `www/crash-overlay.js` reads the newest run when the page's
//! module has failed.

mod budget;
mod database;
mod drafts;
mod error;
mod handles;
mod run_lock;
mod run_saver;
mod runs;
mod tables;

pub use self::{
    budget::BUDGET_BYTES,
    database::forget_everything,
    drafts::{Draft, load_draft, store_draft, tab_id},
    error::StorageError,
    handles::{delete_handle, load_handles, store_handle},
    run_lock::{RunLock, runs_in_progress},
    run_saver::{RunSaver, SavedRun, StorageState},
    runs::{DetectorRun, NetworkRun, RunKind, StoredRun, delete_run, load_runs, load_weights, new_id, set_starred},
    tables::{
        DialectChoice, EntityChoice, LabelChoice, TableSettings, count_table_settings, header_fingerprint,
        load_table_settings, store_table_settings,
    },
};
