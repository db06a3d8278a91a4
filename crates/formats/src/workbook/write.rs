//! Scored sheet as `.xlsx`.

use pinhole_table::{
    TableError,
    conversion::{AddedColumns, ScoredFileWriter},
    source::{ByteSource as _, SharedSource},
};
use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use super::{
    cell_value::{CellValue, TimeKind, time_kind},
    layout::{LAID_OUT_ROWS, Layout},
    open::{OpenWorkbook, WorkbookKind},
    rows::Row,
};
use crate::scored_text::{ScoredRecord, ScoredText};

/// Colour of flagged rows: light enough for dark text.
const FLAGGED_COLOUR: Color = Color::RGB(0xFF_E3_C2);

/// Cells of the largest sheet that is written: it is held in memory, with some 50 bytes each.
const MAX_CELLS: usize = 20_000_000;

/// Days between the two epochs of workbooks, 1900 and 1904.
const EPOCH_DIFFERENCE_DAYS: f64 = 1462.0;

/// Rows of a sheet, at most.
const MAX_ROWS: u32 = 1 << 20;

/// Writer of a scored sheet: the cells of the sheet with their types, and the added ones beside them.
pub(crate) struct WorkbookWriter {
    source: SharedSource,
    kind: WorkbookKind,
    part: usize,
    scored: ScoredText,
    is_written: bool,
}

impl WorkbookWriter {
    pub(crate) fn new(source: SharedSource, kind: WorkbookKind, part: usize, added: AddedColumns) -> Self {
        Self { source, kind, part, scored: ScoredText::new(added), is_written: false }
    }

    fn write(&self) -> Result<Vec<u8>, TableError> {
        let mut source = OpenWorkbook::open(&self.source, self.kind)?;
        let name = source.sheets().get(self.part).cloned().unwrap_or_default();
        let mut rows = source.sheet(self.part)?;
        let mut workbook = Workbook::new();
        let refuse = |error: XlsxError| self.refuse(format!("cannot be written as a workbook ({error})"));
        let mut sheet = SheetWriter::new(workbook.add_worksheet(), &self.scored);
        sheet.sheet.set_name(&name).map_err(refuse)?;
        let mut held_back = Vec::new();
        while let Some(row) = rows.next_row()? {
            if row.index >= MAX_ROWS || sheet.cells > MAX_CELLS {
                return Err(
                    self.refuse(format!("is too large for a workbook that is written here ({} rows)", row.index))
                );
            }
            held_back.push(row);
            if held_back.len() == LAID_OUT_ROWS || sheet.layout.is_some() {
                sheet.write_rows(&mut held_back).map_err(refuse)?;
            }
        }
        sheet.write_rows(&mut held_back).map_err(refuse)?;
        workbook.save_to_buffer().map_err(refuse)
    }

    fn refuse(&self, problem: String) -> TableError {
        TableError::Format { name: self.source.name().to_owned(), problem, advice: "save the scores as CSV".into() }
    }
}

impl ScoredFileWriter for WorkbookWriter {
    fn push(&mut self, text: &[u8]) -> Result<(), TableError> {
        self.scored.push(text);
        Ok(())
    }

    fn take(&mut self) -> Result<Option<Vec<u8>>, TableError> {
        if self.is_written {
            return Ok(None);
        }
        self.is_written = true;
        self.scored.push(&[]);
        self.write().map(Some)
    }
}

/// Writer of one sheet.
struct SheetWriter<'a> {
    sheet: &'a mut Worksheet,
    scored: &'a ScoredText,
    layout: Option<Layout>,
    /// Records that were written.
    records: usize,
    cells: usize,
    plain: Formats,
    flagged: Formats,
}

/// Formats of cells by what they hold.
struct Formats {
    other: Format,
    date: Format,
    date_time: Format,
    time_of_day: Format,
    duration: Format,
}

