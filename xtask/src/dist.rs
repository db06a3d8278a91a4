//! Building the page with Trunk, serving it, and rebuilding it at every edit.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result, bail};
use xtask::{
    process::{command, path_with, run, stage},
    server::{Server, Site},
    workspace,
};

use crate::{engine_version, tools};

/// Ports tried in turn if none is given.
const PORTS: std::ops::RangeInclusive<u16> = 8080..=8099;

/// Requirements on a host, for a person who publishes the page; `tests/tests/page/hosting.rs` imitates these hosts.
const FOR_HOSTS: &str = "\
    A host needs no configuration. GitHub Pages, Netlify, nginx and S3 serve it as they are, at / or in any sub-folder,
    whatever type they give to .wasm, compressed or not. Only a Content-Security-Policy of the host's own has to allow
    script-src 'self' 'wasm-unsafe-eval' and worker-src 'self' blob:. It does not open from disk (file://).";

/// Builds `dist`, after installing missing tools.
///
/// # Errors
/// When a tool is missing and cannot be installed, or the page does not build.
pub fn build(public_url: &str) -> Result<()> {
    if !public_url.ends_with('/') {
        bail!("--public-url needs a slash at its end: /sub/, or ./ for any folder");
    }
    let mut trunk = trunk()?;
    stage("build the page (the first time compiles Burn: 10 to 25 minutes)", || {
        run(trunk.args(["build", "--release", "--public-url", public_url]))
    })?;
    engine_version::write(&workspace::dist()).context("putting the engine's version into its files' names")?;
    eprintln!("    {} is ready for any static host.\n    {FOR_HOSTS}", workspace::dist().display());
    Ok(())
}

/// Installs what a build needs and this machine lacks.
///
/// # Errors
/// When a tool is missing and cannot be installed.
pub fn ensure_tools() -> Result<()> {
    trunk().map(drop)
}

/// Builds `dist` of another checkout of this repository, in that checkout.
///
/// # Errors
/// Those of [`build`].
pub fn build_in(checkout: &Path) -> Result<()> {
    run(trunk()?.args(["build", "--release", "--public-url", "./"]).current_dir(checkout))
}

/// Builds `dist` and serves it until the process ends.
///
/// # Errors
/// Those of [`build`], or when no port is free.
pub fn serve(port: Option<u16>) -> Result<()> {
    build("./")?;
    let server = match port {
        Some(port) => start(port).with_context(|| format!("port {port} is taken: choose another with --port"))?,
        None => PORTS.into_iter().find_map(|port| start(port).ok()).with_context(|| {
            format!("ports {} to {} are all taken: choose one with --port", PORTS.start(), PORTS.end())
        })?,
    };
    eprintln!("\n    Pinhole is at {} (Ctrl+C ends it)\n", server.address().replace("127.0.0.1", "localhost"));
    server.wait();
    Ok(())
}

/// Rebuilds and reloads the page at every edit. The engine is built optimised, and again only when it changes.
///
/// # Errors
/// When a tool is missing and cannot be installed, or Trunk fails.
pub fn dev() -> Result<()> {
    let mut trunk = trunk()?;
    run(trunk.args(["serve", "--dist"]).arg(workspace::target().join("dev-dist")))
}

fn start(port: u16) -> Result<Server> {
    Server::start(Site::new(workspace::dist()), port)
}

/// Command of Trunk, with the wasm-bindgen CLI in its `PATH`.
fn trunk() -> Result<Command> {
    tools::ensure_wasm_target()?;
    let wasm_bindgen = tools::ensure_wasm_bindgen()?;
    let mut trunk = command(tools::ensure_trunk()?);
    let folder = wasm_bindgen.parent().context("a program lies in a folder")?;
    trunk
        .env("PATH", path_with(folder)?)
        .env("CARGO_TARGET_DIR", workspace::target())
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk accepts only `true` and `false` there, while many environments set `1`.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_names_the_hash_of_the_only_inline_script() {
        // A browser hashes the text after it has unified the ends of lines.
        let page = std::fs::read_to_string(workspace::root().join("index.html")).expect("the page").replace('\r', "");
        let inline: Vec<&str> =
            page.split("<script>").skip(1).filter_map(|rest| rest.split("</script>").next()).collect();
        assert_eq!(inline.len(), 1, "inline scripts");
        let hash = BASE64.encode(Sha256::digest(inline[0]));
        assert!(page.contains(&format!("'sha256-{hash}'")), "script-src in index.html needs 'sha256-{hash}'");
        assert_eq!(page.matches("'sha256-").count(), 1, "hashes in the policy");
    }
}
