//! The tasks in a page, and what a visitor waits for.

use std::time::Duration;

use anyhow::{Context as _, Result};
use pinhole_e2e::{Page, Setup, browser::Browser, page::EVENTUALLY};
use serde_json::Value;

use crate::{
    Device, TASKS,
    report::{Report, Row},
};

/// Measures in one browser after the other, each fresh.
pub async fn measure(device: Device, report: &mut Report) -> Result<()> {
    let browser = Browser::start()?;
    for task in TASKS {
        eprintln!("    {task} in a page");
        let page = browser.open(setup(device)).await?;
        report.browser = version(&page);
        report.tasks.push(Row::new(task, "page", run(&page, task, device).await));
        page.close().await?;
    }
    eprintln!("    a visit");
    let page = browser.open(setup(device)).await?;
    visit(&page, device, report).await?;
    page.close().await
}

fn setup(device: Device) -> Setup {
    match device {
        Device::Cpu => Setup::cpu(),
        Device::WebGpu => Setup::webgpu(),
    }
}

fn version(page: &Page) -> String {
    let text = |name: &str| {
        let value = page.client.capabilities().and_then(|all| all.get(name)).and_then(Value::as_str);
        value.unwrap_or("?").to_owned()
    };
    format!("{} {} (headless)", text("browserName"), text("browserVersion"))
}

async fn run(page: &Page, task: &str, device: Device) -> Result<Value> {
    page.load(&format!("#/bench?task={task}&device={}", device.in_page())).await?;
    let frames_per_s = frames_per_s(page, Duration::from_secs(3)).await?;
    let mut result = page
        .until("the benchmark's result", EVENTUALLY, async || {
            let result = page.script("return window.__bench ?? null;", vec![]).await?;
            Ok((!result.is_null()).then_some(result))
        })
        .await?;
    if result["ok"] != true {
        return Err(anyhow::anyhow!("{}", result["error"]));
    }
    // While the worker was at it: what the page stays good for.
    result["frames_per_s"] = frames_per_s.into();
    Ok(result)
}

/// Opens the page as a visitor does, and trains as soon as that is possible.
async fn visit(page: &Page, device: Device, report: &mut Report) -> Result<()> {
    page.load(&format!("?device={}", device.in_page())).await?;
    page.press("Train").await?;
    report.first_step_ms = page
        .until("the first training step", EVENTUALLY, async || {
            let has_loss = page.status().await?.contains("loss ");
            Ok(if has_loss { page.script("return performance.now();", vec![]).await?.as_f64() } else { None })
        })
        .await?;
    report.first_paint_ms = page
        .script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null;", vec![])
        .await?
        .as_f64()
        .context("the browser tells when it first painted")?;
    report.frames_per_s = frames_per_s(page, Duration::from_secs(3)).await?;
    Ok(())
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
