//! What each suite runs.

use std::path::Path;

use anyhow::{Context as _, Result};
use xtask::{
    chromium::{self, Driver},
    process::{cargo, program_in, run as run_command},
    workspace,
};

use super::{Suite, Tally, boundary, libtest, unused, wrapped_exports};
use crate::{dist, tools};

const WASM: &str = "wasm32-unknown-unknown";
/// All that runs natively in one build, the terminal's program too. The page runs only in a browser.
const NATIVE: [&str; 7] = ["--workspace", "--exclude", "pinhole", "--exclude", "pinhole-e2e", "--exclude", "xtask"];

/// Runs one suite to its end.
pub fn run(suite: Suite) -> Tally {
    match suite {
        Suite::Fmt => Tally::of(run_command(&mut cargo(&["fmt", "--all", "--check"]))),
        Suite::Boundary => sum(boundary::checks().into_iter().chain([unused::check()])),
        Suite::Clippy => clippy(),
        Suite::Docs => docs(),
        Suite::Native => tests(native()),
        Suite::Wasm => tests(wasm()),
        Suite::E2e => e2e(),
    }
}

fn sum(checks: impl IntoIterator<Item = Result<()>>) -> Tally {
    let mut tally = Tally::default();
    for check in checks {
        tally += Tally::of(check);
    }
    tally
}

/// Counts a suite that could not even start as one failure.
fn tests(result: Result<Tally>) -> Tally {
    result.unwrap_or_else(|error| Tally::of(Err(error)))
}

fn clippy() -> Tally {
    let native = ["clippy", "--workspace", "--exclude", "pinhole", "--all-targets", "--", "-D", "warnings"];
    let page = ["clippy", "--target", WASM, "-p", "pinhole", "-p", "pinhole-protocol", "--all-targets"];
    // Their native tests pull in what does not build for wasm.
    let worker = ["clippy", "--target", WASM, "-p", "pinhole-engine", "-p", "pinhole-worker", "--lib", "--bins"];
    let worker_cpu = ["clippy", "--target", WASM, "-p", "pinhole-worker", "--no-default-features", "--lib", "--bins"];
    let for_wasm = |arguments: &[&str]| {
        tools::ensure_wasm_target().and_then(|()| run_command(cargo(arguments).args(["--", "-D", "warnings"])))
    };
    sum([run_command(&mut cargo(&native)), for_wasm(&page), for_wasm(&worker), for_wasm(&worker_cpu)])
}

fn docs() -> Tally {
    let native = ["--workspace", "--exclude", "pinhole"];
    // The page exists only in a browser.
    let page = ["--package", "pinhole", "--target", WASM];
    let document = |arguments: &[&str]| {
        run_command(cargo(&["doc", "--no-deps"]).args(arguments).env("RUSTDOCFLAGS", "-D warnings"))
    };
    sum([document(&native), tools::ensure_wasm_target().and_then(|()| document(&page))])
}

/// Builds tests and programs together, so that Burn is compiled once for both.
fn build_native() -> Result<()> {
    run_command(cargo(&["build", "--lib", "--bins", "--tests"]).args(NATIVE))
}

fn native() -> Result<Tally> {
    let test = ["test", "--lib", "--bins", "--tests", "--no-fail-fast"];
    let show = ["--", "--show-output"];
    let mut tally = libtest::run(cargo(&test).args(["--profile", "quick", "--package", "xtask"]).args(show))?;
    build_native()?;
    tally += libtest::run(cargo(&test).args(NATIVE).args(show))?;
    Ok(tally)
}

fn wasm() -> Result<Tally> {
    tools::ensure_wasm_target()?;
    let wasm_bindgen = tools::ensure_wasm_bindgen()?;
    let chromium = chromium::find_or_install()?;
    libtest::run(
        cargo(&["test", "--target", WASM, "-p", "pinhole", "-p", "pinhole-protocol", "--no-fail-fast"])
            .args(["--lib", "--bins", "--tests"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::test_runner(&wasm_bindgen))
            .env("CHROMEDRIVER", chromium.driver)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
    )
}

fn e2e() -> Tally {
    if let Err(error) = dist::build("./") {
        return Tally::of(Err(error.context("no page to test")));
    }
    let mut tally = Tally::of(wrapped_exports::check(&workspace::dist()));
    tally += tests(browse());
    tally
}

fn browse() -> Result<Tally> {
    let chromium = chromium::find_or_install()?;
    build_native().context("the terminal's program, to which the page's models go")?;
    let driver = Driver::start(&chromium)?;
    libtest::run(
        cargo(&["test", "--profile", "quick", "-p", "pinhole-e2e", "--no-fail-fast", "--lib", "--bins", "--tests"])
            .args(["--", "--show-output", "--test-threads=1"])
            .env("CHROMIUM", &chromium.browser)
            .env("PINHOLE_DRIVER", driver.address())
            .env("PINHOLE_PROFILES", driver.profiles())
            .env("PINHOLE_DIST", workspace::dist())
            .env("PINHOLE_CLI", program_in(&workspace::target().join(Path::new("debug")), "pinhole")),
    )
}
