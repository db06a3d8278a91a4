//! Every way of not starting: within ten seconds the page says what is wrong and what to do.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::Value;
use xtask::server::{Host, Override, Reply};

/// Elements that say why the page has not opened.
const PROBLEM: &str = "#boot-problem, #boot-unexplained";

/// Waits for the explanation of a page that has not opened, checks that a screen reader announces it, and returns it.
pub async fn until_problem(page: &Page) -> Result<String> {
    let problem = page
        .until("the reason why the page has not opened", SHORT_TIMEOUT, async || {
            let shown = page
                .script(
                    "const problem = document.querySelector(arguments[0]);
                    return problem?.checkVisibility({ visibilityProperty: true }) ? [problem.role, problem.innerText] : null;",
                    vec![PROBLEM.into()],
                )
                .await?;
            Ok((!shown.is_null()).then_some(shown))
        })
        .await?;
    ensure!(problem[0] == "alert", "its role is {}", problem[0]);
    let problem = problem[1].as_str().unwrap_or_default().to_owned();
    ensure!(problem.contains("Reload"), "nothing to do next: {problem}");
    println!("{problem}");
    Ok(problem)
}

/// Waits for the crash overlay and returns its text.
pub async fn until_overlay(page: &Page) -> Result<String> {
    page.until("the overlay", LONG_TIMEOUT, async || Ok(page.overlay_is_shown().await?.then_some(()))).await?;
    let text = page.script("return document.querySelector('#crash-overlay').innerText;", vec![]).await?;
    let text = text.as_str().unwrap_or_default().to_owned();
    println!("{text}");
    Ok(text)
}

