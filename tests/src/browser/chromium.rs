//! Chromium, whose DevTools protocol sets what classic WebDriver cannot.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::{Gpu, Setup};
use crate::Page;

/// Capabilities of a session.
pub fn capabilities(program: &Path, profile: &Path, setup: &Setup) -> Value {
    let mut arguments: Vec<String> = [
        "--headless=new",
        // Continuous integration runs as root, where Chromium's sandbox does not work; it only opens our own page.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows",
        "--hide-scrollbars",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={},{}", setup.window.0, setup.window.1));
    for option in ["lang", "accept-lang"] {
        arguments.extend(setup.language.map(|language| format!("--{option}={language}")));
    }
    if setup.gpu == Gpu::Software {
        arguments.extend(
            ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"]
                .map(str::to_owned),
        );
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": program, "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

/// Sets downloads, colours, motion, size and early script.
pub async fn prepare(page: &Page, setup: &Setup) -> Result<()> {
    let downloads = page.downloads();
    page.devtools("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": downloads })).await?;
    let scheme = if setup.dark { "dark" } else { "light" };
    let motion = if setup.reduced_motion { "reduce" } else { "no-preference" };
    let features = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": motion },
    ] });
    page.devtools("Emulation.setEmulatedMedia", features).await?;
    let (width, height) = setup.window;
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
    page.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
    if setup.needs.contains(&super::Capability::ClipboardReading) {
        page.devtools("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite"] })).await?;
    }
    if let Some(source) = &setup.before_scripts {
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    }
    Ok(())
}
