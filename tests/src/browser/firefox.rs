//! Firefox, whose preferences set what classic WebDriver cannot.

use std::path::Path;

use serde_json::{Value, json};

use super::{Capability, Gpu, Setup};

/// Capabilities of a session. geckodriver makes its profile.
pub fn capabilities(program: &Path, downloads: &Path, setup: &Setup) -> Value {
    let is_software = setup.gpu == Gpu::Software;
    let mut preferences = json!({
        // 2: the folder named next.
        "browser.download.folderList": 2,
        "browser.download.dir": downloads,
        "browser.download.alwaysOpenPanel": false,
        // 0: dark; 1: light.
        "layout.css.prefers-color-scheme.content-override": i32::from(!setup.dark),
        "ui.prefersReducedMotion": i32::from(setup.reduced_motion),
        // A narrow window is a popup.
        "dom.disable_open_during_load": false,
        "ui.useOverlayScrollbars": 1,
        "dom.webgpu.enabled": true,
        "dom.webgpu.workers.enabled": true,
        "gfx.webgpu.ignore-blocklist": is_software,
        "devtools.console.stdout.content": true,
        "dom.events.testing.asyncClipboard": setup.needs.contains(&Capability::ClipboardReading),
    });
    if let Some(language) = setup.language {
        preferences["intl.accept_languages"] = language.into();
    }
    let arguments =
        ["-headless".to_owned(), format!("--width={}", setup.window.0), format!("--height={}", setup.window.1)];
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": { "binary": program, "args": arguments, "prefs": preferences },
    })
}
