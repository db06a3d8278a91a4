//! Benchmark: rows per second from CSV to f32 columns, on rows like those of the credit-card fraud table: 284,807 rows,
//! 31 columns, about 107 MB. `cargo run --release -p pinhole-table --example parse_speed`.

use std::fmt::Write;
use std::time::Instant;

use pinhole_table::TableError;
use pinhole_table::dialect::sniff;
use pinhole_table::records::{RecordBatch, RecordReader};
use pinhole_table::source::{Content, MemorySource};
use rand::RngExt;
use rand_pcg::Pcg32;

/// Rows of the table.
pub const ROWS: usize = 284_807;

const COLUMNS: usize = 31;

/// The table as CSV, the same for the same seed. With `is_quoted`, every number is in quotes.
pub fn generate(rows: usize, is_quoted: bool, seed: u64) -> String {
    let mut random = Pcg32::new(seed, 0);
    let mut text = String::with_capacity(rows * 400);
    let names: Vec<String> = (1..=28).map(|index| format!("V{index}")).collect();
    let _ = writeln!(text, "Time,{},Amount,Class", names.join(","));
    let quote = if is_quoted { "\"" } else { "" };
    for row in 0..rows {
        let _ = write!(text, "{quote}{}{quote}", row / 2);
        for _ in 0..28 {
            let _ = write!(text, ",{quote}{:.9}{quote}", random.random::<f64>() * 4.0 - 2.0);
        }
        let amount = random.random_range(0..100_000_u32);
        let class = u8::from(random.random_range(0..600) == 0);
        let _ = writeln!(text, ",{quote}{}.{:02}{quote},{quote}{class}{quote}", amount / 100, amount % 100);
    }
    text
}

/// Reads the table; `parses`: to f32 columns. Returns the number of rows and a sum, so that no work is optimised away.
///
/// # Errors
/// If the table cannot be read.
pub fn parse(text: &str, parses: bool) -> Result<(usize, f64), TableError> {
    let mut content = Content::open(Box::new(MemorySource::new("payments.csv", text.as_bytes())))?;
    let dialect = sniff(&mut content, None)?;
    let mut reader = RecordReader::new(&mut content, &dialect)?;
    let mut batch = RecordBatch::default();
    let mut columns = vec![Vec::new(); COLUMNS];
    let (mut rows, mut cells) = (0, 0);
    while reader.next_batch(&mut content, &mut batch)? {
        rows += batch.len();
        for record in batch.records() {
            cells += record.len();
            if parses {
                for (column, cell) in columns.iter_mut().zip(record.cells()) {
                    column.push(fast_float2::parse::<f32, _>(cell).unwrap_or(f32::NAN));
                }
            }
        }
    }
    Ok((rows, columns.iter().flatten().map(|&value| f64::from(value)).sum::<f64>() + cells as f64))
}

fn main() -> Result<(), TableError> {
    for is_quoted in [false, true] {
        let text = generate(ROWS, is_quoted, 1);
        println!("{} MB, {}", text.len() / 1_000_000, if is_quoted { "quoted" } else { "plain" });
        for (what, parses) in [("records", false), ("f32 columns", true)] {
            let best_s = (0..5).try_fold(f64::INFINITY, |best: f64, _| {
                let start = Instant::now();
                let (rows, _) = parse(&text, parses)?;
                assert_eq!(rows, ROWS);
                Ok(best.min(start.elapsed().as_secs_f64()))
            })?;
            let megabytes_per_s = text.len() as f64 / 1e6 / best_s;
            println!("{what}: {:.0} rows/s, {megabytes_per_s:.0} MB/s", ROWS as f64 / best_s);
        }
    }
    Ok(())
}
