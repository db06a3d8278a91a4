//! Public files and cases, sniffed and read as a user would get them.

use pinhole_protocol::table::TextEncoding::{self, Utf8, Utf16Be, Utf16Le, Windows1252};

use crate::reading::{read, shared};

#[test]
fn csv_spectrum() {
    for name in [
        "comma_in_quotes",
        "empty",
        "empty_crlf",
        "escaped_quotes",
        "json",
        "newlines",
        "newlines_crlf",
        "quotes_and_newlines",
        "simple",
        "simple_crlf",
        "utf8",
    ] {
        let (Some(csv), Some(json)) =
            (shared(&format!("csv-spectrum/csvs/{name}.csv")), shared(&format!("csv-spectrum/json/{name}.json")))
        else {
            return;
        };
        let table = read(&csv).expect("it is a table");
        let expected: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_slice(&json).expect("it is JSON");
        assert!(table.dialect.has_header, "{name}: {:?}", table.dialect);
        assert_eq!(table.rows.len(), expected.len(), "{name}");
        for (row, object) in table.rows.iter().zip(&expected) {
            assert_eq!(row.len(), object.len(), "{name}");
            for (cell, key) in row.iter().zip(&table.header) {
                assert_eq!(object.get(key).and_then(serde_json::Value::as_str), Some(cell.as_str()), "{name}: {key}");
            }
        }
        assert!(table.warnings.is_empty(), "{name}: {:?}", table.warnings);
    }
}

/// The expected JSON disagrees with the file upstream, so that it is not compared.
#[test]
fn csv_spectrum_location_coordinates() {
    let Some(csv) = shared("csv-spectrum/csvs/location_coordinates.csv") else { return };
    let table = read(&csv).expect("it is a table");
    assert_eq!(table.header, ["Contact Phone Number", "Location Coordinates", "Cities", "Counties"]);
    assert_eq!(table.rows, [["2095257564", "37\u{fffd}36'37.8\"N 121\u{fffd}2'17.9\"W", "Modesto", "Stanislaus"]]);
}

struct Expected {
    file: &'static str,
    encoding: TextEncoding,
    delimiter: &'static str,
    preamble_rows: usize,
    header: Option<&'static str>,
    width: usize,
    rows: usize,
}

const FILES: &[Expected] = &[
    Expected {
        file: "messy/AirQualityUCI.csv",
        encoding: Utf8,
        delimiter: ";",
        preamble_rows: 0,
        header: Some(
            "Date;Time;CO(GT);PT08.S1(CO);NMHC(GT);C6H6(GT);PT08.S2(NMHC);NOx(GT);PT08.S3(NOx);NO2(GT);PT08.S4(NO2);PT08.S5(O3);T;RH;AH;;",
        ),
        width: 17,
        rows: 9357,
    },
    Expected {
        file: "messy/bikes.csv",
        encoding: Windows1252,
        delimiter: ";",
        preamble_rows: 0,
        header: Some(
            "Date;Berri 1;Brébeuf (données non disponibles);Côte-Sainte-Catherine;Maisonneuve 1;Maisonneuve 2;du Parc;Pierre-Dupuy;Rachel1;St-Urbain (données non disponibles)",
        ),
        width: 10,
        rows: 310,
    },
    Expected {
        file: "messy/spanish_chars.csv",
        encoding: Windows1252,
        delimiter: ",",
        preamble_rows: 0,
        header: Some("GF_ID,FN_ID,SF_ID,GF,F,SF,Gasto total 2011,Descripción"),
        width: 8,
        rows: 116,
    },
    Expected {
        file: "messy/excel_pasting.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 3,
        header: Some("Year,2000,2001,2002,2003,2004,2005,2006,2007"),
        width: 9,
        rows: 17,
    },
    Expected {
        file: "messy/mixedGLB.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 3,
        header: Some("Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,J-D,D-N,DJF,MAM,JJA,SON"),
        width: 19,
        rows: 133,
    },
    Expected {
        file: "messy/utf8bom.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: Some("kitten,win"),
        width: 2,
        rows: 0,
    },
    Expected {
        file: "messy/simple.psv",
        encoding: Utf8,
        delimiter: "|",
        preamble_rows: 0,
        header: Some("Year|New dwellings|Other dwellings|All dwellings|First time buyers|Former owner occupiers"),
        width: 6,
        rows: 28,
    },
    Expected {
        file: "messy/null.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: None,
        width: 4,
        rows: 10,
    },
    Expected {
        file: "digits8x8/digits.csv.gz",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: None,
        width: 65,
        rows: 1797,
    },
    Expected {
        file: "ecg5000/ECG5000_TRAIN_odd.tsv",
        encoding: Utf8,
        delimiter: "\t",
        preamble_rows: 0,
        header: None,
        width: 141,
        rows: 250,
    },
    Expected {
        file: "ucr-anomaly/135_UCR_Anomaly_InternalBleeding16_1200_4187_4199.txt",
        encoding: Utf8,
        delimiter: " ",
        preamble_rows: 0,
        header: None,
        width: 1,
        rows: 7501,
    },
    Expected {
        file: "nab/realKnownCause/nyc_taxi.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: Some("timestamp,value"),
        width: 2,
        rows: 10320,
    },
    Expected {
        file: "adbench/32_shuttle.csv.gz",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: Some("f1,f2,f3,f4,f5,f6,f7,f8,f9,label"),
        width: 10,
        rows: 49097,
    },
    Expected {
        file: "adbench/45_wine.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: Some("f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,label"),
        width: 14,
        rows: 129,
    },
    Expected {
        file: "nsl-kdd/kdd_test_5000.csv",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: None,
        width: 44,
        rows: 5000,
    },
    Expected {
        file: "text/names.txt",
        encoding: Utf8,
        delimiter: ",",
        preamble_rows: 0,
        header: None,
        width: 1,
        rows: 32033,
    },
];

