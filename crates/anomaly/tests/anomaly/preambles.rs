//! Preambles and other rows above the data: preambles as wide as the table, names in several rows, rules.

use std::fmt::Write as _;

use pinhole_protocol::table::{ColumnKind, TableSummary};

use crate::reading::{has_warning, scan};

const ROWS: usize = 40;

/// A table of this beginning, with rows after it.
fn with_rows(start: &str, row: impl Fn(usize) -> String) -> TableSummary {
    let mut text = start.to_owned();
    for index in 0..ROWS {
        writeln!(text, "{}", row(index)).expect("text can be written");
    }
    scan(&text)
}

/// Checks the number of rows and the first names, and that no value of a numeric column is missing.
fn check(summary: &TableSummary, names: &[&str]) {
    let found: Vec<&str> = summary.columns.iter().take(names.len()).map(|column| column.name.as_str()).collect();
    assert_eq!((summary.rows, &found[..]), (ROWS as u64, names), "{:?}", summary.warnings);
    let numeric = summary.columns.iter().filter(|column| column.kind == ColumnKind::Numeric);
    assert!(numeric.clone().count() > 0 && numeric.clone().all(|column| column.missing == 0), "{:?}", summary.columns);
}

#[test]
fn a_preamble_as_wide_as_the_table_is_skipped() {
    let two = |row: usize| format!("{:.4e},{:.4e}", row as f64 * 4e-6, (row * 37 % 41) as f64 / 20.0 - 1.0);
    let three = |row: usize| format!("2026-05-01 00:{row:02},{}.5,{}.25", 20 + row % 7, 40 + row * 3 % 11);
    check(
        &with_rows(
            "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2026-01-01\",\n\n\
             \"Country Name\",\"Country Code\",\"1990\"\n",
            |row| format!("\"C{row}\",\"C{row:02}\",\"{}.5\"", row * 37 % 41),
        ),
        &["Country Name", "Country Code", "1990"],
    );
    check(
        &with_rows(
            "Model,MSO24\nFirmware Version,1.2\n\nSample Interval,4e-06\nRecord Length,1000\nHorizontal Units,s\n\
             Vertical Units,V\n\nTIME,CH1\n",
            two,
        ),
        &["TIME", "CH1"],
    );
    check(&with_rows("Model,TDS2000\nRecord Length,2500\nSample Interval,4e-06\nTIME,CH1\n", two), &["TIME", "CH1"]);
    check(
        &with_rows(
            "LabVIEW Measurement\t\nWriter_Version\t2\nSeparator\tTab\nDecimal_Separator\t,\n***End_of_Header***\t\n\t\n\
             Channels\t1\nSamples\t40\nX_Dimension\tTime\n***End_of_Header***\t\nX_Value\tVoltage\tComment\n",
            |row| format!("{row},000000\t4,{row:02}\t"),
        ),
        &["X_Value", "Voltage"],
    );
    check(&with_rows("Station,Bonn,\nOperator,Anna,\nHeight,62,\ntime,temp,hum\n", three), &["time", "temp", "hum"]);
    check(
        &with_rows(
            "#group,false,false,true,false\n#datatype,string,long,dateTime:RFC3339,double\n#default,_result,,,\n\
             ,result,table,_time,_value\n",
            |row| format!(",,0,2026-05-01T00:{row:02}:00Z,{}.5", row * 37 % 41),
        ),
        &["column 1", "result", "table", "_time", "_value"],
    );
    check(&with_rows("Serial,0012,V2\nStart,2026-05-01,00:00\nDate,T in,T out\n", three), &["Date", "T in", "T out"]);
}

