//! Reading of a file from its first row to its last, for the numbers that are derived from earlier rows.

use std::collections::HashMap;

use pinhole_protocol::table::{ColumnKind, Dialect};
use pinhole_table::{
    records::RecordBatch,
    typed::{ColumnSpec, MAX_VALUES, MISSING, OTHER, TypedColumn, TypedReader, TypedTable},
};

use super::{Derivation, DerivedColumns, history::History, time_order::TimeOrder};

/// Reader of the columns that others are derived from. Every row must be read, in the file's order.
#[derive(Clone, Debug)]
pub struct DerivedReader {
    /// Reads the sources, the time and the entity.
    typed: TypedReader,
    sources: usize,
    /// Derivations from the sources by their place among them.
    derivations: Vec<Derivation>,
    /// Rows before, by code of the entity; 0 for all rows if there are no entities.
    histories: HashMap<u32, History>,
    order: TimeOrder,
    /// Rows of entities beyond those that are told apart.
    unknown_entities: u64,
    time: String,
    /// Sentences about columns that the file lacks.
    missing: Vec<String>,
}

impl DerivedReader {
    /// A reader at the first row of a file. `features` are the indices in it of the detector's columns, `time` and
    /// `entity` those of these two.
    pub fn new(
        derived: &DerivedColumns,
        dialect: &Dialect,
        features: &[Option<usize>],
        time: Option<usize>,
        entity: Option<usize>,
    ) -> Self {
        let mut sources: Vec<usize> = Vec::new();
        let mut place = |column: usize| {
            sources.iter().position(|&source| source == column).unwrap_or_else(|| {
                sources.push(column);
                sources.len() - 1
            })
        };
        let derivations = derived.columns.iter().map(|column| match column.derivation {
            Derivation::Change(source) => Derivation::Change(place(source)),
            Derivation::StandardDeviation(source) => Derivation::StandardDeviation(place(source)),
            other @ (Derivation::TimeSinceLast | Derivation::RowsInADay) => other,
        });
        let derivations = derivations.collect();
        let spec = |kind, index| ColumnSpec { name: String::new(), kind, index };
        let mut specs: Vec<ColumnSpec> =
            sources.iter().map(|&source| spec(ColumnKind::Numeric, features.get(source).copied().flatten())).collect();
        specs.push(spec(ColumnKind::DateTime, time));
        specs.extend(derived.entity.is_some().then(|| spec(ColumnKind::Categorical, entity)));
        Self {
            typed: TypedReader::with_columns(dialect, specs, None),
            sources: sources.len(),
            derivations,
            histories: HashMap::new(),
            order: TimeOrder::default(),
            unknown_entities: 0,
            time: derived.time.clone(),
            missing: missing_columns(derived, time.is_some(), entity.is_some()),
        }
    }

    /// Reads the next rows and appends the derived numbers, [rows, columns], of those that `keeps` says by their index in
    /// the batch. The numbers of a row without entity are missing.
    pub fn read(&mut self, batch: &RecordBatch, keeps: impl Fn(usize) -> bool, values: &mut Vec<f32>) {
        self.typed.table_mut().clear();
        self.typed.read(batch);
        let table = self.typed.table();
        let mut numbers = vec![f64::NAN; self.sources];
        let mut row_values = Vec::with_capacity(self.derivations.len());
        for row in 0..table.rows() {
            row_values.clear();
            match entity(table, row) {
                Entity::Unknown => {
                    self.unknown_entities += 1;
                    row_values.resize(self.derivations.len(), f32::NAN);
                }
                Entity::Missing => row_values.resize(self.derivations.len(), f32::NAN),
                Entity::Code(entity) => {
                    for (number, column) in numbers.iter_mut().zip(&table.columns) {
                        *number = match column {
                            TypedColumn::Numbers(column) => column.get(row),
                            TypedColumn::Times(_) | TypedColumn::Categories { .. } => f64::NAN,
                        };
                    }
                    let time = time(table, row, self.sources);
                    let history = self.histories.entry(entity).or_insert_with(|| History::new(self.sources));
                    if let Some(before) = history.last_time() {
                        self.order.add(before, time);
                    }
                    history.push(&numbers, time, self.derivations.iter().copied(), &mut row_values);
                }
            }
            if keeps(row) {
                values.extend_from_slice(&row_values);
            }
        }
    }

    /// Sentences about the rows read.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.missing.clone();
        warnings.extend(self.order.warning(&self.time));
        if self.unknown_entities > 0 {
            warnings.push(format!(
                "{} rows belong to none of the first {MAX_VALUES} entities: they are not compared with those before them.",
                self.unknown_entities
            ));
        }
        warnings
    }
}

/// Entity of a row.
enum Entity {
    /// Its code; 0 for all rows if there are no entities.
    Code(u32),
    /// The row has none.
    Missing,
    /// One of too many to be told apart.
    Unknown,
}

fn entity(table: &TypedTable, row: usize) -> Entity {
    match table.columns.last() {
        Some(TypedColumn::Categories { codes, .. }) => match codes[row] {
            MISSING => Entity::Missing,
            OTHER => Entity::Unknown,
            code => Entity::Code(code),
        },
        _ => Entity::Code(0),
    }
}

fn time(table: &TypedTable, row: usize, column: usize) -> f64 {
    match table.columns.get(column) {
        Some(TypedColumn::Times(times)) => times[row],
        _ => f64::NAN,
    }
}

fn missing_columns(derived: &DerivedColumns, has_time: bool, has_entity: bool) -> Vec<String> {
    let entity = derived.entity.as_ref().filter(|_| !has_entity);
    let time = (!has_time).then_some(&derived.time);
    let entity =
        entity.map(|name| format!("The file lacks \"{name}\", so that no row is compared with those before it."));
    let time = time.map(|name| format!("The file lacks \"{name}\": its rows are taken to be in the order of time."));
    entity.into_iter().chain(time).collect()
}
