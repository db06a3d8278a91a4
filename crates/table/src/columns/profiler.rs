//! Profile of a table: the columns, the label and warnings, from one pass over the records.

use pinhole_protocol::table::{ColumnFormat, ColumnKind, ColumnSummary, Dialect, Filler, LabelGuess, TableWarning};

use super::{
    column_profiler::ColumnProfiler,
    column_styles::ColumnStyles,
    entity_guess::guess_entity,
    fillers::{filler_sentence, find_fillers},
    infer_kind::summarise,
    label_candidates::LabelCandidates,
    time_names::is_time_name,
};
use crate::{
    cells::{CellFormat, NumberCell, epoch_notation},
    records::{Record, RecordBatch},
};

/// Profiler of a table, in one pass over its records and bounded memory: at most 10,000 hashes and 64 short texts per
/// column, fewer in wide tables, and 2 million hashes in all.
#[derive(Clone, Debug)]
pub struct Profiler {
    names: Vec<String>,
    has_names: Vec<bool>,
    dialect: Dialect,
    formats: Vec<CellFormat>,
    /// Units of the columns from a row of the file; empty without one.
    units: Vec<String>,
    columns: Vec<ColumnProfiler>,
    label_candidates: LabelCandidates,
}

/// Profile of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The columns, except those without a name and a value at the end of the table.
    pub columns: Vec<ColumnSummary>,
    /// The likely label; `None` if no column looks like one.
    pub label: Option<LabelGuess>,
    /// Index of a column of classes of which none is said to be an anomaly, if there is no label.
    pub other_classes: Option<usize>,
    /// Index of the column that seems to say to which entity a row belongs.
    pub entity: Option<usize>,
    /// Numbers that seem to stand for missing values.
    pub fillers: Vec<Filler>,
    /// Warnings about columns and cells.
    pub warnings: Vec<TableWarning>,
}

impl Profiler {
    /// A profiler of columns with this header, and with these names that [`super::clean_names`] made of it.
    pub fn new(header: &[String], names: &[String], dialect: &Dialect) -> Self {
        Self {
            names: names.to_vec(),
            has_names: header.iter().map(|name| dialect.has_header && !name.trim().is_empty()).collect(),
            dialect: dialect.clone(),
            units: Vec::new(),
            formats: (0..names.len()).map(|column| CellFormat::new(dialect, column)).collect(),
            columns: vec![ColumnProfiler::new(names.len()); names.len()],
            label_candidates: if dialect.has_header { LabelCandidates::new(names) } else { LabelCandidates::default() },
        }
    }

    /// Sets the units that a row of the file names.
    pub fn set_units(&mut self, units: &[String]) {
        self.units = units.to_vec();
    }

    /// Sentences about a header of several rows, and about a row of units.
    pub fn header_notes(&self) -> Vec<TableWarning> {
        let mut notes = Vec::new();
        if self.dialect.has_header && self.dialect.header_rows > 1 {
            notes.push(whole_file(format!(
                "The names are joined from {} rows of the header.",
                self.dialect.header_rows
            )));
        }
        if self.units.iter().any(|unit| !unit.is_empty()) {
            const SHOWN: usize = 12;
            let units: Vec<&str> = self.units.iter().map(String::as_str).filter(|unit| !unit.is_empty()).collect();
            let more = if units.len() > SHOWN { ", …" } else { "" };
            let listed = units[..units.len().min(SHOWN)].join(", ");
            let rows = self.dialect.units_rows;
            notes.push(whole_file(if rows > 1 {
                format!("The {rows} rows below the header hold units ({listed}{more}) and the like: they are no rows of data.")
            } else {
                format!("Row 1 below the header holds units ({listed}{more}): it is no row of data.")
            }));
        } else if self.dialect.has_header && self.dialect.units_rows > 1 {
            let rows = self.dialect.units_rows;
            notes.push(whole_file(format!(
                "The {rows} rows below the header are above its values: they are no rows of data."
            )));
        }
        notes
    }

    /// Statistics of each column so far.
    pub(crate) fn columns(&self) -> &[ColumnProfiler] {
        &self.columns
    }

