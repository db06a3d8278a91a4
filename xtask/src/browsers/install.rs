//! Installation of browsers by Debian's packages.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};

use super::BrowserKind;
use crate::process::{find_program, run};

/// True if there is an apt-get that needs no password.
pub fn can_install() -> bool {
    find_program("apt-get").is_some_and(|apt| privilege(&apt).is_some())
}

/// Installs Debian's packages of a browser, where that is allowed.
///
/// # Errors
/// When they cannot be installed: one sentence that names what to install.
pub fn install_packages(kind: BrowserKind) -> Result<()> {
    let may_install =
        find_program("apt-get").and_then(|apt: PathBuf| privilege(&apt)).with_context(|| kind.how_to_install())?;
    eprintln!("    installing {} with apt-get", kind.packages().join(", "));
    run(may_install().args(["-q", "update"])).with_context(|| kind.how_to_install())?;
    run(may_install().args(["-qq", "install", "--yes", "--no-install-recommends"]).args(kind.packages()))
        .with_context(|| kind.how_to_install())
}

/// Command to run apt-get without a password, as root or by sudo; `None` if there is none.
fn privilege(apt: &Path) -> Option<impl Fn() -> Command + use<>> {
    let succeeds = |command: &mut Command| {
        command.stdin(Stdio::null()).stderr(Stdio::null()).output().is_ok_and(|output| output.status.success())
    };
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let may_sudo = !is_root && succeeds(Command::new("sudo").args(["-n", "true"]));
    let apt = apt.to_owned();
    (is_root || may_sudo).then_some(move || {
        let mut command = if is_root { Command::new(&apt) } else { Command::new("sudo") };
        if !is_root {
            command.arg("-n").arg(&apt);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command
    })
}
