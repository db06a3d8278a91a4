//! Files as people have them: what a scan makes of each kind of cell.

use std::fmt::Write as _;

use pinhole_anomaly::jobs::ScanJob;
use pinhole_protocol::table::{ColumnKind, ColumnSummary, DecimalMark, Dialect, TableSummary};
use pinhole_table::source::MemorySource;

use crate::parcels::{open, run};

pub fn scan(text: &str) -> TableSummary {
    open(Box::new(MemorySource::new("file.csv", text.as_bytes()))).1
}

/// A table with a column of these cells, repeated to 60 rows, beside a column of other numbers.
pub fn scan_cells(delimiter: char, cells: &[&str]) -> TableSummary {
    let mut text = format!("v{delimiter}other\n");
    for row in 0..60 {
        let cell = cells[row % cells.len()];
        let quoted = if cell.contains(delimiter) { format!("\"{cell}\"") } else { cell.to_owned() };
        writeln!(text, "{quoted}{delimiter}{}", row * 7 % 13).expect("text can be written");
    }
    scan(&text)
}

pub fn first(summary: &TableSummary) -> &ColumnSummary {
    &summary.columns[0]
}

/// Checks that cells are numbers with this range and unit.
pub fn check_numbers(delimiter: char, cells: &[&str], range: (f64, f64), unit: Option<&str>) {
    let summary = scan_cells(delimiter, cells);
    let column = first(&summary);
    assert_eq!(column.kind, ColumnKind::Numeric, "{cells:?} {column:?}");
    let close = |one: Option<f64>, other: f64| one.is_some_and(|one| (one - other).abs() < 1e-6 * other.abs().max(1.0));
    assert!(close(column.min, range.0) && close(column.max, range.1), "{cells:?} {column:?}");
    assert_eq!(column.unit.as_deref(), unit, "{cells:?}");
}

#[test]
fn amounts_of_accountants_are_numbers() {
    check_numbers(',', &["$1,578.64", "($1,638.97)", "$442.67"], (-1638.97, 1578.64), Some("$"));
    check_numbers(',', &["1,578.64", "(1,638.97)", "442.67"], (-1638.97, 1578.64), None);
    check_numbers(';', &["677,69-", "12,50", "1.204,00"], (-677.69, 1204.0), None);
    check_numbers(';', &["-1.338,80 €", "1.106,98 €", "2,00 €"], (-1338.8, 1106.98), Some("€"));
    check_numbers(',', &["USD 1,200.50", "USD 7.25", "USD -3.00"], (-3.0, 1200.5), Some("USD"));
    check_numbers(';', &["1 234,50 zł", "12,00 zł", "-7,25 zł"], (-7.25, 1234.5), Some("zł"));
    check_numbers(',', &["CHF 1'234.50", "CHF 12.00", "CHF 7.25"], (7.25, 1234.5), Some("CHF"));
    check_numbers(',', &["₹12,34,567.00", "₹1,00,000.00", "₹250.00"], (250.0, 1_234_567.0), Some("₹"));
    check_numbers(',', &["R$ 12.50", "R$ 7.25", "-R$ 3.00"], (-3.0, 12.5), Some("R$"));
    check_numbers(',', &["$5.00", "7.25", "$12.50", "$8.00"], (5.0, 12.5), Some("$"));
}

#[test]
fn units_go_with_their_column() {
    check_numbers(';', &["57,5 °C", "56,6 °C", "61,3 °C"], (56.6, 61.3), Some("°C"));
    check_numbers(',', &["1292 rpm", "1268 rpm", "1307 rpm"], (1268.0, 1307.0), Some("rpm"));
    check_numbers(',', &["12.5kg", "7.25kg", "3kg"], (3.0, 12.5), Some("kg"));
    check_numbers(',', &["4.5 m3/h", "5.25 m3/h", "3.0 m3/h"], (3.0, 5.25), Some("m3/h"));
    check_numbers(',', &["23%", "11 %", "99%"], (11.0, 99.0), Some("%"));
    check_numbers(';', &["25,1 %", "52,1 %", "75,3 %"], (25.1, 75.3), Some("%"));
    check_numbers(',', &["<0.5 mg/l", "1.25 mg/l", "3.5 mg/l"], (0.5, 3.5), Some("mg/l"));
    check_numbers(',', &["<0.5", "1.25", "3.5"], (0.5, 3.5), None);
}

