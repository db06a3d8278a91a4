//! Dependencies that no source file names.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use xtask::process::{cargo, output};

/// Every dependency of every package of the workspace is named in the package's sources.
///
/// One that is there only to switch a feature on is listed under `package.metadata.cargo-machete.ignored`, as the tool
/// of that name has it.
pub fn check() -> Result<()> {
    let metadata = output(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    let mut unused = Vec::new();
    for package in packages {
        let name = package["name"].as_str().context("a package has a name")?;
        for dependency in unused_in(package)? {
            unused.push(format!("{name} does not use {dependency}"));
        }
    }
    if unused.is_empty() { Ok(()) } else { bail!("unused dependencies: {}", unused.join(", ")) }
}

fn unused_in(package: &Value) -> Result<Vec<&str>> {
    let manifest = Path::new(package["manifest_path"].as_str().context("a package has a manifest")?);
    let folder = manifest.parent().context("a manifest lies in a folder")?;
    let mut sources = String::new();
    // `src` and `tests` only: the root package's folder holds all the others.
    for part in ["src", "tests", "benches", "examples"] {
        read_sources(&folder.join(part), &mut sources)?;
    }
    let ignored = package["metadata"]["cargo-machete"]["ignored"].as_array();
    let dependencies = package["dependencies"].as_array().context("a package lists dependencies")?;
    Ok(dependencies
        .iter()
        .filter_map(|dependency| dependency["rename"].as_str().or(dependency["name"].as_str()))
        .filter(|name| !ignored.is_some_and(|ignored| ignored.iter().any(|entry| entry == name)))
        .filter(|name| !names(&sources, &name.replace('-', "_")))
        .collect())
}

fn read_sources(folder: &Path, sources: &mut String) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            read_sources(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?);
        }
    }
    Ok(())
}

/// True if the sources contain that identifier, not only a longer one.
fn names(sources: &str, word: &str) -> bool {
    let is_part = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    sources.match_indices(word).any(|(start, _)| {
        !is_part(sources[..start].chars().next_back()) && !is_part(sources[start + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_is_another_name() {
        assert!(names("use rand::Rng;", "rand"));
        assert!(!names("use rand_pcg::Pcg64;", "rand"));
        assert!(!names("let operand = 1;", "rand"));
    }
}
