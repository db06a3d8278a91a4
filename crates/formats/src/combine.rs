//! Several files with the same columns as one table, with a column that names the file.

use std::rc::Rc;

use pinhole_protocol::table::{Dialect, FileFormat, TableOrigin};
use pinhole_table::{
    TableError,
    conversion::{ConversionAdvance, ConversionJob as _, ConvertedText},
    dialect,
    records::{RecordBatch, RecordReader},
    source::{ByteSource, Content, SharedSource, TextPieces, detect_format},
};

use crate::{
    convert_one,
    encoding::guess_encoding,
    job::{Converted, FutureJob, Output, pause},
};

/// Name of the added column.
const FILE_COLUMN: &str = "file";

/// A file that is read as a table.
struct OpenTable {
    name: String,
    content: Content,
    reader: RecordReader,
}

impl OpenTable {
    async fn open(file: &SharedSource) -> Result<Self, TableError> {
        let name = file.name().to_owned();
        let (mut content, dialect) = match detect_format(file)? {
            None => {
                let mut content = Content::open(Box::new(file.clone()))?;
                let guess = dialect::encoding_sample(&mut content)?.map(|sample| guess_encoding(&sample));
                let dialect = dialect::sniff(&mut content, guess)?;
                (content, dialect)
            }
            Some(_) => as_text(file).await?,
        };
        let reader = RecordReader::new(&mut content, &dialect)?;
        Ok(Self { name, content, reader })
    }

    fn names(&self) -> Vec<String> {
        self.reader.header_cells().iter().map(|name| name.trim().to_owned()).collect()
    }
}

/// A file of another format as text in memory.
async fn as_text(file: &SharedSource) -> Result<(Content, Dialect), TableError> {
    let mut text = TextPieces::new(file.name());
    let mut job = FutureJob::new(file.name(), |output| convert_one(file.clone(), None, output));
    loop {
        match job.advance()? {
            ConversionAdvance::Text(piece) => text.push(piece),
            ConversionAdvance::Done { text: written, .. } => {
                let mut content = Content::open(Box::new(text))?;
                let dialect = dialect::sniff_converted(&mut content, written, None)?;
                return Ok((content, dialect));
            }
        }
        pause().await;
    }
}

/// Checks that all files have the same columns, in any order.
///
/// # Errors
/// When they differ, with the first that do; or when a file cannot be read.
pub(crate) async fn check(files: &[SharedSource]) -> Result<(), TableError> {
    let mut first: Option<OpenTable> = None;
    for file in files {
        let table = OpenTable::open(file).await?;
        match &first {
            None => first = Some(table),
            Some(first) => {
                positions(first, &table)?;
            }
        }
        pause().await;
    }
    Ok(())
}

/// Converts files with the same columns to one text.
pub(crate) async fn convert(files: Vec<SharedSource>, output: Rc<Output>) -> Result<Converted, TableError> {
    check(&files).await?;
    let total: u64 = files.iter().map(ByteSource::len_bytes).sum();
    let mut first: Option<OpenTable> = None;
    let mut done = 0;
    for file in &files {
        let mut table = OpenTable::open(file).await?;
        let order = match &first {
            None => {
                let names = table.names();
                output.record(names.iter().map(String::as_str).chain([added_name(&names).as_str()]));
                (0..names.len()).collect()
            }
            Some(first) => positions(first, &table)?,
        };
        let mut batch = RecordBatch::new(1);
        while table.reader.next_batch(&mut table.content, &mut batch)? {
            for record in batch.records() {
                let cells = order.iter().map(|&column| record.cell(column));
                output.record(cells.chain([table.name.as_str()]));
                output.pause_if_due().await?;
            }
            output.set_share((done + table.content.raw_position()) as f64 / total.max(1) as f64);
        }
        done += file.len_bytes();
        first.get_or_insert(table);
    }
    let origin = TableOrigin {
        format: FileFormat::Files,
        parts: vec![format!("{} files", files.len())],
        part: 0,
        remarks: vec![format!("{} files are read as one table; the last column names the file.", files.len())],
        scored_extension: None,
    };
    Ok(Converted { origin, text: ConvertedText::NamedRecords })
}

/// Name of the added column, other than those of the table.
fn added_name(names: &[String]) -> String {
    let is_taken = |name: &str| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{FILE_COLUMN} ({number})"));
    std::iter::once(FILE_COLUMN.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

/// Position in `table` of each column of `first`.
fn positions(first: &OpenTable, table: &OpenTable) -> Result<Vec<usize>, TableError> {
    let (wanted, names) = (first.names(), table.names());
    let is_same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    if wanted.len() == names.len() && wanted.iter().zip(&names).all(|(a, b)| is_same(a, b)) {
        return Ok((0..names.len()).collect());
    }
    let missing: Vec<&str> =
        wanted.iter().filter(|name| !names.iter().any(|other| is_same(name, other))).map(String::as_str).collect();
    let new: Vec<&str> =
        names.iter().filter(|name| !wanted.iter().any(|other| is_same(name, other))).map(String::as_str).collect();
    if missing.is_empty() && new.is_empty() && wanted.len() == names.len() {
        let position = |name: &String| names.iter().position(|other| is_same(name, other)).unwrap_or(0);
        return Ok(wanted.iter().map(position).collect());
    }
    let list = |names: &[&str]| {
        let shown: Vec<String> = names.iter().take(5).map(|name| format!("“{name}”")).collect();
        format!("{}{}", shown.join(", "), if names.len() > 5 { ", …" } else { "" })
    };
    let mut differences = Vec::new();
    if !missing.is_empty() {
        differences.push(format!("without {}", list(&missing)));
    }
    if !new.is_empty() {
        differences.push(format!("with {}", list(&new)));
    }
    if differences.is_empty() {
        differences.push(format!("{} instead of {}", names.len(), wanted.len()));
    }
    Err(TableError::Format {
        name: table.name.clone(),
        problem: format!("has other columns than “{}” ({})", first.name, differences.join(", ")),
        advice: "open files with the same columns together, and others one by one".into(),
    })
}
