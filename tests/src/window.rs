//! The browser's window around the page: its size, screenshots, and the console.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use serde_json::{Value, json};
use xtask::{
    browsers::{BrowserKind, DRIVER_LOG, signal_processes},
    workspace,
};

use crate::{
    Page,
    browser::chosen,
    page::{POLL_INTERVAL, SHORT_TIMEOUT},
    webdriver::WebDriverCommand,
};

/// Width below which the toolbars of Firefox and MiniBrowser do not fit, CSS pixels.
const TOOLBAR_WIDTH: u32 = 600;
/// Timeout for the page to follow its window, before its size is set again.
const RESIZE_TIMEOUT: Duration = Duration::from_secs(2);

/// Output of driver and browser, read from where it was last read.
pub struct DriverLog {
    path: PathBuf,
    read_bytes: Cell<usize>,
}

impl DriverLog {
    /// The log in the folder of the profiles, from its present end.
    pub fn new(profiles: &Path) -> Self {
        let path = profiles.join(DRIVER_LOG);
        // A log that is not there yet has no bytes.
        let length = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        Self { path, read_bytes: Cell::new(usize::try_from(length).unwrap_or_default()) }
    }

    /// Folder of the profiles.
    fn profiles(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Complete lines since the last call.
    fn lines(&self) -> Result<Vec<String>> {
        let bytes = fs::read(&self.path)?;
        let new = bytes.get(self.read_bytes.get()..).unwrap_or_default();
        let end = new.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.read_bytes.set(self.read_bytes.get() + end);
        Ok(String::from_utf8_lossy(&new[..end]).lines().map(str::to_owned).collect())
    }
}

impl Page {
    /// Sizes the window so that the page has that width and height, CSS pixels.
    ///
    /// # Errors
    /// When the window does not take that size.
    pub async fn set_window(&self, (width, height): (u32, u32)) -> Result<()> {
        if width < TOOLBAR_WIDTH {
            self.replace_by_popup().await?;
        }
        let wanted = (width, height);
        self.until(&format!("a window of {width} x {height}"), SHORT_TIMEOUT, async || {
            let (inner, bars) = self.window_size().await?;
            if inner == wanted {
                return Ok(Some(()));
            }
            self.client.set_window_rect(0, 0, width + bars.0, height + bars.1).await?;
            // The page follows a moment later: bars computed from sizes of different moments would be wrong.
            let start = Instant::now();
            while start.elapsed() < RESIZE_TIMEOUT && self.window_size().await?.0 != wanted {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
            Ok(None)
        })
        .await
    }

    /// Width and height of the page, and what the browser's bars add to them, CSS pixels.
    async fn window_size(&self) -> Result<((u32, u32), (u32, u32))> {
        let sizes = self
            .script(
                "const bars = [outerWidth - innerWidth, outerHeight - innerHeight];
                 return [[innerWidth, innerHeight], bars.map(size => Math.max(0, size))];",
                vec![],
            )
            .await?;
        Ok(serde_json::from_value(sizes)?)
    }

    /// Replaces the window by a popup, which has no toolbar and may be narrower than one.
    async fn replace_by_popup(&self) -> Result<()> {
        let first = self.client.window().await?;
        self.script("open('about:blank', '', 'popup,width=300,height=300');", vec![]).await?;
        let popup = self
            .until("a popup", SHORT_TIMEOUT, async || {
                Ok(self.client.windows().await?.into_iter().find(|window| *window != first))
            })
            .await?;
        self.client.close_window().await?;
        self.client.switch_to_window(popup).await?;
        Ok(())
    }

    /// Stops all processes of the browser for a while, as a machine that sleeps does: clocks go on, nothing else does.
    pub async fn suspend(&self, time: Duration) {
        signal_processes(self.log.profiles(), "STOP");
        tokio::time::sleep(time).await;
        signal_processes(self.log.profiles(), "CONT");
    }

    /// Saves a screenshot of the window in `e2e-screenshots` of the target folder.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        save_screenshot(name, &self.client.screenshot().await?)
    }

    /// Saves a screenshot of the full page, including what lies below the window; in WebKit, of the window.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn full_page_screenshot(&self, name: &str) -> Result<PathBuf> {
        let answer = match self.browser {
            BrowserKind::Chromium => {
                let whole = json!({ "captureBeyondViewport": true });
                self.devtools("Page.captureScreenshot", whole).await?["data"].take()
            }
            BrowserKind::Firefox => self.client.issue_cmd(WebDriverCommand::firefox_full_page()).await?,
            BrowserKind::WebKit => return self.screenshot(name).await,
        };
        let data = answer.as_str().context("the browser answers with a picture")?;
        save_screenshot(name, &BASE64.decode(data)?)
    }

    /// Prints screenshot, status, notices and console, as far as the browser still responds.
    pub async fn print_diagnostics(&self, name: &str) {
        match self.screenshot(name).await {
            Ok(path) => println!("the window: {}", path.display()),
            Err(error) => println!("no picture of the window: {error:#}"),
        }
        println!("status: {:?}; notices: {:?}", self.text("status").await.ok(), self.notices().await.ok());
        for message in self.console_messages().await.unwrap_or_default() {
            println!("console {message}");
        }
    }

    /// Console messages of the page, its workers and the network since the last call; in Chromium each with its level
    /// first, elsewhere among other output of the browser.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn console_messages(&self) -> Result<Vec<String>> {
        if self.browser != BrowserKind::Chromium {
            return self.log.lines();
        }
        let log = self.client.issue_cmd(WebDriverCommand::browser_log()).await?;
        let entries = log.as_array().context("the driver answers with a list")?;
        let text = |entry: &Value| {
            let [level, message] = ["level", "message"].map(|name| entry[name].as_str().unwrap_or("?"));
            format!("{level}: {message}")
        };
        Ok(entries.iter().map(text).collect())
    }
}

/// Saves a picture in the folder of its browser.
fn save_screenshot(name: &str, png: &[u8]) -> Result<PathBuf> {
    let mut folder = workspace::target().join("e2e-screenshots");
    let browser = chosen();
    if browser != BrowserKind::Chromium {
        folder.push(browser.to_string());
    }
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.png"));
    fs::write(&path, png)?;
    Ok(path)
}
