//! Installation of the other libraries in the versions pinned by `tests/peers`, in the target folder only.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use xtask::{
    process::{command, find_program, program_in, run, stage},
    workspace,
};

const LOCK: &str = "package-lock.json";

/// Installs the libraries beside the pages that run them, and returns the folder to serve.
///
/// # Errors
/// When there is no npm, or it fails.
pub fn install() -> Result<PathBuf> {
    let (pages, folder) = (workspace::root().join("tests").join("peers"), workspace::target().join("peers"));
    let is_installed = folder.join("node_modules").is_dir() && same(&pages.join(LOCK), &folder.join(LOCK));
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for entry in fs::read_dir(&pages).with_context(|| format!("reading {}", pages.display()))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    if !is_installed {
        let npm = find_program("npm").context("the peers need npm: install Node.js")?;
        stage("install the peers", || {
            run(command(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder))
        })?;
    }
    let artifacts = folder.join("artifacts");
    if !artifacts.is_dir()
        && let Err(error) = stage("make ONNX Runtime's training artefacts", || make_artifacts(&folder, &artifacts))
    {
        eprintln!("    ONNX Runtime cannot take part without them (they need Python 3.8 to 3.11): {error:#}");
    }
    Ok(folder)
}

fn same(one: &Path, other: &Path) -> bool {
    fs::read(one).ok().zip(fs::read(other).ok()).is_some_and(|(one, other)| one == other)
}

/// Makes ONNX Runtime's training artefacts in a virtual environment, as its tools need old versions of common packages.
fn make_artifacts(folder: &Path, artifacts: &Path) -> Result<()> {
    let environment = folder.join("python");
    run(command("python3").args(["-m", "venv"]).arg(&environment))?;
    let python = program_in(&environment.join("bin"), "python");
    run(command(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(folder.join("requirements.txt")))?;
    // An incomplete set of artefacts would be used as complete the next time.
    let unfinished = folder.join("artifacts-unfinished");
    run(command(&python).arg(folder.join("make_artifacts.py")).arg(&unfinished))?;
    fs::rename(&unfinished, artifacts).context("keeping the artefacts")
}
