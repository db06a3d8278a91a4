//! Commands and checks of each suite.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result};
use xtask::{
    chromium::{self, Driver},
    process::{cargo, command, program_in, run as run_command},
    workspace,
};

use super::{
    Suite, Tally, boundary, document, libtest,
    parts::{Part, PartTimes},
    unused, wrapped_exports,
};
use crate::{dist, tools};

const WASM: &str = "wasm32-unknown-unknown";
/// Packages that are built and tested natively in one build, with the terminal program.
const NATIVE: [&str; 7] = ["--workspace", "--exclude", "pinhole", "--exclude", "pinhole-e2e", "--exclude", "xtask"];
/// Packages of the build tasks and the browser scenarios; they mostly wait for other processes.
const TOOLS: [&str; 6] = ["--profile", "quick", "--package", "xtask", "--package", "pinhole-e2e"];
/// Packages whose tests run only in a browser.
const PAGE: [&str; 6] = ["--target", WASM, "--package", "pinhole", "--package", "pinhole-protocol"];

/// Runs one suite to its end.
pub fn run(suite: Suite, times: &mut PartTimes) -> Tally {
    match suite {
        Suite::Fmt => times.measure(Part::Lint, || Tally::of(run_command(&mut cargo(&["fmt", "--all", "--check"])))),
        Suite::Boundary => times.measure(Part::Lint, || sum(boundary::checks().into_iter().chain([unused::check()]))),
        Suite::Clippy => clippy(times),
        Suite::Docs => docs(times),
        Suite::Native => tests(native(times)),
        Suite::Wasm => tests(wasm(times)),
        Suite::E2e => e2e(times),
        Suite::Presets => Tally::of(presets(times)),
    }
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
fn tests(result: Result<Tally>) -> Tally {
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
fn build_native() -> Result<()> {
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
        anyhow::Ok((tools::ensure_wasm_bindgen()?, chromium::find_or_install()?))
    })?;
    let test = || {
        let mut test = cargo(&["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
        test.args(PAGE);
        test
    };
    times.measure(Part::CompileWasm, || run_command(test().arg("--no-run")))?;
    times.measure(Part::WasmTests, || {
        libtest::run(
            test()
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::test_runner(&wasm_bindgen))
                .env("CHROMEDRIVER", &chromium.driver)
                .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
        )
    })
}

/// Trains every preset, which takes half an hour.
fn presets(times: &mut PartTimes) -> Result<()> {
    let example = "preset_aims";
    times.measure(Part::CompileNative, build_native)?;
    let program = program_in(&workspace::target().join("debug/examples"), example);
    times.measure(Part::NativeTests, || run_command(&mut command(program)))
}

fn e2e(times: &mut PartTimes) -> Tally {
    let ready = times.measure(Part::Tools, dist::ensure_tools);
    let built = ready.and_then(|()| times.measure(Part::Page, || dist::build("./")));
    if let Err(error) = built {
        return Tally::of(Err(error.context("no page to test")));
    }
    let mut tally = Tally::of(wrapped_exports::check(&workspace::dist()));
    tally += tests(browse(times));
    tally
}

fn browse(times: &mut PartTimes) -> Result<Tally> {
    let chromium = times.measure(Part::Tools, chromium::find_or_install)?;
    times
        .measure(Part::CompileNative, build_native)
        .context("the terminal's program, to which the page's models go")?;
    let scenarios = ["test", "--profile", "quick", "-p", "pinhole-e2e", "--no-fail-fast", "--lib", "--bins", "--tests"];
    times.measure(Part::CompileBrowser, || run_command(cargo(&scenarios).arg("--no-run")))?;
    let driver = Driver::start(&chromium)?;
    times.measure(Part::BrowserTests, || {
        libtest::run(
            cargo(&scenarios)
                .args(["--", "--show-output", "--test-threads=1"])
                .env("CHROMIUM", &chromium.browser)
                .env("PINHOLE_DRIVER", driver.address())
                .env("PINHOLE_PROFILES", driver.profiles())
                .env("PINHOLE_DIST", workspace::dist())
                .env("PINHOLE_CLI", program_in(&workspace::target().join(Path::new("debug")), "pinhole")),
        )
    })
}
