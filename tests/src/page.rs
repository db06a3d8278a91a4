//! The page in its window: opening it, waiting for it, reading what it says.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use xtask::{
    server::{Logged, Server},
    workspace,
};

use crate::wire::Command;

/// Patience with something that takes no time worth speaking of, on a machine busy with other things.
pub const SOON: Duration = Duration::from_secs(30);
/// Patience with the engine: its module is large, and software WebGPU compiles its programs for minutes.
pub const EVENTUALLY: Duration = Duration::from_mins(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// A window, the server behind it, and a profile that goes with it.
pub struct Page {
    /// The WebDriver session.
    pub client: Client,
    server: Server,
    profile: PathBuf,
}

impl Page {
    /// Joins the three; no page is loaded yet.
    pub const fn new(client: Client, server: Server, profile: PathBuf) -> Self {
        Self { client, server, profile }
    }

    /// Loads the page with something after its address, such as `?device=cpu`, and waits until its engine is ready.
    ///
    /// # Errors
    /// When the page does not load or its engine does not start.
    pub async fn open(&self, rest: &str) -> Result<()> {
        self.load(rest).await?;
        self.until_ready().await
    }

    /// Loads the page, and does not wait for its engine.
    ///
    /// # Errors
    /// When the page does not load.
    pub async fn load(&self, rest: &str) -> Result<()> {
        // An address that differs only after `#` is not loaded anew.
        self.client.goto("about:blank").await?;
        self.client.goto(&format!("{}{rest}", self.server.address())).await?;
        Ok(())
    }

    /// Waits until the engine has named its device.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn until_ready(&self) -> Result<()> {
        self.until("the engine to be ready", EVENTUALLY, async || {
            Ok((!matches!(self.device().await?.as_str(), "" | "loading")).then_some(()))
        })
        .await
    }

    /// Runs JavaScript in the page; `return` gives the answer.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn script(&self, source: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(source, arguments).await?)
    }

    /// Runs a command of the DevTools protocol.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn devtools(&self, name: &str, parameters: Value) -> Result<Value> {
        self.client.issue_cmd(Command::devtools(name, &parameters)).await.with_context(|| name.to_owned())
    }

    /// Looks again and again until there is something to see.
    ///
    /// # Errors
    /// When there is nothing in time: says what was waited for, and the last error.
    pub async fn until<T>(
        &self,
        what: &str,
        patience: Duration,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            let seen = look().await;
            match seen {
                Ok(Some(seen)) => return Ok(seen),
                Ok(None) if start.elapsed() > patience => bail!("waited {patience:?} in vain for {what}"),
                Err(error) if start.elapsed() > patience => {
                    return Err(error.context(format!("waited {patience:?} in vain for {what}")));
                }
                // The page may be redrawing what was looked at.
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// The text of an element with that `data-testid`, if it is there.
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

    /// The first number in an element's text, such as `10.3` of "10.3 dB".
    ///
    /// # Errors
    /// When the element is not there or holds no number.
    pub async fn figure(&self, test_id: &str) -> Result<f64> {
        let text = self.text(test_id).await?.with_context(|| format!("there is no {test_id}"))?;
        first_number(&text).with_context(|| format!("{test_id} holds no number: `{text}`"))
    }

    /// `webgpu`, `cpu`, or `loading`; empty before the page has drawn itself.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn device(&self) -> Result<String> {
        self.attribute("[data-testid=device]", "data-device").await
    }

    /// The word for where training stands.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn phase(&self) -> Result<String> {
        self.attribute("[data-testid=status]", "data-phase").await
    }

    /// The line that says epoch, loss, speed and device.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn status(&self) -> Result<String> {
        self.text("status").await?.context("there is no status line")
    }

    /// Waits until training stands there.
    ///
    /// # Errors
    /// When it does not in time; says where it stands and what the page says.
    pub async fn until_phase(&self, wanted: &str, patience: Duration) -> Result<()> {
        let arrived = self
            .until(&format!("training to be {wanted}"), patience, async || {
                Ok((self.phase().await? == wanted).then_some(()))
            })
            .await;
        if let Err(error) = arrived {
            let (phase, notices) = (self.phase().await?, self.notices().await?);
            return Err(error.context(format!("training is {phase}; the page says {notices:?}")));
        }
        Ok(())
    }

    /// What the page has to tell: notices and errors beside fields, without the buttons in them.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn notices(&self) -> Result<Vec<String>> {
        self.visible_texts("[role=alert], .notices [role=status], .field-error").await
    }

    /// What is wrong with settings, beside their fields.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn field_errors(&self) -> Result<Vec<String>> {
        self.visible_texts(".field-error").await
    }

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

    /// Waits for a notice that holds one of these words, whatever their case.
    ///
    /// # Errors
    /// When there is none in time; says what there is.
    pub async fn until_notice(&self, words: &[&str]) -> Result<String> {
        let arrived = self
            .until(&format!("a notice with one of {words:?}"), SOON, async || {
                let notices = self.notices().await?;
                let holds =
                    |notice: &String| words.iter().any(|word| notice.to_lowercase().contains(&word.to_lowercase()));
                Ok(notices.into_iter().find(holds))
            })
            .await;
        match arrived {
            Ok(notice) => Ok(notice),
            Err(error) => Err(error.context(format!("the page says {:?}", self.notices().await?))),
        }
    }

    /// That the page still answers: no overlay, and frames go on.
    ///
    /// # Errors
    /// When it does not.
    pub async fn assert_alive(&self) -> Result<()> {
        ensure!(!self.overlay_is_shown().await?, "the page has given up");
        let frames = self
            .client
            .execute_async(
                "const done = arguments[0]; let frames = 0;
                 const next = () => (frames += 1) === 3 ? done(frames) : requestAnimationFrame(next);
                 requestAnimationFrame(next);",
                vec![],
            )
            .await?;
        ensure!(frames == 3, "frames do not go on: {frames}");
        Ok(())
    }

    /// Whether the page has put up its last words.
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

    /// Address of the site, with a slash at its end.
    pub fn site(&self) -> String {
        self.server.address()
    }

    /// Requests that the server has seen.
    pub fn requests(&self) -> Vec<Logged> {
        self.server.log()
    }

    /// Where files go that the page saves.
    pub fn downloads(&self) -> PathBuf {
        self.profile.join("saved")
    }

    /// Keeps the window as a picture in the target folder's `e2e-screenshots`.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        keep_picture(name, &self.client.screenshot().await?)
    }

    /// Keeps the whole page, what lies below the window too.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn whole_screenshot(&self, name: &str) -> Result<PathBuf> {
        let answer = self.devtools("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await?;
        let data = answer["data"].as_str().context("the browser answers with a picture")?;
        keep_picture(name, &BASE64.decode(data)?)
    }

    /// Prints what may explain a failure, as far as the browser still answers.
    pub async fn describe(&self, name: &str) {
        match self.screenshot(name).await {
            Ok(path) => println!("the window: {}", path.display()),
            Err(error) => println!("no picture of the window: {error:#}"),
        }
        println!("status: {:?}; notices: {:?}", self.text("status").await.ok(), self.notices().await.ok());
        if let Ok(Value::Array(entries)) = self.client.issue_cmd(Command::browser_log()).await {
            for entry in entries {
                println!("console {}: {}", entry["level"].as_str().unwrap_or("?"), entry["message"]);
            }
        }
    }

    /// Closes the window and forgets the profile.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(self) -> Result<()> {
        self.client.close().await?;
        fs::remove_dir_all(self.profile).context("removing the browser's profile")
    }

    pub(crate) async fn attribute(&self, selector: &str, name: &str) -> Result<String> {
        let elements = self.client.find_all(Locator::Css(selector)).await?;
        let Some(element) = elements.first() else { return Ok(String::new()) };
        Ok(element.attr(name).await?.unwrap_or_default())
    }
}

fn keep_picture(name: &str, png: &[u8]) -> Result<PathBuf> {
    let folder = workspace::target().join("e2e-screenshots");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.png"));
    fs::write(&path, png)?;
    Ok(path)
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
    fn figures_are_read_as_people_read_them() {
        assert_eq!(first_number("PSNR 10.3 dB"), Some(10.3));
        assert_eq!(first_number("\u{2212}4 dB"), Some(-4.0));
        assert_eq!(first_number("loss 0.0231."), Some(0.0231));
        assert_eq!(first_number("none yet"), None);
    }
}
