//! Files as people have them: what a scan makes of header, units, totals and remarks.

use std::fmt::Write as _;

use pinhole_protocol::table::ColumnKind;

use crate::reading::{has_warning, scan};

#[test]
fn a_row_of_units_is_no_row_of_data() {
    for units in ["s,degC,kPa,l/min", "[s],[°C],[kPa],[l/min]", "(s),(°C),(kPa),(l/min)", "sec,C,,1", "s,°C,%,V"] {
        let mut text = format!("time_s,temp,pressure,flow\n{units}\n");
        for row in 0..60 {
            writeln!(text, "{},20.{row},101.{},3.{row}", row * 10, row % 7).expect("text");
        }
        let summary = scan(&text);
        assert_eq!(summary.rows, 60, "{units}");
        assert!(summary.columns.iter().all(|column| column.kind == ColumnKind::Numeric), "{units}");
        assert!(has_warning(&summary, "holds units"), "{units}");
    }
}

#[test]
fn a_header_of_two_rows_is_joined() {
    let mut text = "plant,Temperature,,Pressure,\n,in,out,in,out\n".to_owned();
    for row in 0..40 {
        writeln!(text, "A{},2{row}.5,3{row}.5,1.{row},2.{row}", row % 3).expect("text");
    }
    let summary = scan(&text);
    let names: Vec<&str> = summary.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["plant", "Temperature / in", "Temperature / out", "Pressure / in", "Pressure / out"]);
    assert_eq!(summary.rows, 40);
    assert!(has_warning(&summary, "joined from 2 rows"));
}

#[test]
fn totals_and_remarks_at_the_end_are_no_rows() {
    for footer in [
        "Total,,800\n",
        "Summe:,,800.0\n",
        "Итого,,800.0\n",
        "\nTotal,,800.0\nSource: the ministry,,\n",
        "(40 rows affected)\n",
    ] {
        let mut text = "shop,day,amount\n".to_owned();
        for row in 0..40 {
            writeln!(text, "S{},2026-03-{:02},{row}.5", row % 3, 1 + row % 28).expect("text");
        }
        text.push_str(footer);
        let summary = scan(&text);
        assert_eq!(summary.rows, 40, "{footer:?} {:?}", summary.warnings);
        assert!(has_warning(&summary, "totals or remarks"), "{footer:?}");
    }
}

#[test]
fn remarks_between_rows_are_not_read() {
    let mut text = "time,temp,hum\n".to_owned();
    for row in 0..50 {
        writeln!(text, "{row},{}.5,{}.25", 18 + row % 4, 40 + row % 9).expect("text");
        if row % 17 == 8 {
            text.push_str("# pump on, again, by hand, at noon\n");
        }
    }
    let summary = scan(&text);
    assert_eq!(summary.rows, 50);
    assert!(summary.columns.iter().all(|column| column.kind != ColumnKind::Text));
    assert!(has_warning(&summary, "3 remarks"), "{:?}", summary.warnings);
}

#[test]
fn a_space_within_cells_is_no_delimiter() {
    for (text, columns, rows) in [
        ("size,v\n3 cm x 20 cm,4.5\n5 cm x 10 cm,3.5\n1 cm x 2 cm,2.5\n", 2, 3),
        ("phone,v\n+49 30 12345,3\n+49 30 54321,4\n+49 40 99887,5\n", 2, 3),
        ("timestamp\n2026-05-01 10:00:00\n2026-05-01 10:05:00\n2026-05-01 10:10:00\n", 1, 3),
        ("weight\n3.5 kg\n4.1 kg\n2.2 kg\n", 1, 3),
        ("Preis\n12,34\n13,50\n9,99\n", 1, 3),
        ("x y z\n1 2.5 3\n4 5.5 6\n7 8.5 9\n", 3, 3),
        ("\"x\" \"g\"\n\"1\" 3.2 \"a\"\n\"2\" 4.2 \"b\"\n\"3\" 5.2 \"a\"\n", 3, 3),
    ] {
        let summary = scan(text);
        assert_eq!((summary.columns.len(), summary.rows), (columns, rows), "{text} {:?}", summary.dialect);
    }
}

#[test]
fn a_loggers_header_of_four_lines_is_known() {
    let mut text =
        "\"TOA5\",\"WS\",\"CR1000X\",\"1\",\"CPU:a.CR1X\"\n\"TIMESTAMP\",\"RECORD\",\"Temp_Avg\",\"RH\",\"Wind_Max\"\n\
        \"TS\",\"RN\",\"Deg C\",\"%\",\"m/s\"\n\"\",\"\",\"Avg\",\"Smp\",\"Max\"\n"
            .to_owned();
    for row in 0..60 {
        writeln!(text, "\"2026-05-01 00:{row:02}:00\",{row},1{}.5,{},\"NAN\"", row % 9, 40 + row % 30).expect("text");
    }
    let summary = scan(&text);
    let names: Vec<&str> = summary.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((summary.rows, &names[..3]), (60, &["TIMESTAMP", "RECORD", "Temp_Avg"][..]));
    assert_eq!(summary.columns[2].unit.as_deref(), Some("Deg C"));
}

#[test]
fn a_row_of_words_is_no_row_of_units() {
    for first_row in ["Bad,Bad,Bad", "Anna,absent,absent", "BRCA,ND,low"] {
        let mut text = format!("name,p,q\n{first_row}\n");
        for row in 0..40 {
            writeln!(text, "N{row},{row}.5,{}.25", row * 7 % 11).expect("text");
        }
        assert_eq!(scan(&text).rows, 41, "{first_row}");
    }
}

#[test]
fn a_word_for_a_total_is_no_total() {
    let mut text = "word,count,share\n".to_owned();
    for row in 0..40 {
        writeln!(text, "w{row},{},{}.5", row * 7 % 11, row % 9).expect("text");
    }
    text.push_str("sum,5,3.5\n");
    assert_eq!(scan(&text).rows, 41);
}