#[test]
fn different_units_in_one_column_are_told() {
    let summary = scan_cells(',', &["5 kg", "11 lb", "7 kg", "9 lb"]);
    assert_ne!(first(&summary).kind, ColumnKind::Numeric);
    assert!(has_warning(&summary, "different units: kg (30), lb (30)."), "{:?}", summary.warnings);
    let mut cells: Vec<String> = (0..299).map(|row| format!("{}.5 kg", row * 37 % 41)).collect();
    cells.push("7 lb".into());
    let mostly = scan_column("v", |row| cells[row + 100].clone());
    assert_eq!((first(&mostly).kind, first(&mostly).unit.as_deref()), (ColumnKind::Numeric, Some("kg")));
    assert!(has_warning(&mostly, "lb (1). Numbers in kg are used"), "{:?}", mostly.warnings);
}

#[test]
fn a_bare_filler_among_units_is_missing() {
    for filler in ["-999", "-9999", "9999", "99999"] {
        let cells = [
            "57.5 °C", "56.6 °C", "61.3 °C", "58.1 °C", "59.9 °C", "60.2 °C", "61.8 °C", "57.1 °C", "55.0 °C",
            "56.0 °C", "60.0 °C", filler,
        ];
        let summary = scan_cells(',', &cells);
        let column = first(&summary);
        assert_eq!(
            (column.kind, column.missing, column.min),
            (ColumnKind::Numeric, 5, Some(55.0)),
            "{filler} {column:?}"
        );
        assert!(has_warning(&summary, "without the unit °C"), "{:?}", summary.warnings);
    }
}

#[test]
fn errors_of_spreadsheets_are_missing() {
    for error in ["#NV", "#DIV/0!", "#WERT!", "#BEZUG!", "#NOMBRE!", "#VALEUR!", "#N/D", "#ССЫЛКА!", "Err:502", "####"]
    {
        let summary = scan_cells(';', &["15,2", "23,8", "18,4", error, "19,0"]);
        let column = first(&summary);
        let found = (column.kind, column.min, column.max, column.missing);
        assert_eq!(found, (ColumnKind::Numeric, Some(15.2), Some(23.8), 12), "{error}");
    }
}

#[test]
fn words_among_numbers_mean_that_there_is_none() {
    let mut text = "t,v\n".to_owned();
    for row in 0..200 {
        let cell = if row % 9 == 4 { "Bad Input".to_owned() } else { format!("{}.25", row * 37 % 101) };
        writeln!(text, "{row},{cell}").expect("text can be written");
    }
    let summary = scan(&text);
    assert_eq!(summary.columns[1].kind, ColumnKind::Numeric);
    assert!(has_warning(&summary, "\"Bad Input\" in row 5; rows 5, 14"), "{:?}", summary.warnings);
}

#[test]
fn lengths_of_time_are_numbers() {
    for (cells, range) in [
        (["13:58:22", "900:01:01", "42:54:44"], (50_302.0, 3_240_061.0)),
        (["2 days 03:04:05", "0 days 00:00:10", "1 days 00:00:00"], (10.0, 183_845.0)),
        (["PT1H30M", "PT5M", "P1DT1H"], (300.0, 90_000.0)),
        (["1h 30m", "2h 5m", "1d 2h"], (5400.0, 93_600.0)),
        (["30:15", "12:00", "7:30"], (450.0, 1815.0)),
    ] {
        check_numbers(',', &cells, range, None);
    }
    assert_eq!(first(&scan_cells(',', &["13:58:22", "09:01:01", "22:54:44"])).kind, ColumnKind::DateTime);
}

#[test]
fn digits_that_are_codes_are_no_numbers() {
    for (cells, kind) in [
        (["01067", "99084", "03046"], ColumnKind::Categorical),
        (["0030", "1200", "0450"], ColumnKind::Categorical),
        (["208310224003691571", "208310224003694130", "208310224003695413"], ColumnKind::Identifier),
        (["00012345678905", "40012345678905", "10012345678905"], ColumnKind::Categorical),
        (["1f3a9", "22c41", "9e100"], ColumnKind::Categorical),
    ] {
        let summary = scan_cells(',', &cells);
        assert_eq!(first(&summary).kind, kind, "{cells:?}");
        assert!(first(&summary).examples.iter().all(|example| cells.contains(&example.as_str())), "{cells:?}");
    }
    assert_eq!(first(&scan_cells(',', &["00", "07", "23"])).kind, ColumnKind::Numeric, "hours");
}

