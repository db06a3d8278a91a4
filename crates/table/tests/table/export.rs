//! Scored files: read again, they have their own cells and the added ones.

use pinhole_protocol::table::{DecimalMark, Dialect, TextEncoding};
use pinhole_table::export::{AddedCells, FilledCell, FilledWriter, ScoredWriter};
use proptest::prelude::*;

use crate::support::{delimited, records};

const ADDED: AddedCells<'_> =
    AddedCells { score: 0.5, percentile: 0.25, is_flagged: true, top_columns: &["=evil()", "a,b"] };

fn row(dialect: &Dialect, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    ScoredWriter::new(dialect, &["a".into(), "b".into()]).row(bytes, &ADDED, &mut out);
    out
}

#[test]
fn cells_go_before_the_line_end() {
    let dialect = Dialect::default();
    for end in ["\n", "\r\n", "\r", "", "\n\n"] {
        let out = row(&dialect, format!("1,\"x\ny\"{end}").as_bytes());
        let expected = format!("1,\"x\ny\",0.5,0.25,1,'=evil(),\"a,b\",{end}");
        assert_eq!(String::from_utf8(out), Ok(expected));
    }
}

#[test]
fn short_rows_are_padded_and_open_quotes_closed() {
    let dialect = Dialect::default();
    assert!(row(&dialect, b"1\n").starts_with(b"1,,0.5,"));
    assert!(row(&dialect, b"1,\"open\n").starts_with(b"1,\"open\n\",0.5,"));
    assert!(row(&dialect, b"1,not\"open\n").starts_with(b"1,not\"open,0.5,"));
}

#[test]
fn added_cells_stand_before_surplus_ones() {
    let dialect = Dialect::default();
    let added = "0.5,0.25,1,'=evil(),\"a,b\",";
    let scored = |bytes: &[u8]| String::from_utf8(row(&dialect, bytes)).expect("UTF-8");
    assert_eq!(scored(b"1,2,3\r\n"), format!("1,2,{added},3\r\n"));
    assert_eq!(scored(b"1,\"2,\",\n"), format!("1,\"2,\",{added},\n"));
    assert_eq!(scored(b"1,2,\"open\n"), format!("1,2,{added},\"open\n"));
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let wide = Dialect { encoding: TextEncoding::Utf16Be, ..delimited(";") };
    assert!(row(&wide, &utf16("1;2;3\n")).ends_with(&utf16(";'=evil();a,b;;3\n")));
    // A header may have more cells than the table has columns, and fewer.
    let mut writer = ScoredWriter::new(&dialect, &["a".into(), "b".into()]);
    let mut out = Vec::new();
    writer.rows().header(b"a,b,\n", &mut out);
    writer.row(b"1,2,3\n", &ADDED, &mut out);
    writer.rows().header(b"a\n", &mut out);
    writer.row(b"1,2\n", &ADDED, &mut out);
    let headings = "score,percentile,flag,top_column_1,top_column_2,top_column_3";
    let expected = format!("a,b,,{headings}\n1,2,3,{added}\na,{headings}\n1,2,,{added}\n");
    assert_eq!(String::from_utf8(out), Ok(expected));
}

#[test]
fn decimal_commas_and_encodings_are_kept() {
    let semicolon = Dialect { decimal: DecimalMark::Comma, ..delimited(";") };
    assert!(row(&semicolon, b"1,5;2\r\n").starts_with(b"1,5;2;0,5;0,25;1;"));
    assert!(
        row(&Dialect { decimal: DecimalMark::Comma, ..Dialect::default() }, b"1,2\n")
            .starts_with(b"1,2,\"0,5\",\"0,25\",1")
    );
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let dialect = Dialect { encoding: TextEncoding::Utf16Le, ..delimited("\t") };
    assert_eq!(row(&dialect, &utf16("1\t\u{4e2d}\r\n")), utf16("1\t\u{4e2d}\t0.5\t0.25\t1\t'=evil()\ta,b\t\r\n"));
    let latin = Dialect { encoding: TextEncoding::Windows1252, ..Dialect::default() };
    let mut out = Vec::new();
    let named = AddedCells { top_columns: &["Br\u{e9}beuf"], ..ADDED };
    ScoredWriter::new(&latin, &[]).row(b"\xe9\n", &named, &mut out);
    assert_eq!(out, b"\xe9,0.5,0.25,1,Br\xe9beuf,,\n");
}

