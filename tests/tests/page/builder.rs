//! Editing a network in the builder: fields of cards, adding, moving and removing blocks, and mistakes shown on cards.

use anyhow::{Context as _, Result, ensure};
use fantoccini::key::Key;
use pinhole_e2e::{Page, Setup, controls::Role, page::SHORT_TIMEOUT, scenario};
use pinhole_protocol::NetworkSpec;

const ARTICLE: &str = "28×28, Dense 256, a code of 64, and back";

async fn open_article(page: &Page) -> Result<()> {
    page.open("").await?;
    page.choose("Preset", "article").await?;
    page.until_network(ARTICLE).await
}

/// Outlines of encoder and decoder in the pipeline.
async fn hourglass(page: &Page) -> Result<Vec<String>> {
    let outlines = page
        .script(
            "return [...document.querySelectorAll('.hourglass polygon')].map(side => side.getAttribute('points'));",
            vec![],
        )
        .await?;
    Ok(serde_json::from_value(outlines)?)
}

#[test]
fn an_edited_width_changes_hourglass_and_parameter_count() {
    scenario(Setup::cpu(), async |page| {
        open_article(page).await?;
        let count = |width| {
            NetworkSpec { encoder: NetworkSpec::dense_blocks(&[width]), ..NetworkSpec::default() }
                .plan()
                .map(|plan| plan.parameters())
        };
        ensure!(page.parameters().await? == count(256)?);
        let before = hourglass(page).await?;
        page.fill("Encoder 1 width", 100.0).await?;
        page.until_network("28×28, Dense 100, a code of 64, and back").await?;
        ensure!(page.parameters().await? == count(100)?, "{} parameters", page.parameters().await?);
        let after = hourglass(page).await?;
        ensure!(before.len() == after.len() && before != after, "the hourglass has not changed: {after:?}");
        let card = page.find(Role::Group, "Encoder block 1: Dense 100").await?.text().await?;
        ensure!(card.contains("output 100 · 78,500 weights"), "the card says `{card}`");
        Ok(())
    });
}

#[test]
fn latent_numbers_are_tied_to_what_is_known_of_the_samples() {
    scenario(Setup::cpu(), async |page| {
        open_article(page).await?;
        page.press("Add a tie").await?;
        page.until_text("out of reach of the code's ReLU").await?;
        page.choose("Code activation", "linear").await?;
        page.press("Add a tie").await?;
        page.choose("Tie 2 target", "pen width").await?;
        ensure!(page.can_press("Train").await?, "the experiment is refused: {}", page.page_text().await?);
        page.choose("Tie 2 target", "label").await?;
        page.fill("Tie 2 classes", 70.0).await?;
        page.until_text("the tie needs latent 2 to 71").await?;
        page.press("Remove tie 2").await?;
        page.set_checked("Regression head", true).await?;
        page.choose("Regression attribute", "pen width").await?;
        ensure!(page.can_press("Train").await?, "the experiment is refused: {}", page.page_text().await?);
        Ok(())
    });
}

#[test]
fn blocks_are_added_moved_and_removed_by_mouse_and_keyboard() {
    scenario(Setup::cpu(), async |page| {
        let (as_added, swapped) = (
            "28×28, Dense 256, Dense 128, a code of 64, and back",
            "28×28, Dense 128, Dense 256, a code of 64, and back",
        );
        open_article(page).await?;
        page.unfold("Add a block to the encoder").await?;
        page.press("Add Dense to the encoder").await?;
        page.until_network(as_added).await?;

        // The added block has the focus, so that keys continue from there.
        until_focus(page, "Move encoder block 2, Dense 128, up").await?;
        page.press_keys(&[], char::from(Key::Enter)).await?;
        page.until_network(swapped).await?;
        page.press("Move encoder block 1, Dense 128, down").await?;
        page.until_network(as_added).await?;
        page.drag("Encoder block 2: Dense 128", "Encoder block 1: Dense 256").await?;
        page.until_network(swapped).await?;
        page.drag("Encoder block 1: Dense 128", "Encoder block 2: Dense 256").await?;
        page.until_network(as_added).await?;
        page.press("Remove encoder block 2, Dense 128").await?;
        page.until_network(ARTICLE).await?;

        page.press("Undo change").await?;
        page.until_network(as_added).await?;
        page.focus(Role::Button, "Copy link").await?;
        page.press_keys(&[Key::Control], 'z').await?;
        page.until_network(swapped).await?;
        page.press_keys(&[Key::Control], 'y').await?;
        page.until_network(as_added).await?;
        page.press("Redo change").await?;
        page.until_network(ARTICLE).await?;
        ensure!(!page.can_press("Redo change").await?, "there is nothing more to redo");
        page.assert_alive().await
    });
}

