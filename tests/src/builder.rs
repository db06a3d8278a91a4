//! Methods that operate the builder: cards, links, undo, and the model to start from.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use fantoccini::{
    Locator,
    actions::{InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
    key::Key,
};
use serde_json::json;

use crate::{
    Page,
    controls::Role,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
};

/// Beginning of the accessible name of the list of stages; the network's description follows.
const NETWORK_PREFIX: &str = "The network, from input to reconstruction: ";

impl Page {
    /// Opens the parts of the pipeline to be changed.
    ///
    /// # Errors
    /// When there is no button for it.
    pub async fn open_builder(&self) -> Result<()> {
        let is_open = self.find_now(Role::Button, "Done").await?.is_some();
        if is_open { Ok(()) } else { self.press("Build").await }
    }

    /// Shows a view below the pipeline, in place of the builder or of another view.
    ///
    /// # Errors
    /// When there is no such view.
    pub async fn open_view(&self, name: &str) -> Result<()> {
        if self.find_now(Role::Button, "Done").await?.is_some() {
            self.press("Done").await?;
        }
        let tab = self.find(Role::Tab, name).await?;
        self.script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });", vec![json!(tab)]).await?;
        tab.click().await?;
        Ok(())
    }

    /// Description of the network, such as `28×28, Dense 256, a code of 64, and back`.
    ///
    /// # Errors
    /// When there is no builder.
    pub async fn network(&self) -> Result<String> {
        self.open_builder().await?;
        self.until("the network's stages", SHORT_TIMEOUT, async || {
            for list in self.client.find_all(Locator::Css("ol")).await? {
                if let Some(network) = self.accessible_name(&list).await?.strip_prefix(NETWORK_PREFIX) {
                    return Ok(Some(network.to_owned()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until the description of the network is `wanted`.
    ///
    /// # Errors
    /// When it is not in time; names the actual network.
    pub async fn until_network(&self, wanted: &str) -> Result<()> {
        let is_there = async || Ok((self.network().await? == wanted).then_some(()));
        match self.until(&format!("the network {wanted}"), SHORT_TIMEOUT, is_there).await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("the network is {}", self.network().await?))),
        }
    }

    /// Number of parameters shown by the builder.
    ///
    /// # Errors
    /// When it shows none.
    pub async fn parameters(&self) -> Result<u64> {
        self.open_builder().await?;
        let text = self.region("Build").await?;
        let before = text.split(" parameters in all").next().filter(|before| before.len() < text.len());
        let count = before.and_then(|before| before.split_whitespace().last()).context("a number of parameters")?;
        count.replace(',', "").parse().with_context(|| format!("`{count}` parameters"))
    }

    /// Text of the section of that title.
    ///
    /// # Errors
    /// When there is none.
    pub async fn region(&self, title: &str) -> Result<String> {
        Ok(self.find(Role::Region, title).await?.text().await?)
    }

    /// Opens the `details` element of that title.
    ///
    /// # Errors
    /// When there is none.
    pub async fn unfold(&self, title: &str) -> Result<()> {
        let fold = "const fold = [...document.querySelectorAll('details')]
                        .find(fold => fold.querySelector('summary')?.textContent.trim() === arguments[0]);
                    if (fold) fold.open = true;
                    return fold !== undefined;";
        self.until(&format!("the fold \"{title}\""), SHORT_TIMEOUT, async || {
            Ok((self.script(fold, vec![title.into()]).await? == true).then_some(()))
        })
        .await
    }

    /// Drags the card of a block over that of another one, by its handle.
    ///
    /// # Errors
    /// When one of the cards is not there.
    pub async fn drag(&self, card: &str, over: &str) -> Result<()> {
        let handle = self.find(Role::Group, card).await?.find(Locator::Css(".handle")).await?;
        let over = self.find(Role::Group, over).await?;
        let scroll_into_view = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.script(scroll_into_view, vec![json!(handle)]).await?;
        let (x, y) = self.centre(&handle).await?;
        let (_, target) = self.centre(&over).await?;
        // Beyond its middle, seen from where the card comes from.
        let target = target + 8.0 * (target - y).signum();
        let pause = Some(std::time::Duration::from_millis(80));
        let mouse = MouseActions::new("mouse".into())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::MoveTo { duration: pause, x, y: f64::midpoint(y, target) })
            .then(PointerAction::MoveTo { duration: pause, x, y: target })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await?;
        Ok(())
    }

    /// Centre (x, y) of an element in the window, CSS pixels.
    async fn centre(&self, element: &Element) -> Result<(f64, f64)> {
        let centre = self
            .script(
                "const box = arguments[0].getBoundingClientRect();
                 return [box.left + box.width / 2, box.top + box.height / 2];",
                vec![json!(element)],
            )
            .await?;
        Ok(serde_json::from_value(centre)?)
    }

    /// Presses a key while others are held down.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn press_keys(&self, held: &[Key], key: char) -> Result<()> {
        let held: Vec<char> = held.iter().map(|key| char::from(*key)).collect();
        let down = held.iter().chain([&key]).map(|&value| KeyAction::Down { value });
        let up = [&key].into_iter().chain(held.iter().rev()).map(|&value| KeyAction::Up { value });
        let keys = down.chain(up).fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.client.perform_actions(keys).await?;
        Ok(())
    }

    /// Presses "Copy link" and returns the new fragment of the address, with its `#`.
    ///
    /// # Errors
    /// When the address does not become a link.
    pub async fn copy_link(&self) -> Result<String> {
        self.press("Copy link").await?;
        self.until("a link in the address", SHORT_TIMEOUT, async || {
            let address = self.client.current_url().await?;
            let fragment = address.fragment().filter(|fragment| fragment.contains("experiment="));
            Ok(fragment.map(|fragment| format!("#{fragment}")))
        })
        .await
    }

    /// Opens a model file and waits until the page shows its name.
    ///
    /// # Errors
    /// When it is refused, or not opened in time.
    pub async fn open_model(&self, file: &Path) -> Result<()> {
        self.attach("Open model", &[file]).await?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        self.until_text(&name).await
    }

    /// Waits until the page contains a text.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn until_text(&self, text: &str) -> Result<()> {
        self.until(&format!("the page to contain \"{text}\""), SHORT_TIMEOUT, async || {
            Ok(self.page_text().await?.contains(text).then_some(()))
        })
        .await
    }

    /// Trains to the end of the run.
    ///
    /// # Errors
    /// When training cannot start, ends otherwise, or takes too long; names the notices of the page.
    pub async fn train(&self) -> Result<()> {
        let can_train =
            self.until("Train to be enabled", SHORT_TIMEOUT, async || Ok(self.can_press("Train").await?.then_some(())));
        if let Err(error) = can_train.await {
            return Err(error.context(format!("the page says {:?}", self.notices().await?)));
        }
        self.press("Train").await?;
        let ended = self
            .until("the end of the run", LONG_TIMEOUT, async || {
                let phase = self.phase().await?;
                let is_active = ["preparing", "running", "paused"].contains(&phase.as_str());
                Ok((!is_active).then_some(phase))
            })
            .await?;
        ensure!(ended == "finished", "the run is {ended}; the page says {:?}", self.notices().await?);
        Ok(())
    }
}
