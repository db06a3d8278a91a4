//! WebKitGTK's MiniBrowser, which reads GTK's settings in its home folder.

use std::{fs, path::Path};

use anyhow::Result;
use serde_json::{Value, json};
use xtask::browsers;

use super::Setup;

/// Capabilities of a session.
pub fn capabilities(program: &Path) -> Value {
    let arguments = [
        "--automation",
        "--enable-write-console-messages-to-stdout=true",
        // A narrow window is a popup.
        "--javascript-can-open-windows-automatically=true",
    ];
    json!({
        "browserName": "MiniBrowser",
        "webkitgtk:browserOptions": { "binary": program, "args": arguments },
    })
}

/// Writes the settings that the next browser reads.
pub fn write_settings(profiles: &Path, downloads: &Path, setup: &Setup) -> Result<()> {
    let home = browsers::webkit_home(profiles);
    fs::create_dir_all(home.join("gtk-3.0"))?;
    let [dark, animations] = [setup.dark, !setup.reduced_motion];
    fs::write(
        home.join("gtk-3.0/settings.ini"),
        format!("[Settings]\ngtk-application-prefer-dark-theme={dark}\ngtk-enable-animations={animations}\n"),
    )?;
    fs::write(home.join("user-dirs.dirs"), format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display()))?;
    Ok(())
}
