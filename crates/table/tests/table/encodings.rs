//! Tables in every encoding: read, read again and written back.

use encoding_rs::Encoding;
use pinhole_protocol::table::{Dialect, TextEncoding};
use pinhole_table::{
    dialect::{encoding_sample, needs_encoding_guess, sniff},
    export::{AddedCells, ScoredWriter},
    records::read_record_at,
};

use crate::{
    encoding_samples::{SAMPLES, table},
    reading::{content, read, read_as},
};

/// Text in an encoding.
///
/// # Panics
/// If the encoding lacks a character.
pub fn encode(text: &str, encoding: TextEncoding) -> Vec<u8> {
    match encoding {
        TextEncoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        TextEncoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let (bytes, _, is_unknown) = reference(encoding).encode(text);
            assert!(!is_unknown, "{encoding:?} lacks characters of {text}");
            bytes.into_owned()
        }
    }
}

fn reference(encoding: TextEncoding) -> &'static Encoding {
    Encoding::for_label(encoding.label().as_bytes()).expect("a label of the Encoding Standard")
}

/// Encodings other than Unicode, each with the lists that can be written in it.
fn samples() -> impl Iterator<Item = (TextEncoding, &'static str)> {
    SAMPLES.iter().flat_map(|(encodings, lists)| {
        encodings.iter().flat_map(|&encoding| lists.iter().map(move |&list| (encoding, list)))
    })
}

#[test]
fn every_encoding_has_samples() {
    let others = &TextEncoding::ALL[3..];
    assert!(others.iter().all(|encoding| samples().any(|(sampled, _)| sampled == *encoding)));
}

#[test]
fn tables_are_read_in_every_encoding() {
    let unicode = TextEncoding::ALL[..3].iter().flat_map(|&encoding| samples().map(move |(_, list)| (encoding, list)));
    for (encoding, list) in samples().chain(unicode) {
        let text = table(list, 12);
        let bytes = encode(&text, encoding);
        let dialect = Dialect { encoding, ..Dialect::default() };
        for piece_bytes in [7, 1 << 20] {
            let found = read_as(&bytes, &dialect, piece_bytes).expect("it is a table");
            let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(Some(found.header), lines.next(), "{encoding:?}");
            assert_eq!(found.rows, lines.collect::<Vec<_>>(), "{encoding:?}");
            assert!(found.warnings.is_empty(), "{encoding:?} {:?}", found.warnings);
        }
    }
}

#[test]
fn a_file_is_read_as_guessed_unless_it_is_unicode() {
    for (encoding, list) in samples() {
        let text = table(list, 12);
        let bytes = encode(&text, encoding);
        let mut file = content(&bytes).expect("it is text");
        let sample = encoding_sample(&mut file).expect("it can be read");
        assert!(sample.is_some() && needs_encoding_guess(&bytes), "{encoding:?}");
        assert_eq!(sniff(&mut file, Some(encoding)).expect("it is a table").encoding, encoding);
        assert_eq!(sniff(&mut file, None).expect("it is a table").encoding, TextEncoding::Windows1252);
        for unicode in [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be] {
            let bytes = encode(&text, unicode);
            let mut file = content(&bytes).expect("it is text");
            assert_eq!(encoding_sample(&mut file), Ok(None), "{unicode:?} {list}");
            assert_eq!(sniff(&mut file, Some(encoding)).expect("it is a table").encoding, unicode, "{list}");
        }
    }
}

#[test]
fn the_sample_has_late_characters() {
    let mut bytes = b"id,place\n".to_vec();
    for row in 0..60_000 {
        bytes.extend(format!("{row},Berlin\n").bytes());
    }
    bytes.extend(b"60000,K\xf6ln\n60001,Bonn\n");
    let sample = encoding_sample(&mut content(&bytes).expect("it is text")).expect("it can be read");
    assert_eq!(sample.as_deref(), Some(&b"60000,K\xf6ln\n"[..]));
    assert!(read(&bytes).expect("it is a table").rows.iter().any(|row| row[1] == "Köln"));
}

