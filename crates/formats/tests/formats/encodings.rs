//! Guesses of the encoding of small tables.

use encoding_rs::Encoding;
use pinhole_formats::AllFormats;
use pinhole_protocol::table::TextEncoding;
use pinhole_table::{
    conversion::FileFormats as _,
    dialect::encoding_sample,
    source::{Content, MemorySource},
};

#[path = "../../../table/tests/table/encoding_samples.rs"]
mod encoding_samples;

use encoding_samples::{SAMPLES, table};

/// Rows of each table.
const ROWS: usize = 20;

/// Encodings that are offered and not guessed: hardly any file is written in one, and each resembles others that many are
/// written in.
const NOT_GUESSED: [TextEncoding; 6] = [
    TextEncoding::Iso8859_3,
    TextEncoding::Iso8859_4,
    TextEncoding::Iso8859_6,
    TextEncoding::Iso8859_10,
    TextEncoding::Iso8859_14,
    TextEncoding::Iso8859_16,
];

fn reference(encoding: TextEncoding) -> &'static Encoding {
    Encoding::for_label(encoding.label().as_bytes()).expect("a label of the Encoding Standard")
}

fn guess(bytes: &[u8]) -> TextEncoding {
    let mut content = Content::open(Box::new(MemorySource::new("t.csv", bytes))).expect("it is text");
    let sample = encoding_sample(&mut content).expect("it can be read");
    AllFormats.guess_encoding(&sample.expect("it is not Unicode"))
}

#[test]
fn small_tables_are_read_as_they_were_written() {
    for (encodings, lists) in SAMPLES {
        for &encoding in encodings.iter().filter(|encoding| !NOT_GUESSED.contains(encoding)) {
            for list in lists {
                let text = table(list, ROWS);
                let bytes = reference(encoding).encode(&text).0;
                let guessed = guess(&bytes);
                // Another encoding is as right if it has the same characters at these bytes.
                let read = reference(guessed).decode_without_bom_handling(&bytes).0;
                assert_eq!(read, text, "{encoding:?} {guessed:?}");
            }
        }
    }
}

#[test]
fn one_word_or_sign_is_western() {
    for word in
        ["Köln", "Málaga", "Orléans", "Århus", "São Paulo", "don’t", "12 °C", "5 µm", "±0.5", "x²", "40 €", "a – b"]
    {
        let text = format!("id,place,v\n1,Berlin,3\n2,{word},4.5\n3,Bonn,3\n");
        let bytes = reference(TextEncoding::Windows1252).encode(&text).0;
        assert_eq!(reference(guess(&bytes)).decode_without_bom_handling(&bytes).0, text);
    }
}

#[test]
fn any_bytes_can_be_guessed() {
    for seed in 0..=255_u8 {
        let bytes: Vec<u8> = (0..300_u16).map(|index| (index * 7 + u16::from(seed) * 13) as u8).collect();
        AllFormats.guess_encoding(&bytes);
        AllFormats.guess_encoding(&[seed]);
    }
    AllFormats.guess_encoding(&[]);
}

#[test]
fn public_files_are_western() {
    for (file, word) in [("bikes.csv", "Brébeuf"), ("spanish_chars.csv", "Descripción")] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messy").join(file);
        let Ok(bytes) = std::fs::read(path) else {
            println!("SKIP {file}: the shared test data are not there");
            return;
        };
        let encoding = guess(&bytes);
        assert_eq!(encoding, TextEncoding::Windows1252, "{file}");
        assert!(reference(encoding).decode_without_bom_handling(&bytes).0.contains(word), "{file}");
    }
}
