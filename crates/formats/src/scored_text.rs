//! Scored text table, from which the writers of other formats take the added cells.

use std::collections::HashMap;

use csv_core::{ReadRecordResult, Reader};
use pinhole_table::{conversion::AddedColumns, export::TOP_COLUMNS};

/// Added cells of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Added {
    /// Anomaly score; `None` if there is none.
    pub(crate) score: Option<f64>,
    /// Share of rows with a lower or equal score.
    pub(crate) percentile: Option<f64>,
    /// True if the row is flagged.
    pub(crate) is_flagged: bool,
    /// Indices in [`ScoredText::name`] of the columns to blame.
    top: [Option<u16>; TOP_COLUMNS],
}

/// Record of the scored text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ScoredRecord {
    /// The first record of the header: the headings of the added columns stand beside it.
    Header,
    /// A row of the table.
    Row(Added),
    /// No row: a title, a further row of the header, a blank row or a remark.
    Other,
}

/// Reader of the scored text. Cells that were there before are forgotten.
pub(crate) struct ScoredText {
    columns: AddedColumns,
    reader: Reader,
    field: Vec<u8>,
    field_len: usize,
    ends: Vec<usize>,
    end_count: usize,
    records: Vec<ScoredRecord>,
    names: Vec<String>,
    indices: HashMap<String, u16>,
}

impl ScoredText {
    /// A reader of a table with these added columns.
    pub(crate) fn new(columns: AddedColumns) -> Self {
        Self {
            columns,
            reader: Reader::new(),
            field: vec![0; 1 << 12],
            field_len: 0,
            ends: vec![0; 1 << 6],
            end_count: 0,
            records: Vec::new(),
            names: Vec::new(),
            indices: HashMap::new(),
        }
    }

    /// Headings of the added columns.
    pub(crate) fn headings(&self) -> &[String] {
        &self.columns.headings
    }

    /// All records so far, one per row of the file.
    pub(crate) fn records(&self) -> &[ScoredRecord] {
        &self.records
    }

    /// Names of the columns to blame for a row.
    pub(crate) fn top_names(&self, added: &Added) -> [&str; TOP_COLUMNS] {
        added.top.map(|index| index.map_or("", |index| self.names[usize::from(index)].as_str()))
    }

    /// Takes the next bytes; after the last ones, an empty slice ends the last record.
    pub(crate) fn push(&mut self, mut text: &[u8]) {
        loop {
            let (result, read, written, ended) =
                self.reader.read_record(text, &mut self.field[self.field_len..], &mut self.ends[self.end_count..]);
            text = &text[read..];
            self.field_len += written;
            self.end_count += ended;
            match result {
                ReadRecordResult::OutputFull => self.field.resize(2 * self.field.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => self.end_record(),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return,
            }
        }
    }

    fn end_record(&mut self) {
        let added = self.columns.headings.len();
        let count = self.end_count;
        (self.field_len, self.end_count) = (0, 0);
        let first = self.columns.width;
        if count < first + added {
            self.records.push(ScoredRecord::Other);
            return;
        }
        let cell = |index: usize| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            String::from_utf8_lossy(&self.field[start..self.ends[index]]).into_owned()
        };
        let cells: Vec<String> = (first..first + added).map(cell).collect();
        if cells == self.columns.headings {
            self.records.push(ScoredRecord::Header);
            return;
        }
        let mut top = [None; TOP_COLUMNS];
        for (index, name) in top.iter_mut().zip(&cells[added - TOP_COLUMNS..]) {
            *index = self.index(name);
        }
        self.records.push(ScoredRecord::Row(Added {
            score: cells[0].parse().ok(),
            percentile: cells[1].parse().ok(),
            is_flagged: cells[2] == "1",
            top,
        }));
    }

    /// Index of a name, which is remembered; `None` for no name, or beyond 65,535 of them.
    fn index(&mut self, name: &str) -> Option<u16> {
        if name.is_empty() {
            return None;
        }
        if let Some(&index) = self.indices.get(name) {
            return Some(index);
        }
        let index = u16::try_from(self.names.len()).ok()?;
        self.names.push(name.to_owned());
        self.indices.insert(name.to_owned(), index);
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_added_cells_are_taken_from_rows_alone() {
        let headings = ["score", "percentile", "flag", "top_column_1", "top_column_2", "top_column_3"];
        let columns = AddedColumns { width: 2, headings: headings.map(String::from).to_vec() };
        let mut text = ScoredText::new(columns);
        let scored = "Title\na,b,score,percentile,flag,top_column_1,top_column_2,top_column_3\n\
                      1,\"x,\ny\",0.5,1,1,b,a,\n,\n2,z,,0.5,0,,,,surplus\n";
        // Cut anywhere, also within a quoted cell.
        for piece in scored.as_bytes().chunks(7) {
            text.push(piece);
        }
        text.push(&[]);
        let [
            ScoredRecord::Other,
            ScoredRecord::Header,
            ScoredRecord::Row(first),
            ScoredRecord::Other,
            ScoredRecord::Row(second),
        ] = text.records()
        else {
            panic!("{:?}", text.records())
        };
        assert_eq!((first.score, first.is_flagged, text.top_names(first)), (Some(0.5), true, ["b", "a", ""]));
        assert_eq!((second.score, second.percentile, text.top_names(second)), (None, Some(0.5), [""; 3]));
    }
}
