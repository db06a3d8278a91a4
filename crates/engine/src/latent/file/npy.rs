//! NumPy's array files (NPY, versions 1 to 3).

use std::rc::Rc;

use pinhole_latent::Vectors;
use pinhole_protocol::NamedFile;

use super::{check_shape, refused};
use crate::{EngineError, latent::OpenVectors};

/// First bytes of a file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// Multiple of bytes at which values begin.
const ALIGNMENT: usize = 64;

/// An array from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct NpyArray {
    /// Lengths of its axes.
    pub shape: Vec<usize>,
    /// Its values in C order.
    pub values: Vec<f32>,
}

impl NpyArray {
    /// Reads an array of real numbers in C order.
    ///
    /// # Errors
    /// The problem with the file, as a sentence.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        const BROKEN: &str = "Its NPY header is damaged: save the array again with numpy.save.";
        let header_bytes = bytes.get(6).map_or(2, |&version| if version == 1 { 2 } else { 4 });
        let length = bytes.get(8..8 + header_bytes).ok_or(BROKEN)?;
        let length = length.iter().rev().fold(0_usize, |sum, &byte| sum * 256 + usize::from(byte));
        let start = 8 + header_bytes;
        let header = bytes.get(start..start.saturating_add(length)).ok_or(BROKEN)?;
        let header = std::str::from_utf8(header).map_err(|_| BROKEN)?;
        let descr = field(header, "descr").ok_or(BROKEN)?;
        let is_fortran = field(header, "fortran_order").ok_or(BROKEN)?.starts_with("True");
        let shape = field(header, "shape").and_then(|text| shape(text)).ok_or(BROKEN)?;
        let kind = descr.trim_start_matches(['\'', '"']).split(['\'', '"']).next().unwrap_or_default();
        if is_fortran && shape.len() > 1 {
            return Err("Its array is in Fortran order: save numpy.ascontiguousarray of it.".into());
        }
        let count = shape.iter().try_fold(1_usize, |count, &length| count.checked_mul(length)).ok_or(BROKEN)?;
        let values = values(kind, &bytes[start + length..], count)?;
        Ok(Self { shape, values })
    }
}

/// Text behind the name of a field of the header.
fn field<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let after = header.split_once(&format!("'{name}'"))?.1;
    Some(after.trim_start().strip_prefix(':')?.trim_start())
}

/// Lengths between the parentheses that a text begins with.
fn shape(text: &str) -> Option<Vec<usize>> {
    let inside = text.strip_prefix('(')?.split_once(')')?.0;
    inside.split(',').map(str::trim).filter(|length| !length.is_empty()).map(|length| length.parse().ok()).collect()
}

/// The first `count` values of this kind.
fn values(kind: &str, bytes: &[u8], count: usize) -> Result<Vec<f32>, String> {
    macro_rules! read {
        ($number:ty, $from:ident) => {{
            let size = size_of::<$number>();
            let bytes = bytes.get(..count.saturating_mul(size)).ok_or_else(|| {
                format!("It ends early: {count} numbers are announced, and {} are there.", bytes.len() / size)
            })?;
            let number = |bytes: &[u8]| <$number>::$from(bytes.try_into().expect("chunks of its size")) as f32;
            Ok(bytes.chunks_exact(size).map(number).collect())
        }};
    }
    match kind {
        "<f4" | "=f4" | "|f4" => read!(f32, from_le_bytes),
        ">f4" => read!(f32, from_be_bytes),
        "<f8" | "=f8" => read!(f64, from_le_bytes),
        ">f8" => read!(f64, from_be_bytes),
        "|u1" | "<u1" => read!(u8, from_le_bytes),
        "|i1" | "<i1" => read!(i8, from_le_bytes),
        "<u2" => read!(u16, from_le_bytes),
        "<i2" => read!(i16, from_le_bytes),
        "<u4" => read!(u32, from_le_bytes),
        "<i4" => read!(i32, from_le_bytes),
        "<u8" => read!(u64, from_le_bytes),
        "<i8" => read!(i64, from_le_bytes),
        _ => Err(format!("Its array is of type “{kind}”, and floats or integers are read: save it as float32.")),
    }
}

/// Vectors of an array, [vectors, numbers]; an array of one axis has one number per vector.
pub(super) fn read(file: &NamedFile) -> Result<OpenVectors, EngineError> {
    let array = NpyArray::parse(&file.bytes.0).map_err(|problem| refused(&file.name, problem))?;
    let (count, width) = match array.shape[..] {
        [count] => (count, 1),
        [count, width] => (count, width),
        _ => {
            let axes = array.shape.len();
            return Err(refused(
                &file.name,
                format!(
                    "Its array has {axes} axes, and two are read, [vectors, numbers]: reshape it to (len(array), -1)."
                ),
            ));
        }
    };
    check_shape(&file.name, count, width)?;
    let vectors = Vectors::new(array.values, width).map_err(|problem| refused(&file.name, problem.to_string()))?;
    Ok(OpenVectors { are_coordinates: width == 2, total: count, ..OpenVectors::of_file(&file.name, Rc::new(vectors)) })
}

/// A file of 32-bit floats of this shape.
pub fn write_floats(shape: &[usize], values: &[f32]) -> Vec<u8> {
    let mut bytes = header("<f4", shape);
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// A file of bytes of this shape, such as [pictures, rows, columns].
pub fn write_pictures(shape: &[usize], pixels: &[u8]) -> Vec<u8> {
    let mut bytes = header("|u1", shape);
    bytes.extend_from_slice(pixels);
    bytes
}

fn header(kind: &str, shape: &[usize]) -> Vec<u8> {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let mut text = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({}{comma}), }}", lengths.join(", "));
    let unpadded = MAGIC.len() + 4 + text.len() + 1;
    text.push_str(&" ".repeat(unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    text.push('\n');
    let length = u16::try_from(text.len()).expect("an array has a few axes");
    [MAGIC, &[1, 0], &length.to_le_bytes(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let array = NpyArray::parse(&write_floats(&[2, 3], &[1.0, -2.5, 3.0, 0.0, 5.0, 6.0])).expect("it is ours");
        assert_eq!((array.shape, array.values[1]), (vec![2, 3], -2.5));
        let array = NpyArray::parse(&write_pictures(&[3], &[7, 8, 255])).expect("it is ours");
        assert_eq!((array.shape, array.values), (vec![3], vec![7.0, 8.0, 255.0]));
    }

    #[test]
    fn other_arrays_are_refused_with_the_reason() {
        let problem = |kind: &str, shape: &[usize], bytes: &[u8]| {
            NpyArray::parse(&[&header(kind, shape)[..], bytes].concat()).expect_err("it cannot be read")
        };
        assert!(problem("<c8", &[1], &[0; 8]).contains("type “<c8”"));
        assert!(problem("<f4", &[2, 2], &[0; 12]).contains("ends early: 4 numbers are announced, and 3"));
        assert!(NpyArray::parse(b"\x93NUMPY\x01\x00\xff\xff").is_err_and(|problem| problem.contains("damaged")));
        let fortran = String::from_utf8_lossy(&header("<f4", &[1, 1])[..]).into_owned();
        assert!(fortran.contains("'fortran_order': False"));
    }
}
