//! The table of what the reader makes of difficult files, docs/reading.md: `PINHOLE_WRITE=1 cargo test -p pinhole-anomaly
//! --test anomaly conformance` writes it, and without the variable the test compares it.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use pinhole_protocol::table::{TableSummary, TextEncoding};
use pinhole_table::source::MemorySource;

use crate::{parcels::open, reading::scan};

const HEAD: &str = "# How files are read\n\n\
    Written by `PINHOLE_WRITE=1 cargo test -p pinhole-anomaly --test anomaly conformance`; without the variable, the test\n\
    fails if the reader has come to read one otherwise.\n";

/// A public file of the folder `messy` of the shared data, with its difficulty, and encoding, delimiter, rows and columns
/// as they are.
type MessyFile = (&'static str, &'static str, TextEncoding, &'static str, u64, usize);

const MESSY: [MessyFile; 8] = [
    (
        "AirQualityUCI.csv",
        "decimal comma, times as 18.00.00, -200 for missing, 114 empty rows and 2 empty columns at the end",
        TextEncoding::Utf8,
        ";",
        9357,
        15,
    ),
    ("bikes.csv", "Latin-1, day first, 295 rows with a cell too few", TextEncoding::Windows1252, ";", 310, 10),
    ("spanish_chars.csv", "Latin-1, quoted thousands, totals at the end", TextEncoding::Windows1252, ",", 114, 8),
    ("excel_pasting.csv", "three lines above, years as names, sources below", TextEncoding::Utf8, ",", 13, 9),
    ("mixedGLB.csv", "CR alone as line end, a preamble, **** for missing", TextEncoding::Utf8, ",", 133, 19),
    ("utf8bom.csv", "a byte order mark, a header and no row", TextEncoding::Utf8, ",", 0, 2),
    ("simple.psv", "bars between cells, CR LF and LF mixed", TextEncoding::Utf8, "|", 28, 6),
    ("null.csv", "the word null, no header", TextEncoding::Utf8, ",", 10, 4),
];

/// A kind of difficulty, its beginning, the rows of which 40 follow (`{}` is the number of the row), and the test that
/// has more members of it.
const KINDS: [(&str, &str, &str, &str); 22] = [
    ("Amounts of accountants", "v;n\n(1,638.97);1\n", "1,578.64;{}", "reading::amounts_of_accountants_are_numbers"),
    ("A currency, zero as a dash", "v;n\n$ -;1\n", "$1,421.40;{}", "notations::the_dash_of_accountants_is_zero"),
    ("Units in cells", "v;n\n", "57,5 °C;{}", "reading::units_go_with_their_column"),
    ("A row of units", "t,v,w\ns,degC,kPa\n", "{},20.5,101.25", "reading::a_row_of_units_is_no_row_of_data"),
    ("Names in two rows", "a,in,,out,\n,p,t,p,t\n", "A,{}.5,2.5,3.5,1.5", "reading::a_header_of_two_rows_is_joined"),
    (
        "Names, tickers, an empty row of names",
        "Price,Close,High\nTicker,AAPL,AAPL\nDate,,\n",
        "2026-05-01 00:{}:00,1{}.5,2{}.5",
        "preambles::names_in_several_rows_are_no_rows_of_data",
    ),
    (
        "A preamble as wide as the table",
        "Model,TDS2000\nRecord Length,2500\nTIME,CH1\n",
        "{}e-06,0.5",
        "preambles::a_preamble_as_wide_as_the_table_is_skipped",
    ),
    (
        "A preamble of keys and values",
        "Station,Bonn,\nHeight,62,\ntime,temp,hum\n",
        "{},20.5,40.25",
        "preambles::a_preamble_as_wide_as_the_table_is_skipped",
    ),
    (
        "Rules of a database client",
        "+---+---+\n| a | b |\n+---+---+\n",
        "| {} | 2.5 |",
        "preambles::rules_around_rows_are_no_rows",
    ),
    ("A rule of Markdown", "| a | b |\n|:--|--:|\n", "| {} | 2.5 |", "preambles::rules_around_rows_are_no_rows"),
    (
        "Remarks between rows",
        "t,v\n1,2.5\n# off, for a while\n",
        "{},3.5",
        "reading::remarks_between_rows_are_not_read",
    ),
    (
        "Another table above",
        "k,min,max\na,1,2\nb,1,2\nc,1,2\nd,1,2\n\nt,v,w,x\n",
        "{},1.5,2.5,3.5",
        "sections::a_small_table_above_a_large_one_is_told",
    ),
    ("Lengths of time", "v,n\n900:01:01,1\n", "13:58:22,{}", "reading::lengths_of_time_are_numbers"),
    (
        "Minutes and seconds",
        "v,n\n75:10,1\n",
        "12:34,{}",
        "notations::two_parts_are_minutes_and_seconds_where_one_is_beyond_a_day",
    ),
    ("Dates of other languages", "v;n\n", "5. März 2026;{}", "reading::dates_are_read_in_other_languages"),
    ("Marks of footnotes", "v,n\n3.5*,1\n7.25 (e),2\n", "1.5,{}", "notations::marks_of_footnotes_belong_to_no_number"),
    ("Below detection", "v,n\n<LOD,1\n", "1.5,{}", "notations::what_is_below_detection_is_missing"),
    ("Errors of spreadsheets", "v;n\n#WERT!;1\n", "15,2;{}", "reading::errors_of_spreadsheets_are_missing"),
    ("Codes with leading zeros", "v,n\n", "0106{},3", "reading::digits_that_are_codes_are_no_numbers"),
    ("Hexadecimal codes", "v,n\n7f2a,1\n", "12e5,{}", "notations::hexadecimal_codes_are_no_numbers"),
    (
        "A label in Chinese",
        "值,检验结果\n1,不合格\n2,不合格\n",
        "{},合格",
        "labels::labels_are_known_in_the_languages_of_east_asia_and_in_arabic",
    ),
    (
        "Classes that are no label",
        "n,target\n1,north\n2,north\n3,north\n4,north\n5,north\n6,north\n7,north\n8,north\n9,north\n10,north\n11,north\n",
        "{},south",
        "labels::two_classes_without_an_anomaly_are_no_label",
    ),
];

/// Rows after the beginning of each example.
const ROWS: usize = 40;

#[test]
fn the_table_of_files_is_current() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reading.md");
    let is_writing = std::env::var_os("PINHOLE_WRITE").is_some();
    let stored = fs::read_to_string(&file).unwrap_or_default();
    let messy = messy_files().unwrap_or_else(|| section(&stored, "## Public files\n"));
    let current = format!("{HEAD}\n{messy}\n{}", kinds());
    if is_writing {
        fs::write(&file, &current).expect("the document can be written");
    }
    assert!(is_writing || stored == current, "docs/reading.md is not what the reader does:\n{current}");
}

