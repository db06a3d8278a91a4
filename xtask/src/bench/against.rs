//! Page of another revision, to compare with.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result};
use xtask::{
    process::{command, output, run, stage},
    workspace,
};

use crate::dist;

/// Builds the page of a revision in a worktree below the target folder, and keeps it there for the next time. Dependencies
/// of both revisions are compiled once, as they share the target folder.
///
/// # Errors
/// When there is no such revision, or it does not build.
pub fn build(revision: &str) -> Result<PathBuf> {
    let commit = output(git().args(["rev-parse", "--verify", &format!("{revision}^{{commit}}")]))?;
    let folder = workspace::target().join("against").join(commit.trim());
    let (source, finished) = (folder.join("source"), folder.join("dist"));
    if finished.join("index.html").is_file() {
        return Ok(finished);
    }
    stage(&format!("build the page of {revision}"), || {
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        // A build that was interrupted leaves its worktree.
        if source.exists() {
            remove(&source)?;
        }
        run(git().args(["worktree", "add", "--detach"]).arg(&source).arg(commit.trim()))?;
        let built = dist::build_in(&source);
        if built.is_ok() {
            fs::rename(source.join("dist"), &finished).context("keeping the page")?;
        }
        remove(&source).and(built)
    })?;
    Ok(finished)
}

fn remove(source: &PathBuf) -> Result<()> {
    run(git().args(["worktree", "remove", "--force"]).arg(source))
}

fn git() -> Command {
    command("git")
}