#[test]
fn names_in_several_rows_are_no_rows_of_data() {
    let quotes = |row: usize| format!("2026-05-01 00:{row:02},{}.5,{}.25,{}.75", 20 + row % 7, 40 + row, row * 3 % 11);
    let single = with_rows("Price,Close,High,Low\nTicker,AAPL,AAPL,AAPL\nDate,,,\n", quotes);
    check(&single, &["Price", "Close", "High", "Low"]);
    assert!(has_warning(&single, "2 rows below the header"), "{:?}", single.warnings);
    check(
        &with_rows("Price,Close,Close,High\nTicker,AAPL,MSFT,AAPL\nDate,,,\n", quotes),
        &["Price / Ticker", "Close / AAPL", "Close / MSFT", "High / AAPL"],
    );
    let vcds = with_rows(
        "Monday,04,May,2026,12:00:00:12345-VCID\n,,Group A,,Group B\n,TIME,Engine Speed,TIME,Load\n\
         Marker,STAMP, /min,STAMP, %\n",
        |row| format!(",{}.00,{},{}.10,{}.5", row, 800 + row * 7, row, row * 37 % 41),
    );
    assert_eq!((vcds.rows, vcds.columns[2].name.contains("Engine Speed")), (ROWS as u64, true), "{:?}", vcds.warnings);
    let keysight = with_rows("x-axis,1,2\nsecond,Volt,Volt\n", |row| {
        format!("{:.4e},{:+.4e},{:+.4e}", row as f64 * 4e-6, (row % 7) as f64 - 3.0, (row % 5) as f64 - 2.0)
    });
    check(&keysight, &["x-axis", "1", "2"]);
    assert_eq!(keysight.columns[1].unit.as_deref(), Some("Volt"));
    let iba =
        with_rows("time;[0:0];[0:1]\n;Speed;Torque\ns;m/s;Nm\n", |row| format!("{row},5;{row},25;{},75", row % 7));
    check(&iba, &["time", "[0:0]", "[0:1]"]);
    assert_eq!(iba.columns[2].unit.as_deref(), Some("Nm"));
    let historian =
        with_rows("Tag,FIC101.PV,PI202.PV\nDescription,Feed temperature,Drum pressure\nEU,degC,bar\n", |row| {
            format!("01-May-26 00:{row:02}:00,{}.5,{}.25", 90 + row % 9, 2 + row % 3)
        });
    check(&historian, &["Tag", "FIC101.PV", "PI202.PV"]);
    assert_eq!(historian.columns[1].unit.as_deref(), Some("degC"));
}

#[test]
fn a_row_without_any_measurement_is_a_row() {
    for first_row in ["unknown,unknown", "NaN,NaN", "-,-", "n/a,2.5", "1.5,off"] {
        let summary = with_rows(&format!("a,b\n{first_row}\n"), |row| format!("{row}.5,{}.25", row * 7 % 11));
        assert_eq!(summary.rows, ROWS as u64 + 1, "{first_row}");
    }
}

#[test]
fn rules_around_rows_are_no_rows() {
    let bars = |row: usize| format!("| {row:2} | {}.25 | {} |", row * 7 % 11, ["bb", "aa"][row % 2]);
    for start in [
        "+----+-------+------+\n| id | score | kind |\n+----+-------+------+\n",
        "+====+=======+======+\n| id | score | kind |\n+====+=======+======+\n",
        "---------------------\n| id | score | kind |\n---------------------\n",
        "| id | score | kind |\n|---|---|---|\n",
        "| id | score | kind |\n|:---|:--:|---:|\n",
        "| id | score | kind |\n| --- | --: | --- |\n",
        "| id | score | kind |\n|----+-------+------|\n",
    ] {
        check(&with_rows(start, bars), &["column 1", "id", "score", "kind"]);
    }
    let mut text = "+----+-------+------+\n| id | score | kind |\n+----+-------+------+\n".to_owned();
    (0..ROWS).for_each(|row| writeln!(text, "{}", bars(row)).expect("text"));
    text.push_str("+----+-------+------+\n40 rows in set (0.00 sec)\n");
    check(&scan(&text), &["column 1", "id", "score", "kind"]);
    for start in
        [" id | score | kind\n----+-------+------\n", "id | score | kind\n--|--|--\n", "id | score | kind\n:-|:-:|-:\n"]
    {
        let rows = |row: usize| format!(" {row} | {}.25 | {}", row * 7 % 11, ["bb", "aa"][row % 2]);
        check(&with_rows(start, rows), &["id", "score", "kind"]);
    }
    let words =
        with_rows("| name | town |\n|------|------|\n", |row| format!("| N{row} | {} |", ["Bonn", "Ulm"][row % 2]));
    assert_eq!((words.rows, words.columns[1].name.as_str()), (ROWS as u64, "name"));
}

#[test]
fn names_with_blanks_stand_above_columns_that_blanks_align() {
    let row =
        |row: usize| format!("S{row:<8} {:>12}.5 {:>10}.25  {}", row * 7 % 31, row * 3 % 11, ["on", "off"][row % 2]);
    for start in [
        "Station       Max Temp     Min Temp  State\n",
        "Station    Maximum Temp  Min Temp T2  State\n",
        "Station        Max Temp  Min Temp    State\n",
        "Station        Max Temp     Min Temp State\n",
    ] {
        let summary = with_rows(start, row);
        let names: Vec<&str> = summary.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!((summary.rows, names.len()), (ROWS as u64, 4), "{start} {:?}", summary.dialect);
        assert!(names[1].starts_with("Max") && names[2].starts_with("Min Temp"), "{names:?}");
        assert_eq!((names[0], names[3]), ("Station", "State"));
    }
    check(
        &with_rows("time  temp hum\n", |row| format!("{row:>4} {:>5}.5 {:>3}", row % 7, row % 9)),
        &["time", "temp", "hum"],
    );
}
