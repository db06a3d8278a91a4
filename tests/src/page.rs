//! The page in its window: loading it, waiting for it, reading its text.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use url::Url;
use xtask::{
    browsers::BrowserKind,
    server::{LoggedRequest, Server},
};

use crate::{webdriver::WebDriverCommand, window::DriverLog};

/// Timeout for what takes a moment, on a machine busy with other processes.
pub const SHORT_TIMEOUT: Duration = Duration::from_secs(30);
/// Timeout for the engine: its module is large, and software WebGPU compiles its shaders for minutes.
pub const LONG_TIMEOUT: Duration = Duration::from_mins(5);
/// Time between two polls.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A browser window, its server, and its profile, which is removed with it.
pub struct Page {
    /// The browser.
    pub browser: BrowserKind,
    /// WebDriver session.
    pub client: Client,
    server: Server,
    profile: PathBuf,
    pub(crate) log: DriverLog,
}

/// Folder of saved files in a profile.
pub(crate) fn downloads_of(profile: &Path) -> PathBuf {
    profile.join("saved")
}

impl Page {
    /// A window that has not loaded the page yet.
    pub const fn new(browser: BrowserKind, client: Client, server: Server, profile: PathBuf, log: DriverLog) -> Self {
        Self { browser, client, server, profile, log }
    }

    /// Loads the page at its address and `rest`, such as `?device=cpu`, and waits until its engine is ready.
    ///
    /// # Errors
    /// When the page does not load or its engine does not start.
    pub async fn open(&self, rest: &str) -> Result<()> {
        self.load(rest).await?;
        self.until_ready().await
    }

    /// Loads the page without waiting for its engine.
    ///
    /// # Errors
    /// When the page does not load.
    pub async fn load(&self, rest: &str) -> Result<()> {
        // The browser does not reload for an address that differs only after `#`.
        self.client.goto("about:blank").await?;
        self.client.goto(&format!("{}{rest}", self.server.address())).await?;
        Ok(())
    }

