//! JSON and JSON Lines (one record per line) as text tables, and scored ones back.

mod record;
mod shape;
mod splitter;
mod write;

use std::rc::Rc;

use indexmap::IndexSet;
use pinhole_protocol::table::{FileFormat, TableOrigin};
use pinhole_table::{
    TableError,
    conversion::ConvertedText,
    records::MAX_COLUMNS,
    source::{ByteSource as _, Content, SharedSource},
};

use crate::job::{Converted, Output};
use shape::{Shape, Tables};
use splitter::{Splitter, Value};
pub(crate) use write::JsonWriter;

/// Error in the record with this number, from 1.
fn refuse(source: &SharedSource, record: u64, error: &serde_json::Error) -> TableError {
    TableError::Format {
        name: source.name().to_owned(),
        problem: format!("is no table in JSON: record {record} could not be read ({error})"),
        advice: "write a list of records, such as [{\"a\": 1}, {\"a\": 2}], or one record per line".into(),
    }
}

/// Converts JSON to text.
pub(crate) async fn convert(
    source: SharedSource,
    part: Option<usize>,
    output: Rc<Output>,
) -> Result<Converted, TableError> {
    let Tables { names, shapes } = shape::tables(&source)?;
    let part = part.filter(|&part| part < shapes.len()).unwrap_or(0);
    let mut text = ConvertedText::NamedRecords;
    let mut is_array = true;
    let mut can_write = false;
    match &shapes[part] {
        Shape::Columns(columns) => {
            output.record(columns.iter().map(|(name, _)| name));
            for row in 0..columns.first().map_or(0, |(_, cells)| cells.len()) {
                output.record(columns.iter().map(|(_, cells)| &cells[row]));
                output.pause_if_due().await?;
            }
        }
        Shape::Values { start, names } => {
            let mut splitter = Splitter::new(Content::open_unchecked(Box::new(source.clone()))?, *start)?;
            is_array = splitter.is_array();
            let Some(first) = splitter.next()? else { return Err(no_records(&source)) };
            if first.bytes.first() == Some(&b'[') {
                match names {
                    Some(names) => output.record(names),
                    None => text = ConvertedText::Records,
                }
                write_rows(&source, *start, &output).await?;
            } else {
                // In an array within a record, the text around it would have to be kept too.
                can_write = *start == 0;
                let columns = column_names(&source, *start, &output).await?;
                write_records(&source, *start, &columns, &output).await?;
            }
        }
    }
    let format = if is_array { FileFormat::Json } else { FileFormat::JsonLines };
    let scored_extension = can_write.then(|| if is_array { "json" } else { "jsonl" }.to_owned());
    let mut remarks = Vec::new();
    if names.len() > 1 {
        remarks.push(format!("The table “{}” is read; there are {} in the file.", names[part], names.len()));
    }
    Ok(Converted { origin: TableOrigin { format, parts: names, part, remarks, scored_extension }, text })
}

fn no_records(source: &SharedSource) -> TableError {
    TableError::Format {
        name: source.name().to_owned(),
        problem: "has no records".into(),
        advice: "choose a file with a list of records".into(),
    }
}

/// The values of a text, each with its number from 1.
struct Values {
    splitter: Splitter,
    number: u64,
}

impl Values {
    fn new(source: &SharedSource, start: u64) -> Result<Self, TableError> {
        let content = Content::open_unchecked(Box::new(source.clone()))?;
        Ok(Self { splitter: Splitter::new(content, start)?, number: 0 })
    }

    fn next(&mut self) -> Result<Option<Value>, TableError> {
        self.number += 1;
        self.splitter.next()
    }
}

/// Parses a value, with `NaN` as `null`.
fn parse<T>(bytes: &[u8], parse: impl Fn(&[u8]) -> Result<T, serde_json::Error>) -> Result<T, serde_json::Error> {
    parse(bytes).or_else(|error| match record::without_nan(bytes) {
        Some(cleaned) => parse(&cleaned),
        None => Err(error),
    })
}

/// Names of all fields, in the order in which they first occur.
async fn column_names(source: &SharedSource, start: u64, output: &Output) -> Result<IndexSet<String>, TableError> {
    let mut names = IndexSet::new();
    let mut values = Values::new(source, start)?;
    while let Some(value) = values.next()? {
        let cells = parse(&value.bytes, record::parse).map_err(|error| refuse(source, values.number, &error))?;
        for name in cells.into_keys() {
            names.insert(name);
        }
        if names.len() > MAX_COLUMNS {
            return Err(TableError::TooManyColumns { name: source.name().to_owned(), limit: MAX_COLUMNS });
        }
        output.set_share(values.splitter.share() / 2.0);
        if values.number.is_multiple_of(1 << 11) {
            crate::job::pause().await;
        }
    }
    Ok(names)
}

async fn write_records(
    source: &SharedSource,
    start: u64,
    columns: &IndexSet<String>,
    output: &Output,
) -> Result<(), TableError> {
    output.record(columns);
    let mut values = Values::new(source, start)?;
    while let Some(value) = values.next()? {
        let cells = parse(&value.bytes, record::parse).map_err(|error| refuse(source, values.number, &error))?;
        output.record(columns.iter().map(|name| cells.get(name).map_or("", String::as_str)));
        output.set_share(0.5 + values.splitter.share() / 2.0);
        output.pause_if_due().await?;
    }
    Ok(())
}

async fn write_rows(source: &SharedSource, start: u64, output: &Output) -> Result<(), TableError> {
    let mut values = Values::new(source, start)?;
    while let Some(value) = values.next()? {
        let cells = parse(&value.bytes, record::parse_row).map_err(|error| refuse(source, values.number, &error))?;
        output.record(cells);
        output.set_share(values.splitter.share());
        output.pause_if_due().await?;
    }
    Ok(())
}
