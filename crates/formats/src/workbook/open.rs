//! Opening of workbooks of all kinds.

use std::{fmt::Display, io::BufReader};

use calamine::{Ods, Reader as _, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use pinhole_table::{
    TableError,
    source::{ByteSource as _, SharedSource, SourceReader},
};

use super::rows::{Cells, SheetRows};

/// A buffered reader of the workbook's file.
pub(super) type Reader = BufReader<SourceReader>;

/// Bytes per read of the file.
const BUFFER_BYTES: usize = 1 << 16;

/// Cells of a sheet up to which its merged cells are looked for: the whole sheet is read for them.
const MAX_CELLS_WITH_MERGED: u64 = 2_000_000;

/// Times that the largest sheet must be larger than the first visible one to be read instead: a cover sheet is small.
const COVER_RATIO: u64 = 10;

/// Kind of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WorkbookKind {
    /// `.xlsx` and `.xlsm`.
    Xlsx,
    /// `.xlsb`.
    Xlsb,
    /// `.xls`.
    Xls,
    /// `.ods`.
    Ods,
}

enum Workbook {
    Xlsx(Box<Xlsx<Reader>>),
    Xlsb(Box<Xlsb<Reader>>),
    Xls(Box<Xls<Reader>>),
    Ods(Box<Ods<Reader>>),
}

/// An open workbook.
pub(super) struct OpenWorkbook {
    /// Name of the file.
    pub(super) name: String,
    workbook: Workbook,
    sheets: Vec<calamine::Sheet>,
}

/// Error of a damaged workbook.
pub(super) fn refuse(name: &str, error: &impl Display) -> TableError {
    let reason = error.to_string();
    let reason = reason.trim_end_matches('.');
    let (problem, advice) = if reason.contains("password") {
        ("is protected by a password".to_owned(), "open it in the program that made it, and save it without one")
    } else {
        (format!("is a damaged workbook ({reason})"), "open it in a spreadsheet and save it anew")
    };
    TableError::Format { name: name.to_owned(), problem, advice: advice.into() }
}

impl OpenWorkbook {
    /// Opens a workbook.
    ///
    /// # Errors
    /// When it is damaged, encrypted, or has no sheets of cells.
    pub(super) fn open(source: &SharedSource, kind: WorkbookKind) -> Result<Self, TableError> {
        let name = source.name().to_owned();
        let reader = || BufReader::with_capacity(BUFFER_BYTES, source.reader());
        let refuse_as = |error: &dyn Display| refuse(&name, &error);
        let workbook = match kind {
            WorkbookKind::Xlsx => Workbook::Xlsx(Box::new(Xlsx::new(reader()).map_err(|error| refuse_as(&error))?)),
            WorkbookKind::Xlsb => Workbook::Xlsb(Box::new(Xlsb::new(reader()).map_err(|error| refuse_as(&error))?)),
            WorkbookKind::Ods => Workbook::Ods(Box::new(Ods::new(reader()).map_err(|error| refuse_as(&error))?)),
            // An encrypted .xlsx is in the same container as an old workbook.
            WorkbookKind::Xls => match Xlsx::new(reader()) {
                Err(error @ calamine::XlsxError::Password) => return Err(refuse(&name, &error)),
                _ => Workbook::Xls(Box::new(Xls::new(reader()).map_err(|error| refuse_as(&error))?)),
            },
        };
        let metadata = match &workbook {
            Workbook::Xlsx(workbook) => workbook.sheets_metadata(),
            Workbook::Xlsb(workbook) => workbook.sheets_metadata(),
            Workbook::Xls(workbook) => workbook.sheets_metadata(),
            Workbook::Ods(workbook) => workbook.sheets_metadata(),
        };
        let sheets: Vec<calamine::Sheet> =
            metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
        if sheets.is_empty() {
            let advice = "choose a workbook with a table".into();
            return Err(TableError::Format { name, problem: "has no sheet of cells".into(), advice });
        }
        Ok(Self { name, workbook, sheets })
    }

    /// Names of the sheets.
    pub(super) fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    /// Index of the first visible sheet, or of the largest one if the first is a cover.
    pub(super) fn likely_sheet(&mut self) -> Result<usize, TableError> {
        let visible: Vec<usize> =
            (0..self.sheets.len()).filter(|&index| self.sheets[index].visible == SheetVisible::Visible).collect();
        let first = visible.first().copied().unwrap_or(0);
        let mut sizes = Vec::new();
        for &index in &visible {
            sizes.push((self.announced_cells(index)?, index));
        }
        let first_size = sizes.first().map_or(0, |&(size, _)| size);
        // Of equally large sheets the first.
        let largest = sizes.into_iter().rev().max_by_key(|&(size, _)| size);
        Ok(match largest {
            Some((size, index)) if size >= COVER_RATIO * first_size => index,
            _ => first,
        })
    }

    /// Number of cells that a sheet announces.
    fn announced_cells(&mut self, index: usize) -> Result<u64, TableError> {
        let sheet = self.sheets[index].name.clone();
        let name = self.name.clone();
        let len = |(rows, columns): (usize, usize)| (rows * columns) as u64;
        Ok(match &mut self.workbook {
            Workbook::Xlsx(workbook) => {
                let reader = workbook.worksheet_cells_reader(&sheet).map_err(|error| refuse(&name, &error))?;
                let dimensions = reader.dimensions();
                // Without an announcement it is one cell, as of a sheet with nothing but a title.
                dimensions.len()
            }
            Workbook::Xls(workbook) => workbook.worksheet_range(&sheet).map_or(0, |range| len(range.get_size())),
            Workbook::Ods(workbook) => workbook.worksheet_range(&sheet).map_or(0, |range| len(range.get_size())),
            // Its cells would have to be read.
            Workbook::Xlsb(_) => 1,
        })
    }

    /// Rows of a sheet.
    ///
    /// # Errors
    /// When the sheet is damaged.
    pub(super) fn sheet(&mut self, index: usize) -> Result<SheetRows<'_>, TableError> {
        let sheet = self.sheets[index].name.clone();
        let mut merged = Vec::new();
        let range = match &mut self.workbook {
            Workbook::Xlsx(workbook) => return xlsx_sheet(&self.name, workbook, &sheet),
            Workbook::Xlsb(workbook) => workbook.worksheet_range(&sheet).map_err(|error| refuse(&self.name, &error))?,
            Workbook::Ods(workbook) => workbook.worksheet_range(&sheet).map_err(|error| refuse(&self.name, &error))?,
            Workbook::Xls(workbook) => {
                merged = workbook.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
                workbook.worksheet_range(&sheet).map_err(|error| refuse(&self.name, &error))?
            }
        };
        Ok(SheetRows::new(&self.name, Cells::Loaded { range, next: 0 }, merged))
    }
}

fn xlsx_sheet<'a>(name: &str, workbook: &'a mut Xlsx<Reader>, sheet: &str) -> Result<SheetRows<'a>, TableError> {
    let dimensions = workbook.worksheet_cells_reader(sheet).map_err(|error| refuse(name, &error))?.dimensions();
    let merged = if dimensions.len() <= MAX_CELLS_WITH_MERGED {
        workbook.merge_cells_by_sheet_name(sheet).unwrap_or_default()
    } else {
        Vec::new()
    };
    let reader = workbook.worksheet_cells_reader(sheet).map_err(|error| refuse(name, &error))?;
    Ok(SheetRows::new(name, Cells::Streamed(Box::new(reader)), merged))
}
