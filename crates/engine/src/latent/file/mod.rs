//! Vectors and coordinates from files made elsewhere, and files of ours.

mod csv;
mod export;
mod npy;

use pinhole_anomaly::jobs::OpenJob;
use pinhole_protocol::NamedFile;
use pinhole_table::{
    conversion::LoadFormats,
    source::{MemorySource, SharedSource},
};

pub use self::export::{coordinates_csv, drawn_file, rows_csv, vectors_csv};
pub use self::npy::{NpyArray, write_floats, write_pictures};
use super::{JobControl, OpenVectors};
use crate::EngineError;

/// Most vectors of a file, beyond which a sample is drawn.
pub(super) const MAX_ROWS: usize = 60_000;
/// Most coordinates of a file: what a map is made for.
pub(super) const MAX_COORDINATES: usize = 1_000_000;
/// Most numbers of a file.
pub(super) const MAX_VALUES: usize = 25_000_000;

/// A file of vectors that is to be read.
pub enum VectorFile {
    /// A NumPy array.
    Npy(NamedFile),
    /// A table.
    Table(Box<OpenJob>, String),
}

impl VectorFile {
    /// Begins to read a file: NPY by its first bytes, else a table, whose `formats` may be another than text.
    ///
    /// # Errors
    /// When it is empty, or no table.
    pub fn new(file: NamedFile, formats: &dyn LoadFormats) -> Result<Self, EngineError> {
        if file.bytes.0.is_empty() {
            return Err(refused(&file.name, "It is empty: choose a CSV or NPY file with a vector per row."));
        }
        if file.bytes.0.starts_with(npy::MAGIC) {
            return Ok(Self::Npy(file));
        }
        let source = SharedSource::new(Box::new(MemorySource::new(file.name.clone(), file.bytes.0)));
        Ok(Self::Table(Box::new(OpenJob::new(vec![source], None, formats)?), file.name))
    }

    /// Reads the vectors.
    ///
    /// # Errors
    /// A sentence with the place of the first number that cannot be read.
    pub async fn read(self, control: &JobControl) -> Result<OpenVectors, EngineError> {
        match self {
            Self::Npy(file) => npy::read(&file),
            Self::Table(open, name) => csv::read(*open, &name, control).await,
        }
    }
}

/// The error of a file that is not opened.
fn refused(name: &str, problem: impl Into<String>) -> EngineError {
    EngineError::VectorFile { name: name.to_owned(), problem: problem.into() }
}

/// Refuses vectors that are no map, or too many numbers.
fn check_shape(name: &str, count: usize, width: usize) -> Result<(), EngineError> {
    if width == 0 {
        return Err(refused(name, "It has no column of numbers: a vector per row is needed, such as z1,z2."));
    }
    if count < 2 {
        return Err(refused(name, format!("It has {}: a map needs at least two vectors.", rows(count))));
    }
    if count.saturating_mul(width) > MAX_VALUES {
        let most = MAX_VALUES / 1_000_000;
        return Err(refused(
            name,
            format!("It holds {count} x {width} numbers, and at most {most} million fit: take fewer rows or columns."),
        ));
    }
    Ok(())
}

fn rows(count: usize) -> String {
    match count {
        0 => "no row".into(),
        1 => "one row".into(),
        _ => format!("{count} rows"),
    }
}
