//! All figures, as a table for people and as JSON for scripts.

use std::fmt;

use anyhow::Result;
use serde_json::{Value, json};

use crate::sizes::Size;

/// One task in one place.
pub struct Row {
    task: &'static str,
    place: &'static str,
    /// The engine's report, or why there is none.
    outcome: Result<Value, String>,
}

impl Row {
    /// A row about an outcome.
    pub fn new(task: &'static str, place: &'static str, outcome: Result<Value>) -> Self {
        Self { task, place, outcome: outcome.map_err(|error| format!("{error:#}")) }
    }

    fn to_json(&self) -> Value {
        match &self.outcome {
            Ok(report) => json!({ "task": self.task, "place": self.place, "ok": true, "report": report }),
            Err(error) => json!({ "task": self.task, "place": self.place, "ok": false, "error": error }),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<5}{:<8}", self.task, self.place)?;
        let report = match &self.outcome {
            Ok(report) => report,
            Err(error) => return write!(f, "failed: {error}"),
        };
        let figure = |name: &str| report[name].as_f64().unwrap_or(f64::NAN);
        let frames = report["frames_per_s"].as_f64().map_or_else(|| " ".repeat(10), |rate| format!("{rate:>10.0}"));
        // The page writes the device's name beside its kind, the terminal below `device`.
        let device = report["device_name"].as_str().or(report["device"]["name"].as_str()).unwrap_or("?");
        write!(
            f,
            "{:>9.2}{:>9.2}{:>9.2}{:>12.0}{:>11.3}{:>13.0}{frames}  {device}",
            figure("steps_per_s"),
            figure("steps_per_s_min"),
            figure("steps_per_s_max"),
            figure("steps_per_s") * figure("rows_per_step"),
            figure("median_ms"),
            figure("time_to_first_step_ms"),
        )
    }
}

/// Everything measured.
#[derive(Default)]
pub struct Report {
    /// What it was taken on.
    pub machine: String,
    /// What the page ran in.
    pub browser: String,
    /// The tasks.
    pub tasks: Vec<Row>,
    /// What is downloaded.
    pub sizes: Vec<Size>,
    /// From the visit's start until something was to be seen.
    pub first_paint_ms: f64,
    /// From the visit's start until the first loss was to be seen, training with the page's defaults.
    pub first_step_ms: f64,
    /// Frames while training.
    pub frames_per_s: f64,
}

impl Report {
    /// For scripts.
    pub fn to_json(&self) -> Value {
        let size =
            |size: &Size| json!({ "part": size.part, "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli });
        json!({
            "machine": self.machine,
            "browser": self.browser,
            "tasks": self.tasks.iter().map(Row::to_json).collect::<Vec<_>>(),
            "sizes_bytes": self.sizes.iter().map(size).collect::<Vec<_>>(),
            "first_paint_ms": self.first_paint_ms,
            "first_step_ms": self.first_step_ms,
            "frames_per_s_while_training": self.frames_per_s,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n", self.machine, self.browser)?;
        writeln!(
            f,
            "{:<5}{:<8}{:>9}{:>9}{:>9}{:>12}{:>11}{:>13}{:>10}  device",
            "task", "place", "steps/s", "slowest", "fastest", "rows/s", "median ms", "1st step ms", "frames/s"
        )?;
        for row in &self.tasks {
            writeln!(f, "{row}")?;
        }
        writeln!(f, "\n{:<8}{:>12}{:>12}{:>12}", "kB", "raw", "gzip", "brotli")?;
        for Size { part, raw, gzip, brotli } in &self.sizes {
            let kilobytes = |bytes: &usize| *bytes as f64 / 1e3;
            writeln!(f, "{part:<8}{:>12.1}{:>12.1}{:>12.1}", kilobytes(raw), kilobytes(gzip), kilobytes(brotli))?;
        }
        writeln!(f, "\nfirst paint after {:.0} ms", self.first_paint_ms)?;
        writeln!(f, "first training step shown after {:.0} ms (files from this machine)", self.first_step_ms)?;
        writeln!(f, "{:.0} frames a second while training", self.frames_per_s)
    }
}
