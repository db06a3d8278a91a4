//! Paths of the workspace, its target folder, tools and built page.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Folder of the root `Cargo.toml`.
///
/// # Panics
/// Never: this package lies one folder below the root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a package of the workspace lies below its root")
}

/// Target folder: `CARGO_TARGET_DIR` if set, else `target`.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => std::path::absolute(&folder).unwrap_or_else(|_| folder.into()),
        _ => root().join("target"),
    }
}

/// Folder of the tools that the tasks install.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// Folder of the built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Version of a package in `Cargo.lock`.
///
/// # Errors
/// When the lock file cannot be read or does not contain the package.
pub fn locked_version(package: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    version_in_lock(&lock, package).with_context(|| format!("{} does not name {package}", path.display()))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    Some(lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_after_the_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