impl Formats {
    fn of(base: &Format) -> Self {
        let with = |pattern: &str| base.clone().set_num_format(pattern);
        Self {
            other: base.clone(),
            date: with("yyyy-mm-dd"),
            date_time: with("yyyy-mm-dd hh:mm:ss"),
            time_of_day: with("hh:mm:ss"),
            duration: with("[h]:mm:ss"),
        }
    }

    const fn time(&self, kind: TimeKind) -> &Format {
        match kind {
            TimeKind::Date => &self.date,
            TimeKind::DateTime => &self.date_time,
            TimeKind::TimeOfDay => &self.time_of_day,
            TimeKind::Duration => &self.duration,
        }
    }
}

impl<'a> SheetWriter<'a> {
    fn new(sheet: &'a mut Worksheet, scored: &'a ScoredText) -> Self {
        let flagged = Format::new().set_background_color(FLAGGED_COLOUR);
        let (plain, flagged) = (Formats::of(&Format::new()), Formats::of(&flagged));
        Self { sheet, scored, layout: None, records: 0, cells: 0, plain, flagged }
    }

    fn write_rows(&mut self, rows: &mut Vec<Row>) -> Result<(), XlsxError> {
        let layout = *self.layout.get_or_insert_with(|| Layout::of(rows));
        for row in rows.drain(..) {
            let record = self.scored.records().get(self.records).copied().unwrap_or(ScoredRecord::Other);
            self.records += 1;
            self.write_row(&row, layout, record)?;
        }
        Ok(())
    }

    fn write_row(&mut self, row: &Row, layout: Layout, record: ScoredRecord) -> Result<(), XlsxError> {
        let is_flagged = matches!(record, ScoredRecord::Row(added) if added.is_flagged);
        let formats = if is_flagged { &self.flagged } else { &self.plain };
        for (column, cell) in (0_u16..).zip(&row.cells) {
            write_cell(self.sheet, row.index, column, cell, formats)?;
        }
        self.cells += row.cells.len();
        let first = layout.end_column().max(row.cells.len() as u16);
        match record {
            ScoredRecord::Other => {}
            ScoredRecord::Header => {
                for (column, heading) in (first..).zip(self.scored.headings()) {
                    self.sheet.write_string(row.index, column, heading)?;
                }
            }
            ScoredRecord::Row(added) => {
                let numbers = [added.score, added.percentile, Some(f64::from(u8::from(added.is_flagged)))];
                for (column, number) in (first..).zip(numbers) {
                    let cell = number.map_or(CellValue::Empty, CellValue::Number);
                    write_cell(self.sheet, row.index, column, &cell, formats)?;
                }
                let names = self.scored.top_names(&added).map(|name| CellValue::Text(name.into()));
                for (column, name) in (first + numbers.len() as u16..).zip(&names) {
                    write_cell(self.sheet, row.index, column, name, formats)?;
                }
                self.cells += self.scored.headings().len();
            }
        }
        Ok(())
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &CellValue,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let other = &formats.other;
    match cell {
        CellValue::Empty => sheet.write_blank(row, column, other)?,
        CellValue::Number(value) => sheet.write_number_with_format(row, column, *value, other)?,
        CellValue::Boolean(value) => sheet.write_boolean_with_format(row, column, *value, other)?,
        CellValue::Text(text) => sheet.write_string_with_format(row, column, text, other)?,
        CellValue::Time(time) => {
            let kind = time_kind(*time);
            let is_dated = matches!(kind, TimeKind::Date | TimeKind::DateTime);
            let (year, ..) = time.to_ymd_hms_milli();
            // The same serial number is four years later in a workbook that counts from 1904.
            let plain_year = calamine::ExcelDateTime::new(time.as_f64(), calamine::ExcelDateTimeType::DateTime, false)
                .to_ymd_hms_milli()
                .0;
            let shift = if is_dated && year > plain_year + 2 { EPOCH_DIFFERENCE_DAYS } else { 0.0 };
            sheet.write_number_with_format(row, column, time.as_f64() + shift, formats.time(kind))?
        }
    };
    Ok(())
}