    /// Waits until the engine has reported its device.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn until_ready(&self) -> Result<()> {
        self.until("the engine to be ready", LONG_TIMEOUT, async || {
            Ok((!matches!(self.device().await?.as_str(), "" | "loading")).then_some(()))
        })
        .await
    }

    /// Runs JavaScript in the page and returns the value of its `return`.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn script(&self, source: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(source, arguments).await?)
    }

    /// Runs a command of Chromium's DevTools protocol.
    ///
    /// # Errors
    /// When the browser refuses it, or is another.
    pub async fn devtools(&self, name: &str, parameters: Value) -> Result<Value> {
        self.client.issue_cmd(WebDriverCommand::devtools(name, &parameters)).await.with_context(|| name.to_owned())
    }

    /// Polls until there is a result.
    ///
    /// # Errors
    /// When there is none in time: names what was waited for, and the last error.
    pub async fn until<T>(
        &self,
        what: &str,
        timeout: Duration,
        mut poll: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            let result = poll().await;
            match result {
                Ok(Some(result)) => return Ok(result),
                Ok(None) if start.elapsed() > timeout => bail!("waited {timeout:?} in vain for {what}"),
                Err(error) if start.elapsed() > timeout => {
                    return Err(error.context(format!("waited {timeout:?} in vain for {what}")));
                }
                // An error may come from an element that the page is replacing.
                _ => tokio::time::sleep(POLL_INTERVAL).await,
            }
        }
    }

    /// Text of the element with that `data-testid`, if it is there.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn text(&self, test_id: &str) -> Result<Option<String>> {
        let element = self.client.find_all(Locator::Css(&format!("[data-testid='{test_id}']"))).await?;
        match element.first() {
            Some(element) => Ok(Some(element.text().await?)),
            None => Ok(None),
        }
    }

    /// First number in the text of the element with that `data-testid`, such as `10.3` of "10.3 dB".
    ///
    /// # Errors
    /// When the element is not there or its text holds no number.
    pub async fn displayed_number(&self, test_id: &str) -> Result<f64> {
        let text = self.text(test_id).await?.with_context(|| format!("there is no {test_id}"))?;
        first_number(&text).with_context(|| format!("{test_id} holds no number: `{text}`"))
    }

    /// The device: `webgpu`, `cpu`, or `loading`; empty before the page has rendered.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn device(&self) -> Result<String> {
        self.attribute("[data-testid=device]", "data-device").await
    }

    /// Slug of the training phase, `data-phase` of the status line.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn phase(&self) -> Result<String> {
        self.attribute("[data-testid=status]", "data-phase").await
    }

    /// Text of the status line: epoch, loss, speed and device.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn status(&self) -> Result<String> {
        self.text("status").await?.context("there is no status line")
    }

    /// Waits until training is in that phase.
    ///
    /// # Errors
    /// When it is not in time; names the phase and the notices of the page.
    pub async fn until_phase(&self, wanted: &str, timeout: Duration) -> Result<()> {
        let arrived = self
            .until(&format!("training to be {wanted}"), timeout, async || {
                Ok((self.phase().await? == wanted).then_some(()))
            })
            .await;
        if let Err(error) = arrived {
            let (phase, notices) = (self.phase().await?, self.notices().await?);
            return Err(error.context(format!("training is {phase}; the page says {notices:?}")));
        }
        Ok(())
    }

    /// Text of all notices and field errors, without the buttons in them.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn notices(&self) -> Result<Vec<String>> {
        self.visible_texts("[role=alert], .notices [role=status], .field-error").await
    }

    /// Text of all field errors.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn field_errors(&self) -> Result<Vec<String>> {
        self.visible_texts(".field-error").await
    }

    /// Text, as it is rendered, of the first element that matches a selector; empty without one.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn visible(&self, selector: &str) -> Result<String> {
        let elements = self.client.find_all(Locator::Css(selector)).await?;
        match elements.first() {
            Some(element) => Ok(element.text().await?),
            None => Ok(String::new()),
        }
    }

    /// Text of the visible elements that match a selector, without the buttons in them.
    pub(crate) async fn visible_texts(&self, selector: &str) -> Result<Vec<String>> {
        let texts = self
            .script(
                "return [...document.querySelectorAll(arguments[0])]
                    .filter(alert => alert.offsetParent !== null)
                    .map(alert => {
                        const copy = alert.cloneNode(true);
                        copy.querySelectorAll('button').forEach(button => button.remove());
                        return copy.textContent.trim();
                    })
                    .filter(text => text !== '');",
                vec![selector.into()],
            )
            .await?;
        Ok(serde_json::from_value(texts)?)
    }

    /// Waits for a notice that contains one of these words, in upper or lower case.
    ///
    /// # Errors
    /// When there is none in time; names the notices there are.
    pub async fn until_notice(&self, words: &[&str]) -> Result<String> {
        let arrived = self
            .until(&format!("a notice with one of {words:?}"), SHORT_TIMEOUT, async || {
                let notices = self.notices().await?;
                let matches =
                    |notice: &String| words.iter().any(|word| notice.to_lowercase().contains(&word.to_lowercase()));
                Ok(notices.into_iter().find(matches))
            })
            .await;
        match arrived {
            Ok(notice) => Ok(notice),
            Err(error) => Err(error.context(format!("the page says {:?}", self.notices().await?))),
        }
    }

    /// Checks that the page responds: no crash overlay, and frames are rendered.
    ///
    /// # Errors
    /// When it does not respond.
    pub async fn assert_alive(&self) -> Result<()> {
        ensure!(!self.overlay_is_shown().await?, "the page has crashed");
        let frames = self
            .client
            .execute_async(
                "const done = arguments[0]; let frames = 0;
                 const next = () => (frames += 1) === 3 ? done(frames) : requestAnimationFrame(next);
                 requestAnimationFrame(next);",
                vec![],
            )
            .await?;
        ensure!(frames == 3, "no further frames are rendered: {frames}");
        Ok(())
    }

    /// True if the page shows its crash overlay.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn overlay_is_shown(&self) -> Result<bool> {
        let shown = self
            .script(
                "const overlay = document.querySelector('#crash-overlay'); return overlay !== null && !overlay.hidden;",
                vec![],
            )
            .await?;
        Ok(shown == true)
    }

    /// Address of the site, with a slash at the end.
    pub fn site(&self) -> String {
        self.server.address()
    }

    /// Requests that the server has received.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.server.log()
    }

    /// Folder of the files that the page saves.
    pub fn downloads(&self) -> PathBuf {
        downloads_of(&self.profile)
    }

    /// Clears all that the site has stored in this browser, and its permissions.
    pub(crate) async fn clear_stored_data(&self) -> Result<()> {
        let origin = Url::parse(&self.site())?.origin().ascii_serialization();
        self.devtools("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" })).await?;
        self.devtools("Browser.resetPermissions", json!({})).await?;
        Ok(())
    }

    /// Closes the browser and removes its profile.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(self) -> Result<()> {
        self.client.close().await?;
        fs::remove_dir_all(self.profile).context("removing the browser's profile")
    }

    /// Attribute of the first element that matches a selector; empty without one.
    pub(crate) async fn attribute(&self, selector: &str, name: &str) -> Result<String> {
        let elements = self.client.find_all(Locator::Css(selector)).await?;
        let Some(element) = elements.first() else { return Ok(String::new()) };
        Ok(element.attr(name).await?.unwrap_or_default())
    }
}

fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let is_negative = text[..start].ends_with(['-', '\u{2212}']);
    let rest = &text[start..];
    let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len());
    let number: f64 = rest[..end].trim_end_matches('.').parse().ok()?;
    Some(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_text_is_found() {
        assert_eq!(first_number("PSNR 10.3 dB"), Some(10.3));
        assert_eq!(first_number("\u{2212}4 dB"), Some(-4.0));
        assert_eq!(first_number("loss 0.0231."), Some(0.0231));
        assert_eq!(first_number("none yet"), None);
    }
}
