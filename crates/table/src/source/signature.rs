//! File types other than text, by their first bytes (magic numbers).

use crate::encoding::utf16_by_zeros;

/// Bytes at the start of a file that are examined.
pub(super) const SIGNATURE_BYTES: usize = 4096;

const SAVE_AS_CSV: &str = "open it in a spreadsheet and save it as CSV";
const NOT_A_TABLE: &str = "choose a table";
const EXPORT: &str = "export it as CSV first";
const UNPACK: &str = "unpack it, or compress it as .gz";

/// Magic number, file type, and advice, of each known type.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"\0\0\x08\x03", "an IDX file of pictures", "open it in the Digits lab"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", NOT_A_TABLE),
    (b"\xff\xd8\xff", "a JPEG picture", NOT_A_TABLE),
    (b"GIF8", "a GIF picture", NOT_A_TABLE),
    (b"%PDF-", "a PDF document", NOT_A_TABLE),
    (b"PK\x03\x04", "a ZIP archive or an Excel or OpenDocument workbook", "unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", SAVE_AS_CSV),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"ARROW1", "an Arrow file", EXPORT),
    (b"FEA1", "a Feather file", EXPORT),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", EXPORT),
    (b"\x93NUMPY", "a NumPy array", EXPORT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"\x1f\x8b", "compressed twice", "unpack it once"),
    (b"BZh", "a bzip2 file", UNPACK),
    (b"\xfd7zXZ\0", "an xz file", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"\x7fELF", "a program", NOT_A_TABLE),
    (b"MZ\x90\0", "a program", NOT_A_TABLE),
    (b"\0asm", "a program", NOT_A_TABLE),
    (b"RIFF", "a sound or a film", NOT_A_TABLE),
    (b"ID3", "a sound", NOT_A_TABLE),
    (b"OggS", "a sound or a film", NOT_A_TABLE),
];

/// Largest share of control characters in text, in percent.
const MAX_CONTROL_PERCENT: usize = 10;

/// Largest share of NUL bytes in text, in percent: UTF-16 of Latin letters has about 50.
const MAX_NUL_PERCENT: usize = 60;

/// A file type that is not text.
pub(super) struct NonText {
    /// Description with its article, such as `a PNG picture`.
    pub(super) kind: &'static str,
    /// Advice to the user: how to get a table out of such a file.
    pub(super) advice: &'static str,
}

/// The type of a file that begins with these bytes and is not text; `None`: it can be text.
pub(super) fn detect_non_text(start: &[u8]) -> Option<NonText> {
    if let Some(&(_, kind, advice)) = SIGNATURES.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Some(NonText { kind, advice });
    }
    let head = start.trim_ascii_start();
    let is_page = |tag: &[u8]| head.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    if is_page(b"<!doctype html") || is_page(b"<html") {
        let advice = "download the table itself; perhaps the server answered with an error";
        return Some(NonText { kind: "a web page", advice });
    }
    let marks: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];
    if marks.iter().any(|mark| start.starts_with(mark)) || utf16_by_zeros(start).is_some() {
        // The upper bytes of Greek, Cyrillic and Hebrew letters look like control characters.
        return None;
    }
    // NUL is half of a UTF-16 text, and a table may hold some; ESC and form feed occur in old exports.
    let is_control = |&&byte: &&u8| matches!(byte, 1..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    let controls = start.iter().filter(is_control).count();
    let nuls: usize = start.iter().map(|&byte| usize::from(byte == 0)).sum();
    if controls * 100 > start.len() * MAX_CONTROL_PERCENT || nuls * 100 > start.len() * MAX_NUL_PERCENT {
        return Some(NonText { kind: "binary data", advice: NOT_A_TABLE });
    }
    None
}