/// Waits until the control of that name has the focus.
async fn until_focus(page: &Page, name: &str) -> Result<()> {
    page.until(&format!("the focus on \"{name}\""), SHORT_TIMEOUT, async || {
        let focused = page.client.active_element().await?;
        Ok((page.accessible_name(&focused).await? == name).then_some(()))
    })
    .await
}

/// An edit that makes a network invalid.
struct Mistake {
    preset: &'static str,
    /// Button to press, and how often.
    press: Option<(&'static str, usize)>,
    /// Field to fill, and its value.
    fill: Option<(&'static str, f64)>,
    /// Card that is to show the mistake.
    card: &'static str,
    words: &'static [&'static str],
}

const MISTAKES: [Mistake; 6] = [
    Mistake {
        preset: "article",
        press: None,
        fill: Some(("Encoder 1 width", 0.0)),
        card: "Encoder block 1: Dense 0",
        words: &["width 0", "at least 1"],
    },
    Mistake {
        preset: "article",
        press: None,
        fill: Some(("Encoder 1 width", 300_000.0)),
        card: "Encoder block 1: Dense 300000",
        words: &["million weights", "GB"],
    },
    Mistake {
        preset: "article",
        press: Some(("Add Convolution to the encoder", 1)),
        fill: None,
        card: "Encoder block 2: Convolution 32",
        words: &["a convolution reads pictures", "put the convolution before the dense ones"],
    },
    Mistake {
        preset: "deep-denoiser",
        press: Some(("Add Convolution to the encoder", 3)),
        fill: None,
        card: "Encoder block 6: Convolution 32",
        words: &["nothing is left to halve"],
    },
    Mistake {
        preset: "transformer",
        press: None,
        fill: Some(("Encoder 1 heads", 5.0)),
        card: "Encoder block 1: Transformer 32",
        words: &["5 attention heads", "35"],
    },
    Mistake {
        preset: "lstm",
        press: Some(("Add Residual to the encoder", 1)),
        fill: None,
        card: "Encoder block 2: Residual",
        words: &["not sequences"],
    },
];

#[test]
fn a_mistake_is_shown_on_its_card_and_undone() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_builder().await?;
        for mistake in MISTAKES {
            make(page, &mistake).await.with_context(|| format!("{}: {}", mistake.preset, mistake.card))?;
        }
        page.assert_alive().await
    });
}

async fn make(page: &Page, mistake: &Mistake) -> Result<()> {
    page.choose("Preset", mistake.preset).await?;
    if let Some((button, times)) = mistake.press {
        page.unfold("Add a block to the encoder").await?;
        for _ in 0..times {
            page.press(button).await?;
        }
    }
    if let Some((field, value)) = mistake.fill {
        page.fill(field, value).await?;
    }
    let card = page.find(Role::Group, mistake.card).await?.text().await?;
    for words in mistake.words {
        ensure!(card.contains(words), "the card says `{card}`");
    }
    println!("{card}");
    ensure!(page.field_errors().await?.len() == 1, "reported elsewhere too: {:?}", page.field_errors().await?);
    ensure!(!page.can_press("Train").await?, "it can be trained");
    page.press("Undo change").await?;
    page.until("the mistake to be gone", SHORT_TIMEOUT, async || {
        Ok((page.field_errors().await?.is_empty() && page.can_press("Train").await?).then_some(()))
    })
    .await
}

