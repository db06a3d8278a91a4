//! Documentation of the native libraries and the tests in it, from the artifacts of the native tests.
//!
//! `cargo doc` would check every dependency anew, Burn's GPU crates among them, which takes minutes on an empty cache. So
//! `cargo test --doc` is given this program in place of rustdoc: it documents the crate from the very artifacts that its
//! tests link, with warnings as errors, and then tests it.

use std::{
    ffi::{OsStr, OsString},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use xtask::{process::run, workspace};

/// Variable that makes this program stand in for rustdoc; its value is the folder of the documentation.
pub const FOLDER: &str = "PINHOLE_DOCUMENTATION";

/// Options of rustdoc that concern tests alone, and the number of arguments after them.
const OF_TESTS: [(&str, usize); 4] = [("--test", 0), ("--test-run-directory", 1), ("--test-args", 1), ("--no-run", 0)];

/// Lets a command `cargo test --doc` document the libraries that it tests.
///
/// # Errors
/// When this program's own path is unknown.
pub fn tested(mut test: Command) -> Result<Command> {
    test.env("RUSTDOC", std::env::current_exe()?).env(FOLDER, workspace::target().join("doc"));
    Ok(test)
}

/// Stands in for rustdoc: documents the crate, then tests it.
///
/// # Errors
/// When rustdoc fails, warnings included.
pub fn stand_in(folder: &OsStr, arguments: &[OsString]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--test") {
        let document = without_tests(arguments);
        run(rustdoc().args(document).args(["-D", "warnings", "--out-dir"]).arg(folder))?;
    }
    // Its results are counted, so they stay on standard output.
    let status = rustdoc().args(arguments).status().context("cannot start rustdoc")?;
    ensure!(status.success(), "rustdoc failed ({status})");
    Ok(())
}

/// Rustdoc with all that Cargo has set for the crate.
fn rustdoc() -> Command {
    Command::new("rustdoc")
}

fn without_tests(arguments: &[OsString]) -> Vec<&OsString> {
    let mut rest = arguments.iter();
    let mut kept = Vec::new();
    while let Some(argument) = rest.next() {
        match OF_TESTS.iter().find(|(option, _)| argument == option) {
            Some((_, values)) => drop(rest.by_ref().take(*values).count()),
            None => kept.push(argument),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_tests_are_left_out_with_their_values() {
        let arguments =
            ["--crate-name", "a", "--test", "src/lib.rs", "--test-run-directory", "x", "--no-run", "-L", "y"];
        let arguments = arguments.map(OsString::from);
        let kept: Vec<_> = without_tests(&arguments).into_iter().filter_map(|argument| argument.to_str()).collect();
        assert_eq!(kept, ["--crate-name", "a", "src/lib.rs", "-L", "y"]);
    }
}