pub fn scan_column(name: &str, cell: impl Fn(usize) -> String) -> TableSummary {
    let mut text = format!("{name},other\n");
    for row in 0..200 {
        writeln!(text, "{},{}", cell(row), row * 7 % 13).expect("text can be written");
    }
    scan(&text)
}

#[test]
fn times_of_digits_are_times() {
    for (name, start, step) in [
        ("timestamp", 1_700_000_000_usize, 60_usize),
        ("event_time_ms", 1_700_000_000_000, 60_000),
        ("ts", 1_700_000_000_000_000, 60_000_000),
        ("createdAt", 1_700_000_000_000_000_000, 60_000_000_000),
        ("Zeit", 1_600_000_000, 86_400),
    ] {
        let summary = scan_column(name, |row| (start + step * row).to_string());
        assert_eq!(first(&summary).kind, ColumnKind::DateTime, "{name} {:?}", first(&summary));
    }
    let days = scan_column("day", |row| format!("2025{:02}{:02}", 1 + row / 28 % 12, 1 + row % 28));
    assert_eq!(first(&days).kind, ColumnKind::DateTime, "{:?}", first(&days));
    let counter = scan_column("ticks", |row| (2_000_000_000 + row * 7).to_string());
    assert_eq!(first(&counter).kind, ColumnKind::Numeric);
}

#[test]
fn dates_are_read_in_other_languages() {
    for cells in [
        ["5. März 2026", "6. April 2026", "7. Mai 2026"],
        ["12 févr. 2026", "13 mars 2026", "14 août 2026"],
        ["3 de enero de 2026", "4 de marzo de 2026", "5 de agosto de 2026"],
        ["24-gru-26", "25-sty-26", "26-lut-26"],
        ["7 mei 2026", "8 maart 2026", "9 oktober 2026"],
        ["9 мая 2026", "10 июня 2026", "11 июля 2026"],
    ] {
        assert_eq!(first(&scan_cells(';', &cells)).kind, ColumnKind::DateTime, "{cells:?}");
    }
}

#[test]
fn the_whole_file_decides_how_numbers_are_written() {
    for (early, late, max) in [
        ("75", "6,25", 75.0),
        ("7", "1.234.567", 1_234_567.0),
        ("7", "12 °C", 12.0),
        ("7", "1,234.5", 1234.5),
        ("7", "1 234", 1234.0),
        ("7", "(12.5)", 7.0),
    ] {
        let mut text = "slot;v\n".to_owned();
        for row in 0..3000 {
            writeln!(text, "{row};{}", if row > 2500 && row % 2 == 0 { late } else { early }).expect("text");
        }
        let summary = scan(&text);
        let column = &summary.columns[1];
        assert_eq!((column.kind, column.missing, column.max), (ColumnKind::Numeric, 0, Some(max)), "{late} {column:?}");
    }
    let mut text = "when,v\n".to_owned();
    for row in 0..3000 {
        let day = if row > 2500 { 13 + row % 15 } else { 1 + row % 12 };
        writeln!(text, "{day:02}/{:02}/2026,{}", 1 + row % 12, row % 17).expect("text");
    }
    let summary = scan(&text);
    assert_eq!((summary.columns[0].kind, summary.dialect.day_first), (ColumnKind::DateTime, true));
    assert!(has_warning(&summary, "the day comes first"), "{:?}", summary.warnings);
}

#[test]
fn a_filler_is_told_with_its_columns() {
    for (filler, value) in
        [("-999", -999.0), ("9999", 9999.0), ("-99999", -99_999.0), ("32767", 32_767.0), ("1e30", 1e30)]
    {
        let summary =
            scan_column("v", |row| if row % 50 == 7 { filler.into() } else { format!("{}.5", row * 37 % 41) });
        let [found] = &summary.fillers[..] else { panic!("{filler} {:?}", summary.fillers) };
        assert_eq!((found.value, &found.columns[..], found.cells, found.first_row), (value, &[0][..], 4, 8));
    }
    let one = scan_column("v", |row| if row == 7 { "1e30".into() } else { format!("{}.5", row * 37 % 41) });
    assert_eq!(one.fillers.len(), 1);
    let none = scan_column("v", |row| if row == 7 { "250".into() } else { format!("{}.5", row * 37 % 41) });
    assert_eq!(none.fillers, []);
}

