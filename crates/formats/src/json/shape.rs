//! Shape of a JSON text: where its tables are.

use indexmap::IndexMap;
use pinhole_table::{
    TableError,
    source::{ByteSource as _, Content, SharedSource},
};
use serde_json::value::RawValue;

use super::{
    record::{self, Members},
    refuse,
    splitter::{MAX_RECORD_BYTES, Splitter},
};

/// Name of the column with the names of records.
const INDEX_COLUMN: &str = "index";

/// Deepest member that is looked at for a table.
const MAX_DEPTH: usize = 3;

/// Tables of a JSON text.
#[derive(Debug, PartialEq)]
pub(super) struct Tables {
    /// Names of the tables.
    pub(super) names: Vec<String>,
    /// Shape of each.
    pub(super) shapes: Vec<Shape>,
}

/// Shape of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Values from this offset on: records or rows, in an array or one after the other.
    Values {
        /// Offset in the text.
        start: u64,
        /// Names of the columns, of rows that are arrays, if they are given.
        names: Option<Vec<String>>,
    },
    /// Columns by name.
    Columns(Vec<(String, Vec<String>)>),
}

/// Finds the tables of a text.
///
/// # Errors
/// When it is no JSON, or holds no table.
pub(super) fn tables(source: &SharedSource) -> Result<Tables, TableError> {
    let content = || Content::open_unchecked(Box::new(source.clone()));
    let whole = |shape| Tables { names: vec![source.name().to_owned()], shapes: vec![shape] };
    let values = Shape::Values { start: 0, names: None };
    let mut splitter = Splitter::new(content()?, 0)?;
    let Some(first) = splitter.next()? else {
        return Err(TableError::Format {
            name: source.name().to_owned(),
            problem: "is an empty JSON array".into(),
            advice: "choose a file with records".into(),
        });
    };
    if splitter.is_array() || splitter.next()?.is_some() {
        return Ok(whole(values));
    }
    if first.bytes.len() >= MAX_RECORD_BYTES {
        return Err(TableError::Format {
            name: source.name().to_owned(),
            problem: format!("is one JSON object of more than {} MB", MAX_RECORD_BYTES >> 20),
            advice: "write its records as JSON Lines, one per line".into(),
        });
    }
    let cleaned = record::without_nan(&first.bytes);
    // The offsets of the two differ, so that what is found in the cleaned text must be in memory.
    let bytes = cleaned.as_deref().unwrap_or(&first.bytes);
    let members = record::members(bytes).map_err(|error| refuse(source, 1, &error))?;
    let mut tables = Tables { names: Vec::new(), shapes: Vec::new() };
    if let Some(columns) = columns(&members).or_else(|| records_by_name(&members)) {
        return Ok(whole(Shape::Columns(columns)));
    }
    if cleaned.is_none() {
        add_arrays(&members, bytes, first.span.start, "", 0, &mut tables);
    }
    Ok(if tables.shapes.is_empty() { whole(values) } else { tables })
}

/// Arrays of records or rows among the members.
fn add_arrays(members: &Members<'_>, text: &[u8], offset: u64, prefix: &str, depth: usize, tables: &mut Tables) {
    // As pandas writes with `orient="split"`.
    let split_names = members.get("columns").and_then(|names| record::parse_row(names.get().as_bytes()).ok());
    for (name, value) in members {
        let full_name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match kind(value) {
            Some(Kind::Records | Kind::Rows) => {
                let names = split_names.clone().filter(|_| name == "data" && kind(value) == Some(Kind::Rows));
                let start = offset + (value.get().as_ptr() as usize - text.as_ptr() as usize) as u64;
                tables.names.push(full_name);
                tables.shapes.push(Shape::Values { start, names });
            }
            Some(Kind::Object) if depth < MAX_DEPTH => {
                if let Ok(inner) = record::members(value.get().as_bytes()) {
                    add_arrays(&inner, text, offset, &full_name, depth + 1, tables);
                }
            }
            _ => {}
        }
    }
}

/// Columns by name: `{"a": [1, 2], "b": [3, 4]}`, or as pandas writes by default, `{"a": {"0": 1, "1": 2}}`.
fn columns(members: &Members<'_>) -> Option<Vec<(String, Vec<String>)>> {
    let mut columns = Vec::new();
    for (name, value) in members {
        let text = value.get().as_bytes();
        let cells = match kind(value)? {
            Kind::Values => record::parse_row(text).ok()?,
            Kind::Object => {
                let inner = record::members(text).ok()?;
                let is_numbered = inner.keys().all(|key| key.parse::<u64>().is_ok());
                is_numbered.then(|| inner.values().map(|value| record::cell(value)).collect())?
            }
            Kind::Records | Kind::Rows => return None,
        };
        columns.push((name.clone(), cells));
    }
    let rows = columns.first()?.1.len();
    (rows > 0 && columns.iter().all(|(_, cells)| cells.len() == rows)).then_some(columns)
}

/// Records by name, as pandas writes with `orient="index"`: `{"first": {"a": 1}, "second": {"a": 2}}`.
fn records_by_name(members: &Members<'_>) -> Option<Vec<(String, Vec<String>)>> {
    let mut columns: IndexMap<String, Vec<String>> = IndexMap::new();
    columns.insert(INDEX_COLUMN.to_owned(), members.keys().cloned().collect());
    for (row, value) in members.values().enumerate() {
        let cells = record::parse(value.get().as_bytes()).ok()?;
        // Other objects of objects have other fields each.
        if row > 0 && !cells.keys().any(|name| columns.contains_key(name)) {
            return None;
        }
        for (name, cell) in cells {
            let column = columns.entry(name).or_default();
            column.resize(row, String::new());
            column.push(cell);
        }
    }
    columns.values_mut().for_each(|column| column.resize(members.len(), String::new()));
    (members.len() > 1 && columns.len() > 2).then(|| columns.into_iter().collect())
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// An array of objects.
    Records,
    /// An array of arrays.
    Rows,
    /// An array of single values.
    Values,
    Object,
}

fn kind(value: &RawValue) -> Option<Kind> {
    let text = value.get();
    match text.as_bytes().first()? {
        b'{' => Some(Kind::Object),
        b'[' => match text[1..].trim_start().as_bytes().first()? {
            b'{' => Some(Kind::Records),
            b'[' => Some(Kind::Rows),
            b']' => None,
            _ => Some(Kind::Values),
        },
        _ => None,
    }
}
