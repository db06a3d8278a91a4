//! Inspection of a network: terms of the loss, "Look inside", measures, and the learning-rate finder.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::json;

/// Sets up a short run of a preset on the built-in digits.
pub async fn set_up_preset(page: &Page, preset: &str, images: u32, batch: u32, epochs: u32) -> Result<()> {
    page.choose("Preset", preset).await?;
    page.choose("Data", "strokes").await?;
    page.unfold_more().await?;
    page.fill("Image limit", images.into()).await?;
    page.fill("Batch size", batch.into()).await?;
    page.fill("Epochs", epochs.into()).await
}

/// Number of different colours on a canvas.
async fn colour_count(page: &Page, name: &str) -> Result<u64> {
    let canvas = page.find(Role::Image, name).await?;
    let count = page
        .script(
            "const canvas = arguments[0];
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             return new Set(new Uint32Array(data.buffer)).size;",
            vec![json!(canvas)],
        )
        .await?;
    count.as_u64().context("a number of colours")
}

#[test]
fn every_term_of_the_loss_has_a_chart() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        for (preset, terms) in [
            ("vae", ["Reconstruction", "Divergence"].as_slice()),
            ("vq-vae", &["Reconstruction", "Quantisation"]),
            ("adversarial", &["Reconstruction", "Adversarial", "Discriminator"]),
            ("sparse", &["Reconstruction", "L1 sparsity"]),
            ("classifier", &["Reconstruction", "Classification"]),
            ("tied-code", &["Reconstruction", "Tying"]),
        ] {
            set_up_preset(page, preset, 200, 20, 2).await?;
            page.train().await?;
            for term in terms {
                let chart = format!("{term}, step by step");
                let drawn = page
                    .until(&format!("a curve of {term}"), SHORT_TIMEOUT, async || {
                        let colours = colour_count(page, &chart).await?;
                        Ok((colours > 2).then_some(colours))
                    })
                    .await;
                drawn.with_context(|| preset.to_owned())?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_look_inside_shows_weights_dead_units_and_the_code() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_view("Look inside").await?;
        for (preset, layers, code) in [
            ("article", ["Encoder 1", "Bottleneck 1", "Decoder 1", "Decoder 2"].as_slice(), "numbers"),
            ("vae", &["Encoder 1", "Bottleneck 1"], "nats in all"),
            ("vq-vae", &["Encoder 1", "Encoder 2"], "codebook vectors"),
            ("lstm", &["Encoder 1"], "numbers"),
        ] {
            set_up_preset(page, preset, 300, 30, 2).await?;
            page.train().await?;
            page.until_text("Computed on").await?;
            let used = page
                .until("what the code is used for", SHORT_TIMEOUT, async || {
                    Ok(page.text("code-use").await?.filter(|used| used.contains(code)))
                })
                .await
                .with_context(|| format!("{preset}: the code-use says {code}"))?;
            let dead = page.text("dead-units").await?.context("a word on dead units")?;
            println!("{preset}: {used} {dead}");
            let names: Vec<String> = page.cells("Layers").await?.into_iter().map(|row| row[0].clone()).collect();
            for layer in layers {
                ensure!(names.iter().any(|name| name.starts_with(layer)), "{preset}: no {layer} among {names:?}");
            }
            ensure!(dead.contains(" dead"), "{preset}: `{dead}`");
        }
        Ok(())
    });
}

#[test]
fn the_first_layers_weights_are_pictures_while_it_trains() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_view("Look inside").await?;
        set_up_preset(page, "article", 2000, 100, 300).await?;
        page.press("Train").await?;
        page.until_phase("running", LONG_TIMEOUT).await?;
        page.until("pictures of the weights", LONG_TIMEOUT, async || {
            Ok((colour_count(page, "First layer's weights").await? > 30).then_some(()))
        })
        .await?;
        // Gradients exist only during training.
        page.until("gradient norms", LONG_TIMEOUT, async || {
            let layers = page.cells("Layers").await?;
            let flows =
                |row: &Vec<String>| row.get(3).is_some_and(|norm| norm.parse::<f64>().is_ok_and(|norm| norm > 0.0));
            Ok(layers.iter().any(flows).then_some(()))
        })
        .await?;
        page.screenshot("look-inside").await?;
        page.press("Stop").await?;
        page.until_phase("stopped", SHORT_TIMEOUT).await?;
        page.assert_alive().await
    });
}

#[test]
fn each_measure_is_shown_with_a_sentence() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_view("Measures").await?;
        for (preset, name, sentence) in [
            ("vae", "Active units", "numbers"),
            ("overcomplete", "Random noise, rebuilt", "at a variance of"),
            ("conv-denoiser", "Denoising", "The corrupted input itself has"),
            ("classifier", "Accuracy", "the most frequent label"),
            ("regression-head", "R² of the regression", "0 no better than the mean"),
            ("tied-code", "Tied correlation", "No other latent number has more"),
            ("vq-vae", "Codebook perplexity", "of 64 vectors"),
        ] {
            set_up_preset(page, preset, 300, 30, 1).await?;
            page.train().await?;
            page.until_text(name).await.with_context(|| preset.to_owned())?;
            let text = page.region("What to look for").await?;
            ensure!(text.contains(sentence), "{preset}: {text}");
        }
        // Measuring again works.
        page.press("Measure").await?;
        page.until("the button to rest", LONG_TIMEOUT, async || Ok(page.can_press("Measure").await?.then_some(())))
            .await?;
        ensure!(page.region("What to look for").await?.contains("Codebook perplexity"));
        Ok(())
    });
}

#[test]
fn the_learning_rate_finder_suggests_applies_and_stops() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        set_up_preset(page, "article", 2000, 100, 1).await?;
        page.press("Find a learning rate").await?;
        let about = "Suggested learning rate: ";
        let rate = page
            .until("a suggestion", LONG_TIMEOUT, async || {
                let text = page.page_text().await?;
                let rest = text.split_once(about).map(|(_, rest)| rest.to_owned());
                Ok(rest.and_then(|rest| Some(rest.split_whitespace().next()?.trim_end_matches('.').to_owned())))
            })
            .await?;
        println!("{about}{rate}");
        ensure!(colour_count(page, "Loss over learning rate").await? > 2, "the sweep is not drawn");
        let value: f64 = rate.parse()?;
        ensure!((1e-6..1.0).contains(&value), "no one learns at a rate of {value}");
        page.press(&format!("Use {rate}")).await?;
        let field = page.find(Role::SpinButton, "Learning rate value").await?;
        page.until("the rate in its field", SHORT_TIMEOUT, async || {
            let now = page.script("return arguments[0].value;", vec![json!(field)]).await?;
            Ok((now == rate.as_str()).then_some(()))
        })
        .await?;
        page.train().await?;

        set_up_preset(page, "conv-denoiser", 5000, 32, 1).await?;
        page.press("Find a learning rate").await?;
        page.press("Stop the search").await?;
        page.until("the search to be over", LONG_TIMEOUT, async || {
            Ok((page.can_press("Find a learning rate").await? && page.can_press("Train").await?).then_some(()))
        })
        .await?;
        page.assert_alive().await
    });
}

#[test]
fn a_collapsed_posterior_is_reported() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        set_up_preset(page, "vae", 500, 25, 4).await?;
        page.open_builder().await?;
        page.fill("Divergence weight (beta)", 1000.0).await?;
        page.train().await?;
        println!("{}", page.until_notice(&["collapsed onto its prior"]).await?);
        page.assert_alive().await
    });
}
