//! Tools that building the page needs beyond Rust, and their installation.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use xtask::{
    browsers::{self, BrowserKind, Programs},
    process::{cargo, command, find_program, output, program_in, run, stage},
    workspace,
};

use crate::archive::{self, TRUNK_VERSION};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Version of geckodriver, which supports every Firefox since 128.
const GECKODRIVER_VERSION: &str = "0.37.1";

/// Installs the wasm target if it is missing.
///
/// # Errors
/// When it is missing and rustup cannot add it.
pub fn ensure_wasm_target() -> Result<()> {
    let folder = output(command("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    if find_program("rustup").is_none() {
        bail!(
            "Rust's {WASM_TARGET} target is missing and there is no rustup to add it: install rustup from https://rustup.rs, or your distribution's wasm32 standard library"
        );
    }
    stage("add Rust's wasm target", || run(command("rustup").args(["target", "add", WASM_TARGET])))
}

/// Path of Trunk in the pinned version; installs it if it is missing.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure_trunk() -> Result<PathBuf> {
    if let Some(found) = find("trunk", TRUNK_VERSION) {
        return Ok(found);
    }
    let unpacked = stage(&format!("download Trunk {TRUNK_VERSION}"), || archive::install_trunk(&bin()));
    if let Err(reason) = unpacked {
        eprintln!("    no archive ({reason:#}): building it instead");
        stage(&format!("install Trunk {TRUNK_VERSION} (some minutes, once)"), || {
            // It mostly runs other programs, so it is not optimised.
            install("trunk", TRUNK_VERSION, 0, &["--locked"])
        })?;
    }
    find("trunk", TRUNK_VERSION).context("Trunk was installed but does not run")
}

/// Path of the wasm-bindgen CLI in the version of the crate; installs it, with its test runner, if it is missing.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure_wasm_bindgen() -> Result<PathBuf> {
    let version = workspace::locked_version("wasm-bindgen")?;
    let find = || find("wasm-bindgen", &version).filter(|found| test_runner(found).is_file());
    if let Some(found) = find() {
        return Ok(found);
    }
    stage(&format!("install the wasm-bindgen CLI {version} (some minutes, once)"), || {
        // Its own lock file does not build with this Rust: 0.2.130 installs only without it.
        // It rewrites modules of several megabytes.
        install("wasm-bindgen-cli", &version, 1, &[])
    })?;
    find().context("the wasm-bindgen CLI was installed but does not run")
}

/// Paths of a browser and its WebDriver program; installs what is missing.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure_browser(kind: BrowserKind) -> Result<Programs> {
    if let Some(found) = browsers::find(kind) {
        return Ok(found);
    }
    // Firefox's driver is no package of Debian's.
    if kind != BrowserKind::Firefox || kind.browser().is_none() {
        browsers::install_packages(kind)?;
    }
    if kind == BrowserKind::Firefox && kind.driver().is_none() {
        stage(&format!("install geckodriver {GECKODRIVER_VERSION} (a minute or two, once)"), || {
            // It mostly waits for the browser.
            install("geckodriver", GECKODRIVER_VERSION, 0, &["--locked"])
        })?;
    }
    browsers::find(kind).with_context(|| kind.how_to_install())
}

/// Path of the runner of wasm tests, in the folder of the wasm-bindgen CLI.
pub fn test_runner(wasm_bindgen: &Path) -> PathBuf {
    program_in(wasm_bindgen.parent().unwrap_or(Path::new("")), "wasm-bindgen-test-runner")
}

fn bin() -> PathBuf {
    workspace::tools().join("bin")
}

/// Path of a tool in that version, in our own folder or in `PATH`.
fn find(name: &str, version: &str) -> Option<PathBuf> {
    let own = program_in(&bin(), name);
    [Some(own), find_program(name)].into_iter().flatten().find(|program| {
        output(command(program).arg("--version")).is_ok_and(|answer| answer.split_whitespace().nth(1) == Some(version))
    })
}

/// Builds and installs a program without its default features: Trunk's and wasm-bindgen's are TLS, for downloads of other
/// tools, all of which are at hand.
fn install(package: &str, version: &str, opt_level: u8, options: &[&str]) -> Result<()> {
    let build = workspace::tools().join("build");
    let result = run(cargo(&["install", package, "--version", version, "--no-default-features"])
        .arg("--root")
        .arg(workspace::tools())
        .args(options)
        .env("CARGO_TARGET_DIR", &build)
        // Tools that run for seconds need not be optimised for minutes.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level.to_string())
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false"));
    // The build folder takes a gigabyte and is not needed again; a failure to remove it does no harm.
    drop(std::fs::remove_dir_all(build));
    result
}