#[test]
fn headings_differ_from_existing_names() {
    let mut writer = ScoredWriter::new(&Dialect::default(), &["Score".into(), "flag".into(), "score (2)".into()]);
    let mut out = Vec::new();
    writer.rows().header(b"\xef\xbb\xbf\"Score\",flag,score (2)\r\n", &mut out);
    let expected =
        "\u{feff}\"Score\",flag,score (2),score (3),percentile,flag (2),top_column_1,top_column_2,top_column_3\r\n";
    assert_eq!(String::from_utf8(out).as_deref(), Ok(expected));
}

proptest! {
    #[test]
    fn a_scored_file_has_the_same_cells_and_the_added_ones(
        table in prop::collection::vec(prop::collection::vec("[a-z\",;\n\r =é]{0,8}", 3), 1..12),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        ends_without: bool,
        top in "[a-z\",=\n]{0,6}",
    ) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut lines: Vec<String> =
            table.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + end).collect();
        if ends_without {
            let last = lines.pop().expect("there is a row");
            lines.push(last[..last.len() - end.len()].to_owned());
        }
        let dialect = Dialect::default();
        let mut writer = ScoredWriter::new(&dialect, &["a".into(), "b".into(), "c".into()]);
        let mut out = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let added = AddedCells { score: index as f64, percentile: 0.5, is_flagged: false, top_columns: &[&top] };
            writer.row(line.as_bytes(), &added, &mut out);
        }
        let read = records(&String::from_utf8(out).expect("all of it is UTF-8"), &dialect);
        prop_assert_eq!(read.len(), table.len());
        for (index, (read, cells)) in read.iter().zip(&table).enumerate() {
            prop_assert_eq!(&read[..3], &cells[..]);
            prop_assert_eq!(&read[3], &index.to_string());
            prop_assert_eq!(read.len(), 9);
            prop_assert!(read[6].trim_start_matches('\'').ends_with(top.trim_start_matches('\'')));
            prop_assert!(!read[6].starts_with(['=', '\n']));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..40), wide: bool, quote in "[\"']?") {
        let encoding = if wide { TextEncoding::Utf16Be } else { TextEncoding::Windows1252 };
        let quote = (!quote.is_empty()).then_some(quote);
        let dialect = Dialect { encoding, quote, ..Dialect::default() };
        let out = row(&dialect, &bytes);
        prop_assert!(out.len() >= bytes.len());
    }
}

#[test]
fn filled_rows_are_written_anew_and_others_keep_their_bytes() {
    let dialect = delimited(";");
    let mut writer = FilledWriter::new(&dialect, &["a".into(), "filled".into(), "c".into()]);
    let mut out = Vec::new();
    writer.rows().header(b"a;filled;c\r\n", &mut out);
    let filled = |column, name: &str, text: &str| FilledCell { column, name: name.into(), text: text.into() };
    writer.row(b"\"1\";2;3\r\n", ["1", "2", "3"].into_iter(), &[], &mut out);
    writer.row(b"\"x;y\"\r\n", ["x;y"].into_iter(), &[filled(2, "c", "4,5"), filled(1, "filled", "u;v")], &mut out);
    let expected = "a;filled;c;filled (2)\r\n\"1\";2;3;\r\n\"x;y\";\"u;v\";4,5;\"c; filled\"\r\n";
    assert_eq!(String::from_utf8(out), Ok(expected.into()));
}
