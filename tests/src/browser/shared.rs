//! Browsers that wait for the next scenario: starting Chromium takes two seconds, opening a tab in it a tenth of one.

use std::sync::{LazyLock, Mutex};

use anyhow::Result;
use fantoccini::Client;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use xtask::browsers::BrowserKind;

use super::{Browser, Gpu, Setup, capability::Capability};
use crate::Page;

/// Runtime and idle browsers of all scenarios. Held during a scenario, as two browsers at once would slow each other on a small machine.
pub static SHARED: LazyLock<Mutex<Shared>> = LazyLock::new(|| {
    // Sessions of WebDriver live in the runtime in which they were opened.
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    Mutex::new(Shared { runtime, idle: Vec::new() })
});

/// The runtime of all scenarios, and the idle browsers, at most one for each [`Launch`].
pub struct Shared {
    pub runtime: Runtime,
    idle: Vec<(Launch, Client)>,
}

/// Options that a browser is started with, and keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Launch {
    gpu: Gpu,
    language: Option<&'static str>,
}

impl Launch {
    /// Options of a browser that other scenarios may use afterwards; `None` if the scenario's browser ends with it.
    pub fn shared(setup: &Setup, browser: &Browser) -> Option<Self> {
        // A driver of our own ends with its scenario. Chromium uses no GPU again after a few crashes.
        let is_shared = browser.programs.kind == BrowserKind::Chromium
            && browser.own.is_none()
            && !setup.needs.contains(&Capability::GpuCrash);
        is_shared.then_some(Self { gpu: setup.gpu, language: setup.language })
    }
}

impl Shared {
    /// Takes the idle browser with these options, if there is one.
    pub fn take(&mut self, launch: Option<Launch>) -> Option<Client> {
        let index = self.idle.iter().position(|(options, _)| Some(*options) == launch)?;
        Some(self.idle.swap_remove(index).1)
    }

    /// Keeps a browser for the next scenario with these options.
    pub fn keep(&mut self, launch: Launch, client: Client) {
        self.idle.push((launch, client));
    }
}

impl Page {
    /// Ends the scenario and leaves its browser, with one blank tab, no stored data and no permissions.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn leave(self) -> Result<Client> {
        let blank = self.client.new_window(true).await?.handle;
        for window in self.client.windows().await? {
            if window != blank {
                self.client.switch_to_window(window).await?;
                self.client.close_window().await?;
            }
        }
        self.client.switch_to_window(blank).await?;
        // The clipboard is read by a page in front only.
        self.devtools("Page.bringToFront", json!({})).await?;
        // Another scenario's server may get the same port, and with that the same origin.
        self.clear_stored_data().await?;
        self.console_messages().await?;
        Ok(self.client)
    }
}
