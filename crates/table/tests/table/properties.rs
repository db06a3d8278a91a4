//! Properties of every file.

use pinhole_protocol::table::{Dialect, TextEncoding};
use pinhole_table::dialect::sniff;
use pinhole_table::records::read_record_at;
use proptest::prelude::*;

use crate::{
    encodings::encode,
    reading::{Table, content, read, read_as},
};

const LINE_ENDS: [&str; 3] = ["\n", "\r\n", "\r"];

fn dialects() -> impl Strategy<Value = Dialect> {
    let delimiter = prop::sample::select(vec![",", ";", "\t", "|", "^"]);
    let quote = prop::sample::select(vec!["\"", "'"]);
    (delimiter, quote, prop::sample::select(TextEncoding::ALL.to_vec()), any::<bool>(), any::<bool>()).prop_map(
        |(delimiter, quote, encoding, has_escape, has_header)| Dialect {
            encoding,
            delimiter: delimiter.into(),
            quote: Some(quote.into()),
            escape: has_escape.then(|| "\\".into()),
            has_header,
            ..Dialect::default()
        },
    )
}

/// Tables of two to five columns. The last characters have trail bytes that look like `|`, `^` and backslashes.
fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    (2..6_usize).prop_flat_map(|width| {
        prop::collection::vec(prop::collection::vec("[ -~\\n\\r\\t¡-ÿ表ソポ功育誠]{0,12}", width..=width), 1..20)
    })
}

fn write(rows: &[Vec<String>], dialect: &Dialect, line_end: &str, ends: bool) -> Vec<u8> {
    let quote = dialect.quote.as_deref().unwrap_or_default();
    let cell = |cell: &String| {
        let inner = match &dialect.escape {
            Some(escape) => cell.replace(escape, &escape.repeat(2)).replace(quote, &format!("{escape}{quote}")),
            None => cell.replace(quote, &quote.repeat(2)),
        };
        format!("{quote}{inner}{quote}")
    };
    let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(&dialect.delimiter);
    let mut text = rows.iter().map(line).collect::<Vec<_>>().join(line_end);
    text.push_str(if ends { line_end } else { "" });
    encode(&text, dialect.encoding)
}

/// The cell without the characters that an encoding lacks; without all that are not ASCII, if its bytes happen to be
/// UTF-8, as which they are read.
fn writable(cell: &str, encoding: TextEncoding) -> String {
    let known: String = cell.chars().filter(|&character| has(encoding, character)).collect();
    let is_utf8 = !known.is_ascii()
        && !TextEncoding::ALL[..3].contains(&encoding)
        && str::from_utf8(&encode(&known, encoding)).is_ok();
    known.chars().filter(|character| !is_utf8 || character.is_ascii()).collect()
}

/// True if a character is the same after it was written in an encoding.
fn has(encoding: TextEncoding, character: char) -> bool {
    let reference = encoding_rs::Encoding::for_label(encoding.label().as_bytes()).expect("a label");
    let text = character.to_string();
    let (bytes, written_in, is_unknown) = reference.encode(&text);
    character.is_ascii() || !is_unknown && written_in.decode_without_bom_handling(&bytes).0 == text
}

/// Asserts that spans are disjoint and ascending, with only blank lines and empty rows between them.
fn assert_spans_are_exact(table: &Table, bytes: &[u8]) -> Result<(), TestCaseError> {
    prop_assert_eq!(table.preamble_span.end, table.header_span.start);
    let mut at = table.header_span.end;
    for span in table.spans.iter().cloned().chain(std::iter::once(bytes.len() as u64..bytes.len() as u64)) {
        prop_assert!(span.start >= at);
        let gap = &bytes[at as usize..span.start as usize];
        let is_empty = gap.iter().all(|&byte| {
            matches!(byte, 0 | b'\r' | b'\n' | b'\t' | b' ' | b'"' | b'\'' | b'\\')
                || Some(byte) == table.dialect.delimiter.bytes().next()
        });
        prop_assert!(is_empty, "{:?}", gap);
        at = span.end;
    }
    Ok(())
}