#[test]
fn real_files_are_sniffed_correctly() {
    for expected in FILES {
        let Some(bytes) = shared(expected.file) else { continue };
        let table = read(&bytes).expect("it is a table");
        let dialect = &table.dialect;
        let file = expected.file;
        assert_eq!(dialect.encoding, expected.encoding, "{file}");
        assert_eq!(dialect.delimiter, expected.delimiter, "{file}");
        assert_eq!(dialect.preamble_rows, expected.preamble_rows, "{file}");
        assert_eq!((table.width, table.rows.len()), (expected.width, expected.rows), "{file}: {:?}", table.warnings);
        if let Some(header) = expected.header {
            assert!(dialect.has_header, "{file}");
            assert_eq!(table.header.join(expected.delimiter), header, "{file}");
        } else if file.starts_with("nsl-kdd") {
            assert!(dialect.has_header, "{file}");
        } else {
            assert!(!dialect.has_header, "{file}");
        }
    }
}

#[test]
fn irregular_records_of_real_files_give_warnings() {
    let Some(bikes) = shared("messy/bikes.csv") else { return };
    let table = read(&bikes).expect("it is a table");
    assert!(
        table.has_warning("295 rows have 9 cells, the header 10: the missing ones are read as empty (first: row 16)."),
        "{:?}",
        table.warnings
    );
    let Some(air) = shared("messy/AirQualityUCI.csv") else { return };
    let table = read(&air).expect("it is a table");
    assert!(table.has_warning("114 rows at the end are empty: left out (first: row 9358)."), "{:?}", table.warnings);
}