#[test]
fn booleans_and_labels_are_known_in_ten_languages() {
    for words in
        [["ja", "nein"], ["oui", "non"], ["sí", "no"], ["sim", "não"], ["tak", "nie"], ["да", "нет"], ["evet", "no"]]
    {
        assert_eq!(first(&scan_cells(';', &words)).kind, ColumnKind::Boolean, "{words:?}");
    }
    for (name, [normal, anomalous]) in [
        ("Ergebnis", ["gut", "schlecht"]),
        ("defekt", ["nein", "ja"]),
        ("résultat", ["conforme", "non conforme"]),
        ("resultado", ["bueno", "malo"]),
        ("esito", ["buono", "difettoso"]),
        ("falha", ["não", "sim"]),
        ("storing", ["nee", "ja"]),
        ("Prüfung", ["i.O.", "n.i.O."]),
        ("wynik", ["dobry", "wadliwy"]),
        ("результат", ["годен", "брак"]),
    ] {
        let summary = scan_column(name, |row| if row % 20 == 3 { anomalous } else { normal }.to_owned());
        let label = summary.label.unwrap_or_else(|| panic!("{name} is a label"));
        assert_eq!((label.column, label.anomalous_values), (0, vec![anomalous.to_owned()]), "{name}");
    }
}

pub fn has_warning(summary: &TableSummary, text: &str) -> bool {
    summary.warnings.iter().any(|warning| warning.message.contains(text))
}

#[test]
fn numbers_can_be_names() {
    for header in ["station,2023,2024", "sample,400.0,402.5,405.0", "id,1,2,3,4", "Region,1990,2000,2010", "s,-2,0,2"] {
        let width = header.split(',').count();
        let mut text = format!("{header}\n");
        for row in 0..12 {
            write!(text, "S{row}").expect("text");
            (1..width).for_each(|column| write!(text, ",{}.{}", 50 + row * column % 7, row % 10).expect("text"));
            text.push('\n');
        }
        let summary = scan(&text);
        assert_eq!((summary.rows, summary.columns[1].name.as_str()), (12, header.split(',').nth(1).expect("a name")));
    }
}

#[test]
fn thousands_by_point_are_told_from_decimals() {
    check_numbers(';', &["985", "1.122", "12.400", "7.310"], (985.0, 12_400.0), None);
    check_numbers(',', &["985", "1.122", "12.400", "7.310"], (985.0, 12_400.0), None);
    check_numbers(';', &["1.037 €", "2.114 €", "3.001 €"], (1037.0, 3001.0), Some("€"));
    check_numbers(';', &["1.037,-", "12,-", "3.001,--"], (12.0, 3001.0), None);
    check_numbers(',', &["1.037", "2.114", "0.985", "3.5"], (0.985, 3.5), None);
    let summary = scan("place;people;share\nA;20.300;1,23\nB;21.437;4,50\nC;19.115;2,75\nD;18.020;2,71\n");
    assert_eq!((summary.columns[1].min, summary.columns[2].max), (Some(18_020.0), Some(4.5)));
}

#[test]
fn a_persons_choice_of_the_decimal_mark_stays() {
    let text = "v;k\n985;1\n1.122;2\n12.400;3\n7.310;4\n";
    let (table, guessed) = open(Box::new(MemorySource::new("file.csv", text.as_bytes())));
    assert_eq!(guessed.columns[0].max, Some(12_400.0));
    let chosen =
        Dialect { decimal: DecimalMark::Point, thousands: None, columns: Vec::new(), ..guessed.dialect.clone() };
    let (reread, _) = table.borrow().reread(chosen).expect("it can be read so");
    assert_eq!(run(ScanJob::new(&reread).expect("a table")).columns[0].min, Some(1.122));
    // Another change leaves the guess for the column.
    let marked = Dialect { missing_markers: vec!["-1".into()], ..guessed.dialect };
    let (reread, _) = table.borrow().reread(marked).expect("it can be read so");
    assert_eq!(run(ScanJob::new(&reread).expect("a table")).columns[0].max, Some(12_400.0));
}
