//! Synthetic tables to open, and checks of the CSV files that the page writes.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};

/// Seeded random numbers: a linear congruential generator (Knuth's MMIX constants).
pub struct SeededRng(u64);

impl SeededRng {
    /// A generator with that seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform on [0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Approximately standard normal: the sum of twelve uniform numbers, minus 6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A synthetic table of sensor readings, whose columns depend on each other.
#[derive(Clone, Copy, Debug)]
pub struct SyntheticTable {
    /// Number of rows.
    pub rows: usize,
    /// Seed of the readings.
    pub seed: u64,
    /// Shift of the temperature, in its standard deviations; the other columns follow.
    pub temperature_shift: f64,
    /// Distance between anomalous rows, whose columns do not depend on each other as in other rows; 0 for none.
    pub anomaly_every: usize,
}

impl SyntheticTable {
    /// A table of normal rows.
    pub const fn new(rows: usize, seed: u64) -> Self {
        Self { rows, seed, temperature_shift: 0.0, anomaly_every: 0 }
    }

    /// The table with its header `temperature,pressure,flow,mode`, and a last column `is_anomaly` (0 or 1) if some rows are
    /// anomalous. Pressure depends on temperature, flow on pressure and mode.
    pub fn csv(self) -> String {
        let mut rng = SeededRng::new(self.seed);
        let mut text = String::from("temperature,pressure,flow,mode");
        text.push_str(if self.anomaly_every > 0 { ",is_anomaly\n" } else { "\n" });
        for row in 1..=self.rows {
            let is_anomalous = self.anomaly_every > 0 && row.is_multiple_of(self.anomaly_every);
            let temperature_score = rng.normal() + self.temperature_shift;
            let mode = if rng.uniform() < 0.3 { "boost" } else { "normal" };
            let mode_offset = if mode == "boost" { 3.0 } else { 0.0 };
            // Each value of an anomalous row is ordinary by itself; only their combination is not.
            let sign = if is_anomalous { -1.0 } else { 1.0 };
            let pressure_score = sign * temperature_score + 0.1 * rng.normal() + if is_anomalous { 2.0 } else { 0.0 };
            let flow_score = pressure_score + mode_offset + 0.1 * rng.normal();
            let [temperature, pressure, flow] =
                [20.0 + 5.0 * temperature_score, 3.0 + 0.5 * pressure_score, 100.0 + 8.0 * flow_score * sign];
            // Writing to a string does not fail.
            let _ = write!(text, "{temperature:.2},{pressure:.3},{flow:.2},{mode}");
            text.push_str(if self.anomaly_every == 0 { "\n" } else { [",0\n", ",1\n"][usize::from(is_anomalous)] });
        }
        text
    }
}

/// The column of that name as numbers; for files without quotes.
///
/// # Errors
/// When there is none, or a cell is no number.
pub fn numbers(csv: &str, delimiter: char, name: &str) -> Result<Vec<f64>> {
    let mut lines = csv.lines();
    let header = lines.next().context("there is no header")?;
    let index = header.split(delimiter).position(|column| column == name);
    let index = index.with_context(|| format!("there is no column {name} in `{header}`"))?;
    let number = |line: &str| {
        let cell = line.split(delimiter).nth(index).with_context(|| format!("`{line}` is short"))?;
        cell.replace(',', ".").parse().with_context(|| format!("`{cell}` of `{line}`"))
    };
    lines.map(number).collect()
}

/// Checks that each line of the exported file begins with that of the original, and that `wanted` lines are longer: header
/// and rows, but neither preamble nor blank lines.
///
/// # Errors
/// Names the first line that does not.
pub fn ensure_extended(original: &[u8], exported: &[u8], wanted: usize) -> Result<()> {
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let lines = bytes.split(|byte| *byte == b'\n');
        let mut lines: Vec<Vec<u8>> = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec()).collect();
        if lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        lines
    };
    let (original, exported) = (lines(original), lines(exported));
    ensure!(original.len() == exported.len(), "{} lines became {}", original.len(), exported.len());
    let mut extended = 0;
    for (number, (before, after)) in original.iter().zip(&exported).enumerate() {
        ensure!(
            after.starts_with(before),
            "line {}: `{}` became `{}`",
            number + 1,
            String::from_utf8_lossy(before),
            String::from_utf8_lossy(after)
        );
        extended += usize::from(after.len() > before.len());
    }
    ensure!(extended == wanted, "{extended} lines have scores, not {wanted}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synthetic_table_is_reproducible() {
        let table = SyntheticTable { anomaly_every: 10, ..SyntheticTable::new(30, 1) };
        let csv = table.csv();
        assert_eq!(csv, table.csv());
        assert_eq!(csv.lines().count(), 31);
        let labels = numbers(&csv, ',', "is_anomaly").expect("the column is there");
        assert!((labels.iter().sum::<f64>() - 3.0).abs() < f64::EPSILON);
        assert!(numbers(&csv, ',', "humidity").is_err());
    }

    #[test]
    fn lines_that_differ_from_the_original_are_found() {
        ensure_extended(b"a,b\r\n1,2\r\n", b"a,b,score\r\n1,2,0.5\r\n", 2).expect("each line goes on");
        assert!(ensure_extended(b"a,b\n1,2\n", b"a,b,score\n1,3,0.5\n", 2).is_err());
        assert!(ensure_extended(b"a,b\n1,2\n", b"a,b,score\n", 2).is_err());
    }
}
