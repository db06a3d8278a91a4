//! Tables to open, and reading what the page writes.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};

/// Numbers that are the same in every run: a linear congruential generator (Knuth's MMIX constants).
pub struct Dice(u64);

impl Dice {
    /// Another seed, other numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal, mean 0 and spread 1: the sum of twelve uniform numbers.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// How a plant's readings are made.
#[derive(Clone, Copy, Debug)]
pub struct Plant {
    /// Rows.
    pub rows: usize,
    /// Numbers drawn.
    pub seed: u64,
    /// How much hotter than in other seasons, in spreads of the temperature; the rest follows.
    pub heat: f64,
    /// Every so-many-th row breaks the rule that ties its columns; 0: none does.
    pub odd_every: usize,
}

impl Plant {
    /// So many ordinary rows.
    pub const fn new(rows: usize, seed: u64) -> Self {
        Self { rows, seed, heat: 0.0, odd_every: 0 }
    }

    /// A table with a header: `temperature,pressure,flow,mode`, with `is_anomaly` (0 or 1) at the end if some rows are odd.
    /// Pressure follows temperature, flow follows pressure and mode.
    pub fn csv(self) -> String {
        let mut dice = Dice::new(self.seed);
        let mut text = String::from("temperature,pressure,flow,mode");
        text.push_str(if self.odd_every > 0 { ",is_anomaly\n" } else { "\n" });
        for row in 1..=self.rows {
            let is_odd = self.odd_every > 0 && row.is_multiple_of(self.odd_every);
            let warmth = dice.normal() + self.heat;
            let mode = if dice.uniform() < 0.3 { "boost" } else { "normal" };
            let lift = if mode == "boost" { 3.0 } else { 0.0 };
            // An odd row's parts are ordinary each by itself; only together they are not.
            let sign = if is_odd { -1.0 } else { 1.0 };
            let tension = sign * warmth + 0.1 * dice.normal() + if is_odd { 2.0 } else { 0.0 };
            let stream = tension + lift + 0.1 * dice.normal();
            let [temperature, pressure, flow] = [20.0 + 5.0 * warmth, 3.0 + 0.5 * tension, 100.0 + 8.0 * stream * sign];
            // Writing to a string does not fail.
            let _ = write!(text, "{temperature:.2},{pressure:.3},{flow:.2},{mode}");
            text.push_str(if self.odd_every == 0 { "\n" } else { [",0\n", ",1\n"][usize::from(is_odd)] });
        }
        text
    }
}

/// The column of that name, as numbers; for files without quotes.
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

/// That each line of the original begins the line at the same place of the exported file, and that so many go on there:
/// header and rows, but neither preamble nor blank lines.
///
/// # Errors
/// Says the first line that does not.
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
    fn a_plant_is_the_same_every_time() {
        let plant = Plant { odd_every: 10, ..Plant::new(30, 1) };
        let csv = plant.csv();
        assert_eq!(csv, plant.csv());
        assert_eq!(csv.lines().count(), 31);
        let odd = numbers(&csv, ',', "is_anomaly").expect("the column is there");
        assert!((odd.iter().sum::<f64>() - 3.0).abs() < f64::EPSILON);
        assert!(numbers(&csv, ',', "humidity").is_err());
    }

    #[test]
    fn rows_that_lost_a_byte_are_found() {
        ensure_extended(b"a,b\r\n1,2\r\n", b"a,b,score\r\n1,2,0.5\r\n", 2).expect("each line goes on");
        assert!(ensure_extended(b"a,b\n1,2\n", b"a,b,score\n1,3,0.5\n", 2).is_err());
        assert!(ensure_extended(b"a,b\n1,2\n", b"a,b,score\n", 2).is_err());
    }
}
