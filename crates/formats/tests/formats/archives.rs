//! Archives.

use std::io::{Cursor, Write as _};

use pinhole_protocol::table::FileFormat;
use pinhole_table::conversion::ConvertedText;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{convert, file, refusal};

/// A `.zip` file with these files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a file");
        archive.write_all(bytes).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

const JANUARY: &[u8] = b"day;value\n1;1,5\n2;2,5\n3;3,5\n4;4,5\n";
const FEBRUARY: &[u8] = b"value;day\n5,5;5\n6,5;6\n7,5;7\n8,5;8\n";

#[test]
fn one_text_in_an_archive_is_read_as_it_is() {
    let archive = zip(&[("data/january.csv", JANUARY), ("__MACOSX/data/._january.csv", b"x"), (".hidden", b"y")]);
    let converted = convert(vec![file("t.zip", archive)], None).expect("a table");
    assert_eq!((converted.text.as_bytes(), converted.written), (JANUARY, ConvertedText::AsFile));
    assert_eq!(converted.origin.format, FileFormat::Archive);
}

#[test]
fn several_files_are_one_table_or_one_of_them() {
    let archive = || vec![file("t.zip", zip(&[("january.csv", JANUARY), ("february.csv", FEBRUARY)]))];
    let all = convert(archive(), None).expect("one table");
    assert_eq!(all.origin.parts, ["All files together", "january.csv", "february.csv"]);
    assert_eq!(all.text.lines().count(), 9);
    assert_eq!(all.text.lines().nth(5), Some("5,\"5,5\",february.csv"));
    let second = convert(archive(), Some(2)).expect("one file");
    assert_eq!((second.text.as_bytes(), second.origin.part), (FEBRUARY, 2));

    let mixed = || vec![file("t.zip", zip(&[("notes.txt", b"a,b\n1,2\n3,4\n"), ("january.csv", JANUARY)]))];
    let largest = convert(mixed(), None).expect("a table");
    assert_eq!((largest.text.as_bytes(), largest.origin.part), (JANUARY, 2));
    assert!(largest.origin.remarks[0].contains("cannot be read as one table"), "{:?}", largest.origin.remarks);
    assert!(convert(mixed(), Some(0)).is_err(), "all of them was asked for");
}

#[test]
fn archives_without_a_table_are_refused_with_a_sentence() {
    let inner = zip(&[("a.csv", JANUARY)]);
    for (archive, part) in [
        (zip(&[]), "without files"),
        (zip(&[("folder/", b"")]), "without files"),
        (zip(&[("word/document.xml", b"<w/>")]), "text or slides"),
        (zip(&[("inner.zip", &inner)]), "archive within another"),
        (inner[..inner.len() - 10].to_vec(), "damaged archive"),
    ] {
        let sentence = refusal(vec![file("t.zip", archive)]);
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
}

#[test]
fn a_decompression_bomb_is_refused_before_it_is_unpacked() {
    let zeros = vec![b'0'; 300 << 20];
    let sentence = refusal(vec![file("bomb.zip", zip(&[("zeros.csv", &zeros)]))]);
    assert!(sentence.contains("unpacks to 300 MB"), "{sentence}");
}
