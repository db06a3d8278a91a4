//! Workbooks.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use pinhole_protocol::table::FileFormat;
use pinhole_table::conversion::ConvertedText;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{HEADINGS, archives::zip, convert, file, refusal, scored_text, write_scored};

fn bytes(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().expect("a workbook")
}

/// A sheet that begins with a title in column B, with a merged header, all types, a blank row and a total.
fn report() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let cover = workbook.add_worksheet().set_name("Cover").expect("a name");
    cover.write(0, 0, "Report").expect("a cell");
    let sheet = workbook.add_worksheet().set_name("Data").expect("a name");
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let plain = Format::new();
    sheet.write(0, 1, "Plant 3, all readings").expect("a cell");
    sheet.merge_range(2, 2, 2, 3, "Hall A", &plain).expect("merged cells");
    sheet.merge_range(2, 4, 2, 5, "Hall B", &plain).expect("merged cells");
    for (column, name) in (1..).zip(["Time", "Temp", "Code", "Temp", "On"]) {
        sheet.write(3, column, name).expect("a cell");
    }
    for row in 0..12_u32 {
        let at = ExcelDateTime::from_ymd(2025, 3, 1 + row as u8).expect("a date").and_hms(6, 30, 0).expect("a time");
        sheet.write_with_format(4 + row, 1, &at, &date).expect("a cell");
        sheet.write(4 + row, 2, 20.1 + f64::from(row)).expect("a cell");
        sheet.write(4 + row, 3, format!("{row:03}")).expect("a cell");
        sheet.write(4 + row, 4, 0.1 + 0.2).expect("a cell");
        sheet.write(4 + row, 5, row % 2 == 0).expect("a cell");
    }
    sheet.write(17, 1, "Total").expect("a cell");
    sheet.write(17, 2, 307.2).expect("a cell");
    bytes(workbook)
}

#[test]
fn the_sheet_with_the_table_is_read_with_its_types() {
    let converted = convert(vec![file("report.xlsx", report())], None).expect("a table");
    let lines: Vec<&str> = converted.text.lines().collect();
    assert_eq!(
        lines[..4],
        ["\"Plant 3, all readings\"", "\"\"", ",Hall A,Hall A,Hall B,Hall B", "Time,Temp,Code,Temp,On"]
    );
    assert_eq!(lines[4], "2025-03-01 06:30:00,20.1,000,0.3,true");
    assert_eq!(lines[16..], [",,,,", "Total,307.2,,,"]);
    let origin = converted.origin;
    assert_eq!(
        (origin.format, origin.parts.as_slice(), origin.part),
        (FileFormat::Workbook, &["Cover".into(), "Data".into()][..], 1)
    );
    assert_eq!(converted.written, ConvertedText::Records);
    let cover = convert(vec![file("report.xlsx", report())], Some(0)).expect("the cover");
    assert_eq!(cover.text, "Report\n");
}

#[test]
fn formulas_without_results_are_told() {
    let row = |row: u32| {
        format!(
            "<row r=\"{row}\"><c r=\"A{row}\"><v>1.5</v></c><c r=\"B{row}\"><f>A{row}*2</f></c>\
             <c r=\"C{row}\"><f>A{row}*2</f><v>3</v></c></row>"
        )
    };
    let rows = (1..=5).map(row).collect::<Vec<_>>().concat();
    let relations = |target: &str| {
        let kind = if target.starts_with("xl") { "officeDocument" } else { "worksheet" };
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let archive = zip(&[
        ("_rels/.rels", relations("xl/workbook.xml").as_bytes()),
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml").as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes()),
    ]);
    let converted = convert(vec![file("t.xlsx", archive)], None).expect("a table");
    assert_eq!(converted.text.lines().next(), Some("1.5,,3"));
    assert!(converted.origin.remarks[0].starts_with("5 cells hold formulas"), "{:?}", converted.origin.remarks);
}

#[test]
fn open_document_sheets_are_read() {
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let value = |kind: &str, name: &str, value: &str| {
        format!(
            "<table:table-cell office:value-type=\"{kind}\" office:{name}=\"{value}\"><text:p>shown</text:p></table:table-cell>"
        )
    };
    let header = row(&["a", "at", "long", "on"].map(text).concat());
    let cells = [
        value("float", "value", "1.5"),
        value("date", "date-value", "2025-03-01T06:30:00"),
        value("time", "time-value", "PT30H01M00S"),
        value("boolean", "boolean-value", "true"),
    ];
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <office:spreadsheet><table:table table:name=\"Blatt\">{header}{}</table:table></office:spreadsheet></office:body>\
         </office:document-content>",
        row(&cells.concat())
    );
    let archive = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>"),
        ("content.xml", content.as_bytes()),
    ]);
    let converted = convert(vec![file("t.ods", archive)], None).expect("a table");
    assert_eq!(converted.text, "a,at,long,on\n1.5,2025-03-01 06:30:00,30:01:00,true\n");
}

