//! Commands and checks of each suite.

use std::process::Command;

use anyhow::Result;
use xtask::{
    browsers::BrowserKind,
    process::{cargo, command, program_in, run as run_command},
    workspace,
};

use super::{
    BrowserChoice, Suite, SuiteResult, Tally, boundary, browsers, document, libtest,
    parts::{Part, PartTimes},
    unused,
};
use crate::tools;

const WASM: &str = "wasm32-unknown-unknown";
/// Packages that are built and tested natively in one build, with the terminal program.
const NATIVE: [&str; 7] = ["--workspace", "--exclude", "pinhole", "--exclude", "pinhole-e2e", "--exclude", "xtask"];
/// Packages of the build tasks and the browser scenarios; they mostly wait for other processes.
const TOOLS: [&str; 6] = ["--profile", "quick", "--package", "xtask", "--package", "pinhole-e2e"];
/// Packages whose tests run only in a browser.
const PAGE: [&str; 6] = ["--target", WASM, "--package", "pinhole", "--package", "pinhole-protocol"];
/// The test of the table crate that needs a browser, whose decoder it has there.
const BROWSER_DECODER: [&str; 6] = ["--target", WASM, "--package", "pinhole-table", "--test", "browser_decoder"];

/// Runs one suite to its end, that of the scenarios in each browser that was chosen.
pub fn run(suite: Suite, choice: BrowserChoice, times: &mut PartTimes) -> Vec<SuiteResult> {
    let tally: fn(&mut PartTimes) -> Tally = match suite {
        Suite::Fmt => {
            |times| times.measure(Part::Lint, || Tally::of(run_command(&mut cargo(&["fmt", "--all", "--check"]))))
        }
        Suite::Boundary => {
            |times| times.measure(Part::Lint, || sum(boundary::checks().into_iter().chain([unused::check()])))
        }
        Suite::Clippy => clippy,
        Suite::Docs => docs,
        Suite::Native => |times| tests(native(times)),
        Suite::Wasm => |times| tests(wasm(times)),
        Suite::E2e => return browsers::run(choice, times),
        Suite::Soak => return browsers::soak(choice, times),
        Suite::Presets => |times| Tally::of(presets(times)),
    };
    vec![SuiteResult::of(suite.to_string(), || tally(times))]
}

/// Downloads the crates of all targets.
///
/// # Errors
/// When a crate is neither cached nor downloadable.
pub fn fetch() -> Result<()> {
    run_command(&mut cargo(&["fetch", "--locked"]))
}

fn sum(checks: impl IntoIterator<Item = Result<()>>) -> Tally {
    let mut tally = Tally::default();
    for check in checks {
        tally += Tally::of(check);
    }
    tally
}

/// Tally of a suite; one that could not start counts as one failure.
pub fn tests(result: Result<Tally>) -> Tally {
    result.unwrap_or_else(|error| Tally::of(Err(error)))
}

/// Cargo with the native packages, in which Clippy's compiler compiles our crates: they are linted as they are compiled for
/// the tests. Linted apart, all dependencies would be checked first, and compiled afterwards.
fn native_cargo(arguments: &[&str]) -> Command {
    let mut cargo = cargo(arguments);
    cargo
        .args(NATIVE)
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        // As `cargo clippy -- -D warnings` tells its compiler.
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    cargo
}

/// Every line is linted once: the GPU's code natively, what exists only in wasm there, with the smaller engine, so that
/// Burn's GPU crates are not checked for a second target. Each selection is one that is built later, as another would
/// unify other features and compile macros and dependencies anew.
fn clippy(times: &mut PartTimes) -> Tally {
    let worker = ["--package", "pinhole-worker", "--no-default-features"];
    let lint = |arguments: &[&[&str]]| {
        run_command(cargo(&["clippy", "--all-targets"]).args(arguments.concat()).args(["--", "-D", "warnings"]))
    };
    let wasm_target = times.measure(Part::Tools, tools::ensure_wasm_target);
    let native = times.measure(Part::CompileNative, build_native);
    times.measure(Part::Lint, || sum([wasm_target, native, lint(&[&TOOLS]), lint(&[&PAGE, &worker])]))
}

fn docs(times: &mut PartTimes) -> Tally {
    let document = |arguments: &[&str]| {
        run_command(cargo(&["doc", "--no-deps"]).args(arguments).env("RUSTDOCFLAGS", "-D warnings"))
    };
    let wasm_target = times.measure(Part::Tools, tools::ensure_wasm_target);
    let native = times.measure(Part::CompileNative, build_native);
    times.measure(Part::Lint, || {
        let mut tally = sum([wasm_target, native, document(&TOOLS), document(&PAGE)]);
        let documented = document::tested(native_cargo(&["test", "--doc", "--no-fail-fast"]));
        tally += tests(documented.and_then(|mut test| libtest::run(&mut test)));
        tally
    })
}

/// Builds tests, programs and examples together, so that Burn is compiled once for all.
pub fn build_native() -> Result<()> {
    run_command(&mut native_cargo(&["build", "--lib", "--bins", "--tests", "--examples"]))
}

fn native(times: &mut PartTimes) -> Result<Tally> {
    let test = ["test", "--lib", "--bins", "--tests", "--no-fail-fast"];
    let show = ["--", "--show-output"];
    let of_tasks = ["--profile", "quick", "--package", "xtask"];
    times.measure(Part::CompileNative, || {
        run_command(cargo(&test).args(of_tasks).arg("--no-run")).and(build_native())
    })?;
    times.measure(Part::NativeTests, || {
        let mut tally = libtest::run(cargo(&test).args(of_tasks).args(show))?;
        tally += libtest::run(native_cargo(&test).args(show))?;
        Ok(tally)
    })
}

fn wasm(times: &mut PartTimes) -> Result<Tally> {
    let (wasm_bindgen, chromium) = times.measure(Part::Tools, || {
        tools::ensure_wasm_target()?;
        anyhow::Ok((tools::ensure_wasm_bindgen()?, tools::ensure_browser(BrowserKind::Chromium)?))
    })?;
    let page = || {
        let mut test = cargo(&["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
        test.args(PAGE);
        test
    };
    let decoder = || {
        let mut test = cargo(&["test"]);
        test.args(BROWSER_DECODER);
        test
    };
    let run = |mut test: Command| {
        libtest::run(
            test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::test_runner(&wasm_bindgen))
                .env("CHROMEDRIVER", &chromium.driver)
                .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
        )
    };
    times.measure(Part::CompileWasm, || {
        run_command(page().arg("--no-run")).and(run_command(decoder().arg("--no-run")))
    })?;
    times.measure(Part::WasmTests, || {
        let mut tally = run(page())?;
        tally += run(decoder())?;
        Ok(tally)
    })
}

/// Trains every preset, which takes half an hour.
fn presets(times: &mut PartTimes) -> Result<()> {
    let example = "preset_aims";
    times.measure(Part::CompileNative, build_native)?;
    let program = program_in(&workspace::target().join("debug/examples"), example);
    times.measure(Part::NativeTests, || run_command(&mut command(program)))
}
