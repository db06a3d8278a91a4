//! Choice of the device, fallback to the CPU, and loss of the GPU.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Capability, Page, Setup,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::json;

use crate::training::set_up;

/// Module of the engine with WebGPU.
const ENGINE: &str = "pinhole-worker_bg.wasm";

/// Module of the engine without WebGPU.
const ENGINE_CPU: &str = "pinhole-worker-cpu_bg.wasm";

/// File names of the engine modules fetched so far.
fn fetched_engines(page: &Page) -> Vec<String> {
    let requests = page.requests().into_iter();
    requests
        .filter_map(|request| request.url.rsplit_once('/').map(|(_, file)| file.to_owned()))
        .filter(|file| file.ends_with("_bg.wasm") && file.contains("worker"))
        .collect()
}

async fn reason(page: &Page) -> Result<String> {
    page.until("a reason for the fallback", SHORT_TIMEOUT, async || {
        Ok(page.text("device-reason").await?.filter(|reason| !reason.is_empty()))
    })
    .await
}

#[test]
fn without_webgpu_the_page_says_why_it_computes_on_the_cpu() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=webgpu").await?;
        ensure!(page.device().await? == "cpu", "there is no WebGPU in this browser");
        let reason = reason(page).await?;
        ensure!(reason.contains("GPU"), "the reason is `{reason}`");
        println!("{reason}");
        page.assert_alive().await
    });
}

#[test]
fn a_browser_without_webgpu_fetches_only_the_engine_without_it() {
    scenario(Setup::cpu().needing(Capability::WebGpuWithoutAdapter), async |page| {
        page.open("").await?;
        ensure!(fetched_engines(page) == [ENGINE_CPU], "fetched {:?}", fetched_engines(page));
        ensure!(reason(page).await?.contains("no WebGPU adapter"));
        set_up(page, 60, 12, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        page.assert_alive().await
    });
}

#[test]
fn the_engine_changes_with_the_chosen_device() {
    scenario(Setup::webgpu(), async |page| {
        page.open("?device=cpu").await?;
        ensure!(fetched_engines(page) == [ENGINE_CPU], "fetched {:?}", fetched_engines(page));
        page.choose("Device", "webgpu").await?;
        page.until("WebGPU", LONG_TIMEOUT, async || Ok((page.device().await? == "webgpu").then_some(()))).await?;
        ensure!(fetched_engines(page) == [ENGINE_CPU, ENGINE], "fetched {:?}", fetched_engines(page));
        page.assert_alive().await
    });
}

#[test]
fn a_software_adapter_counts_as_none_unless_asked_for() {
    scenario(Setup::webgpu(), async |page| {
        page.open("").await?;
        ensure!(page.device().await? == "cpu", "SwiftShader is slower than the CPU");
        let reason = reason(page).await?;
        ensure!(reason.contains("a program, not a GPU"), "the reason is `{reason}`");
        page.open("?device=cpu").await?;
        ensure!(page.device().await? == "cpu");
        page.open("?device=webgpu").await?;
        ensure!(page.device().await? == "webgpu", "{:?}", page.text("device-reason").await?);
        page.choose("Device", "cpu").await?;
        page.until("the CPU", LONG_TIMEOUT, async || Ok((page.device().await? == "cpu").then_some(()))).await
    });
}

#[test]
fn a_gpu_lost_during_a_run_loses_no_model() {
    scenario(Setup::webgpu().needing(Capability::GpuCrash), async |page| {
        page.open("?device=webgpu").await?;
        ensure!(page.device().await? == "webgpu", "{:?}", page.text("device-reason").await?);
        set_up(page, 60, 12, 40).await?;
        page.press("Train").await?;
        page.until_phase("running", LONG_TIMEOUT).await?;
        page.until("a second epoch", LONG_TIMEOUT, async || {
            Ok((!page.status().await?.contains("Epoch 1 ")).then_some(()))
        })
        .await?;
        crash_gpu(page).await?;
        page.until("the CPU to take over", LONG_TIMEOUT, async || Ok((page.device().await? == "cpu").then_some(())))
            .await?;
        println!("{}", reason(page).await?);
        page.until_phase("finished", LONG_TIMEOUT).await?;
        ensure!(page.save_model().await?.len() > 100_000, "the model is kept");
        page.assert_alive().await
    });
}

/// Ends the browser's GPU process, as a reset of the driver does.
async fn crash_gpu(page: &Page) -> Result<()> {
    page.devtools("Browser.crashGpuProcess", json!({})).await.context("crashing the GPU process")?;
    Ok(())
}
