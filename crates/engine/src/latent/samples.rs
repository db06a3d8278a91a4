//! Samples behind the vectors of a map.

use std::rc::Rc;

use pinhole_anomaly::{TableSample, jobs::SampledRows};
use pinhole_protocol::{
    Bytes, CheckedExperiment, Floats,
    latent::{DecodedContent, SampleColumn, SampleValues},
};

use crate::{
    data::{self, SampleSet},
    pixels::unit_to_byte,
};

/// Samples of a run: those that it trains on, and those that it does not.
#[derive(Clone, Debug)]
pub struct RunSamples {
    /// All samples.
    pub set: Rc<SampleSet>,
    /// Indices of those that are not trained on.
    pub held_out: Vec<u32>,
    /// Indices of those that are trained on.
    pub trained: Vec<u32>,
}

impl RunSamples {
    /// Samples of a run of `experiment`, which splits them by its seed.
    pub fn of_run(set: Rc<SampleSet>, experiment: &CheckedExperiment) -> Self {
        let spec = experiment.spec();
        let count = spec.data.limit.map_or(set.len(), |limit| limit.min(set.len()));
        let split = data::split(count, spec.schedule.validation_share, spec.seed);
        Self { set, held_out: split.validation, trained: split.train }
    }

    /// Samples of which none is trained on.
    pub fn unseen(set: Rc<SampleSet>) -> Self {
        Self { held_out: (0..set.len() as u32).collect(), set, trained: Vec::new() }
    }
}

/// Samples of the vectors of a map, in their order.
#[derive(Clone, Debug)]
pub enum VectorSamples {
    /// Samples of a set.
    Set {
        /// The set.
        set: Rc<SampleSet>,
        /// Their indices in it.
        indices: Vec<u32>,
    },
    /// Rows of a scored table.
    Rows {
        /// The rows as they stand in the file.
        sample: Rc<TableSample>,
        /// The rows as the detector reads them, [rows, features].
        features: Vec<f32>,
        /// Features of a row.
        width: usize,
        /// Score and label of each row.
        columns: Vec<SampleColumn>,
    },
}

impl VectorSamples {
    /// Rows that were drawn from a scored table, with what is known of them beside their cells.
    pub fn rows(rows: SampledRows, width: usize, columns: Vec<SampleColumn>) -> Self {
        Self::Rows { sample: Rc::new(rows.sample), features: rows.features, width, columns }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Set { indices, .. } => indices.len(),
            Self::Rows { sample, .. } => sample.rows.len(),
        }
    }

    /// True if there is no sample.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Inputs of samples, one after the other.
    pub fn inputs(&self, samples: impl IntoIterator<Item = usize>) -> Vec<f32> {
        match self {
            Self::Set { set, indices } => set.values_of(samples.into_iter().map(|sample| indices[sample] as usize)),
            Self::Rows { features, width, .. } => {
                samples.into_iter().flat_map(|row| &features[row * width..(row + 1) * width]).copied().collect()
            }
        }
    }

    /// Samples for a person.
    pub fn content(&self, samples: &[usize]) -> DecodedContent {
        let rows = |sample: &TableSample, row: &dyn Fn(usize) -> usize| DecodedContent::Rows {
            cells: samples.iter().map(|&index| sample.cells.row(row(index))).collect(),
        };
        match self {
            Self::Set { set, indices } => match set.table() {
                Some(sample) => rows(sample, &|index| indices[index] as usize),
                None => DecodedContent::Pictures {
                    shape: set.shape(),
                    pixels: Bytes(self.inputs(samples.iter().copied()).into_iter().map(unit_to_byte).collect()),
                },
            },
            Self::Rows { sample, .. } => rows(sample, &|index| index),
        }
    }

    /// Number of each sample in its file or set, from 1, for people.
    pub fn id(&self, sample: usize) -> u64 {
        match self {
            Self::Set { set, indices } => {
                let index = indices[sample] as usize;
                set.table().map_or(index as u64 + 1, |table| table.rows[index])
            }
            Self::Rows { sample: table, .. } => table.rows[sample],
        }
    }

    /// Class of each sample; `None` without a label.
    pub fn labels(&self) -> Vec<Option<u8>> {
        match self {
            Self::Set { set, indices } => indices.iter().map(|&index| set.labels().of_sample(index as usize)).collect(),
            Self::Rows { columns, .. } => columns
                .iter()
                .find_map(|column| match &column.values {
                    SampleValues::Categories { indices, .. } => {
                        Some(indices.0.iter().map(|&class| (class != UNKNOWN).then_some(class)).collect())
                    }
                    SampleValues::Numbers(_) => None,
                })
                .unwrap_or_else(|| vec![None; self.len()]),
        }
    }

    /// Label, score, and columns of the table.
    pub fn columns(&self) -> Vec<SampleColumn> {
        match self {
            Self::Set { set, indices } => {
                let mut columns = Vec::new();
                if set.labels().labelled() > 0 {
                    let class = |&index: &u32| set.labels().of_sample(index as usize).unwrap_or(UNKNOWN);
                    columns.push(SampleColumn {
                        name: LABEL.into(),
                        values: SampleValues::Categories {
                            names: set.labels().names().to_vec(),
                            indices: Bytes(indices.iter().map(class).collect()),
                        },
                    });
                }
                columns
                    .extend(set.table().iter().flat_map(|table| &table.columns).map(|column| select(column, indices)));
                columns
            }
            Self::Rows { sample, columns, .. } => columns.iter().chain(&sample.columns).cloned().collect(),
        }
    }
}

/// Name of the column of labels.
pub const LABEL: &str = "Label";
/// Name of the column of reconstruction errors.
pub const RECONSTRUCTION_ERROR: &str = "Reconstruction error";
/// Name of the column of anomaly scores.
pub const ANOMALY_SCORE: &str = "Anomaly score";
/// Byte of a vector whose category is unknown.
pub const UNKNOWN: u8 = 255;

/// Values of these rows of a column.
fn select(column: &SampleColumn, rows: &[u32]) -> SampleColumn {
    let values = match &column.values {
        SampleValues::Numbers(Floats(numbers)) => {
            SampleValues::Numbers(Floats(rows.iter().map(|&row| numbers[row as usize]).collect()))
        }
        SampleValues::Categories { names, indices } => SampleValues::Categories {
            names: names.clone(),
            indices: Bytes(rows.iter().map(|&row| indices.0[row as usize]).collect()),
        },
    };
    SampleColumn { name: column.name.clone(), values }
}
