//! Tables: their dialect, their rows, and a detector on them.

use std::ops::Range;

use pinhole_protocol::{
    Command, Event,
    table::{
        ColumnPlan, DetectorPlan, Dialect, FileSlot, Method, ScoredFormat, TableCommand, TableEvent, TableSummary,
        TextEncoding,
    },
};
use pinhole_table::{
    dialect::{check, sniff},
    records::{RecordBatch, RecordReader, read_record_at},
    source::{Content, MemorySource},
};

use super::{corpus, session::Session};
use crate::Outcome;

type Row = (Range<u64>, Vec<String>);

/// Files of many dialects.
pub fn dialect_seeds() -> Vec<Vec<u8>> {
    corpus::files("dialect")
}

/// Files after the three bytes of [`read_in_pieces`].
pub fn records_seeds() -> Vec<Vec<u8>> {
    corpus::files("records")
}

/// Small tables: numbers, categories, missing cells, dates, a decimal comma.
pub fn table_seeds() -> Vec<Vec<u8>> {
    let plain = (0..40).map(|row| format!("{row},{}.5,{},\n", row * 7 % 11, ["box", "tube"][row % 2]));
    let german =
        (0..30).map(|row| format!("{:02}.03.2024;{},{row};\"a;{}\"\r\n", 1 + row % 28, row * row % 13, row % 3));
    vec![
        format!("length,girth,kind,note\n{}", plain.collect::<String>()).into_bytes(),
        format!("Tag;Wert;Art\r\n{}", german.collect::<String>()).into_bytes(),
        b"a b\n1 2\n3 4\n2 2\n1 9\n".to_vec(),
    ]
}

/// The sniffed dialect of any file is valid, and the file can be read with it.
pub fn sniff_and_read(bytes: &[u8]) -> Outcome {
    let read = || {
        let mut content = Content::open(Box::new(MemorySource::new("fuzz.csv", bytes)))?;
        // The guess is another for each file.
        let guess = bytes.last().map(|&byte| TextEncoding::ALL[usize::from(byte) % TextEncoding::ALL.len()]);
        let dialect = sniff(&mut content, guess)?;
        check(&dialect).expect("a sniffed dialect is valid");
        let mut reader = RecordReader::new(&mut content, &dialect)?;
        let mut batch = RecordBatch::default();
        while reader.next_batch(&mut content, &mut batch)? {}
        Ok::<_, pinhole_table::TableError>(())
    };
    Outcome::of(&read())
}

/// The rows of any file under any dialect do not depend on the size of pieces, and can be read again. The first bytes
/// choose the dialect and the size, the rest is the file.
pub fn read_in_pieces(input: &[u8]) -> Outcome {
    let Some((&[choices, delimiter, piece], bytes)) = input.split_first_chunk::<3>() else { return Outcome::Refused };
    let dialect = Dialect {
        encoding: TextEncoding::ALL[(usize::from(choices & 3) + 4 * usize::from(piece)) % TextEncoding::ALL.len()],
        delimiter: char::from(delimiter).to_string(),
        quote: [None, Some("\"".into()), Some("'".into()), Some("\"".into())][usize::from(choices >> 2 & 3)].clone(),
        escape: (choices & 16 != 0).then(|| "\\".into()),
        has_header: choices & 32 != 0,
        preamble_rows: usize::from(choices >> 6),
        ..Dialect::default()
    };
    let Some(rows) = rows(bytes, &dialect, 1 << 20) else { return Outcome::Refused };
    assert_eq!(Some(&rows), self::rows(bytes, &dialect, usize::from(piece) + 1).as_ref());
    let mut content = Content::open(Box::new(MemorySource::new("fuzz.csv", bytes))).expect("it was opened before");
    for (span, cells) in rows.iter().take(20) {
        let batch = read_record_at(&mut content, &dialect, span.clone(), 1).expect("it was read before");
        assert!(batch.record(0).cells().eq(cells.iter().map(String::as_str)));
    }
    Outcome::Accepted
}

fn rows(bytes: &[u8], dialect: &Dialect, piece_bytes: usize) -> Option<Vec<Row>> {
    let mut content = Content::open(Box::new(MemorySource::new("fuzz.csv", bytes))).ok()?;
    let mut reader = RecordReader::with_piece_bytes(&mut content, dialect, piece_bytes).ok()?;
    let mut batch = RecordBatch::default();
    let mut rows = Vec::new();
    while reader.next_batch(&mut content, &mut batch).ok()? {
        rows.extend(batch.records().map(|record| (record.span(), record.cells().map(str::to_owned).collect())));
    }
    Some(rows)
}

/// A file that opens goes through all that the Tables lab does with one: a detector is fitted, or it is said why not; and
/// once rows have scores, they can be exported and explained.
pub fn fit_and_export(bytes: &[u8]) -> Outcome {
    let mut session = Session::new();
    let Some(summary) = open(&mut session, bytes) else { return Outcome::Refused };
    let events = session.send(&[fit(&summary)], None);
    let is_scored = events.iter().any(|event| matches!(event, Event::Table(TableEvent::Scored(_))));
    assert!(is_scored || events.iter().any(is_failure), "a fit ends with scores or a reason: {events:?}");
    if is_scored {
        let export = [
            TableCommand::Details { row: 1 },
            TableCommand::ExportReport,
            TableCommand::ExportScored { format: ScoredFormat::AsRead },
        ];
        let events = session.send(&export.map(Command::Table), None);
        let exported = events.iter().filter(|event| matches!(event, Event::Table(TableEvent::Exported { .. }))).count();
        assert!(exported == 2 && !events.iter().any(is_failure), "scores can be exported: {events:?}");
    }
    Outcome::Accepted
}

/// Opens a file; its summary, or `None` if it is refused.
pub fn open(session: &mut Session, bytes: &[u8]) -> Option<TableSummary> {
    let slot = FileSlot { name: "fuzz.csv".into(), index: 0 };
    let events = session
        .send(&[Command::Table(TableCommand::Open { files: vec![slot], part: None })], Some(("fuzz.csv", bytes)));
    let is_refused = events.iter().any(is_failure);
    let summary = events.into_iter().find_map(|event| match event {
        Event::Table(TableEvent::Scanned(summary)) => Some(*summary),
        _ => None,
    });
    assert!(summary.is_some() != is_refused, "a file is opened, or it is said why not");
    summary
}

/// The command that fits principal components to all usable columns.
pub fn fit(summary: &TableSummary) -> Command {
    let columns = summary.columns.iter().map(|column| ColumnPlan {
        name: column.name.clone(),
        kind: column.kind,
        used: column.exclusion_reason.is_none() && column.kind.is_usable(),
    });
    let plan = DetectorPlan { columns: columns.collect(), method: Method::Pca, ..DetectorPlan::default() };
    Command::Table(TableCommand::Fit { plan: Box::new(plan) })
}

fn is_failure(event: &Event) -> bool {
    matches!(event, Event::Failed(_))
}
