//! Format of a file by its first bytes.

use pinhole_protocol::table::FileFormat;

use super::{ByteSource as _, Content, SharedSource};
use crate::TableError;

/// Bytes that are examined.
const EXAMINED_BYTES: usize = 1 << 12;

/// First bytes of the formats that are no text. A workbook is an archive too: its content tells.
const SIGNATURES: [(&[u8], FileFormat); 4] = [
    (b"PK\x03\x04", FileFormat::Archive),
    (b"PK\x05\x06", FileFormat::Archive),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFormat::Workbook),
    (b"PAR1", FileFormat::Parquet),
];

/// Format of a file that must be converted to a text table; `None`: it is text, or nothing that can be read.
///
/// # Errors
/// When the file cannot be read.
pub fn detect_format(source: &SharedSource) -> Result<Option<FileFormat>, TableError> {
    let mut content = Content::open_unchecked(Box::new(source.clone()))?;
    let mut start = vec![0; EXAMINED_BYTES];
    let count = content.read_at(0, &mut start)?;
    let start = &start[..count];
    let binary = SIGNATURES.iter().find(|(magic, _)| start.starts_with(magic));
    if let Some(format) = binary.map(|&(_, format)| format).or_else(|| json_format(start)) {
        return Ok(Some(format));
    }
    let ends = start.trim_ascii_start().starts_with(b"[") && ends_array(source)?;
    Ok(ends.then_some(FileFormat::Json))
}

/// True if the file's last character closes an array.
fn ends_array(source: &SharedSource) -> Result<bool, TableError> {
    let end = source.bytes(source.len_bytes().saturating_sub(EXAMINED_BYTES as u64), EXAMINED_BYTES)?;
    Ok(end.trim_ascii_end().ends_with(b"]"))
}

/// JSON begins with a record, or with an array of records or of rows.
fn json_format(start: &[u8]) -> Option<FileFormat> {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let (&first, rest) = start.split_first()?;
    let next = rest.trim_ascii_start().first();
    match (first, next) {
        (b'{', Some(b'"' | b'}')) => Some(FileFormat::JsonLines),
        (b'[', Some(b'{' | b'[' | b']')) => Some(FileFormat::Json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_known_by_its_first_two_characters() {
        for (text, format) in [
            ("{\"a\": 1}\n{\"a\": 2}", Some(FileFormat::JsonLines)),
            ("\u{feff} [ {\"a\": 1} ]", Some(FileFormat::Json)),
            ("[[1, 2], [3, 4]]", Some(FileFormat::Json)),
            ("[Header]\na,b", None),
            ("{a},b", None),
            ("a,b\n1,2", None),
            ("", None),
        ] {
            assert_eq!(json_format(text.as_bytes()), format, "{text}");
        }
    }
}