#[test]
fn skips_warn_that_they_bypass_the_bottleneck() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_builder().await?;
        page.choose("Preset", "conv").await?;
        ensure!(!page.region("Build").await?.contains("bottleneck: what the code holds"), "there are no skips yet");
        page.set_checked("U-Net skips", true).await?;
        page.until_text("The skips go past the bottleneck").await?;
        page.choose("Preset", "article").await?;
        page.set_checked("U-Net skips", true).await?;
        let text = page.until_notice(&["skips join convolutions"]).await?;
        println!("{text}");
        ensure!(!page.can_press("Train").await?, "dense layers have no maps to hand over");
        page.press("Undo change").await?;
        page.until("Train", SHORT_TIMEOUT, async || Ok(page.can_press("Train").await?.then_some(()))).await
    });
}

#[test]
fn an_overcomplete_network_is_described_as_such() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_builder().await?;
        page.choose("Preset", "overcomplete").await?;
        page.until_text("Overcomplete: 6,272 numbers for 784 values").await?;
        page.until_text("the network can learn to copy").await?;
        page.choose("Preset", "plane").await?;
        page.until_text("Undercomplete: 2 numbers for 784 values").await?;
        ensure!(!page.region("Build").await?.contains("can learn to copy"));
        Ok(())
    });
}

#[test]
fn a_decoder_of_its_own_can_be_built_and_trained() {
    scenario(Setup::cpu(), async |page| {
        open_article(page).await?;
        page.choose("Decoder", "Blocks of its own").await?;
        page.fill("Decoder 1 width", 90.0).await?;
        page.unfold("Add a block to the decoder").await?;
        page.press("Add Dense to the decoder").await?;
        page.find(Role::Group, "Decoder block 2: Dense 128").await?;
        page.unfold_more().await?;
        page.fill("Image limit", 60.0).await?;
        page.fill("Epochs", 1.0).await?;
        page.train().await?;
        ensure!(page.can_press("Save model").await?);
        Ok(())
    });
}

/// Waits until the builder is open, or closed.
async fn until_building(page: &Page, is_building: bool) -> Result<()> {
    page.until(&format!("building to be {is_building}"), SHORT_TIMEOUT, async || {
        let is_open = page.find_now(Role::Button, "Done").await?.is_some();
        Ok((is_open == is_building).then_some(()))
    })
    .await
}

#[test]
fn back_and_escape_close_the_builder() {
    scenario(Setup::cpu(), async |page| {
        open_article(page).await?;
        let escape = async || page.press_keys(&[], char::from(Key::Escape)).await;
        page.client.back().await?;
        until_building(page, false).await?;

        // Closed by its button, it is not opened again by Back, and from another lab Back leads into it.
        page.press("Build").await?;
        page.press("Done").await?;
        until_building(page, false).await?;
        page.press("Change its blocks").await?;
        page.script("location.hash = '#/tables';", vec![]).await?;
        until_building(page, false).await?;
        page.client.back().await?;
        until_building(page, true).await?;

        // Escape leaves a field first.
        page.type_number("Encoder 1 width", "100").await?;
        escape().await?;
        page.until_network("28×28, Dense 100, a code of 64, and back").await?;
        escape().await?;
        until_building(page, false).await?;
        until_focus(page, "Build").await
    });
}

#[test]
fn an_experiment_is_shown_as_pytorch_and_as_json() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.choose("Preset", "article").await?;
        page.press("Show as PyTorch").await?;
        page.until_text("nn.Linear(784, 256)").await?;
        page.press("Copy listing").await?;
        page.open_builder().await?;
        page.fill("Encoder 1 width", 128.0).await?;
        page.until_text("nn.Linear(784, 128)").await?;
        page.press("JSON").await?;
        page.until_text("\"learning_rate\": 0.002").await?;
        page.press("PyTorch").await?;
        page.fill("Latent size", 0.0).await?;
        page.until_text("There is no listing yet").await?;
        page.press("Hide PyTorch").await
    });
}
