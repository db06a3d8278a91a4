//! Version of the engine in the names of its files.
//!
//! Trunk puts hashes into the names of the page's files, not into those of workers. Without a version a cache that holds
//! half of the last release would pair one engine's script with another's wasm. So the modules move to a folder named by
//! their hash, and page and loader are told that hash: a mixture is a file that is not there, or two versions that differ.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

/// Files of the engine's two modules, and of that which reads tables that are no text.
const MODULES: [&str; 6] = [
    "pinhole-worker.js",
    "pinhole-worker_bg.wasm",
    "pinhole-worker-cpu.js",
    "pinhole-worker-cpu_bg.wasm",
    "pinhole-formats.js",
    "pinhole-formats_bg.wasm",
];
/// Files that name the version, with the text before it; in the sources the version is [`NONE`].
const NAMED_IN: [(&str, &str); 2] = [("engine-worker.js", "const VERSION = \""), ("index.html", "data-engine=\"")];
/// Version of a build by Trunk alone, whose modules lie beside the loader.
const NONE: &str = "none";

/// Moves the engine's modules to `engine-<version>` in `dist`, and writes the version into page and loader.
///
/// # Errors
/// When a file is missing, or does not name the version once.
pub fn write(dist: &Path) -> Result<()> {
    let mut hash = Sha256::new();
    for name in MODULES {
        hash.update(fs::read(dist.join(name)).with_context(|| format!("reading {name}"))?);
    }
    let version = hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let folder = dist.join(format!("engine-{version}"));
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for name in MODULES {
        fs::rename(dist.join(name), folder.join(name)).with_context(|| format!("moving {name}"))?;
    }
    for (name, before) in NAMED_IN {
        let path = dist.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
        let unversioned = format!("{before}{NONE}\"");
        if text.matches(&unversioned).count() != 1 {
            bail!("{name} does not contain `{unversioned}` once");
        }
        fs::write(&path, text.replace(&unversioned, &format!("{before}{version}\"")))
            .with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use xtask::workspace;

    use super::*;

    #[test]
    fn modules_move_to_a_folder_that_page_and_loader_name() -> Result<()> {
        let dist = std::env::temp_dir().join(format!("pinhole-engine-version-{}", std::process::id()));
        let versions = ["one engine", "another"].map(|engine| {
            fs::create_dir_all(&dist)?;
            for name in MODULES {
                fs::write(dist.join(name), engine)?;
            }
            // The loader itself, and the tag as Trunk writes it.
            fs::copy(workspace::root().join("www/engine-worker.js"), dist.join("engine-worker.js"))?;
            fs::copy(workspace::root().join("Trunk.toml"), dist.join("index.html"))?;
            write(&dist)?;
            let page = fs::read_to_string(dist.join("index.html"))?;
            let (_, version) = page.split_once("data-engine=\"").context("the page names the version")?;
            let version = version.split('"').next().unwrap_or_default().to_owned();
            let loader = fs::read_to_string(dist.join("engine-worker.js"))?;
            assert!(loader.contains(&format!("const VERSION = \"{version}\";")), "{loader}");
            for name in MODULES {
                assert!(dist.join(format!("engine-{version}")).join(name).is_file(), "{name}");
            }
            assert!(write(&dist).is_err(), "the modules have moved");
            fs::remove_dir_all(&dist)?;
            anyhow::Ok(version)
        });
        let [one, another] = versions;
        assert_ne!(one?, another?);
        Ok(())
    }
}