#[test]
fn the_scored_sheet_keeps_its_cells_and_colours_flagged_rows() {
    let source = file("report.xlsx", report());
    let text = convert(vec![source.clone()], None).expect("a table").text;
    let scored = scored_text(&text, |index| match index {
        3 => HEADINGS.to_owned(),
        4..16 => format!(",{index}.25,0.5,{},Temp,,", u8::from(index == 5)),
        _ => String::new(),
    });
    let written = write_scored(&source, &scored, 5);
    let mut workbook = Xlsx::new(Cursor::new(written)).expect("a workbook");
    let range = workbook.worksheet_range("Data").expect("the sheet");
    let cell = |row: u32, column: u32| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(cell(0, 1), Data::String("Plant 3, all readings".into()));
    assert_eq!(cell(3, 6), Data::String("score".into()));
    assert_eq!((cell(4, 2), cell(4, 3)), (Data::Float(20.1), Data::String("000".into())), "types are kept");
    assert!(matches!(cell(4, 1), Data::DateTime(time) if time.to_ymd_hms_milli() == (2025, 3, 1, 6, 30, 0, 0)));
    assert_eq!(
        (cell(5, 6), cell(5, 8), cell(5, 9)),
        (Data::Float(5.25), Data::Float(1.0), Data::String("Temp".into()))
    );
    assert_eq!(cell(17, 6), Data::Empty, "a total has no score");
    let styles = workbook.worksheet_style("Data").expect("styles");
    let fill = |row| styles.get((row, 2)).and_then(|style| style.fill.clone());
    assert_ne!(fill(5), fill(4));
}

#[test]
fn workbooks_that_cannot_be_read_are_refused_with_a_sentence() {
    let whole = report();
    for cut in [30, whole.len() / 2, whole.len() - 5] {
        let sentence = refusal(vec![file("t.xlsx", &whole[..cut])]);
        assert!(sentence.contains("“t.xlsx” is a damaged"), "{sentence}");
    }
    let mut empty = Workbook::new();
    empty.add_worksheet().set_name("Nothing").expect("a name");
    assert!(refusal(vec![file("t.xlsx", bytes(empty))]).contains("has no cells in its sheet “Nothing”"));
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100);
    assert!(refusal(vec![file("t.xls", old)]).contains("“t.xls” is a damaged"));
    assert!(refusal(vec![file("t.xlsx", encrypted())]).contains("is protected by a password"));
}

/// A compound file with the stream `EncryptedPackage`, as spreadsheets save with a password (MS-CFB, MS-OFFCRYPTO).
fn encrypted() -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let mut file = vec![0; 512];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    let mut put = |at: usize, value: u32| file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    // One sector of the allocation table, the first; the directory is the second.
    put(44, 1);
    put(48, 1);
    put(56, 4096);
    put(60, END);
    put(68, END);
    put(76, 0);
    for entry in 1..109 {
        put(76 + 4 * entry, u32::MAX);
    }
    let table: Vec<u32> = [0xffff_fffd, END].into_iter().chain(std::iter::repeat_n(u32::MAX, 126)).collect();
    file.extend(table.iter().flat_map(|entry| entry.to_le_bytes()));
    for (name, kind) in [("Root Entry", 5), ("EncryptedPackage", 2), ("", 0), ("", 0)] {
        let mut entry = [0; 128];
        for (index, unit) in name.encode_utf16().enumerate() {
            entry[2 * index..2 * index + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = if name.is_empty() { 0 } else { 2 * (name.len() as u8 + 1) };
        entry[66] = kind;
        entry[67] = 1;
        entry[68..80].fill(0xff);
        if kind == 5 {
            entry[76..80].copy_from_slice(&1_u32.to_le_bytes());
        }
        entry[116..120].copy_from_slice(&END.to_le_bytes());
        file.extend(entry);
    }
    file
}
