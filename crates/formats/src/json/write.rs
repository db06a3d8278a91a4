//! Scored JSON: the bytes of the source, with fields added at the end of each record.

use pinhole_table::{
    TableError,
    conversion::{AddedColumns, ScoredFileWriter},
    source::{Content, SharedSource},
};

use super::splitter::Splitter;
use crate::scored_text::{Added, ScoredRecord, ScoredText};

/// Bytes per piece of the file.
const PIECE_BYTES: usize = 1 << 18;

/// Writer of scored JSON.
pub(crate) struct JsonWriter {
    content: Content,
    splitter: Splitter,
    scored: ScoredText,
    /// Records that were written; the first record of the scored text holds the names.
    records: usize,
    /// Bytes of the source that were written.
    written: u64,
    is_complete: bool,
}

impl JsonWriter {
    /// A writer of the scored copy of a file.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub(crate) fn new(source: &SharedSource, added: AddedColumns) -> Result<Self, TableError> {
        let content = || Content::open_unchecked(Box::new(source.clone()));
        Ok(Self {
            content: content()?,
            splitter: Splitter::new(content()?, 0)?,
            scored: ScoredText::new(added),
            records: 0,
            written: 0,
            is_complete: false,
        })
    }

    /// Copies the bytes of the source up to `end`, or to the end of the file.
    fn copy(&mut self, end: u64, out: &mut Vec<u8>) -> Result<(), TableError> {
        while self.written < end {
            let mut piece = vec![0; usize::try_from(end - self.written).unwrap_or(usize::MAX).min(PIECE_BYTES)];
            let count = self.content.read_at(self.written, &mut piece)?;
            out.extend_from_slice(&piece[..count]);
            self.written += count as u64;
            if count < piece.len() {
                break;
            }
        }
        Ok(())
    }

    /// The added fields, as they stand before the closing brace.
    fn fields(&self, added: &Added) -> String {
        let number = |value: Option<f64>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
        let text = |name: &str| if name.is_empty() { "null".to_owned() } else { quoted(name) };
        let values = [number(added.score), number(added.percentile), added.is_flagged.to_string()]
            .into_iter()
            .chain(self.scored.top_names(added).map(text));
        let fields: Vec<String> = self
            .scored
            .headings()
            .iter()
            .zip(values)
            .map(|(heading, value)| format!("{}: {value}", quoted(heading)))
            .collect();
        fields.join(", ")
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl ScoredFileWriter for JsonWriter {
    fn push(&mut self, text: &[u8]) -> Result<(), TableError> {
        self.scored.push(text);
        Ok(())
    }

    fn take(&mut self) -> Result<Option<Vec<u8>>, TableError> {
        if self.is_complete {
            return Ok(None);
        }
        self.scored.push(&[]);
        let mut out = Vec::new();
        while out.len() < PIECE_BYTES {
            let Some(value) = self.splitter.next()? else {
                self.copy(u64::MAX, &mut out)?;
                self.is_complete = true;
                break;
            };
            self.records += 1;
            let Some(ScoredRecord::Row(added)) = self.scored.records().get(self.records).copied() else {
                self.copy(value.span.end, &mut out)?;
                continue;
            };
            self.copy(value.span.end - 1, &mut out)?;
            // `{}` has no field before the added ones.
            let inner = value.bytes[1..value.bytes.len() - 1].trim_ascii();
            let separator = if inner.is_empty() { "" } else { ", " };
            out.extend_from_slice(separator.as_bytes());
            out.extend_from_slice(self.fields(&added).as_bytes());
            self.copy(value.span.end, &mut out)?;
        }
        Ok(Some(out))
    }
}
