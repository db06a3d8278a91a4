//! The engine's log in the browser's console.

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

use crate::training::set_up;

/// Waits for a console message that contains all of these words, and returns it. Earlier messages are lost.
async fn until_logged(page: &Page, words: &[&str]) -> Result<String> {
    page.until(&format!("a console message with {words:?}"), SHORT_TIMEOUT, async || {
        let messages = page.console_messages().await?;
        Ok(messages.into_iter().find(|message| words.iter().all(|word| message.contains(word))))
    })
    .await
}

#[test]
fn the_log_is_off_unless_the_address_asks_for_it() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        let messages = page.console_messages().await?;
        ensure!(!messages.iter().any(|message| message.contains("pinhole_engine")), "{messages:?}");
        page.open("?device=cpu&log=debug").await?;
        println!("{}", until_logged(page, &["command{name=", "device chosen", "Cpu"]).await?);
        set_up(page, 60, 12, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        println!("{}", until_logged(page, &["run{seed=", "epoch{number=1}", "epoch ended"]).await?);
        page.assert_alive().await
    });
}
