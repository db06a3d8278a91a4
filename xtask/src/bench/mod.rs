//! `cargo xtask bench`: builds and installs what the benchmark needs, and runs it. The benchmark itself is a binary of the
//! browser tests, as it controls the same browser.

mod against;
mod peers;

use std::{env, ffi::OsString, path::PathBuf};

use anyhow::{Result, bail};
use xtask::{
    bench_options::BenchOptions,
    browsers::BrowserKind,
    process::{cargo, command, program_in, run as run_command, stage, watch},
    workspace,
};

use crate::{dist, tools};

/// Builds page and terminal as they ship, then measures. A page named by `PINHOLE_DIST`, or a terminal named by
/// `PINHOLE_CLI`, is used as it is.
///
/// # Errors
/// When something does not build, or a measurement fails.
pub fn run(arguments: &[OsString]) -> Result<()> {
    let options = BenchOptions::parse(arguments.iter().cloned())?;
    tools::ensure_browser(BrowserKind::Chromium)?;
    let program = program_in(&workspace::target().join("quick"), "bench");
    let mut bench = command(program);
    bench.args(arguments).env("PINHOLE_DIST", named_or("PINHOLE_DIST", page)?);
    if options.is_plain() {
        bench.env("PINHOLE_CLI", named_or("PINHOLE_CLI", terminal)?);
    }
    if let Some(revision) = &options.against {
        bench.env("PINHOLE_AGAINST", against::build(revision)?);
    }
    if options.peers || options.counters {
        bench.env("PINHOLE_PEERS", peers::install()?);
    }
    stage("build the benchmark", || {
        run_command(&mut cargo(&["build", "--profile", "quick", "--package", "pinhole-e2e", "--bin", "bench"]))
    })?;
    if watch(&mut bench, |_| ())? { Ok(()) } else { bail!("the benchmark did not finish") }
}

/// Path in an environment variable, else the result of `make`.
fn named_or(variable: &str, make: impl FnOnce() -> Result<PathBuf>) -> Result<PathBuf> {
    env::var_os(variable).map_or_else(make, |path| Ok(path.into()))
}

fn page() -> Result<PathBuf> {
    dist::build("./")?;
    Ok(workspace::dist())
}

fn terminal() -> Result<PathBuf> {
    stage("build the terminal's program", || {
        run_command(&mut cargo(&["build", "--release", "--package", "pinhole-cli"]))
    })?;
    Ok(program_in(&workspace::target().join("release"), "pinhole"))
}