/// Cases after those of Papa Parse and rust-csv: a file, and its records, header first.
#[test]
fn well_known_cases() {
    let cases: &[(&str, &[&[&str]])] = &[
        ("A,b,c", &[&["A", "b", "c"]]),
        ("A,b,c\nd,E,f", &[&["A", "b", "c"], &["d", "E", "f"]]),
        ("A,b,c\rd,E,f", &[&["A", "b", "c"], &["d", "E", "f"]]),
        ("A,b,c\r\nd,E,f", &[&["A", "b", "c"], &["d", "E", "f"]]),
        ("A,\"B\",C", &[&["A", "B", "C"]]),
        ("A,\" B  \",C", &[&["A", " B  ", "C"]]),
        ("A,\"B,B\",C", &[&["A", "B,B", "C"]]),
        ("A,\"B\nB\",C", &[&["A", "B\nB", "C"]]),
        ("A,\"B\r\nB\",C", &[&["A", "B\r\nB", "C"]]),
        ("A,\"B\rB\",C", &[&["A", "B\rB", "C"]]),
        ("A,\"B\"\"B\"\"B\",C", &[&["A", "B\"B\"B", "C"]]),
        ("A,\"\"\"B\"\"\",C", &[&["A", "\"B\"", "C"]]),
        ("A,B \"B\",C", &[&["A", "B \"B\"", "C"]]),
        ("A,\"B\" ,C,D\r\nE,F,G,H", &[&["A", "B", "C", "D"], &["E", "F", "G", "H"]]),
        ("A, \"B\" ,C", &[&["A", "B", "C"]]),
        ("a,b,c\n\nd,e,f", &[&["a", "b", "c"], &["d", "e", "f"]]),
        ("\na,b,c\nd,e,f", &[&["a", "b", "c"], &["d", "e", "f"]]),
        ("\u{feff}a,b\n1,2", &[&["a", "b"], &["1", "2"]]),
        ("\u{feff}\"a\",b\n1,2", &[&["a", "b"], &["1", "2"]]),
        (",b,c\n\"\",e,f", &[&["", "b", "c"], &["", "e", "f"]]),
        ("a,,,b\n,,c,", &[&["a", "", "", "b"], &["", "", "c", ""]]),
        ("a\tb\tc\nd\te\tf", &[&["a", "b", "c"], &["d", "e", "f"]]),
        ("a|b|c\r\nd|e|f", &[&["a", "b", "c"], &["d", "e", "f"]]),
        ("a;b\n1,5;2\n2,25;3", &[&["a", "b"], &["1,5", "2"], &["2,25", "3"]]),
        ("sep=;\r\na;b\r\n1;2\r\n", &[&["a", "b"], &["1", "2"]]),
        ("sep=\0\na,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
        ("sep=\\\na,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
        ("'a,b','c'\n'd','e''f'\n", &[&["a,b", "c"], &["d", "e'f"]]),
        ("a,b\n\"x \\\"y\\\", z\",2\n\"u\",3\n", &[&["a", "b"], &["x \"y\", z", "2"], &["u", "3"]]),
        ("x y z\n1 2.5 3\n4   5 6\n", &[&["x", "y", "z"], &["1", "2.5", "3"], &["4", "5", "6"]]),
        ("  1 2 3\n  4 5 6 \n", &[&["1", "2", "3"], &["4", "5", "6"]]),
        ("a,b\r1,2\n3,4\r\n5,6", &[&["a", "b"], &["1", "2"], &["3", "4"], &["5", "6"]]),
        ("__proto__,b\n1,2", &[&["__proto__", "b"], &["1", "2"]]),
        ("a,\"b\"c,d\n1,2,3\n", &[&["a", "bc", "d"], &["1", "2", "3"]]),
        ("title of it\n\na,b,c\n1,2,3\n4,5,6\n", &[&["a", "b", "c"], &["1", "2", "3"], &["4", "5", "6"]]),
        ("x, y\n\"1, 5\", \"b, c\"\n\"2, 5\", \"d\"\n", &[&["x", " y"], &["1, 5", "b, c"], &["2, 5", "d"]]),
        ("a:b:c\nx:1:2\ny:3:4\n", &[&["a", "b", "c"], &["x", "1", "2"], &["y", "3", "4"]]),
        ("v\r\r\n1\r\r\n2\r\r\n", &[&["v"], &["1"], &["2"]]),
        (
            "t,v\n1,2.5\n# off, for a while\n2,3.5\n#on\n3,4.5\n4,1.5\n5,2.5\n6,9.5\n",
            &[&["t", "v"], &["1", "2.5"], &["2", "3.5"], &["3", "4.5"], &["4", "1.5"], &["5", "2.5"], &["6", "9.5"]],
        ),
        ("a,b\n1,\"2", &[&["a", "b"], &["1", "2"]]),
        ("a,b\n1,\"2\n3,4\n", &[&["a", "b"], &["1", "\"2"], &["3", "4"]]),
    ];
    for (file, records) in cases {
        let table = read(file.as_bytes()).expect("it is a table");
        let mut found = Vec::new();
        found.extend(table.dialect.has_header.then_some(&table.header));
        found.extend(&table.rows);
        assert_eq!(found, *records, "{file:?} {:?}", table.dialect);
    }
}

#[test]
fn every_encoding_is_detected() {
    let text = "straße;größe\nköln;1,5\nnîmes;2,25\n";
    let utf16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let with_mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Utf8),
        (latin, Windows1252),
        (with_mark(&[0xff, 0xfe], utf16(u16::to_le_bytes)), Utf16Le),
        (with_mark(&[0xfe, 0xff], utf16(u16::to_be_bytes)), Utf16Be),
        (utf16(u16::to_le_bytes), Utf16Le),
        (utf16(u16::to_be_bytes), Utf16Be),
    ] {
        let table = read(&bytes).expect("it is a table");
        assert_eq!(table.dialect.encoding, encoding);
        assert_eq!(table.header, ["straße", "größe"]);
        assert_eq!(table.rows, [["köln", "1,5"], ["nîmes", "2,25"]]);
    }
}
