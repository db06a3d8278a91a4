//! Benchmarks in the page as it ships: a task, and the delays of a visit.

use std::{fmt, time::Duration};

use anyhow::{Context as _, Result, bail};
use pinhole_e2e::{Page, Setup, browser::Browser, page::LONG_TIMEOUT};
use serde_json::{Map, Value, json};
use xtask::bench_options::Device;

use crate::report::{Report, Section};

/// Browser options for a device.
pub fn setup(device: Device) -> Setup {
    match device {
        Device::Cpu => Setup::cpu(),
        Device::WebGpu => Setup::webgpu(),
    }
}

/// Name and version of the browser.
pub fn version(page: &Page) -> String {
    let text = |name: &str| {
        let value = page.client.capabilities().and_then(|all| all.get(name)).and_then(Value::as_str);
        value.unwrap_or("?").to_owned()
    };
    format!("{} {} (headless)", text("browserName"), text("browserVersion"))
}

/// Runs a task in a new page.
///
/// # Errors
/// When the page does not load, or the engine says that it failed.
pub async fn run(page: &Page, task: &str, device: Device) -> Result<Value> {
    page.load(&format!("#/bench?task={task}&device={}", device.in_page())).await?;
    let frames_per_s = frames_per_s(page, Duration::from_secs(3)).await?;
    let mut result = outcome(page).await?;
    // Measured while the worker computes.
    result["frames_per_s"] = frames_per_s.into();
    Ok(result)
}

/// Waits for the outcome of a benchmark in its window, `window.__bench`.
///
/// # Errors
/// When there is no outcome in time, or it is a failure.
pub async fn outcome(page: &Page) -> Result<Value> {
    let result = page
        .until("the benchmark's result", LONG_TIMEOUT, async || {
            let result = page.script("return window.__bench ?? null;", vec![]).await?;
            Ok((!result.is_null()).then_some(result))
        })
        .await?;
    if result["ok"] != true {
        bail!("{}", result["error"].as_str().unwrap_or("it gave no reason"));
    }
    Ok(result)
}

/// Opens the page as a visitor does, and trains as soon as "Train" is enabled.
///
/// # Errors
/// When the page does not train.
pub async fn visit(device: Device, browser: &Browser, report: &mut Report) -> Result<()> {
    eprintln!("    a visit");
    let page = browser.open(setup(device)).await?;
    page.load(&format!("?device={}", device.in_page())).await?;
    page.press("Train").await?;
    let first_step_ms = page
        .until("the first training step", LONG_TIMEOUT, async || {
            let has_loss = page.status().await?.contains("loss ");
            Ok(if has_loss { page.script("return performance.now();", vec![]).await?.as_f64() } else { None })
        })
        .await?;
    let first_paint_ms = page
        .script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null;", vec![])
        .await?
        .as_f64()
        .context("the browser reports its first paint")?;
    let frames_per_s = frames_per_s(&page, Duration::from_secs(3)).await?;
    report.add(Visit { first_paint_ms, first_step_ms, frames_per_s });
    page.close().await
}

/// Delays of a visit.
struct Visit {
    /// Time until the first contentful paint.
    first_paint_ms: f64,
    /// Time until the first loss is shown, training with the page's defaults.
    first_step_ms: f64,
    /// Frames per second while training.
    frames_per_s: f64,
}

impl Section for Visit {
    fn add_to(&self, all: &mut Map<String, Value>) {
        all.insert("first_paint_ms".into(), json!(self.first_paint_ms));
        all.insert("first_step_ms".into(), json!(self.first_step_ms));
        all.insert("frames_per_s_while_training".into(), json!(self.frames_per_s));
    }
}

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "first paint after {:.0} ms", self.first_paint_ms)?;
        writeln!(f, "first training step shown after {:.0} ms (files from this machine)", self.first_step_ms)?;
        writeln!(f, "{:.0} frames per second while training", self.frames_per_s)
    }
}

async fn frames_per_s(page: &Page, during: Duration) -> Result<f64> {
    let rate = page
        .client
        .execute_async(
            "const [during, done] = arguments; const start = performance.now(); let frames = 0;
             const next = () => {
                 const passed = performance.now() - start;
                 if (passed >= during) return done(frames * 1000 / passed);
                 frames += 1; requestAnimationFrame(next);
             };
             requestAnimationFrame(next);",
            vec![(during.as_millis() as u64).into()],
        )
        .await?;
    rate.as_f64().context("a number of frames")
}
