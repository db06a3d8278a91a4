//! Conformance of the engine on WebGPU: with reference values of PyTorch, and with its own on the CPU.
//!
//! The tests start their own worker and post it commands that the page never sends.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use pinhole_e2e::{Page, Setup, scenario};
use pinhole_protocol::{Experiment, PROTOCOL_VERSION, TrainingStart, presets};
use serde_json::{Value, json};
use xtask::workspace;

/// Timeout for software WebGPU, which compiles a shader for every shape.
const COMPARISON_TIMEOUT: Duration = Duration::from_mins(40);
/// Largest difference allowed, relative to the largest value of a tensor: a GPU sums in another order.
const TOLERANCE: f64 = 1e-3;

/// Script that starts an engine, which lives as long as the page.
const START_ENGINE: &str = r#"
    const [version] = arguments;
    const loader = new URL("engine-worker.js", document.baseURI).href;
    const script = new Blob([`import ${JSON.stringify(loader)};`], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(script), { type: "module" });
    window.__engine = { worker, answer: null };
    worker.onmessage = ({ data }) => {
        if (data === "listening") {
            worker.postMessage([{ start: { protocol_version: version, device: "web_gpu" } }]);
        } else if (data?.event || data?.panicked) {
            window.__engine.answer = data.event ?? { panicked: data.panicked };
        }
    };
    worker.onerror = ({ message }) => { window.__engine.answer = { panicked: message }; };
"#;

/// Script that posts a command; a file in it is base64.
const POST_COMMAND: &str = r"
    const [command] = arguments;
    if (command.compare) {
        command.compare.file = Uint8Array.from(atob(command.compare.file), (character) => character.charCodeAt(0));
    }
    window.__engine.answer = null;
    window.__engine.worker.postMessage([command]);
";

/// Script that returns the answer as JSON, with numbers that are not finite as text.
const READ_ANSWER: &str = r#"
    const number = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
    return JSON.stringify(window.__engine.answer, number);
"#;

async fn answer(page: &Page) -> Result<Value> {
    page.until("the engine's answer", COMPARISON_TIMEOUT, async || {
        let answer = page.script(READ_ANSWER, vec![]).await?;
        let answer: Value = serde_json::from_str(answer.as_str().context("an answer is text")?)?;
        Ok((!answer.is_null()).then_some(answer))
    })
    .await
}

async fn start(page: &Page) -> Result<()> {
    page.open("?device=cpu").await?;
    page.script(START_ENGINE, vec![json!(PROTOCOL_VERSION)]).await?;
    let answer = answer(page).await?;
    ensure!(answer["ready"]["kind"] == "web_gpu", "the engine computes elsewhere: {answer}");
    Ok(())
}

/// Compared cases whose difference exceeds the tolerance.
async fn cases_beyond_tolerance(page: &Page, command: Value) -> Result<Vec<Value>> {
    page.script(POST_COMMAND, vec![command]).await?;
    let answer = answer(page).await?;
    let cases = answer["compared"].as_array().with_context(|| format!("the engine compared nothing: {answer}"))?;
    ensure!(!cases.is_empty(), "there is no case");
    Ok(cases.iter().filter(|case| case["worst"].as_f64().is_none_or(|worst| worst > TOLERANCE)).cloned().collect())
}

fn ensure_matches_pytorch(reference: &'static str, name: &'static str) {
    scenario(Setup::webgpu(), async |page| {
        start(page).await?;
        let path = workspace::root().join(format!("crates/engine/tests/reference/family/{name}.safetensors"));
        let file = BASE64.encode(fs::read(path)?);
        let wrong =
            cases_beyond_tolerance(page, json!({ "compare": { "reference": reference, "file": file } })).await?;
        ensure!(wrong.is_empty(), "{name}: {wrong:#?}");
        Ok(())
    });
}

#[test]
fn dense_networks_on_webgpu_match_pytorch() {
    ensure_matches_pytorch("networks", "dense");
}

#[test]
fn convolutional_networks_on_webgpu_match_pytorch() {
    ensure_matches_pytorch("networks", "pictures");
}

#[test]
fn sequence_networks_on_webgpu_match_pytorch() {
    ensure_matches_pytorch("networks", "sequences");
}

#[test]
fn recurrent_networks_on_webgpu_match_pytorch() {
    ensure_matches_pytorch("networks", "recurrent");
}

#[test]
fn bottlenecks_on_webgpu_match_pytorch() {
    ensure_matches_pytorch("networks", "bottlenecks");
}

#[test]
fn losses_optimisers_and_corruptions_on_webgpu_match_pytorch() {
    ensure_matches_pytorch("losses", "losses");
    ensure_matches_pytorch("optimisers", "optimisers");
    ensure_matches_pytorch("corruptions", "corruptions");
}

#[test]
fn every_preset_takes_the_same_step_on_webgpu_and_on_the_cpu() {
    scenario(Setup::webgpu(), async |page| {
        start(page).await?;
        for preset in presets() {
            let wrong = cases_beyond_tolerance(page, compare_devices(&preset.experiment, preset.start)?).await?;
            ensure!(wrong.is_empty(), "{}: {wrong:#?}", preset.name);
            println!("{} agrees", preset.name);
        }
        Ok(())
    });
}

fn compare_devices(experiment: &Experiment, start: TrainingStart) -> Result<Value> {
    let (experiment, start) = (serde_json::to_value(experiment)?, serde_json::to_value(start)?);
    Ok(json!({ "compare_devices": { "experiment": experiment, "start": start } }))
}
