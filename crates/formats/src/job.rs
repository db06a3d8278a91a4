//! Conversion as a future that is polled step by step.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use pinhole_protocol::table::TableOrigin;
use pinhole_table::{
    TableError,
    conversion::{ConversionAdvance, ConversionJob, ConvertedText},
};

/// Bytes of text after which a conversion pauses.
const STEP_BYTES: usize = 1 << 17;

/// Rows after which a conversion pauses.
const STEP_ROWS: u64 = 1 << 11;

/// Largest text, in bytes: a page has at most 4 GB, and holds the text in memory.
const MAX_TEXT_BYTES: u64 = 1 << 30;

/// Result of a conversion.
pub(crate) struct Converted {
    /// Origin of the table.
    pub(crate) origin: TableOrigin,
    /// How the text is written.
    pub(crate) text: ConvertedText,
}

/// Text that a conversion writes, and its progress.
pub(crate) struct Output {
    name: String,
    text: RefCell<Vec<u8>>,
    written_bytes: Cell<u64>,
    share: Cell<f64>,
    rows: Cell<u64>,
}

impl Output {
    /// Writes one record of the text table: one line, cells with commas, quotes or line ends in quotes.
    pub(crate) fn record<T: AsRef<str>>(&self, cells: impl IntoIterator<Item = T>) {
        let mut text = self.text.borrow_mut();
        let start = text.len();
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            append_cell(cell.as_ref(), &mut text);
        }
        // A record of one empty cell is no blank line.
        if text.len() == start {
            text.extend_from_slice(b"\"\"");
        }
        text.push(b'\n');
        self.written_bytes.set(self.written_bytes.get() + (text.len() - start) as u64);
        self.rows.set(self.rows.get() + 1);
    }

    /// Writes bytes of a text as they are.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        self.text.borrow_mut().extend_from_slice(bytes);
        self.written_bytes.set(self.written_bytes.get() + bytes.len() as u64);
    }

    /// Sets the finished share, 0 to 1.
    pub(crate) fn set_share(&self, share: f64) {
        self.share.set(share.clamp(0.0, 1.0));
    }

    /// Pauses if much was done since the last pause.
    ///
    /// # Errors
    /// When the text is too large.
    pub(crate) async fn pause_if_due(&self) -> Result<(), TableError> {
        if self.written_bytes.get() > MAX_TEXT_BYTES {
            return Err(TableError::Format {
                name: self.name.clone(),
                problem: "holds more than 1 GB of text".into(),
                advice: "cut it into several files, or export it as CSV, which is read without holding it in memory"
                    .into(),
            });
        }
        if self.text.borrow().len() >= STEP_BYTES || self.rows.get().is_multiple_of(STEP_ROWS) {
            pause().await;
        }
        Ok(())
    }
}

fn append_cell(cell: &str, text: &mut Vec<u8>) {
    let needs_quotes = cell.contains([',', '"', '\n', '\r']) || cell != cell.trim();
    if !needs_quotes {
        text.extend_from_slice(cell.as_bytes());
        return;
    }
    text.push(b'"');
    for byte in cell.bytes() {
        if byte == b'"' {
            text.push(b'"');
        }
        text.push(byte);
    }
    text.push(b'"');
}

/// Ends the current step.
pub(crate) async fn pause() {
    let mut is_paused = false;
    poll_fn(|_| {
        if is_paused {
            return Poll::Ready(());
        }
        is_paused = true;
        Poll::Pending
    })
    .await;
}

type Conversion = Pin<Box<dyn Future<Output = Result<Converted, TableError>>>>;

/// A conversion that is polled once per step.
pub(crate) struct FutureJob {
    output: Rc<Output>,
    conversion: Conversion,
    converted: Option<Converted>,
}

impl FutureJob {
    /// A job of the conversion that `begin` returns; `name` is that of the file.
    pub(crate) fn new<F>(name: &str, begin: impl FnOnce(Rc<Output>) -> F) -> Self
    where
        F: Future<Output = Result<Converted, TableError>> + 'static,
    {
        let output = Rc::new(Output {
            name: name.to_owned(),
            text: RefCell::default(),
            written_bytes: Cell::default(),
            share: Cell::default(),
            rows: Cell::default(),
        });
        Self { output: output.clone(), conversion: Box::pin(begin(output)), converted: None }
    }
}

impl ConversionJob for FutureJob {
    fn advance(&mut self) -> Result<ConversionAdvance, TableError> {
        if let Some(Converted { origin, text }) = self.converted.take() {
            return Ok(ConversionAdvance::Done { origin, text });
        }
        let conversion = self.conversion.as_mut();
        let poll = || conversion.poll(&mut Context::from_waker(Waker::noop()));
        // Some libraries panic on damaged files; the conversion is not polled again then.
        let polled = catch_unwind(AssertUnwindSafe(poll)).map_err(|_| TableError::Format {
            name: self.output.name.clone(),
            problem: "is damaged".into(),
            advice: "open it in the program that made it, and save it anew".into(),
        })?;
        if let Poll::Ready(converted) = polled {
            self.converted = Some(converted?);
        }
        Ok(ConversionAdvance::Text(self.output.text.take()))
    }

    fn share(&self) -> f64 {
        self.output.share.get()
    }

    fn rows(&self) -> u64 {
        self.output.rows.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_when_they_must_be() {
        let mut text = Vec::new();
        for cell in ["a", "a,b", "say \"a\"", " a", "a\nb"] {
            append_cell(cell, &mut text);
            text.push(b';');
        }
        assert_eq!(text, b"a;\"a,b\";\"say \"\"a\"\"\";\" a\";\"a\nb\";");
    }
}
