//! The benchmark lives with the browser tests: it drives the same browser.

use anyhow::{Result, bail};
use xtask::{
    chromium,
    process::{cargo, command, program_in, run as run_command, stage, watch},
    workspace,
};

use crate::dist;

/// Builds page and terminal as they ship, then measures both.
///
/// # Errors
/// When something does not build, or a measurement fails.
pub fn run(arguments: &[String]) -> Result<()> {
    chromium::find_or_install()?;
    dist::build("./")?;
    stage("build the terminal's program", || {
        run_command(&mut cargo(&["build", "--release", "--package", "pinhole-cli"]))
    })?;
    stage("build the benchmark", || {
        run_command(&mut cargo(&["build", "--profile", "quick", "--package", "pinhole-e2e", "--bin", "bench"]))
    })?;
    let program = program_in(&workspace::target().join("quick"), "bench");
    let cli = program_in(&workspace::target().join("release"), "pinhole");
    let mut bench = command(program);
    bench.args(arguments).env("PINHOLE_DIST", workspace::dist()).env("PINHOLE_CLI", cli);
    if watch(&mut bench, |_| ())? { Ok(()) } else { bail!("the benchmark did not finish") }
}
