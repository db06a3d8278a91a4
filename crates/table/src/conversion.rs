//! Conversion of files of other formats (workbooks, Parquet, JSON, archives, several files) to one text table, and of a
//! scored text table back.
//!
//! The readers are large and needed rarely. In the page they are a module of its own, fetched when a file asks for it;
//! these traits are all that the rest of the program knows of them.
//!
//! Unless it is that of a file in an archive, the text is UTF-8, with commas, quotes where needed, and `\n`. It has one record per row of the file, blank rows
//! included, so that a row of the scored text can be written beside the row it was read from.

use std::{pin::Pin, rc::Rc};

use pinhole_protocol::table::{TableOrigin, TextEncoding};
use serde::{Deserialize, Serialize};

use crate::{TableError, source::SharedSource};

/// How a conversion wrote its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConvertedText {
    /// As a file in the archive has it: in any dialect.
    AsFile,
    /// In the dialect of conversions, with titles, header and rows as they are on the sheet.
    Records,
    /// Likewise, and the first record holds the columns' names for certain, as in Parquet.
    NamedRecords,
}

/// Result of one step of a conversion.
#[derive(Clone, Debug, PartialEq)]
pub enum ConversionAdvance {
    /// The next bytes of the text, perhaps none; more steps follow.
    Text(Vec<u8>),
    /// The text is complete.
    Done {
        /// Origin of the table.
        origin: TableOrigin,
        /// How the text is written.
        text: ConvertedText,
    },
}

/// Conversion of files to a text table, step by step.
pub trait ConversionJob {
    /// Works for one step of some milliseconds.
    ///
    /// # Errors
    /// When the files cannot be read as a table.
    fn advance(&mut self) -> Result<ConversionAdvance, TableError>;

    /// Finished share, 0 to 1.
    fn share(&self) -> f64;

    /// Rows that were read.
    fn rows(&self) -> u64;
}

/// Writer of a scored file in the format of its source.
pub trait ScoredFileWriter {
    /// Takes the next bytes of the scored text table.
    ///
    /// # Errors
    /// When the table does not fit into the format.
    fn push(&mut self, text: &[u8]) -> Result<(), TableError>;

    /// After the last [`ScoredFileWriter::push`]: the next bytes of the file; `None`: it is complete.
    ///
    /// # Errors
    /// When the source cannot be read any more, or the table does not fit into the format.
    fn take(&mut self) -> Result<Option<Vec<u8>>, TableError>;
}

/// Columns that scoring adds to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedColumns {
    /// Columns of the table before.
    pub width: usize,
    /// Headings of the added ones, as of [`crate::export::RowWriter::headings`].
    pub headings: Vec<String>,
}

/// Readers and writers of all formats.
pub trait FileFormats {
    /// Guesses the encoding of text that is neither UTF-8 nor UTF-16.
    fn guess_encoding(&self, sample: &[u8]) -> TextEncoding;

    /// A conversion of the files to one table: of the part with this index, or of the most likely one.
    fn convert(&self, files: Vec<SharedSource>, part: Option<usize>) -> Box<dyn ConversionJob>;

    /// A writer of the scored copy of a table that was read from these files.
    ///
    /// # Errors
    /// When its format cannot be written.
    fn writer(
        &self,
        files: Vec<SharedSource>,
        origin: &TableOrigin,
        added: AddedColumns,
    ) -> Result<Box<dyn ScoredFileWriter>, TableError>;
}

/// Readers and writers on their way.
pub type LoadingFormats = Pin<Box<dyn Future<Output = Result<Rc<dyn FileFormats>, TableError>>>>;

/// Gets the readers and writers of all formats: at once in the terminal; in the page, a module that is fetched.
pub trait LoadFormats {
    /// Begins to load them.
    fn load(&self) -> LoadingFormats;
}
