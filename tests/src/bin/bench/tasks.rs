//! Benchmark tasks of our engine, natively and in a page.

use std::fmt;

use anyhow::Result;
use pinhole_e2e::browser::Browser;
use serde_json::{Map, Value, json};
use xtask::bench_options::{BenchOptions, Device, TASKS};

use crate::{
    page,
    report::{Report, Section},
    terminal,
};

/// Runs the tasks one after the other, each in a new process.
pub async fn measure(options: &BenchOptions, device: Device, browser: &Browser, report: &mut Report) -> Result<()> {
    let mut rows = Vec::new();
    for task in options.tasks_of(&TASKS) {
        eprintln!("    {task} natively");
        rows.push(Row::new(task, "native", terminal::run(task, device)));
    }
    for task in options.tasks_of(&TASKS) {
        eprintln!("    {task} in a page");
        let page = browser.open(page::setup(device)).await?;
        report.browser = page::version(&page);
        rows.push(Row::new(task, "page", page::run(&page, task, device).await));
        page.close().await?;
    }
    report.add(Tasks(rows));
    Ok(())
}

struct Tasks(Vec<Row>);

/// Outcome of a task, native or in a page.
struct Row {
    task: &'static str,
    place: &'static str,
    /// The engine's report, or the error.
    outcome: Result<Value, String>,
}

impl Row {
    fn new(task: &'static str, place: &'static str, outcome: Result<Value>) -> Self {
        Self { task, place, outcome: outcome.map_err(|error| format!("{error:#}")) }
    }

    fn to_json(&self) -> Value {
        match &self.outcome {
            Ok(report) => json!({ "task": self.task, "place": self.place, "ok": true, "report": report }),
            Err(error) => json!({ "task": self.task, "place": self.place, "ok": false, "error": error }),
        }
    }
}

impl Section for Tasks {
    fn add_to(&self, all: &mut Map<String, Value>) {
        all.insert("tasks".into(), self.0.iter().map(Row::to_json).collect());
    }
}

impl fmt::Display for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<5}{:<8}{:>9}{:>9}{:>9}{:>12}{:>11}{:>13}{:>10}  device",
            "task", "place", "steps/s", "slowest", "fastest", "rows/s", "median ms", "1st step ms", "frames/s"
        )?;
        self.0.iter().try_for_each(|row| writeln!(f, "{row}"))
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