proptest! {
    #[test]
    fn written_tables_are_read(
        rows in tables(), dialect in dialects(), line_end in prop::sample::select(LINE_ENDS.to_vec()), ends in any::<bool>(),
        piece_bytes in 1..40_usize,
    ) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| writable(cell, dialect.encoding)).collect()).collect();
        let bytes = write(&rows, &dialect, line_end, ends);
        prop_assume!(bytes.len() > 8);
        prop_assume!(read_as(&bytes, &dialect, 1).is_ok());
        let mut expected = rows.clone();
        let header = if dialect.has_header { expected.remove(0) } else { Vec::new() };
        while expected.last().is_some_and(|row| row.iter().all(String::is_empty)) {
            expected.pop();
        }
        let table = read_as(&bytes, &dialect, piece_bytes).expect("it was read before");
        prop_assert_eq!(&table.header, &header);
        prop_assert_eq!(&table.rows, &expected);
        prop_assert!(table.warnings.iter().all(|w| w.message.contains("at the end") || w.message.contains("NUL")));
        assert_spans_are_exact(&table, &bytes)?;
    }

    #[test]
    fn rows_do_not_depend_on_the_size_of_pieces(
        bytes in prop::collection::vec(prop::sample::select(b"ab1,;\"\"'\\\n\n\r \t\0\xff\xc3\xa9\xd8".to_vec()), 1..200),
        dialect in dialects(), preamble_rows in 0..3_usize, spaces in any::<bool>(), piece_bytes in 1..20_usize,
    ) {
        let mut dialect = Dialect { preamble_rows, ..dialect };
        if spaces {
            dialect.delimiter = " ".into();
        }
        let Ok(whole) = read_as(&bytes, &dialect, 1 << 16) else { return Ok(()) };
        let pieces = read_as(&bytes, &dialect, piece_bytes).expect("it was read before");
        prop_assert_eq!(&whole, &pieces);
        assert_spans_are_exact(&whole, &bytes)?;
        let mut content = content(&bytes).expect("it was read before");
        for (span, row) in whole.spans.iter().zip(&whole.rows) {
            let again = read_record_at(&mut content, &dialect, span.clone(), 1).expect("it was read before");
            prop_assert_eq!(again.record(0).cells().collect::<Vec<_>>(), row.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    #[test]
    fn any_bytes_can_be_sniffed(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(mut content) = content(&bytes)
            && let Ok(dialect) = sniff(&mut content, None)
        {
            let _ = read_as(&bytes, &dialect, 64);
        }
        let _ = read(&[&[0x1f, 0x8b, 8], bytes.as_slice()].concat());
    }

    /// Agreement with the lexer of rust-csv, except for spaces after a closing quote and quotes that are never closed.
    #[test]
    fn agrees_with_csv_core(cells in prop::collection::vec("[ab,\\n\\r]{0,2}|\"([abc,\\n\\r]|\"\"){0,5}\"[ab]{0,1}", 1..40)) {
        let text = cells.concat();
        let dialect = Dialect { has_header: false, ..Dialect::default() };
        let Ok(table) = read_as(text.as_bytes(), &dialect, 7) else { return Ok(()) };
        if table.width < 2 || table.has_warning("never closed") {
            return Ok(());
        }
        let mut expected = csv_core_records(text.as_bytes());
        while expected.last().is_some_and(|row| row.iter().all(String::is_empty)) {
            expected.pop();
        }
        prop_assert_eq!(table.rows, expected);
    }
}

fn csv_core_records(mut bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv_core::Reader::new();
    let (mut output, mut ends) = (vec![0; 10_000], vec![0; 1000]);
    let mut records = Vec::new();
    let (mut written, mut ended) = (0, 0);
    loop {
        let (result, read, wrote, cells) = reader.read_record(bytes, &mut output[written..], &mut ends[ended..]);
        bytes = &bytes[read..];
        written += wrote;
        ended += cells;
        match result {
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let cell = |(start, &end): (usize, &usize)| String::from_utf8_lossy(&output[start..end]).into_owned();
                records.push(starts.zip(&ends[..ended]).map(cell).collect());
                (written, ended) = (0, 0);
            }
            _ => return records,
        }
    }
}
