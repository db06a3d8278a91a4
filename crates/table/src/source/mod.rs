//! Bytes of a file, plain or gzip, from any offset.

mod byte_source;
mod content;
#[cfg(not(target_arch = "wasm32"))]
mod file_source;
mod format;
mod gzip;
mod shared_source;
mod signature;
mod text_pieces;

pub use byte_source::{ByteSource, MemorySource};
pub use content::Content;
#[cfg(not(target_arch = "wasm32"))]
pub use file_source::FileSource;
pub use format::detect_format;
pub use gzip::{BOMB_RATIO, BOMB_UNPACKED_BYTES};
pub use shared_source::{SharedSource, SourceReader};
pub use text_pieces::TextPieces;
