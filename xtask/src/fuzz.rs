//! Fuzzing natively, with the programs that the tests have built.

use std::ffi::OsString;

use anyhow::Result;
use xtask::{
    process::{command, program_in, run as run_command},
    workspace,
};

use crate::test;

/// Builds the fuzz targets and runs them with those arguments.
///
/// # Errors
/// When they do not build, or a target fails.
pub fn run(arguments: &[OsString]) -> Result<()> {
    test::build_native()?;
    let program = program_in(&workspace::target().join("debug"), "pinhole-fuzz");
    run_command(command(program).args(arguments).env("CARGO_TARGET_DIR", workspace::target()))
}
