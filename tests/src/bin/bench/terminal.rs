//! Benchmark tasks in the terminal program.

use std::{env, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use xtask::bench_options::Device;

/// Runs one task and returns the engine's report.
///
/// # Errors
/// When there is no such program, or it fails.
pub fn run(task: &str, device: Device) -> Result<Value> {
    let program = env::var_os("PINHOLE_CLI").context("PINHOLE_CLI names no program (`cargo xtask bench` sets it)")?;
    let output = Command::new(program)
        .args(["bench", "--task", task, "--device", device.in_terminal(), "--json"])
        .output()
        .context("starting the terminal's program")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    serde_json::from_slice(&output.stdout).context("the terminal's program prints its report as JSON")
}
