//! The question to which columns of a file those of the detector belong, asked before the file is scored.

use std::rc::Rc;

use pinhole_anomaly::{AnomalyError, FittedDetector, SharedTable, jobs::ScanJob};
use pinhole_protocol::table::{RenamedColumn, TableEvent, TablePreview};

use super::{RunningJob, TableSession};
use crate::EngineError;

const NOT_ASKED: EngineError = EngineError::State("No file waits for its columns: choose a file to score first.");

/// A file that is to be scored, opened and not yet part of the session.
pub(super) struct UnmatchedTable {
    table: SharedTable,
    preview: Box<TablePreview>,
    detector: Rc<FittedDetector>,
}

impl TableSession {
    /// Takes a file that was opened to be scored: asks for the columns that its names don't tell, or begins.
    ///
    /// # Errors
    /// When the file has none of the detector's columns; nothing was replaced then.
    pub(super) fn score_opened(
        &mut self,
        table: SharedTable,
        preview: Box<TablePreview>,
        detector: Rc<FittedDetector>,
        emit_event: &impl Fn(TableEvent),
    ) -> Result<(), EngineError> {
        let unmatched = detector.unmatched_columns(&table.borrow());
        if let Some(columns) = unmatched {
            self.unmatched = Some(UnmatchedTable { table, preview, detector });
            emit_event(TableEvent::UnmatchedColumns(columns));
            return Ok(());
        }
        detector.bind(&table.borrow())?;
        self.scan_to_score(UnmatchedTable { table, preview, detector }, emit_event)
    }

    /// Takes the answer to the question, and begins.
    ///
    /// # Errors
    /// When nothing was asked, or the answer does not fit; the question stands then.
    pub(super) fn map_columns(
        &mut self,
        map: Vec<RenamedColumn>,
        emit_event: &impl Fn(TableEvent),
    ) -> Result<(), EngineError> {
        self.require_only_reading()?;
        let asked = self.unmatched.take().ok_or(NOT_ASKED)?;
        asked.table.borrow_mut().rename_columns(map);
        let refusal = asked.detector.bind(&asked.table.borrow()).err();
        if let Some(refusal) = refusal {
            self.unmatched = Some(asked);
            // It is the map that is wrong, not the file.
            return Err(AnomalyError::setting("columns", refusal.to_string()).into());
        }
        self.cancel_lookup(emit_event);
        self.scan_to_score(asked, emit_event)
    }

    fn scan_to_score(
        &mut self,
        UnmatchedTable { table, preview, detector }: UnmatchedTable,
        emit_event: &impl Fn(TableEvent),
    ) -> Result<(), EngineError> {
        let scan = Box::new(ScanJob::new(&table)?);
        emit_event(TableEvent::Opened(preview));
        self.begin(RunningJob::ScanToScore { scan, table, detector });
        Ok(())
    }
}
