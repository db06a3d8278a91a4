//! A table's file: its dialect, its columns, and the position of each row. The text stays in the file.

use std::{
    cell::{RefCell, RefMut},
    ops::Range,
    rc::Rc,
};

use pinhole_protocol::table::{
    ColumnSummary, Dialect, FileFormat, RenamedColumn, TableOrigin, TablePreview, TableSummary, TableWarning,
    TextEncoding,
};
use pinhole_table::{
    TableError,
    columns::infer_formats,
    conversion::{ConvertedText, FileFormats},
    dialect,
    records::{RecordBatch, RecordReader, read_record_at},
    scan::{FileMetadata, RowSpans, ScanResult, preview},
    source::{ByteSource, Content, SharedSource},
};
use tracing::info;

use crate::AnomalyError;

/// A table that several jobs read in turn.
pub type SharedTable = Rc<RefCell<Table>>;

/// A file that is read as a table. It is never held in memory: a row takes 12 bytes, its position in the file.
pub struct Table {
    name: String,
    /// Shared with other dialects of the same file: a ranking keeps its own table.
    content: Rc<RefCell<Content>>,
    dialect: Dialect,
    /// True if the dialect is inferred; false if a person chose it.
    is_guessed: bool,
    columns: Vec<ColumnSummary>,
    /// Index of the column that seems to hold labels; `None` before the scan.
    label: Option<usize>,
    /// Index of a column of classes of which none is said to be an anomaly.
    other_classes: Option<usize>,
    spans: RowSpans,
    /// Files that the text was converted from, if it is no text file itself.
    origin: Option<Rc<ConvertedFiles>>,
    /// Columns that a detector knows by another name.
    renamed: Vec<RenamedColumn>,
}

/// Files of another format, from which the text of a table was converted.
pub struct ConvertedFiles {
    pub(crate) files: Vec<SharedSource>,
    pub(crate) origin: TableOrigin,
    pub(crate) formats: Rc<dyn FileFormats>,
}

impl Table {
    /// Opens a text file and guesses its dialect from its first bytes. `encoding_guess` is the encoding of a file that is
    /// not Unicode, guessed from [`dialect::encoding_sample`]; without it, such a file is read as Windows-1252.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or is no table.
    pub fn open(
        source: Box<dyn ByteSource>,
        encoding_guess: Option<TextEncoding>,
    ) -> Result<(SharedTable, TablePreview), AnomalyError> {
        let mut content = Content::open(source)?;
        let dialect = dialect::sniff(&mut content, encoding_guess)?;
        Self::with_guessed(content, dialect, None)
    }

    /// Opens the text that files were converted to; `encoding_guess` as for [`Table::open`].
    ///
    /// # Errors
    /// When there is no table in it.
    pub(crate) fn open_converted(
        mut content: Content,
        written: ConvertedText,
        encoding_guess: Option<TextEncoding>,
        origin: ConvertedFiles,
    ) -> Result<(SharedTable, TablePreview), AnomalyError> {
        let dialect = dialect::sniff_converted(&mut content, written, encoding_guess)?;
        Self::with_guessed(content, dialect, Some(Rc::new(origin)))
    }

    fn with_guessed(
        mut content: Content,
        mut dialect: Dialect,
        origin: Option<Rc<ConvertedFiles>>,
    ) -> Result<(SharedTable, TablePreview), AnomalyError> {
        let (reader, first) = first_rows(&mut content, &dialect)?;
        infer_formats(&reader.header_cells(), &first, &mut dialect);
        Self::with_dialect(Rc::new(RefCell::new(content)), dialect, true, origin)
    }

    /// The same file under another dialect; it must be scanned then. This table stays as it is, for what refers to its
    /// rows.
    ///
    /// # Errors
    /// When the dialect is invalid, or the file cannot be read.
    pub fn reread(&self, dialect: Dialect) -> Result<(SharedTable, TablePreview), AnomalyError> {
        dialect::check(&dialect)?;
        Self::with_dialect(self.content.clone(), dialect, false, self.origin.clone())
    }

