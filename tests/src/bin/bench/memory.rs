//! Memory during a long training run of T1's network, early and at its end, to find leaks.

use std::{fmt, time::Duration};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use pinhole_e2e::{Page, browser::Browser, page::LONG_TIMEOUT};
use serde_json::{Map, Value, json};
use xtask::bench_options::{BenchOptions, Device};

use crate::{
    page::version,
    probe::setup_with_probe,
    report::{Report, Section},
};

/// Step of the early reading, by which a run has allocated everything it keeps.
const EARLY_STEP: usize = 100;
/// Steps per epoch, rounded down: 9,000 digits in batches of 128.
const STEPS_PER_EPOCH: usize = 70;
/// Timeout per step, in addition to that of the first step.
const TIMEOUT_PER_STEP: Duration = Duration::from_millis(100);

/// Measures the memory on the CPU and on a null GPU.
///
/// # Errors
/// When the browser fails; a run that fails is a row.
pub async fn measure(options: &BenchOptions, browser: &Browser, report: &mut Report) -> Result<()> {
    let mut rows = Vec::new();
    for device in options.devices() {
        eprintln!("    memory over {} steps, {}", options.steps, name(device));
        let page = browser.open(setup_with_probe(device, None)?).await?;
        report.browser = version(&page);
        let readings = train(&page, device, options.steps).await.map_err(|error| format!("{error:#}"));
        rows.push(Row { device, readings });
        page.close().await?;
    }
    report.add(Memory(rows));
    Ok(())
}

/// Trains for that many steps and returns the early and the last reading.
async fn train(page: &Page, device: Device, steps: usize) -> Result<[Reading; 2]> {
    let epochs = steps.div_ceil(STEPS_PER_EPOCH) + 1;
    let experiment = BASE64_URL_SAFE_NO_PAD.encode(json!({ "schedule": { "epochs": epochs } }).to_string());
    page.open(&format!("?device={}#/digits?experiment={experiment}", device.in_page())).await?;
    page.press("Train").await?;
    let timeout = LONG_TIMEOUT + TIMEOUT_PER_STEP * steps as u32;
    let mut readings = Vec::new();
    for wanted in [EARLY_STEP, steps] {
        let reading = page
            .until(&format!("step {wanted}"), timeout, async || {
                let found = "return window.__probe.find((message) => message.step >= arguments[0]) ?? null;";
                let message = page.script(found, vec![json!(wanted)]).await?;
                Ok(if message.is_null() { None } else { Some(Reading::read(&message)?) })
            })
            .await?;
        readings.push(reading);
    }
    let Ok(both) = readings.try_into() else { bail!("two readings were taken") };
    Ok(both)
}

/// Memory held after so many steps.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reading {
    step: u64,
    wasm_bytes: f64,
    gpu_bytes: f64,
}

impl Reading {
    fn read(message: &Value) -> Result<Self> {
        let bytes = |name: &str| message[name].as_f64().with_context(|| format!("the probe reports {name}"));
        let step = message["step"].as_u64().context("the probe reports the step")?;
        Ok(Self { step, wasm_bytes: bytes("wasm_bytes")?, gpu_bytes: bytes("gpu_bytes")? })
    }

    fn to_json(self) -> Value {
        json!({ "step": self.step, "wasm_bytes": self.wasm_bytes, "gpu_bytes": self.gpu_bytes })
    }
}

struct Row {
    device: Device,
    readings: Result<[Reading; 2], String>,
}

const fn name(device: Device) -> &'static str {
    match device {
        Device::Cpu => "CPU",
        Device::WebGpu => "null GPU",
    }
}

struct Memory(Vec<Row>);

impl Section for Memory {
    fn add_to(&self, all: &mut Map<String, Value>) {
        let row = |Row { device, readings }: &Row| match readings {
            Ok(readings) => json!({ "on": name(*device), "readings": readings.map(Reading::to_json) }),
            Err(error) => json!({ "on": name(*device), "error": error }),
        };
        all.insert("memory".into(), self.0.iter().map(row).collect());
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<22}{:>9}{:>12}{:>15}", "memory while training", "step", "wasm MB", "GPU buffers MB")?;
        for Row { device, readings } in &self.0 {
            match readings {
                Ok(readings) => {
                    for Reading { step, wasm_bytes, gpu_bytes } in readings {
                        let name = name(*device);
                        writeln!(f, "{name:<22}{step:>9}{:>12.2}{:>15.2}", wasm_bytes / 1e6, gpu_bytes / 1e6)?;
                    }
                }
                Err(error) => writeln!(f, "{:<22}  failed: {error}", name(*device))?,
            }
        }
        Ok(())
    }
}
