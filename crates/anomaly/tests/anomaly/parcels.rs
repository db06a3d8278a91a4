//! A table of parcels, some of which are anomalies, and the jobs of a whole fit.

use std::{cell::Cell, fmt::Write as _, rc::Rc};

use pinhole_anomaly::{
    Ranking, SharedTable, Table,
    jobs::{FitJob, Job, ScanJob, ScoreJob},
};
use pinhole_protocol::table::{ColumnPlan, DetectorPlan, LabelPlan, TableSummary};
use pinhole_table::{
    TableError,
    source::{ByteSource, MemorySource},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Girth and weight follow the length, the kind both, but for one row in `one_in`, whose label is 1.
pub fn parcels(rows: usize, one_in: usize, seed: u64) -> String {
    let mut random = Pcg32::seed_from_u64(seed);
    let mut text = String::from("length,girth,weight,kind,label\n");
    for row in 0..rows {
        let mut noise = || random.random::<f64>() - 0.5;
        let length = 10.0 + 8.0 * noise();
        let is_anomalous = row % one_in == one_in - 1;
        let girth = if is_anomalous { 60.0 - 2.0 * length } else { 2.0 * length } + noise();
        let weight = 3.0 * length + noise();
        let kind = if is_anomalous {
            "crate"
        } else if length > 10.0 {
            "box"
        } else {
            "tube"
        };
        let label = u8::from(is_anomalous);
        writeln!(text, "{length:.4},{girth:.4},{weight:.4},{kind},{label}").expect("text can be written");
    }
    text
}

/// The plan for a table as it was scanned.
pub fn plan(summary: &TableSummary) -> DetectorPlan {
    let label = summary.label.as_ref().map(|guess| LabelPlan {
        column: summary.columns[guess.column].name.clone(),
        anomalous_values: guess.anomalous_values.clone(),
    });
    let columns = summary.columns.iter().enumerate().map(|(index, column)| ColumnPlan {
        name: column.name.clone(),
        kind: column.kind,
        used: column.kind.is_usable() && summary.label.as_ref().is_none_or(|guess| guess.column != index),
    });
    DetectorPlan { columns: columns.collect(), label, ..DetectorPlan::default() }
}

/// Opens and scans a table.
pub fn open(source: Box<dyn ByteSource>) -> (SharedTable, TableSummary) {
    let (table, _) = Table::open(source, None).expect("a table");
    let summary = run(ScanJob::new(&table).expect("it can be read"));
    (table, summary)
}

/// Fits a detector and scores its own table.
pub fn fit(table: &SharedTable, plan: DetectorPlan) -> Ranking {
    let fitted = run(FitJob::new(table, plan).expect("the plan fits the table"));
    run(ScoreJob::new(table, &Rc::new(fitted.detector), Some(fitted.roles)).expect("its own table"))
}

/// Runs a job to its end.
pub fn run<J: Job>(mut job: J) -> J::Output {
    loop {
        if let Some(output) = pollster::block_on(job.advance()).expect("the table is sound") {
            return output;
        }
    }
}

/// A file that counts how often its last byte is read.
pub struct CountingSource {
    file: MemorySource,
    reads: Rc<Cell<usize>>,
}

impl CountingSource {
    pub fn new(text: String, reads: &Rc<Cell<usize>>) -> Self {
        Self { file: MemorySource::new("parcels.csv", text), reads: reads.clone() }
    }
}

impl ByteSource for CountingSource {
    fn name(&self) -> &str {
        self.file.name()
    }

    fn len_bytes(&self) -> u64 {
        self.file.len_bytes()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        let count = self.file.read_at(offset, buffer)?;
        if count > 0 && offset + count as u64 == self.len_bytes() {
            self.reads.set(self.reads.get() + 1);
        }
        Ok(count)
    }
}
