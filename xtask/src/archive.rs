//! Installation of Trunk from its release archive, fetched with curl and checked against a pinned checksum.
//!
//! The wasm-bindgen CLI is not installed this way: no checksum of the locked version is known for certain, and Cargo,
//! which checks its own downloads, builds it in a few minutes.

use std::{fs, path::Path, process::Stdio};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};
use xtask::process::{command, find_program, run};

/// Latest version of Trunk that Rust 1.95 builds.
pub const TRUNK_VERSION: &str = "0.21.14";

/// Operating system and processor in Rust's names, target triple of the archive, and SHA-256 of the archive of
/// [`TRUNK_VERSION`] as published with its release.
const TRUNK_ARCHIVES: [(&str, &str, &str, &str); 4] = [
    ("linux", "x86_64", "x86_64-unknown-linux-gnu", "f2b4680cd239693a646a2795e4633c625328d7b2a044fbe749fa3a2fe9e7036b"),
    (
        "linux",
        "aarch64",
        "aarch64-unknown-linux-gnu",
        "b1d8e60e454f7fc182d9a4d95d1506ffbae947d8ba90f8f6f02da93b60f980f9",
    ),
    ("macos", "x86_64", "x86_64-apple-darwin", "f1ba0e3bbe24e0ae219c6d22c33e24e2825c1608dd27c2556e323495110f1a95"),
    ("macos", "aarch64", "aarch64-apple-darwin", "764e299dd50d89442a4e96a236349f57961984b701e74d3dbdb39cd1c9f5101e"),
];

/// Installs Trunk into a folder.
///
/// # Errors
/// When there is no archive for this machine, no network, or the checksum differs.
pub fn install_trunk(bin: &Path) -> Result<()> {
    let (_, _, triple, sha256) = TRUNK_ARCHIVES
        .iter()
        .find(|(system, processor, ..)| *system == std::env::consts::OS && *processor == std::env::consts::ARCH)
        .context("there is none for this machine")?;
    let (curl, tar) = find_program("curl").zip(find_program("tar")).context("curl or tar is missing")?;
    fs::create_dir_all(bin).with_context(|| format!("making {}", bin.display()))?;
    let archive = bin.join("trunk.tar.gz");
    let url = format!("https://github.com/trunk-rs/trunk/releases/download/v{TRUNK_VERSION}/trunk-{triple}.tar.gz");
    run(command(curl)
        .args(["--proto", "=https", "--fail", "--location", "--silent", "--connect-timeout", "10", "--max-time", "300"])
        .arg("--output")
        .arg(&archive)
        .arg(url)
        .stderr(Stdio::null()))?;
    let unpacked = check(&archive, sha256)
        .and_then(|()| run(command(tar).arg("-xzf").arg(&archive).arg("-C").arg(bin).arg("trunk")));
    fs::remove_file(&archive).with_context(|| format!("removing {}", archive.display()))?;
    unpacked
}

fn check(file: &Path, expected: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let found = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    if found != expected {
        bail!("its SHA-256 is {found}, not the pinned {expected}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_checksum_passes() {
        let file = std::env::temp_dir().join(format!("pinhole-archive-{}", std::process::id()));
        fs::write(&file, "abc").expect("the temporary folder can be written");
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(check(&file, abc).is_ok());
        fs::write(&file, "abd").expect("the temporary folder can be written");
        assert!(check(&file, abc).expect_err("other bytes").to_string().contains("not the pinned"));
        fs::remove_file(&file).expect("it was just written");
    }
}
