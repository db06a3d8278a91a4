//! Files of vectors, coordinates and drawn samples.

use pinhole_protocol::{
    latent::{DecodedContent, DecodedSamples, Decoding, SampleColumn, SampleValues},
    table::Dialect,
};
use pinhole_table::export::encode_cell;

use super::npy::write_pictures;
use crate::latent::{OpenVectors, samples::RECONSTRUCTION_ERROR};

/// Column by which a drawn row is told from one of the file.
const SYNTHETIC: &str = "synthetic";

/// CSV of vectors: id, what is known of each, then its numbers z1, z2, ….
pub fn vectors_csv(open: &OpenVectors) -> String {
    let names = (1..=open.vectors.width()).map(|number| format!("z{number}")).collect();
    csv(open, &(0..open.vectors.len()).collect::<Vec<_>>(), names, &|index| open.vectors.row(index))
}

/// CSV of coordinates: id, what is known of each vector, then `x` and `y`.
pub fn coordinates_csv(open: &OpenVectors, positions: &[f32], indices: &[usize]) -> String {
    csv(open, indices, vec!["x".into(), "y".into()], &|index| &positions[2 * index..2 * index + 2])
}

fn csv<'a>(open: &OpenVectors, indices: &[usize], names: Vec<String>, numbers: &dyn Fn(usize) -> &'a [f32]) -> String {
    let columns = open.sample_columns();
    let has_id = !columns.iter().any(|column| column.name == "id");
    let known = columns.iter().map(|column| match column.name.as_str() {
        RECONSTRUCTION_ERROR => "error".to_owned(),
        name if name == crate::latent::samples::LABEL => "label".to_owned(),
        name => name.to_owned(),
    });
    let mut text = String::new();
    push_row(&mut text, has_id.then(|| "id".to_owned()).into_iter().chain(known).chain(names));
    for &index in indices {
        let id = || open.samples.as_ref().map_or(index as u64 + 1, |samples| samples.id(index)).to_string();
        let cells = columns.iter().map(|column| cell(column, index));
        let numbers = numbers(index).iter().map(f32::to_string);
        push_row(&mut text, has_id.then(id).into_iter().chain(cells).chain(numbers));
    }
    text
}

/// Text of what is known of a vector; empty where it is unknown.
fn cell(column: &SampleColumn, index: usize) -> String {
    match &column.values {
        SampleValues::Numbers(numbers) if numbers.0[index].is_nan() => String::new(),
        SampleValues::Numbers(numbers) => numbers.0[index].to_string(),
        SampleValues::Categories { names, indices } => {
            names.get(usize::from(indices.0[index])).cloned().unwrap_or_default()
        }
    }
}

/// Name and bytes of a file of drawn samples: rows as CSV with a first column `synthetic`, pictures as an NPY array
/// [pictures, rows, columns], or [pictures, channels, rows, columns] in colour.
pub fn drawn_file(samples: &DecodedSamples, decoding: &Decoding) -> (String, Vec<u8>) {
    match (&samples.content, decoding) {
        (DecodedContent::Rows { cells }, Decoding::Rows { columns }) => {
            let header = std::iter::once(SYNTHETIC.to_owned()).chain(columns.iter().cloned());
            let mut text = String::new();
            push_row(&mut text, header);
            for row in cells {
                push_row(&mut text, std::iter::once("1".to_owned()).chain(row.iter().cloned()));
            }
            ("drawn-rows.csv".into(), text.into_bytes())
        }
        (content, _) => ("drawn-pictures.npy".into(), pictures(samples.count, content)),
    }
}

/// CSV of decoded rows, without a column that marks them.
pub fn rows_csv(columns: &[String], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    push_row(&mut text, columns.iter().cloned());
    rows.iter().for_each(|row| push_row(&mut text, row.iter().cloned()));
    text
}

fn pictures(count: usize, content: &DecodedContent) -> Vec<u8> {
    match content {
        DecodedContent::Pictures { shape, pixels } if shape.channels == 1 => {
            write_pictures(&[count, shape.height, shape.width], &pixels.0)
        }
        DecodedContent::Pictures { shape, pixels } => {
            write_pictures(&[count, shape.channels, shape.height, shape.width], &pixels.0)
        }
        DecodedContent::Rows { .. } => Vec::new(),
    }
}

fn push_row(text: &mut String, cells: impl Iterator<Item = String>) {
    let dialect = Dialect::default();
    let cells: Vec<String> = cells.map(|cell| encode_cell(&cell, &dialect)).collect();
    text.push_str(&cells.join(","));
    text.push('\n');
}