    /// A cell of a column as a number.
    pub(crate) fn number(&self, column: usize, cell: &str) -> Option<f64> {
        match self.formats.get(column)?.number(cell) {
            NumberCell::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The dialect with which cells are read.
    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Adds records, in the file's order.
    pub fn add(&mut self, batch: &RecordBatch) {
        for record in batch.records() {
            self.add_record(&record);
        }
    }

    /// Adds one record.
    pub fn add_record(&mut self, record: &Record<'_>) {
        let row = record.row();
        for (column, (profiler, format)) in self.columns.iter_mut().zip(&self.formats).enumerate() {
            profiler.add(row, record.cell(column), format);
        }
        self.label_candidates.add(|column| record.cell(column));
    }

    /// Profile of the records so far.
    pub fn profile(&self) -> Profile {
        let kept = self.kept_columns();
        let unit = |column: usize| {
            let of_cells = self.dialect.column(column).and_then(|format| format.unit.as_ref());
            of_cells.or_else(|| self.units.get(column)).filter(|unit| !unit.is_empty()).cloned()
        };
        let columns = self.names.iter().zip(&self.columns).take(kept).enumerate();
        let mut columns: Vec<ColumnSummary> =
            columns.map(|(column, (name, profiler))| summarise(name, profiler, unit(column))).collect();
        let label = self.label_candidates.guess(&self.columns).filter(|label| label.column < kept);
        if let Some(label) = &label {
            self.label_candidates.exclude_leaks(label.column, &mut columns);
        }
        let mut warnings = Vec::new();
        if kept < self.names.len() {
            warnings.push(whole_file(excluded_columns_warning(kept + 1, self.names.len())));
        }
        for (index, (column, profiler)) in columns.iter().zip(&self.columns).enumerate() {
            warnings.extend(cell_warnings(column, profiler));
            warnings.extend(unit_warnings(column, profiler, self.dialect.column(index)).map(whole_file));
        }
        let other_classes = self.label_candidates.other_classes(&self.columns).filter(|_| label.is_none());
        if let Some(column) = other_classes.and_then(|column| columns.get(column)) {
            warnings.push(whole_file(other_classes_warning(column)));
        }
        let fillers = find_fillers(&columns, &self.columns);
        warnings.extend(fillers.iter().map(|filler| whole_file(filler_sentence(filler, &columns))));
        let rows = self.columns.iter().map(|column| column.present() + column.missing).max().unwrap_or(0);
        let entity = guess_entity(&columns, rows, label.as_ref().map(|label| label.column));
        Profile { columns, label, other_classes, entity, fillers, warnings }
    }

    /// The dialect with the formats that the records so far ask for; `None`: it is that of the profiler. Unless it
    /// `is_guessed`, a person chose the file's formats, and only columns that these do not read have others.
    pub fn revised_dialect(&self, is_guessed: bool) -> Option<Dialect> {
        let mut revised = self.dialect.clone();
        if is_guessed {
            let mut all = ColumnStyles::default();
            for profiler in &self.columns {
                all.merge(&profiler.styles, profiler.number_like() * 5 >= profiler.present() * 4);
            }
            all.apply_to(&mut revised);
        }
        let formats = self.names.iter().zip(&self.columns).enumerate().map(|(column, (name, profiler))| {
            let epoch = || epoch_notation(profiler.least.value, -profiler.greatest.value);
            let epoch = (profiler.numbers > 1 && is_time_name(name)).then(epoch).flatten();
            profiler.styles.format(
                &revised,
                column,
                (profiler.present(), profiler.number_like()),
                epoch,
                name,
                is_guessed,
            )
        });
        let is_own =
            |format: &ColumnFormat| *format != ColumnFormat { column: format.column, ..ColumnFormat::default() };
        revised.columns = formats.filter(is_own).collect();
        (revised != self.dialect).then_some(revised)
    }

    /// Number of columns without those at the end that have neither a name nor a value.
    fn kept_columns(&self) -> usize {
        let is_kept = |column: &usize| self.has_names[*column] || self.columns[*column].present() > 0;
        (0..self.names.len()).rev().find(is_kept).map_or(0, |column| column + 1)
    }
}

fn excluded_columns_warning(first: usize, last: usize) -> String {
    if first == last {
        format!("Column {first}, the last, has neither a name nor a value: it is left out.")
    } else {
        format!("Columns {first} to {last}, the last ones, have neither names nor values: they are left out.")
    }
}

fn other_classes_warning(column: &ColumnSummary) -> String {
    let examples: Vec<String> = column.examples.iter().take(2).map(|value| format!("\"{value}\"")).collect();
    let more = if column.distinct > examples.len() as u64 { ", …" } else { "" };
    format!(
        "\"{}\" is named like a label, but none of its values ({}{more}) names anomalies, and none is rare: it is read as \
         any other column. If it is the label, choose it.",
        column.name,
        examples.join(", ")
    )
}

fn cell_warnings(column: &ColumnSummary, profiler: &ColumnProfiler) -> Vec<TableWarning> {
    let name = &column.name;
    let mut warnings = Vec::new();
    let mut warn = |row, message| warnings.push(TableWarning { row, message });
    let mismatches = match column.kind {
        ColumnKind::Numeric => {
            profiler.first_non_number.as_ref().map(|first| (first, profiler.non_numbers(), "numbers"))
        }
        ColumnKind::DateTime => {
            let non_dates = profiler.present() - profiler.dates;
            profiler.first_non_date.as_ref().map(|first| (first, non_dates, "dates"))
        }
        _ => None,
    };
    if let Some(((row, text), count, what)) = mismatches.filter(|(_, count, _)| *count > 0) {
        let cells = if count == 1 { "1 cell is".to_owned() } else { format!("{count} cells are") };
        let rows = listed_rows(profiler, count);
        warn(
            Some(*row),
            format!("\"{name}\" holds {what}, but {cells} not (first \"{text}\" in row {row}{rows}): read as missing."),
        );
    }
    if let Some(row) = profiler.first_out_of_range.filter(|_| column.kind == ColumnKind::Numeric) {
        let count = profiler.out_of_range;
        let cells = if count == 1 { "1 number is".to_owned() } else { format!("{count} numbers are") };
        warn(Some(row), format!("\"{name}\": {cells} infinite or too large (first in row {row}): read as missing."));
    }
    warnings
}

/// The rows of the cells that contradict the kind of a column, if these are more than one in a thousand.
fn listed_rows(profiler: &ColumnProfiler, count: u64) -> String {
    let rows = &profiler.non_number_rows;
    if count < 2 || count * 1000 <= profiler.present() || profiler.dates > 0 {
        return String::new();
    }
    let listed: Vec<String> = rows.iter().map(u64::to_string).collect();
    let more = count.saturating_sub(rows.len() as u64);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("; rows {}{more}", listed.join(", "))
}

/// Sentences about numbers with other units than the column's, or without it.
fn unit_warnings(
    column: &ColumnSummary,
    profiler: &ColumnProfiler,
    format: Option<&ColumnFormat>,
) -> impl Iterator<Item = String> {
    let name = &column.name;
    let units = profiler.styles.units();
    let listed: Vec<String> = units.iter().map(|(unit, count)| format!("{unit} ({count})")).collect();
    let are_numbers = profiler.number_like() * 5 >= profiler.present() * 4;
    let mixed = (units.len() > 1 && are_numbers).then(|| match &column.unit {
        Some(unit) => format!(
            "\"{name}\" holds different units: {}. Numbers in {unit} are used, the others are read as missing.",
            listed.join(", ")
        ),
        None => format!("\"{name}\" holds different units: {}. So it is not read as numbers.", listed.join(", ")),
    });
    let bare = format.filter(|format| format.bare_is_missing && profiler.missing_numbers > 0).map(|format| {
        let count = profiler.missing_numbers;
        let cells = if count == 1 { "1 number".to_owned() } else { format!("{count} numbers") };
        let unit = format.unit.as_deref().unwrap_or_default();
        format!(
            "\"{name}\": {cells} without the unit {unit}, such as -999, {} read as missing.",
            if count == 1 { "is" } else { "are" }
        )
    });
    mixed.into_iter().chain(bare)
}

fn whole_file(message: String) -> TableWarning {
    TableWarning { row: None, message }
}
