//! Hands for the builder: cards, links, undo, and what training starts from.

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
    page::{EVENTUALLY, SOON},
};

/// How the name of the list of stations begins; what follows tells the network.
const NETWORK: &str = "The network, from input to reconstruction: ";

impl Page {
    /// The network in words, such as `28×28, Dense 256, a code of 64, and back`.
    ///
    /// # Errors
    /// When there is no builder.
    pub async fn network(&self) -> Result<String> {
        self.until("the network's stations", SOON, async || {
            for list in self.client.find_all(Locator::Css("ol")).await? {
                if let Some(network) = self.accessible_name(&list).await?.strip_prefix(NETWORK) {
                    return Ok(Some(network.to_owned()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until the network is that.
    ///
    /// # Errors
    /// When it does not become that in time; says what it is.
    pub async fn until_network(&self, wanted: &str) -> Result<()> {
        let is_there = async || Ok((self.network().await? == wanted).then_some(()));
        match self.until(&format!("the network {wanted}"), SOON, is_there).await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("the network is {}", self.network().await?))),
        }
    }

    /// The number of parameters that the builder tells.
    ///
    /// # Errors
    /// When it tells none.
    pub async fn parameters(&self) -> Result<u64> {
        let text = self.region("Build").await?;
        let before = text.split(" parameters in all").next().filter(|before| before.len() < text.len());
        let count = before.and_then(|before| before.split_whitespace().last()).context("a number of parameters")?;
        count.replace(',', "").parse().with_context(|| format!("`{count}` parameters"))
    }

    /// The text of a section.
    ///
    /// # Errors
    /// When there is none of that title.
    pub async fn region(&self, title: &str) -> Result<String> {
        Ok(self.find(Role::Region, title).await?.text().await?)
    }

    /// Opens what is folded under that title.
    ///
    /// # Errors
    /// When there is no such fold.
    pub async fn unfold(&self, title: &str) -> Result<()> {
        let fold = "const fold = [...document.querySelectorAll('details')]
                        .find(fold => fold.querySelector('summary')?.textContent.trim() === arguments[0]);
                    if (fold) fold.open = true;
                    return fold !== undefined;";
        self.until(&format!("the fold \"{title}\""), SOON, async || {
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
        let into_sight = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.script(into_sight, vec![json!(handle)]).await?;
        let (x, y) = self.middle(&handle).await?;
        let (_, target) = self.middle(&over).await?;
        // Past its middle, on the side away from where the card comes from.
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

    /// Where the middle of an element is in the window.
    async fn middle(&self, element: &Element) -> Result<(f64, f64)> {
        let place = self
            .script(
                "const box = arguments[0].getBoundingClientRect();
                 return [box.left + box.width / 2, box.top + box.height / 2];",
                vec![json!(element)],
            )
            .await?;
        Ok(serde_json::from_value(place)?)
    }

    /// Presses a key while others are held.
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

    /// Presses "Copy link" and returns what the address then holds from its `#` on.
    ///
    /// # Errors
    /// When the address does not become a link.
    pub async fn copy_link(&self) -> Result<String> {
        self.press("Copy link").await?;
        self.until("a link in the address", SOON, async || {
            let address = self.client.current_url().await?;
            let fragment = address.fragment().filter(|fragment| fragment.contains("experiment="));
            Ok(fragment.map(|fragment| format!("#{fragment}")))
        })
        .await
    }

    /// Opens a model file and waits until it is in hand.
    ///
    /// # Errors
    /// When it is refused, or not in time.
    pub async fn take_in_hand(&self, file: &Path) -> Result<()> {
        self.attach("Open model", &[file]).await?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        self.until_says(&name).await
    }

    /// Waits until the page says that somewhere.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn until_says(&self, words: &str) -> Result<()> {
        self.until(&format!("the page to say \"{words}\""), SOON, async || {
            Ok(self.page_text().await?.contains(words).then_some(()))
        })
        .await
    }

    /// Trains to the end.
    ///
    /// # Errors
    /// When it cannot begin, ends otherwise, or takes too long; says what the page says.
    pub async fn train(&self) -> Result<()> {
        let can_train =
            self.until("Train to be enabled", SOON, async || Ok(self.can_press("Train").await?.then_some(())));
        if let Err(error) = can_train.await {
            return Err(error.context(format!("the page says {:?}", self.notices().await?)));
        }
        self.press("Train").await?;
        let ended = self
            .until("the end of the run", EVENTUALLY, async || {
                let phase = self.phase().await?;
                let is_active = ["preparing", "running", "paused"].contains(&phase.as_str());
                Ok((!is_active).then_some(phase))
            })
            .await?;
        ensure!(ended == "finished", "the run is {ended}; the page says {:?}", self.notices().await?);
        Ok(())
    }
}
