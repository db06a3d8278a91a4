//! The tasks about tables: T4 scores rows, T5 reads them.

use std::fmt::Write as _;

use pinhole_anomaly::detector::dense::{ForwardPass, initial_weights};
use pinhole_protocol::{
    Activation, BottleneckSpec, GridShape, NetworkSpec,
    table::{ColumnKind, ColumnPlan, Dialect},
};
use pinhole_table::{
    TableError,
    records::{RecordBatch, RecordReader},
    source::{ByteSource, Content},
    typed::TypedReader,
};
use rand::RngExt;
use rand_pcg::Pcg32;

use crate::EngineError;

/// Rows of both tasks: as many as the well-known table of card payments has.
pub const ROWS: usize = 284_807;
/// Features of T4.
const WIDTH: usize = 30;
/// Rows of text that T5's file repeats, so that its 104 MB need not be in memory.
const BLOCK_ROWS: usize = 2_677;

/// T4: rows in the host's memory, and the network 30-16-8-16-30.
pub struct Scoring {
    forward: ForwardPass,
    rows: Vec<f32>,
    scores: Vec<f64>,
}

impl Scoring {
    /// Makes rows and network.
    ///
    /// # Errors
    /// Never, as the network is in bounds.
    pub fn new() -> Result<Self, EngineError> {
        let plan = NetworkSpec {
            input: GridShape { channels: WIDTH, height: 1, width: 1 },
            encoder: NetworkSpec::dense_blocks(&[16]),
            bottleneck: BottleneckSpec::Dense { size: 8, activation: Activation::Relu },
            output_activation: Activation::Linear,
            ..NetworkSpec::default()
        }
        .plan()?;
        let mut random = Pcg32::new(4, 0);
        let rows = (0..ROWS * WIDTH).map(|_| random.random::<f32>() * 4.0 - 2.0).collect();
        Ok(Self { forward: ForwardPass::new(&plan, &initial_weights(&plan, 0)), rows, scores: vec![0.0; ROWS] })
    }

    /// Scores all rows.
    pub fn run(&mut self) {
        self.scores.fill(0.0);
        self.forward.add_errors(&self.rows, &mut self.scores);
    }
}

/// T5: a file of so many rows with 31 columns, read to columns of f32 by all rules of quoting.
pub struct Parsing {
    block: String,
}

/// The header, and the block so often that there are all rows.
struct Repeated {
    header: Vec<u8>,
    block: Vec<u8>,
    len_bytes: u64,
}

impl Parsing {
    /// Writes the rows that are repeated.
    pub fn new() -> Self {
        let mut random = Pcg32::new(5, 0);
        let mut block = String::new();
        for row in 0..BLOCK_ROWS {
            let _ = write!(block, "{}", row / 2);
            for _ in 0..28 {
                let _ = write!(block, ",{:.9}", random.random::<f64>() * 4.0 - 2.0);
            }
            let amount = random.random_range(0..100_000_u32);
            let _ = writeln!(block, ",{}.{:02},{}", amount / 100, amount % 100, u8::from(row % 600 == 0));
        }
        Self { block }
    }

    /// Reads the file once.
    ///
    /// # Errors
    /// Never, as the file is sound.
    pub fn run(&self) -> Result<usize, EngineError> {
        let names: Vec<String> = (0..31).map(|column| format!("V{column}")).collect();
        let header = format!("{}\n", names.join(",")).into_bytes();
        let (times, rest) = (ROWS / BLOCK_ROWS, ROWS % BLOCK_ROWS);
        let rest: usize = self.block.split_inclusive('\n').take(rest).map(str::len).sum();
        let len_bytes = (header.len() + times * self.block.len() + rest) as u64;
        let source = Repeated { header, block: self.block.clone().into_bytes(), len_bytes };
        let mut content = Content::open(Box::new(source))?;
        let dialect = Dialect::default();
        let plan: Vec<ColumnPlan> =
            names.iter().map(|name| ColumnPlan { name: name.clone(), kind: ColumnKind::Numeric, used: true }).collect();
        let mut typed = TypedReader::new(&dialect, &names, &plan, None);
        let mut reader = RecordReader::new(&mut content, &dialect)?;
        let mut batch = RecordBatch::new(1);
        while reader.next_batch(&mut content, &mut batch)? {
            typed.read(&batch);
        }
        Ok(typed.table().rows())
    }
}

impl ByteSource for Repeated {
    fn name(&self) -> &'static str {
        "T5.csv"
    }

    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        let wanted = self.len_bytes.saturating_sub(offset).min(buffer.len() as u64) as usize;
        let mut filled = 0;
        while filled < wanted {
            let at = offset as usize + filled;
            let rest = match at.checked_sub(self.header.len()) {
                None => &self.header[at..],
                Some(at) => &self.block[at % self.block.len()..],
            };
            let count = rest.len().min(wanted - filled);
            buffer[filled..filled + count].copy_from_slice(&rest[..count]);
            filled += count;
        }
        Ok(wanted)
    }
}

/// All memory of a wasm module, which never shrinks: its peak. `None` natively.
#[cfg_attr(target_family = "wasm", expect(clippy::unnecessary_wraps, reason = "natively there is none"))]
pub fn peak_memory_bytes() -> Option<f64> {
    #[cfg(target_family = "wasm")]
    return Some(core::arch::wasm32::memory_size(0) as f64 * 65_536.0);
    #[cfg(not(target_family = "wasm"))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_scored() {
        assert_eq!(Parsing::new().run().expect("the file is sound"), ROWS);
        let mut scoring = Scoring::new().expect("the network is in bounds");
        scoring.run();
        assert!(scoring.scores.iter().all(|score| score.is_finite() && *score > 0.0));
    }
}
