//! Vectors from a table: its numeric columns, and what is known of each row.

use std::{mem, rc::Rc};

use pinhole_anomaly::{
    SampledCells, SharedTable, TableReader,
    jobs::{Job as _, OpenJob, ScanJob},
    sample_column,
};
use pinhole_latent::Vectors;
use pinhole_protocol::{
    latent::LatentActivity,
    table::{ColumnKind, ColumnSummary},
};
use pinhole_table::{
    records::Record,
    typed::{ColumnSpec, TypedColumn, TypedReader},
};

use super::{MAX_COORDINATES, MAX_ROWS, check_shape, refused};
use crate::{
    EngineError,
    latent::{JobControl, OpenVectors, samples::LABEL},
};

/// Names of columns that say what a row is, and are no part of its vector.
const NAMES: [&str; 12] =
    ["label", "labels", "class", "classes", "target", "digit", "category", "cluster", "id", "row", "index", "name"];
/// The first four of them, and those after, hold labels.
const LABEL_NAMES: [&str; 5] = ["label", "labels", "class", "classes", "target"];
/// Names of figures that our own files have beside a vector.
const FIGURES: [&str; 2] = ["error", "anomaly score"];

/// Reads the vectors of a table.
pub(super) async fn read(mut open: OpenJob, name: &str, control: &JobControl) -> Result<OpenVectors, EngineError> {
    let (table, _) = loop {
        if let Some(opened) = open.advance().await? {
            break opened;
        }
        control.pause().await;
    };
    let mut scan = ScanJob::new(&table)?;
    while scan.advance().await?.is_none() {
        control.report(LatentActivity::Reading, scan.progress().count as usize, 0);
        control.pause().await;
    }
    let columns = table.borrow().columns().to_vec();
    let roles = Roles::of(&columns);
    check_shape(name, table.borrow().rows(), roles.vector.len())?;
    let read = read_columns(&table, &columns, &roles, control).await?;
    finish(name, read, &columns, &roles)
}

/// Use of the columns, by index.
struct Roles {
    /// Numbers of the vector.
    vector: Vec<usize>,
    /// What is known of each row.
    known: Vec<usize>,
    are_coordinates: bool,
}

impl Roles {
    fn of(columns: &[ColumnSummary]) -> Self {
        let place = |name: &str| columns.iter().position(|column| column.name.trim().eq_ignore_ascii_case(name));
        // With a z beside them they are numbers of longer vectors.
        if let (Some(x), Some(y), None) = (place("x"), place("y"), place("z"))
            && [x, y].iter().all(|&index| columns[index].examples.iter().any(|example| is_number_text(example)))
        {
            let known = (0..columns.len()).filter(|index| ![x, y].contains(index)).collect();
            return Self { vector: vec![x, y], known, are_coordinates: true };
        }
        let (vector, known) = (0..columns.len()).partition(|&index| is_number(&columns[index]));
        Self { vector, known, are_coordinates: false }
    }
}

fn is_number_text(text: &str) -> bool {
    text.trim().replace(',', ".").parse::<f64>().is_ok()
}

/// True if a column is part of a vector.
fn is_number(column: &ColumnSummary) -> bool {
    let name = column.name.trim().to_lowercase();
    if NAMES.contains(&name.as_str()) || FIGURES.contains(&name.as_str()) {
        return false;
    }
    let are_numbers = !column.examples.is_empty() && column.examples.iter().all(|example| is_number_text(example));
    match column.kind {
        ColumnKind::Numeric => true,
        // A latent number that hardly varies, and numbers that are all different.
        ColumnKind::Constant | ColumnKind::Boolean => are_numbers,
        ColumnKind::Identifier => are_numbers && column.examples.iter().any(|example| example.contains(['.', ','])),
        ColumnKind::Categorical | ColumnKind::DateTime | ColumnKind::Text => false,
    }
}

