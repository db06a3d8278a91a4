//! Training runs in the page.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    files::mnist,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

/// Sets up a run of the preset `article` on the built-in digits.
pub async fn set_up(page: &Page, images: u32, batch: u32, epochs: u32) -> Result<()> {
    page.choose("Preset", "article").await?;
    page.choose("Data", "strokes").await?;
    page.unfold_more().await?;
    page.fill("Image limit", images.into()).await?;
    page.fill("Batch size", batch.into()).await?;
    page.fill("Epochs", epochs.into()).await
}

/// Loss in the status line; `None` before the first.
pub async fn loss(page: &Page) -> Result<Option<f64>> {
    let status = page.status().await?;
    let Some((_, rest)) = status.split_once("loss ") else { return Ok(None) };
    let number = rest.split_whitespace().next().context("a number follows the word")?;
    Ok(Some(number.parse().with_context(|| format!("the loss in `{status}`"))?))
}

async fn first_loss(page: &Page) -> Result<f64> {
    page.until("a first loss", LONG_TIMEOUT, async || loss(page).await).await
}

#[test]
fn the_loss_falls_on_built_in_digits_while_the_page_responds() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        set_up(page, 2000, 64, 6).await?;
        page.press("Train").await?;
        let first = first_loss(page).await?;
        page.assert_alive().await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        let last = loss(page).await?.context("a loss at the end")?;
        ensure!(last < first * 0.8, "the loss went from {first} to {last}");
        ensure!(page.can_press("Save model").await?, "a trained model can be saved");
        println!("loss {first} -> {last}; {}", page.status().await?);
        Ok(())
    });
}

#[test]
fn a_run_is_paused_resumed_and_stopped_with_its_model() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        set_up(page, 2000, 128, 500).await?;
        page.press("Train").await?;
        first_loss(page).await?;
        page.press("Pause").await?;
        page.until_phase("paused", SHORT_TIMEOUT).await?;
        // Events sent before the pause may still arrive.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let held = page.status().await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let later = page.status().await?;
        ensure!(held == later, "paused, and yet `{held}` became `{later}`");
        page.press("Step").await?;
        page.until_phase("paused", SHORT_TIMEOUT).await?;
        page.press("Resume").await?;
        page.until_phase("running", SHORT_TIMEOUT).await?;
        page.until("training to continue", SHORT_TIMEOUT, async || Ok((page.status().await? != held).then_some(())))
            .await?;
        page.press("Stop").await?;
        page.until_phase("stopped", SHORT_TIMEOUT).await?;
        ensure!(page.can_press("Save model").await? && page.can_press("Train").await?);
        page.assert_alive().await
    });
}

#[test]
fn mnist_from_a_file_is_trained_on() {
    let Some(images) = mnist("t10k-images-idx3-ubyte.gz") else {
        println!("SKIP MNIST is not in ../shared/data/mnist");
        return;
    };
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.attach("Open images", &[&images]).await?;
        page.until("the page to have read the file", SHORT_TIMEOUT, async || {
            let text = page.script("return document.body.innerText;", vec![]).await?;
            let text = text.as_str().unwrap_or_default().replace([',', '\u{202f}', '\u{a0}'], "");
            Ok(text.contains("10000 images").then_some(()))
        })
        .await?;
        page.choose("Preset", "article").await?;
        page.choose("Data", "opened").await?;
        page.fill("Epochs", 3.0).await?;
        page.press("Train").await?;
        let first = first_loss(page).await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        let last = loss(page).await?.context("a loss at the end")?;
        // The mean image alone has a loss of 0.0675.
        ensure!(last < 0.05 && last < first, "the loss went from {first} to {last}");
        println!("MNIST: loss {first} -> {last}; {}", page.status().await?);
        page.screenshot("trained-mnist").await?;
        Ok(())
    });
}

#[test]
fn gpu_and_cpu_reach_the_same_loss() {
    scenario(Setup::webgpu(), async |page| {
        let mut losses = Vec::new();
        for device in ["cpu", "webgpu"] {
            page.open(&format!("?device={device}")).await?;
            let found = page.device().await?;
            ensure!(found == device, "asked for {device}, got {found}: {:?}", page.text("device-reason").await?);
            set_up(page, 40, 12, 2).await?;
            page.press("Train").await?;
            page.until_phase("finished", LONG_TIMEOUT * 2).await?;
            losses.push(loss(page).await?.context("a loss at the end")?);
            println!("{}", page.status().await?);
        }
        let difference = (losses[0] - losses[1]).abs() / losses[0];
        ensure!(difference < 0.02, "the losses differ by {:.1} %: {losses:?}", difference * 100.0);
        Ok(())
    });
}
