//! Export of a file that the engine writes in parts. Each part becomes a `Blob` at once, which the browser stores outside
//! the memory of the page.

use js_sys::{Array, Uint8Array};
use pinhole_protocol::{FailureKind, table::TableEvent};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

use crate::files;

/// State of an export.
#[derive(Default)]
pub struct ExportState {
    /// `Blob`s of the parts; the browser may hold their bytes on disk.
    parts: Array,
    is_writing: bool,
    /// True if a part could not be stored: the file would be incomplete.
    is_broken: bool,
}

/// Effect of an event on the export.
#[derive(Debug, PartialEq, Eq)]
pub enum ExportOutcome {
    /// The file is not complete yet, or the event was of something else.
    Unchanged,
    /// The file was saved, or the export was cancelled.
    Done,
    /// The browser refused to save the file.
    SaveFailed,
}

impl ExportState {
    /// Starts a new export.
    pub fn start(&mut self) {
        *self = Self { is_writing: true, ..Self::default() };
    }

    /// True while a file is being written.
    pub const fn is_active(&self) -> bool {
        self.is_writing
    }

    /// Handles an event: stores a part, or saves the complete file.
    pub fn on_event(&mut self, event: &TableEvent) -> ExportOutcome {
        match event {
            TableEvent::ExportPart(bytes) if self.is_writing => {
                match blob(&Array::of1(&Uint8Array::from(&bytes.0[..])), "") {
                    Ok(part) => drop(self.parts.push(&part)),
                    Err(_) => self.is_broken = true,
                }
                ExportOutcome::Unchanged
            }
            TableEvent::Exported { name, media_type } if self.is_writing => {
                let export = std::mem::take(self);
                let is_saved = !export.is_broken
                    && blob(&export.parts, media_type).is_ok_and(|file| files::save_blob(name, &file).is_ok());
                if is_saved { ExportOutcome::Done } else { ExportOutcome::SaveFailed }
            }
            TableEvent::Cancelled | TableEvent::Scored(_) if self.is_writing => {
                *self = Self::default();
                ExportOutcome::Done
            }
            _ => ExportOutcome::Unchanged,
        }
    }

    /// Handles a failure. True if it ends the export: before the first part any failure does, later only one of the file or
    /// the device, as other commands may be refused while the export goes on.
    pub fn on_failure(&mut self, kind: FailureKind) -> bool {
        let has_parts = self.parts.length() > 0;
        let ends = self.is_writing && (!has_parts || matches!(kind, FailureKind::File | FailureKind::Device));
        if ends {
            *self = Self::default();
        }
        ends
    }
}

fn blob(parts: &Array, media_type: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_blob_sequence_and_options(parts, &options)
}