/// Opens the page and checks that the explanation in its place contains `words`.
fn assert_problem(setup: Setup, words: &[&'static str]) {
    scenario(setup, async |page| {
        page.load("").await?;
        let problem = until_problem(page).await?;
        for word in words {
            ensure!(problem.contains(word), "no `{word}` in: {problem}");
        }
        ensure!(!page.overlay_is_shown().await?, "explained twice");
        Ok(())
    });
}

/// Answers with `reply` where the path contains `part`.
fn reply_for(part: &'static str, reply: Reply) -> Override {
    Box::new(move |path| path.contains(part).then(|| reply.clone()))
}

fn script(body: &str) -> Reply {
    Reply { status: 200, content_type: "text/javascript", body: body.into() }
}

/// A host with this policy of its own, beside the page's.
const fn with_headers(headers: &'static [(&'static str, &'static str)]) -> Host {
    Host { headers, ..Host::LOCAL }
}

#[test]
fn scripts_that_may_not_run_are_explained_without_them() {
    let host = with_headers(&[("Content-Security-Policy", "script-src 'none'")]);
    assert_problem(Setup { host, ..Setup::cpu() }, &["its scripts did not run", "policy"]);
}

#[test]
fn a_blocked_script_is_explained_without_it() {
    let blocked = Reply { status: 403, content_type: "text/plain", body: Vec::new() };
    assert_problem(Setup::cpu().with_override(reply_for("boot.js", blocked)), &["its scripts did not run"]);
}

#[test]
fn a_refused_module_is_explained() {
    let refused = Reply { status: 403, content_type: "text/plain", body: Vec::new() };
    assert_problem(
        Setup::cpu().with_override(Box::new(move |path| is_page_script(path).then(|| refused.clone()))),
        &["does not give out page-", "403"],
    );
}

#[test]
fn a_module_of_the_wrong_type_is_explained() {
    let plain = Reply { status: 200, content_type: "text/plain", body: b"export default () => {};".to_vec() };
    assert_problem(
        Setup::cpu().with_override(Box::new(move |path| is_page_script(path).then(|| plain.clone()))),
        &["as text/plain", "text/javascript"],
    );
}

fn is_page_script(path: &str) -> bool {
    path.starts_with("page-") && path.split_once('.').is_some_and(|(_, ending)| ending == "js")
}

#[test]
fn a_module_that_does_not_arrive_is_explained_within_ten_seconds() {
    let start = std::sync::Arc::new(std::sync::OnceLock::new());
    let asked = start.clone();
    let late: Override = Box::new(move |path| {
        if is_page_script(path) {
            asked.get_or_init(Instant::now);
            std::thread::sleep(Duration::from_secs(14));
        }
        None
    });
    scenario(Setup::cpu().with_override(late), async |page| {
        // The page's load waits for preloaded files.
        page.script("location.href = arguments[0];", vec![Value::from(page.site())]).await?;
        let problem = until_problem(page).await?;
        let waited = start.get().map(Instant::elapsed).unwrap_or_default();
        ensure!(problem.contains("still loading"), "{problem}");
        ensure!(waited < Duration::from_secs(14), "the module has arrived: said too late");
        page.until_ready().await?;
        ensure!(page.script("return document.querySelector(arguments[0]);", vec![PROBLEM.into()]).await?.is_null());
        page.assert_alive().await
    });
}

#[test]
fn webassembly_refused_by_the_hosts_policy_is_explained() {
    let host = with_headers(&[("Content-Security-Policy", "script-src 'self'")]);
    assert_problem(Setup { host, ..Setup::cpu() }, &["'wasm-unsafe-eval'", "script-src"]);
}

#[test]
fn a_browser_without_webassembly_is_told() {
    assert_problem(Setup::cpu().before_scripts("delete window.WebAssembly;"), &["no WebAssembly", "Safari 16.4"]);
}

#[test]
fn a_browser_without_simd_is_told() {
    // Of what the page asks about, only the question for SIMD is longer than an empty module.
    let without = "WebAssembly.validate = (bytes) => bytes.length <= 8;";
    assert_problem(Setup::cpu().before_scripts(without), &["no SIMD", "Safari 16.4"]);
}

#[test]
fn too_little_memory_for_the_page_is_explained() {
    let full = "WebAssembly.instantiateStreaming = WebAssembly.instantiate = async () => {
        throw new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance'); };";
    assert_problem(Setup::cpu().before_scripts(full), &["not enough memory", "Close other tabs"]);
}

/// Opens the page and checks that the crash overlay contains `words`.
fn assert_overlay(setup: Setup, words: &[&'static str]) {
    scenario(setup, async |page| {
        page.load("").await?;
        let overlay = until_overlay(page).await?;
        for word in words {
            ensure!(overlay.contains(word), "no `{word}` in: {overlay}");
        }
        Ok(())
    });
}

#[test]
fn too_little_memory_for_the_engine_is_explained() {
    let full = script("export default async () => { throw new RangeError('could not allocate memory'); };");
    assert_overlay(
        Setup::cpu().with_override(reply_for("pinhole-worker-cpu.js", full)),
        &["not enough memory for the engine", "Close other tabs"],
    );
}

#[test]
fn a_worker_refused_by_the_hosts_policy_is_explained() {
    let host = with_headers(&[("Content-Security-Policy", "worker-src 'none'")]);
    assert_overlay(Setup { host, ..Setup::cpu() }, &["worker-src", "'self' and blob:"]);
}

#[test]
fn a_missing_loader_is_explained() {
    let missing = Reply { status: 404, content_type: "text/plain", body: Vec::new() };
    assert_overlay(Setup::cpu().with_override(reply_for("engine-worker.js", missing)), &["loader", "Reload the page"]);
}

#[test]
fn a_worker_that_does_not_answer_is_reported_until_it_does() {
    // Silent for 14 seconds, then the loader itself.
    let loader = std::fs::read_to_string(pinhole_e2e::browser::dist().join("engine-worker.js")).expect("dist has it");
    let late = script(&format!("await new Promise((resolve) => setTimeout(resolve, 14_000));\n{loader}"));
    scenario(Setup::cpu().with_override(reply_for("engine-worker.js", late)), async |page| {
        page.load("").await?;
        println!("{}", page.until_notice(&["sent nothing for ten seconds"]).await?);
        page.until_ready().await?;
        ensure!(page.notices().await?.is_empty(), "the notice stays: {:?}", page.notices().await?);
        page.assert_alive().await
    });
}

#[test]
fn a_device_that_does_not_answer_is_reported() {
    let silent = script("postMessage('listening');");
    scenario(Setup::cpu().with_override(reply_for("engine-worker.js", silent)), async |page| {
        page.load("").await?;
        println!("{}", page.until_notice(&["device has not answered"]).await?);
        page.assert_alive().await
    });
}
