//! Share links, which hold an experiment in the address.

use anyhow::{Result, ensure};
use pinhole_e2e::{Capability, Page, Setup, controls::Role, page::SHORT_TIMEOUT, scenario};
use serde_json::json;

use crate::bad_input::dismiss_all;

#[test]
fn a_copied_link_opens_the_same_network() {
    scenario(Setup::cpu().needing(Capability::ClipboardReading), async |page| {
        page.open("").await?;
        page.choose("Preset", "transformer").await?;
        page.open_builder().await?;
        page.fill("Encoder 1 width", 48.0).await?;
        page.fill("Encoder 1 heads", 6.0).await?;
        page.fill("Latent size", 10.0).await?;
        let network = page.network().await?;
        let link = page.copy_link().await?;
        let copied = page
            .client
            .execute_async("const done = arguments[0]; navigator.clipboard.readText().then(done, done);", vec![])
            .await?;
        ensure!(copied.as_str().is_some_and(|copied| copied.ends_with(&link)), "the clipboard holds {copied}");
        page.open(&link).await?;
        page.until_network(&network).await?;
        ensure!(page.copy_link().await? == link, "the link's own link is another one");
        ensure!(page.notices().await?.iter().all(|notice| notice.contains("on the clipboard")));
        Ok(())
    });
}

#[test]
fn a_link_opened_over_another_experiment_can_be_undone() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.choose("Preset", "vae").await?;
        let link = page.copy_link().await?;
        page.choose("Preset", "article").await?;
        let article = page.network().await?;
        page.copy_link().await?;
        // As a click on a link within the page: only the fragment changes.
        page.script("location.hash = arguments[0];", vec![json!(link)]).await?;
        page.until("the link's preset", SHORT_TIMEOUT, async || Ok(is_chosen(page, "Variational (VAE)").await?))
            .await?;
        page.press("Undo change").await?;
        page.until_network(&article).await
    });
}

async fn is_chosen(page: &Page, title: &str) -> Result<Option<()>> {
    Ok((page.selected_title("Preset").await? == title).then_some(()))
}

#[test]
fn broken_links_are_reported_and_change_nothing() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        let network = page.network().await?;
        page.choose("Preset", "vq-vae").await?;
        let whole = page.copy_link().await?;
        let half = whole[..whole.len() - 9].to_owned();
        // {"schedule":{"epochs":0}}, {"network":{"encoder":[{"dense":{"width":1000000000}}]}}, [] and nothing.
        let untrainable = "#/digits?experiment=eyJzY2hlZHVsZSI6eyJlcG9jaHMiOjB9fQ";
        let absurd = "#/digits?experiment=eyJuZXR3b3JrIjp7ImVuY29kZXIiOlt7ImRlbnNlIjp7IndpZHRoIjoxMDAwMDAwMDAwfX1dfX0";
        let list = "#/digits?experiment=W10";
        let empty = "#/digits?experiment=";
        let long = format!("#/digits?experiment={}", "A".repeat(30_000));
        for link in [half.as_str(), untrainable, absurd, list, empty, &long] {
            page.open(link).await?;
            let notice = page.until_notice(&["link"]).await?;
            println!("{notice}");
            ensure!(notice.len() < 400 && notice.ends_with('.'), "that is no sentence: {notice}");
            ensure!(page.network().await? == network, "the experiment has changed");
            dismiss_all(page).await?;
            page.find(Role::Button, "Train").await?;
            page.assert_alive().await?;
        }
        Ok(())
    });
}