async fn read_columns(
    table: &SharedTable,
    columns: &[ColumnSummary],
    roles: &Roles,
    control: &JobControl,
) -> Result<(TypedReader, SampledCells), EngineError> {
    let spec =
        |index: usize, kind: ColumnKind| ColumnSpec { name: columns[index].name.clone(), kind, index: Some(index) };
    let known: Vec<ColumnSpec> = roles
        .known
        .iter()
        .map(|&index| {
            let is_label = LABEL_NAMES.contains(&columns[index].name.trim().to_lowercase().as_str());
            spec(index, if is_label { ColumnKind::Categorical } else { columns[index].kind })
        })
        .collect();
    let specs =
        roles.vector.iter().map(|&index| spec(index, ColumnKind::Numeric)).chain(known.iter().cloned()).collect();
    let mut typed = TypedReader::with_columns(table.borrow().dialect(), specs, None);
    let mut cells = SampledCells::new(known.len());
    let mut reader = TableReader::new(&table.borrow())?;
    while read_batch(&mut reader, table, &mut |record| {
        typed.read_record(record);
        cells.push(record, &known);
    })? {
        control.report(LatentActivity::Reading, reader.rows_read() as usize, table.borrow().rows());
        control.pause().await;
    }
    Ok((typed, cells))
}

/// Hands the next rows to `read`; false at the end of the table.
fn read_batch(
    reader: &mut TableReader,
    table: &SharedTable,
    read: &mut dyn FnMut(&Record<'_>),
) -> Result<bool, EngineError> {
    let open = table.borrow();
    let Some(batch) = reader.next_batch(&open)? else { return Ok(false) };
    batch.records().for_each(|record| read(&record));
    Ok(true)
}

fn finish(
    name: &str,
    (mut typed, cells): (TypedReader, SampledCells),
    columns: &[ColumnSummary],
    roles: &Roles,
) -> Result<OpenVectors, EngineError> {
    let read = mem::take(typed.table_mut());
    let (total, width) = (read.rows(), roles.vector.len());
    let most = if roles.are_coordinates { MAX_COORDINATES } else { MAX_ROWS };
    // At even distances, in the order of the file.
    let rows: Vec<u32> = match total {
        count if count > most => (0..most).map(|index| (index * count / most) as u32).collect(),
        count => (0..count as u32).collect(),
    };
    let mut values = Vec::with_capacity(rows.len() * width);
    for &row in &rows {
        for (column, &index) in read.columns.iter().zip(&roles.vector) {
            let number = match column {
                TypedColumn::Numbers(numbers) => numbers.get(row as usize),
                TypedColumn::Times(_) | TypedColumn::Categories { .. } => f64::NAN,
            };
            if !number.is_finite() {
                return Err(refused(
                    name,
                    format!(
                        "Row {}, column “{}” is no number: fill it, or leave the row out.",
                        row + 1,
                        columns[index].name
                    ),
                ));
            }
            values.push(number as f32);
        }
    }
    let known = roles.known.iter().zip(&read.columns[width..]).map(|(&index, column)| {
        let mut known = sample_column(&columns[index].name, column, &rows);
        if LABEL_NAMES.contains(&known.name.trim().to_lowercase().as_str()) {
            known.name = LABEL.into();
        }
        known
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|column| column.name != LABEL);
    let vectors = Vectors::new(values, width).map_err(|problem| refused(name, problem.to_string()))?;
    let warnings = if rows.len() < total {
        vec![format!("{} of {total} rows are on the map, at even distances in the file.", rows.len())]
    } else {
        Vec::new()
    };
    Ok(OpenVectors {
        are_coordinates: roles.are_coordinates,
        total,
        columns: known,
        cells: (!roles.known.is_empty())
            .then(|| (roles.known.iter().map(|&index| columns[index].name.clone()).collect(), cells.select(&rows))),
        warnings,
        ..OpenVectors::of_file(name, Rc::new(vectors))
    })
}