#[test]
fn delimiters_and_escapes_that_look_like_trail_bytes_are_told_apart() {
    // The second byte of each is the ASCII character beside it.
    for (encoding, delimiter, escape, word) in [
        (TextEncoding::ShiftJis, "|", None, "ポ"),
        (TextEncoding::ShiftJis, ",", Some("\\"), "表"),
        (TextEncoding::ShiftJis, "^", None, "弌十"),
        (TextEncoding::Big5, "|", None, "育"),
        (TextEncoding::Big5, ",", Some("\\"), "功"),
        (TextEncoding::Gb18030, "|", None, "寍畖"),
        (TextEncoding::Gb18030, "~", Some("\\"), "誠乗"),
    ] {
        let escaped =
            escape.map_or_else(|| format!("\"{word}\"\"{word}\""), |escape| format!("\"{word}{escape}\"{word}\""));
        let quoted = format!("{word}\"{word}");
        let text = format!("a{delimiter}b\n{word}{delimiter}2{word}\n{escaped}{delimiter}x\n");
        let bytes = encode(&text, encoding);
        let dialect =
            Dialect { encoding, delimiter: delimiter.into(), escape: escape.map(str::to_owned), ..Dialect::default() };
        for piece_bytes in [1, 2, 1 << 20] {
            let found = read_as(&bytes, &dialect, piece_bytes).expect("it is a table");
            assert_eq!(found.rows, [[word, &format!("2{word}")], [quoted.as_str(), "x"]], "{encoding:?} {delimiter}");
            let again = read_record_at(&mut content(&bytes).expect("it is text"), &dialect, found.spans[1].clone(), 2);
            assert_eq!(again.expect("it was read before").record(0).cell(0), quoted);
        }
        let mut out = Vec::new();
        let row = encode(&format!("{word}{delimiter}{word}\n"), encoding);
        ScoredWriter::new(&dialect, &["a".into(), "b".into()]).row(&row, &AddedCells::default(), &mut out);
        let scored = encode(&format!("{word}{delimiter}{word}{delimiter}0"), encoding);
        assert!(out.starts_with(&scored), "{encoding:?} {delimiter}");
    }
}

#[test]
fn two_encodings_in_a_column_are_told_and_kept() {
    let mut bytes = "name,v\nMüller,1\nBöhm,2\nJäger,3\n".as_bytes().to_vec();
    bytes.extend(b"Kr\xf6ger,4\nStra\xdfer,5\n");
    let table = read(&bytes).expect("it is a table");
    assert_eq!(
        table.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
        ["Müller", "Böhm", "Jäger", "Kröger", "Straßer"]
    );
    assert!(
        table.has_warning("2 rows have bytes that are invalid in utf-8: they are read as windows-1252"),
        "{:?}",
        table.warnings
    );

    let mut bytes = b"name,v\nM\xfcller,1\nB\xf6hm,2\nJ\xe4ger,3\n".to_vec();
    bytes.extend("Kröger,4\n".as_bytes());
    let table = read(&bytes).expect("it is a table");
    assert_eq!(table.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Müller", "Böhm", "Jäger", "Kröger"]);
    assert!(table.has_warning("1 row has bytes that are invalid in windows-1252"), "{:?}", table.warnings);
}

#[test]
fn characters_are_written_as_the_encoding_standard_does() {
    for &encoding in &TextEncoding::ALL[3..] {
        let dialect = Dialect { encoding, ..Dialect::default() };
        let mut writer = ScoredWriter::new(&dialect, &[]);
        for character in ('\u{a0}'..'\u{d7ff}').step_by(3).chain("表ソ功許誠€一丁龍ー가힣".chars()) {
            let text = format!("x{character}x");
            let (expected, _, is_unknown) = reference(encoding).encode(&text);
            let mut out = Vec::new();
            writer.row(b"", &AddedCells { top_columns: &[&text], ..AddedCells::default() }, &mut out);
            let written = out.rsplit(|&byte| byte == b',').nth(2).expect("a cell");
            // The minus sign and ¥ of Shift JIS become others when they are read.
            let is_read_so = |bytes: &[u8]| reference(encoding).decode_without_bom_handling(bytes).0 == text;
            if !is_unknown && is_read_so(&expected) {
                assert!(is_read_so(written), "{encoding:?} {character} {expected:x?} {written:x?}");
            }
        }
    }
}
