//! Files that the engine writes piece by piece: each piece leaves the page's memory at once, for the browser to keep.

use js_sys::{Array, Uint8Array};
use pinhole_protocol::{FailureKind, table::TableEvent};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

use crate::files;

/// The file being written.
#[derive(Default)]
pub struct Export {
    /// Handles; the browser holds the bytes, on disk if they are many.
    parts: Array,
    is_asked: bool,
    /// A piece was lost: the file would be another.
    is_broken: bool,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Exported {
    /// It is not complete yet, or the news were of something else.
    Nothing,
    /// It was handed to the person, or given up.
    Done,
    /// It could not be.
    Lost,
}

impl Export {
    /// A file is asked for.
    pub fn begin(&mut self) {
        *self = Self { is_asked: true, ..Self::default() };
    }

    /// Whether a file is being written.
    pub const fn is_under_way(&self) -> bool {
        self.is_asked
    }

    /// Takes news of tables.
    pub fn hear(&mut self, event: &TableEvent) -> Exported {
        match event {
            TableEvent::ExportPart(bytes) if self.is_asked => {
                match blob(&Array::of1(&Uint8Array::from(&bytes.0[..])), "") {
                    Ok(part) => drop(self.parts.push(&part)),
                    Err(_) => self.is_broken = true,
                }
                Exported::Nothing
            }
            TableEvent::Exported { name, media_type } if self.is_asked => {
                let file = std::mem::take(self);
                let is_saved = !file.is_broken
                    && blob(&file.parts, media_type).is_ok_and(|whole| files::save_blob(name, &whole).is_ok());
                if is_saved { Exported::Done } else { Exported::Lost }
            }
            TableEvent::Cancelled | TableEvent::Scored(_) if self.is_asked => {
                *self = Self::default();
                Exported::Done
            }
            _ => Exported::Nothing,
        }
    }

    /// Takes a failure. Whether it ends the file: another question may be refused (at the wrong moment, or as it asks for
    /// what is not there) while the file goes on; what ends it is a file that cannot be read.
    pub fn fail(&mut self, kind: FailureKind) -> bool {
        let has_parts = self.parts.length() > 0;
        let ends = self.is_asked && (!has_parts || matches!(kind, FailureKind::File | FailureKind::Device));
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
