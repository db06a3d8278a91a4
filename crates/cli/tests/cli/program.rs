//! Runs of the program `pinhole`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Creates the test's own folder.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&path).expect("the target folder can be written");
    path
}

/// Returns the program's command in `folder` with the arguments of `line`, separated by spaces.
pub fn command(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pinhole"));
    command.current_dir(folder).args(line.split_whitespace());
    command
}

/// Runs the program in `folder` with the arguments of `line`, separated by spaces.
pub fn pinhole(folder: &Path, line: &str) -> Output {
    command(folder, line).output().expect("the program was built with this test")
}

/// Runs the program, which must succeed, and returns its standard output.
pub fn succeed(folder: &Path, line: &str) -> String {
    let output = pinhole(folder, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the program prints UTF-8")
}
