//! Running other programs, with messages on what runs and for how long.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::workspace;

/// A command that runs in the workspace root and reads nothing from the terminal.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    // Cargo sets variables of this package for the programs it runs; another build must not see them.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_BIN_") {
            command.env_remove(&*name);
        }
    }
    command.current_dir(workspace::root()).stdin(Stdio::null());
    command
}

/// A command of the Cargo that runs this task.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).env("CARGO_TARGET_DIR", workspace::target());
    cargo
}

/// Runs a command to its end. Its output goes to standard error, as standard output is for results.
///
/// # Errors
/// When the program cannot start, or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.stdout(std::io::stderr()).status().with_context(|| format!("cannot start `{shown}`"))?;
    if status.success() { Ok(()) } else { bail!("`{shown}` failed ({status})") }
}

/// Runs a command to its end and returns its standard output.
///
/// # Errors
/// When the program cannot start, or fails.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command.output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end, forwards its standard output, and passes each line to `line_read`. Returns true if the
/// program succeeded.
///
/// # Errors
/// When the program cannot start.
///
/// # Panics
/// Never: standard output is piped.
pub fn watch(command: &mut Command, mut line_read: impl FnMut(&str)) -> Result<bool> {
    let shown = show(command);
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{shown}`"))?;
    let lines = BufReader::new(child.stdout.take().expect("standard output is piped")).split(b'\n');
    for line in lines {
        let line = line.with_context(|| format!("reading from `{shown}`"))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        line_read(&line);
    }
    Ok(child.wait()?.success())
}

/// Runs `work`, and prints its title before and its duration after it.
///
/// # Errors
/// Those of `work`.
pub fn stage<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("==> {title}");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "failed" };
    eprintln!("    {title}: {outcome} in {}", seconds(start.elapsed()));
    result
}

/// A duration as text, in seconds or in minutes and seconds.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// Path of the program of that name in `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| program_in(&folder, name)).find(|program| program.is_file())
}

/// Path of a program in a folder, with the extension of the operating system.
pub fn program_in(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Value of `PATH` with a folder in front.
///
/// # Errors
/// When the folder's name contains the separator.
pub fn path_with(folder: &Path) -> Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).with_context(|| format!("{} cannot stand in PATH", folder.display()))
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let error = run(cargo(&["no-such-command"]).stderr(Stdio::null())).expect_err("no such command");
        assert!(error.to_string().contains("cargo no-such-command"), "{error}");
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }
}
