//! Workbooks (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`) as text tables, and a scored sheet back as `.xlsx`.

mod cell_value;
mod layout;
mod open;
mod rows;
mod write;

use std::rc::Rc;

use pinhole_protocol::table::{FileFormat, TableOrigin};
use pinhole_table::{
    TableError,
    conversion::ConvertedText,
    source::{ByteSource as _, SharedSource},
};

use crate::job::{Converted, Output};
use layout::{LAID_OUT_ROWS, Layout};
use open::OpenWorkbook;
pub(crate) use open::WorkbookKind;
use rows::Row;
pub(crate) use write::WorkbookWriter;

/// Ending of a scored workbook.
const SCORED_EXTENSION: &str = "xlsx";

/// Converts a sheet of a workbook to text.
pub(crate) async fn convert(
    source: SharedSource,
    kind: WorkbookKind,
    part: Option<usize>,
    output: Rc<Output>,
) -> Result<Converted, TableError> {
    let mut workbook = OpenWorkbook::open(&source, kind)?;
    let parts = workbook.sheets();
    let part = match part.filter(|&part| part < parts.len()) {
        Some(part) => part,
        None => workbook.likely_sheet()?,
    };
    let mut sheet = workbook.sheet(part)?;
    let expected_rows = sheet.expected_rows();
    let mut text = SheetText::default();
    while let Some(row) = sheet.next_row()? {
        output.set_share(f64::from(row.index) / f64::from(expected_rows.max(1)));
        text.add(row, &mut |cells| output.record(cells));
        output.pause_if_due().await?;
    }
    text.finish(&mut |cells| output.record(cells));
    if text.is_empty {
        let advice = if parts.len() > 1 { "choose another sheet" } else { "choose a workbook with a table" };
        let problem = format!("has no cells in its sheet “{}”", parts[part]);
        return Err(TableError::Format { name: source.name().to_owned(), problem, advice: advice.into() });
    }
    let mut remarks = Vec::new();
    if sheet.uncomputed_cells > 0 {
        remarks.push(format!(
            "{} cells hold formulas whose results are not stored in the file, and are read as missing: open it in a \
             spreadsheet and save it.",
            sheet.uncomputed_cells
        ));
    }
    if parts.len() > 1 {
        remarks.push(format!("The sheet “{}” is read; there are {} in the workbook.", parts[part], parts.len()));
    }
    let scored_extension = Some(SCORED_EXTENSION.into());
    let origin = TableOrigin { format: FileFormat::Workbook, parts, part, remarks, scored_extension };
    Ok(Converted { origin, text: ConvertedText::Records })
}

/// Rows of a sheet as records: the first ones are held back until the layout is known.
struct SheetText {
    held_back: Vec<Row>,
    layout: Option<Layout>,
    is_empty: bool,
}

impl Default for SheetText {
    fn default() -> Self {
        Self { held_back: Vec::new(), layout: None, is_empty: true }
    }
}

impl SheetText {
    fn add(&mut self, row: Row, write: &mut dyn FnMut(Vec<String>)) {
        self.is_empty &= row.filled() == 0;
        if let Some(layout) = &self.layout {
            write(layout.record(&row));
            return;
        }
        self.held_back.push(row);
        if self.held_back.len() == LAID_OUT_ROWS {
            self.lay_out(write);
        }
    }

    fn finish(&mut self, write: &mut dyn FnMut(Vec<String>)) {
        if self.layout.is_none() {
            self.lay_out(write);
        }
    }

    fn lay_out(&mut self, write: &mut dyn FnMut(Vec<String>)) {
        let layout = Layout::of(&self.held_back);
        for row in self.held_back.drain(..) {
            write(layout.record(&row));
        }
        self.layout = Some(layout);
    }
}
