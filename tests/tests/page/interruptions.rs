//! Runs that something outside the page interrupts: a dead worker, a slow processor, a machine that sleeps, a hidden tab.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{Capability, Page, Setup, drawing::THREE, page::LONG_TIMEOUT, scenario};
use serde_json::json;

use crate::{
    stored_runs::{progress, until_progress},
    training::set_up,
};

/// Script that keeps the workers that the page starts, so that a test can end one.
const KEEP_WORKERS: &str = "
    globalThis.workers = [];
    globalThis.Worker = class extends Worker {
        constructor(...options) { super(...options); workers.push(this); }
    };";

/// Starts a long run, and returns its first progress.
async fn start_training(page: &Page) -> Result<f64> {
    page.open("").await?;
    set_up(page, 2000, 32, 500).await?;
    page.press("Train").await?;
    until_progress(page).await
}

/// Checks that the run goes on from where it is.
async fn ensure_training_goes_on(page: &Page) -> Result<()> {
    let before = progress(page).await?.context("there is a run")?;
    page.until("further progress", LONG_TIMEOUT, async || {
        Ok(progress(page).await?.is_some_and(|share| share > before).then_some(()))
    })
    .await?;
    page.assert_alive().await
}

#[test]
fn a_worker_that_dies_is_explained_and_its_run_goes_on_after_the_reload() {
    scenario(Setup::cpu().before_scripts(KEEP_WORKERS), async |page| {
        let (first, start) = (start_training(page).await?, Instant::now());
        tokio::time::sleep(Duration::from_secs(8)).await;
        let before = progress(page).await?.context("there is a run")?;
        let per_second = (before - first) / start.elapsed().as_secs_f64();
        // As a browser ends a worker that has no memory left.
        let end =
            "workers[0].terminate(); workers[0].dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));";
        page.script(end, vec![]).await?;
        page.until("the explanation", LONG_TIMEOUT, async || Ok(page.overlay_is_shown().await?.then_some(()))).await?;
        let text = page.script("return document.querySelector('#crash-overlay').innerText;", vec![]).await?;
        ensure!(text.as_str().is_some_and(|text| text.contains("out of memory")), "it says {text}");
        page.press("Reload").await?;
        page.until_ready().await?;
        page.until("the restored run", LONG_TIMEOUT, async || Ok(page.can_press("Train").await?.then_some(()))).await?;
        page.press("Train").await?;
        let lost_s = (before - until_progress(page).await?) / per_second;
        ensure!(lost_s < 5.0, "{lost_s:.1} s of training were lost");
        page.assert_alive().await
    });
}

#[test]
#[ignore = "takes a minute or more: cargo xtask test soak"]
fn on_a_processor_six_times_slower_the_page_trains_and_draws() {
    scenario(Setup::cpu().needing(Capability::SlowProcessor), async |page| {
        page.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 6 })).await?;
        start_training(page).await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        ensure_training_goes_on(page).await?;
        page.press("Stop").await?;
        page.until_phase("stopped", LONG_TIMEOUT).await
    });
}

#[test]
#[ignore = "sleeps half a minute: cargo xtask test soak"]
fn after_the_machine_has_slept_training_goes_on() {
    scenario(Setup::cpu(), async |page| {
        start_training(page).await?;
        page.suspend(Duration::from_secs(30)).await;
        ensure_training_goes_on(page).await?;
        ensure!(page.notices().await?.is_empty(), "nothing is wrong: {:?}", page.notices().await?);
        Ok(())
    });
}

#[test]
#[ignore = "takes ten minutes: cargo xtask test soak"]
fn a_tab_that_is_hidden_for_ten_minutes_trains_on() {
    scenario(Setup::cpu(), async |page| {
        start_training(page).await?;
        let first = page.client.window().await?;
        let (before, hidden) = (progress(page).await?.context("there is a run")?, Duration::from_mins(10));
        let second = page.client.new_window(true).await?.handle;
        page.client.switch_to_window(second).await?;
        tokio::time::sleep(hidden).await;
        page.client.close_window().await?;
        page.client.switch_to_window(first).await?;
        // A run that has ended has no progress any more.
        if let Some(after) = progress(page).await? {
            println!("from {before} to {after}");
            ensure!(after > before, "it stood still");
            ensure_training_goes_on(page).await?;
        }
        page.assert_alive().await
    });
}
