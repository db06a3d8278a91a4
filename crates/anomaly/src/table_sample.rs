//! Rows of a table beside the samples that a network reads of them.

use pinhole_protocol::{
    Bytes, Floats,
    latent::{SampleColumn, SampleValues},
};
use pinhole_table::{
    preparation::Preparation,
    records::Record,
    typed::{ColumnSpec, TypedColumn},
};

/// Categories of a column that are told apart; rows of others count as unknown.
const MAX_CATEGORIES: usize = 255;
/// Byte of a row whose category is unknown.
const UNKNOWN: u8 = 255;

/// Rows of a table as they stand in the file, with the preparation by which a network reads them.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSample {
    /// Scaling and encoding of each column.
    pub preparation: Preparation,
    /// Columns that are read, by row of the sample.
    pub columns: Vec<SampleColumn>,
    /// Their cells.
    pub cells: SampledCells,
    /// Number of each row in the file, from 1.
    pub rows: Vec<u64>,
}

impl TableSample {
    /// Cells of a row in the units of the file, from its features.
    pub fn decoded(&self, features: &[f32]) -> Vec<String> {
        let groups = self.preparation.groups();
        let cell = |column: usize| self.preparation.decoded_text(column, &features[groups[column].features.clone()]);
        (0..self.columns.len()).map(cell).collect()
    }
}

/// Cells of sampled rows, as they are written in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampledCells {
    text: String,
    /// End of each cell in the text, row after row.
    ends: Vec<usize>,
    columns: usize,
}

impl SampledCells {
    /// No rows of so many columns.
    pub const fn new(columns: usize) -> Self {
        Self { text: String::new(), ends: Vec::new(), columns }
    }

    /// Appends the cells of a record; a column that the file lacks is empty.
    pub fn push(&mut self, record: &Record<'_>, columns: &[ColumnSpec]) {
        for column in columns.iter().take(self.columns) {
            self.text.push_str(column.index.map_or("", |index| record.cell(index).trim()));
            self.ends.push(self.text.len());
        }
    }

    /// Cells of a row.
    pub fn row(&self, row: usize) -> Vec<String> {
        let cell = |index: usize| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            self.text[start..self.ends[index]].to_owned()
        };
        (row * self.columns..(row + 1) * self.columns).map(cell).collect()
    }

    /// The cells of these rows.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        let mut selected = Self::new(self.columns);
        for &row in rows {
            for cell in self.row(row as usize) {
                selected.text.push_str(&cell);
                selected.ends.push(selected.text.len());
            }
        }
        selected
    }
}

/// Values of a typed column in these rows, by which a map can be coloured.
pub fn sample_column(name: &str, column: &TypedColumn, rows: &[u32]) -> SampleColumn {
    let numbers = |number: &dyn Fn(usize) -> f64| {
        SampleValues::Numbers(Floats(rows.iter().map(|&row| number(row as usize) as f32).collect()))
    };
    let values = match column {
        TypedColumn::Numbers(column) => numbers(&|row| column.get(row)),
        TypedColumn::Times(times) => numbers(&|row| times[row]),
        TypedColumn::Categories { codes, dictionary } => {
            let mut counts = vec![0_u32; dictionary.values().len()];
            for &row in rows {
                if let Some(count) = counts.get_mut(codes[row as usize] as usize) {
                    *count += 1;
                }
            }
            let mut frequent: Vec<usize> = (0..counts.len()).filter(|&code| counts[code] > 0).collect();
            frequent.sort_by(|&one, &other| counts[other].cmp(&counts[one]));
            frequent.truncate(MAX_CATEGORIES);
            frequent.sort_by(|&one, &other| dictionary.values()[one].cmp(&dictionary.values()[other]));
            let mut places = vec![UNKNOWN; counts.len()];
            frequent.iter().enumerate().for_each(|(place, &code)| places[code] = place as u8);
            let place = |&row: &u32| places.get(codes[row as usize] as usize).copied().unwrap_or(UNKNOWN);
            SampleValues::Categories {
                names: frequent.iter().map(|&code| dictionary.values()[code].to_string()).collect(),
                indices: Bytes(rows.iter().map(place).collect()),
            }
        }
    };
    SampleColumn { name: name.to_owned(), values }
}
