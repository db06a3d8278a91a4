//! Several tables in one file: the first large one is read, and the others are told by their lines.

use std::{fmt::Write as _, ops::Range};

use pinhole_anomaly::jobs::ScanJob;
use pinhole_protocol::table::{Dialect, TableSummary, TextEncoding};
use pinhole_table::source::MemorySource;

use crate::{
    parcels::{open, run},
    reading::{has_warning, scan},
};

fn readings(rows: usize) -> String {
    (0..rows).fold("time,temp,hum\n".to_owned(), |mut text, row| {
        writeln!(text, "{row},{}.5,{}.25", 18 + row % 4, 40 + row % 9).expect("text");
        text
    })
}

fn events(rows: usize) -> String {
    (0..rows).fold("id,kind,place,note\n".to_owned(), |mut text, row| {
        writeln!(text, "E{row},stop,hall {},by hand", row % 3).expect("text");
        text
    })
}

fn lines(rows: Range<usize>, end: &str) -> String {
    rows.fold(String::new(), |mut text, row| {
        write!(text, "{row},{}.5,x{end}", row % 7).expect("text");
        text
    })
}

fn check(summary: &TableSummary, first_name: &str, rows: u64, told: &str) {
    assert_eq!((summary.columns[0].name.as_str(), summary.rows), (first_name, rows), "{:?}", summary.warnings);
    if told.is_empty() {
        assert!(!has_warning(summary, "of the file, from line"), "{:?}", summary.warnings);
    } else {
        assert!(has_warning(summary, told), "{told} {:?}", summary.warnings);
    }
}

#[test]
fn another_table_below_is_told_by_its_line() {
    let numbers = "a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n1,2\n";
    for (text, told) in [
        (format!("{}\np,q,r,s\n{}", readings(40), "1,2,3,4\n5,6,7,8\n".repeat(2)), "from line 43 on"),
        (format!("{}\nSecond table\np,q,r,s\n{}", readings(40), "5,6,7,8\n".repeat(9)), "from line 43 on"),
        (format!("{}Second table\np,q,r,s\n{}", readings(40), "5,6,7,8\n".repeat(9)), "from line 42 on"),
        (format!("{}\n{}\n{}", readings(40), readings(30), readings(20)), "from lines 43, 75 on"),
        (format!("{}\n\nstation,day,rain\n{}", readings(40), "K1,3,4.5\n".repeat(12)), "from line 44 on"),
        (format!("{},,\n,,\nx,y,z,w\n{}", readings(40), "1,2,3,4\n".repeat(7)), "from line 44 on"),
        // Too small to be told, but no rows of the table.
        (format!("{}\n{numbers}", readings(40)), ""),
    ] {
        check(&scan(&text), "time", 40, told);
    }
    check(&scan(&format!("Plant A\n\n{}\nPlant B\n\n{}", readings(40), readings(40))), "time", 40, "from line 45 on");
}

#[test]
fn a_small_table_above_a_large_one_is_told() {
    let small = "key,min,max,mean\ntemp,18.5,21.5,20\nhum,40.25,48.25,44\nwind,1,9,4\nrain,0,3,1\nsun,0,12,5\n";
    check(&scan(&format!("{small}\n{}", readings(200))), "time", 200, "from line 1 on");
    check(&scan(&format!("Summary\n{small}\nReadings\n{}", readings(200))), "time", 200, "from line 1 on");
    check(&scan(&format!("{small}\n{}\n{}", readings(200), events(50))), "time", 200, "from line 1 on");
    check(
        &scan(&format!("{small}\n{}\nx,y,z,w,u\n{}", readings(200), "1,2,3,4,5\n".repeat(9))),
        "time",
        200,
        "from lines 1, 210 on",
    );
}

#[test]
fn a_late_table_ends_the_first() {
    // Behind the first megabyte, which is all that the beginning tells.
    let text = format!("{}\nx,y,z,w\n{}", readings(70_000), "1,2,3,4\n".repeat(50));
    let summary = scan(&text);
    check(&summary, "time", 70_000, "from line 70003 on");
    assert!(!has_warning(&summary, "totals or remarks"));
    let same = format!("{}\n{}", readings(70_000), readings(50));
    check(&scan(&same), "time", 70_000, "from line 70003 on");
}

#[test]
fn lines_are_counted_in_utf_16() {
    let text = format!("{}\nx,y,z,w\n{}", readings(40), "1,2,3,4\n".repeat(9));
    let bytes: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (table, summary) = open(Box::new(MemorySource::new("file.csv", bytes)));
    assert_eq!(summary.dialect.encoding, TextEncoding::Utf16Le);
    check(&summary, "time", 40, "from line 43 on");
    // A person who wants all of it has it.
    let whole = Dialect { end: None, ..summary.dialect };
    let (reread, _) = table.borrow().reread(whole).expect("it can be read so");
    assert_eq!(run(ScanJob::new(&reread).expect("a table")).rows, 50);
}

#[test]
fn blank_lines_within_a_table_do_not_end_it() {
    let rows = |from: usize| lines(from..from + 10, "\n");
    for text in [
        format!("id,v,c\n{}\n{}\n{}\n{}", rows(0), rows(10), rows(20), rows(30)),
        format!("id,v,c\n{}\n\n{}\n{}\n{}", rows(0), rows(10), rows(20), rows(30)),
        format!("id,v,c\n{}Group B,,\n{}Group C,,\n{}\n{}", rows(0), rows(10), rows(20), rows(30)),
    ] {
        let summary = scan(&text);
        assert!((40..=42).contains(&summary.rows), "{} {:?}", summary.rows, summary.warnings);
        assert!(!has_warning(&summary, "of the file, from line"), "{:?}", summary.warnings);
    }
    assert_eq!(scan(&format!("id,v,c\n\n{}", lines(0..900, "\n\n"))).rows, 900);
}