/// The part of a document from a heading to the next, for what cannot be made anew.
fn section(document: &str, heading: &str) -> String {
    let start = document.find(heading).unwrap_or(document.len());
    let end = document[start..].find("\n## Kinds").map_or(document.len(), |end| start + end);
    document[start..end].to_owned()
}

/// The part about public files; `None` (and a line that says so) if they are not there.
fn messy_files() -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messy");
    if !folder.is_dir() {
        println!("SKIP public files: the shared test data are not there");
        return None;
    }
    let mut text = "## Public files\n\nOf `okfn/messytables`, `jvns/pandas-cookbook` and the UCI repository.\n\n\
        | file | difficulty | encoding | delimiter | skipped | rows | columns | sentences | as it is |\n\
        |---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (name, difficulty, encoding, delimiter, rows, columns) in MESSY {
        let bytes = fs::read(folder.join(name)).expect("the shared data are complete");
        let (_, summary) = open(Box::new(MemorySource::new(name, bytes)));
        let dialect = &summary.dialect;
        let found = (dialect.encoding, dialect.delimiter.as_str(), summary.rows, summary.columns.len());
        let is_right = found == (encoding, delimiter, rows, columns);
        assert!(is_right, "{name} {found:?}");
        writeln!(
            text,
            "| {name} | {difficulty} | {} | `{}` | {} | {} | {} | {} | yes |",
            dialect.encoding.label(),
            dialect.delimiter.replace('|', "\\|"),
            dialect.preamble_rows,
            summary.rows,
            summary.columns.len(),
            summary.warnings.len(),
        )
        .expect("text");
    }
    Some(text)
}

/// The part about kinds: an example of each, and how it is read.
fn kinds() -> String {
    let mut text =
        "## Kinds\n\nAn example of each; the test, in `crates/anomaly/tests/anomaly`, has more members of it.\n\n\
        | kind | first lines | read as | test |\n|---|---|---|---|\n"
            .to_owned();
    for (kind, start, row, test) in KINDS {
        let first: Vec<String> = start.lines().take(4).chain([row]).map(inline_code).collect();
        let rows =
            (20..20 + ROWS).fold(start.to_owned(), |text, index| text + &row.replace("{}", &index.to_string()) + "\n");
        writeln!(text, "| {kind} | {} | {} | `{test}` |", first.join("<br>"), describe(&scan(&rows))).expect("text");
    }
    text
}

fn inline_code(line: &str) -> String {
    format!("`{}`", if line.is_empty() { " ".into() } else { line.replace('|', "\\|").replace("{}", "…") })
}

/// Rows, columns by kind, the label, and the first sentence about a table.
fn describe(summary: &TableSummary) -> String {
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for column in &summary.columns {
        let range = match (column.min, column.max) {
            (Some(min), Some(max)) => format!(" {min} to {max}"),
            _ => String::new(),
        };
        let unit = column.unit.as_deref().map_or(String::new(), |unit| format!(" {unit}"));
        kinds.entry(column.kind.label()).or_default().push(format!("{}{range}{unit}", column.name));
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, names)| format!("{kind}: {}", names.join(", "))).collect();
    let label = summary.label.as_ref().map_or(String::new(), |label| {
        format!("; label {}: {}", summary.columns[label.column].name, label.anomalous_values.join(", "))
    });
    let told = summary.warnings.first().map_or(String::new(), |warning| format!("; “{}”", warning.message));
    format!("{} rows; {}{label}{told}", summary.rows, kinds.join("; ")).replace('|', "\\|")
}