    fn with_dialect(
        content: Rc<RefCell<Content>>,
        dialect: Dialect,
        is_guessed: bool,
        origin: Option<Rc<ConvertedFiles>>,
    ) -> Result<(SharedTable, TablePreview), AnomalyError> {
        let mut open = content.borrow_mut();
        let (reader, first) = first_rows(&mut open, &dialect)?;
        let name = open.name().to_owned();
        let size_bytes = origin.as_ref().map_or(open.size_bytes(), |origin| origin.size_bytes());
        let file = FileMetadata { name: name.clone(), size_bytes, is_gzip: open.is_gzip() };
        drop(open);
        info!(name, bytes = file.size_bytes, gzip = file.is_gzip, "table opened");
        let mut preview = preview(file, &dialect, &reader, &first);
        if let Some(origin) = &origin {
            preview.origin = Some(origin.origin.clone());
            preview.warnings.splice(..0, origin.remarks());
        }
        let columns = preview.columns.clone();
        let table = Self {
            name,
            content,
            dialect,
            is_guessed,
            columns,
            label: None,
            other_classes: None,
            spans: RowSpans::default(),
            origin,
            renamed: Vec::new(),
        };
        Ok((Rc::new(RefCell::new(table)), preview))
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Dialect.
    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// True if the dialect is inferred; false if a person chose it.
    pub(crate) const fn is_guessed(&self) -> bool {
        self.is_guessed
    }

    /// Columns: as guessed from the first rows, or from all rows after the scan.
    pub fn columns(&self) -> &[ColumnSummary] {
        &self.columns
    }

    /// Names of its columns.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Columns that a detector knows by another name, as a person says.
    pub fn renamed_columns(&self) -> &[RenamedColumn] {
        &self.renamed
    }

    /// Sets the columns that a detector knows by another name. Names that do not exist are refused when the detector
    /// looks for its columns.
    pub fn rename_columns(&mut self, renamed: Vec<RenamedColumn>) {
        self.renamed = renamed;
    }

    /// Name of the column with the classes of the rows: the label, or else one whose values name no anomalies;
    /// `None` before the scan.
    pub fn class_column(&self) -> Option<&str> {
        self.columns.get(self.label.or(self.other_classes)?).map(|column| column.name.as_str())
    }

    /// Number of rows; 0 before the scan.
    pub fn rows(&self) -> usize {
        self.spans.len()
    }

    /// Checks that a scanned table has rows.
    ///
    /// # Errors
    /// [`TableError::HeaderOnly`].
    pub fn require_rows(&self) -> Result<(), AnomalyError> {
        if self.rows() > 0 { Ok(()) } else { Err(TableError::HeaderOnly { name: self.name().to_owned() }.into()) }
    }

    /// Bytes of a row (counted from 0) in the decompressed file.
    pub fn span(&self, row: usize) -> Option<Range<u64>> {
        self.spans.get(row as u64 + 1)
    }

    /// Reads one row, counted from 0.
    ///
    /// # Errors
    /// When there is no such row, or the file cannot be read any more.
    pub fn read_row(&self, row: usize) -> Result<RecordBatch, AnomalyError> {
        let span = self.span(row).ok_or_else(|| {
            AnomalyError::setting("row", format!("There is no row {}: the table has {}.", row + 1, self.rows()))
        })?;
        Ok(read_record_at(&mut self.content(), &self.dialect, span, row as u64 + 1)?)
    }

    /// Files that the text was converted from, if it is no text file itself.
    pub fn origin(&self) -> Option<&Rc<ConvertedFiles>> {
        self.origin.as_ref()
    }

    /// Share of the file up to the last piece that was read, 0 to 1.
    pub fn share_read(&self) -> f64 {
        let content = self.content.borrow();
        content.raw_position() as f64 / content.size_bytes().max(1) as f64
    }

    pub(crate) fn content(&self) -> RefMut<'_, Content> {
        self.content.borrow_mut()
    }

    /// Reads the cells in other formats from now on.
    pub(crate) fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Takes over what a scan found, and returns its summary.
    pub(crate) fn set_scanned(&mut self, mut scanned: ScanResult) -> TableSummary {
        scanned.summary.warnings.splice(..0, self.origin.iter().flat_map(|origin| origin.remarks()));
        if self.origin.as_ref().is_some_and(|origin| origin.origin.format == FileFormat::Files)
            && let Some(file) = scanned.summary.columns.last_mut()
        {
            // A later file alone has no such column.
            file.exclusion_reason.get_or_insert_with(|| "It names the file that each row is from.".into());
        }
        self.columns.clone_from(&scanned.summary.columns);
        self.label = scanned.summary.label.as_ref().map(|label| label.column);
        self.other_classes = scanned.other_classes;
        self.spans = scanned.spans;
        scanned.summary
    }
}

impl ConvertedFiles {
    /// Format of the files, and which table of them is read.
    pub const fn origin(&self) -> &TableOrigin {
        &self.origin
    }

    fn size_bytes(&self) -> u64 {
        self.files.iter().map(ByteSource::len_bytes).sum()
    }

    fn remarks(&self) -> Vec<TableWarning> {
        let remark = |message: &String| TableWarning { row: None, message: message.clone() };
        self.origin.remarks.iter().map(remark).collect()
    }
}

/// The first batch with a row in it.
fn first_rows(content: &mut Content, dialect: &Dialect) -> Result<(RecordReader, RecordBatch), AnomalyError> {
    let mut reader = RecordReader::new(content, dialect)?;
    let mut batch = RecordBatch::new(1);
    while batch.is_empty() && reader.next_batch(content, &mut batch)? {}
    Ok((reader, batch))
}
