//! WebGPU calls per training step, and its time on the host, by `tests/peers/probe.js` in the engine's worker.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use pinhole_e2e::{
    Page, Setup,
    browser::{Browser, dist},
    page::SHORT_TIMEOUT,
};
use serde_json::{Map, Value, json};
use xtask::{
    bench_options::{BenchOptions, Device},
    server::Reply,
};

use crate::{
    comparison::peers_file,
    competitor::{Competitor, JAX_ON_WEBGPU},
    page::{setup, version},
    report::{Report, Section},
    runner,
};

const PROBE: &str = include_str!("../../../peers/probe.js");
const ENGINE: &str = "engine-worker.js";
const TASKS: [&str; 2] = ["T1", "T2"];

/// Collects the messages of the probe.
const COLLECT_MESSAGES: &str = "window.__probe = [];
    new BroadcastChannel('pinhole-probe').onmessage = ({ data }) => window.__probe.push(data);";

/// Browser whose engine contains the probe. On WebGPU the probe drops all dispatches, as of a GPU that takes no time.
///
/// # Errors
/// When there is no engine in `dist`.
pub fn setup_with_probe(device: Device, peers: Option<PathBuf>) -> Result<Setup> {
    let engine = fs::read_to_string(dist().join(ENGINE)).context("reading the engine's loader")?;
    let null_gpu = device == Device::WebGpu;
    let probed = format!("self.probe = {{ nullGpu: {null_gpu} }};\n{PROBE}\n{engine}");
    let response = move |path: &str| {
        if path == ENGINE {
            return Some(Reply { status: 200, content_type: "text/javascript", body: probed.clone().into_bytes() });
        }
        peers.as_deref().and_then(|peers: &Path| peers_file(peers, path))
    };
    Ok(setup(device).before_scripts(COLLECT_MESSAGES).with_override(Box::new(response)))
}

/// Measures our engine and jax-js, the fastest of the other libraries on a GPU.
///
/// # Errors
/// When the browser fails; a competitor that fails is a row.
pub async fn measure(options: &BenchOptions, browser: &Browser, peers: PathBuf, report: &mut Report) -> Result<()> {
    let mut rows = Vec::new();
    for task in options.tasks_of(&TASKS) {
        let page = browser.open(setup_with_probe(Device::WebGpu, Some(peers.clone()))?).await?;
        report.browser = version(&page);
        let competitors = [
            Competitor::ours("Pinhole", &page.site(), Device::WebGpu, task),
            Competitor::peer(&JAX_ON_WEBGPU, &page.site(), task, "&null-gpu"),
        ];
        for competitor in &competitors {
            eprintln!("    {task} {}, null GPU", competitor.name);
            let outcome = measure_step(&page, competitor).await.map_err(|error| format!("{error:#}"));
            rows.push(Row { task, name: competitor.name.clone(), outcome });
        }
        page.close().await?;
    }
    report.add(Counters(rows));
    Ok(())
}

async fn measure_step(page: &Page, competitor: &Competitor) -> Result<Step> {
    page.client.goto("about:blank").await?;
    page.client.goto(&competitor.address).await?;
    let outcome = runner::run_turn(page, competitor, &page.client.window().await?).await?;
    let counts = page
        .until("the probe", SHORT_TIMEOUT, async || {
            let message =
                page.script("return window.__probe.find((message) => message.per_step) ?? null;", vec![]).await?;
            Ok(message["per_step"].as_object().cloned())
        })
        .await?;
    Ok(Step { host_ms: outcome["median_ms"].as_f64().context("a time")?, counts })
}

/// Time of a step on the host, milliseconds, and its WebGPU calls.
struct Step {
    host_ms: f64,
    counts: Map<String, Value>,
}

struct Row {
    task: &'static str,
    name: String,
    outcome: Result<Step, String>,
}

struct Counters(Vec<Row>);

impl Section for Counters {
    fn add_to(&self, all: &mut Map<String, Value>) {
        let row = |row: &Row| match &row.outcome {
            Ok(Step { host_ms, counts }) => {
                json!({ "task": row.task, "name": row.name, "host_ms": host_ms, "per_step": counts })
            }
            Err(error) => json!({ "task": row.task, "name": row.name, "error": error }),
        };
        all.insert("webgpu_steps".into(), self.0.iter().map(row).collect());
    }
}

impl fmt::Display for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "a step on WebGPU, the device given no work")?;
        writeln!(
            f,
            "{:<5}{:<16}{:>9}{:>12}{:>9}{:>9}{:>13}{:>9}{:>11}",
            "task", "", "host ms", "dispatches", "submits", "buffers", "bind groups", "uploads", "upload kB"
        )?;
        for Row { task, name, outcome } in &self.0 {
            write!(f, "{task:<5}{name:<16}")?;
            match outcome {
                Ok(Step { host_ms, counts }) => {
                    let count = |name: &str| counts.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
                    writeln!(
                        f,
                        "{host_ms:>9.3}{:>12.1}{:>9.1}{:>9.1}{:>13.1}{:>9.1}{:>11.1}",
                        count("dispatches"),
                        count("submits"),
                        count("buffers"),
                        count("bind_groups"),
                        count("uploads"),
                        count("upload_bytes") / 1e3,
                    )?;
                }
                Err(error) => writeln!(f, "  failed: {error}")?,
            }
        }
        Ok(())
    }
}
