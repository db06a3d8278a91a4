//! The pipeline during and after training: the ready-made model beside one's own, the strip of epochs, pictures from codes
//! that belong to no input, and codes of any size.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    drawing::THREE,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::json;

use crate::inspection::set_up_preset;

/// Sum of the grey bytes of a canvas, and its size in pixels.
async fn ink(page: &Page, name: &str) -> Result<[u64; 3]> {
    let canvas = page.find(Role::Image, name).await?;
    let ink = page
        .script(
            "const canvas = arguments[0];
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             let sum = 0;
             for (let i = 0; i < data.length; i += 4) sum += data[i];
             return [sum, canvas.width, canvas.height];",
            vec![json!(canvas)],
        )
        .await?;
    Ok(serde_json::from_value(ink)?)
}

async fn is_pressed(page: &Page, start: &str) -> Result<bool> {
    let pressed = page
        .script(
            "return [...document.querySelectorAll('.segment')]
                 .some(segment => segment.ariaLabel.startsWith(arguments[0]) && segment.ariaPressed === 'true');",
            vec![start.into()],
        )
        .await?;
    Ok(pressed == true)
}

/// Upper and lower edges of the pictures, and of what is drawn between them, CSS pixels.
const EDGES: &str = "
    return ['.station:not([hidden]) .picture-frame', '.silhouette', '.code'].map(selector =>
        [...document.querySelectorAll(selector)].map(element => {
            const { top, bottom } = element.getBoundingClientRect();
            return [top, bottom];
        }));
";

#[test]
fn the_network_is_drawn_between_its_pictures() {
    for window in [(1280, 1000), (390, 844)] {
        scenario(Setup { window, ..Setup::cpu() }, async |page| {
            page.open("?device=cpu").await?;
            page.press("Surprise me").await?;
            page.find(Role::Image, "Code").await?;
            let edges = page.script(EDGES, vec![]).await?;
            let [pictures, silhouettes, code]: [Vec<[f64; 2]>; 3] = serde_json::from_value(edges)?;
            page.screenshot(&format!("network-{}", window.0)).await?;
            println!("pictures {pictures:?}, silhouettes {silhouettes:?}, code {code:?}");
            let [top, bottom] = *pictures.last().context("there is an output")?;
            ensure!(silhouettes.len() == 2, "encoder and decoder");
            for silhouette in silhouettes {
                let is_beside = (silhouette[0] - top).abs() <= 2.0 && (silhouette[1] - bottom).abs() <= 2.0;
                ensure!(
                    is_beside,
                    "drawn from {} to {}, the output from {top} to {bottom}",
                    silhouette[0],
                    silhouette[1]
                );
            }
            Ok(())
        });
    }
}

#[test]
fn the_ready_made_model_stays_beside_a_worse_one() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        set_up_preset(page, "dense-denoiser", 200, 50, 3).await?;
        ensure!(!page.is_displayed(Role::Image, "Ready-made").await?, "there is nothing to compare yet");
        page.train().await?;

        // After a dozen steps the shipped model is better by far.
        page.until("the ready-made output", SHORT_TIMEOUT, async || {
            Ok(page.is_displayed(Role::Image, "Ready-made").await?.then_some(()))
        })
        .await?;
        let own = page.picture("Denoised").await?;
        let ready_made = page.picture("Ready-made").await?;
        ensure!(own != ready_made, "both outputs are the same");
        page.screenshot("ready-made-beside").await?;
        let own_db = page.displayed_number("psnr-denoised").await?;
        page.script("document.querySelectorAll('.segment')[1].click();", vec![]).await?;
        page.until("the ready-made output in place of one's own", SHORT_TIMEOUT, async || {
            Ok((page.picture("Denoised").await? == ready_made).then_some(()))
        })
        .await?;
        ensure!(is_pressed(page, "Ready-made").await? && page.displayed_number("psnr-denoised").await? > own_db);
        ensure!(!page.is_displayed(Role::Image, "Ready-made").await?, "it is shown once");
        page.script("document.querySelectorAll('.segment')[0].click();", vec![]).await?;

        page.press("Continue from it").await?;
        page.until("its experiment", SHORT_TIMEOUT, async || {
            Ok((page.selected_title("Start from").await? == "Train further").then_some(()))
        })
        .await?;
        ensure!(page.selected_title("Preset").await?.contains("denoiser"));
        ensure!(page.can_press("Train").await?);
        page.assert_alive().await
    });
}

#[test]
fn each_epoch_can_be_looked_back_at() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        set_up_preset(page, "article", 1_000, 50, 5).await?;
        page.train().await?;
        page.until("a picture for each epoch", SHORT_TIMEOUT, async || {
            let [_, width, _] = ink(page, "The output after each epoch").await?;
            Ok((width >= 4 * 28).then_some(()))
        })
        .await?;
        let last = page.picture("Reconstruction").await?;
        page.slide("Epoch", 0.0).await?;
        page.until_text("after epoch 1").await?;
        page.until("the first epoch's output", SHORT_TIMEOUT, async || {
            Ok((page.picture("Reconstruction").await? != last).then_some(()))
        })
        .await?;
        page.slide("Epoch", 4.0).await?;
        page.until("the newest output", SHORT_TIMEOUT, async || {
            Ok((page.picture("Reconstruction").await? == last).then_some(()))
        })
        .await
    });
}

#[test]
fn a_prior_is_drawn_from_and_a_plane_is_shown() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        set_up_preset(page, "vae", 500, 50, 3).await?;
        page.open_view("Samples").await?;
        page.train().await?;
        let first = page
            .until("samples from the prior", LONG_TIMEOUT, async || {
                let found = ink(page, "Samples from the prior").await?;
                Ok((found[0] > 2_550).then_some(found))
            })
            .await?;
        ensure!(first[1..] == [12 * 28, 4 * 28], "{first:?}");
        page.press("New samples").await?;
        page.until("other samples", SHORT_TIMEOUT, async || {
            Ok((ink(page, "Samples from the prior").await? != first).then_some(()))
        })
        .await?;
        set_up_preset(page, "plane", 500, 50, 2).await?;
        page.train().await?;
        let plane = page
            .until("the plane", LONG_TIMEOUT, async || {
                let found = ink(page, "The plane of the code").await?;
                Ok((found[1] == 15 * 28).then_some(found))
            })
            .await?;
        ensure!(plane[0] > 2_550 && plane[2] == 15 * 28, "{plane:?}");
        page.full_page_screenshot("plane").await?;
        Ok(())
    });
}

#[test]
fn a_code_of_4096_units_is_drawn_and_a_run_stopped_at_once_leaves_all_as_it_was() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        page.find(Role::Image, "Denoised").await?;
        set_up_preset(page, "article", 2_000, 50, 50).await?;
        page.press("Train").await?;
        page.press("Stop").await?;
        page.until_phase("stopped", SHORT_TIMEOUT).await?;
        ensure!(page.can_press("Train").await? && page.can_press("Save model").await?, "nothing is lost");

        page.fill("Latent size", 4_096.0).await?;
        page.fill("Image limit", 100.0).await?;
        page.fill("Epochs", 1.0).await?;
        page.train().await?;
        page.until_text("4,096 numbers, 4 to a cell").await?;
        page.find(Role::Image, "Code").await?;
        ensure!(page.find_now(Role::Slider, "Unit of the code").await?.is_none(), "cells are not dragged");
        page.assert_alive().await
    });
}

#[test]
fn a_preset_that_needs_a_model_brings_one() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.choose("Preset", "student").await?;
        page.until_text("Ready-made article").await?;
        page.unfold_more().await?;
        page.fill("Image limit", 200.0).await?;
        page.fill("Epochs", 1.0).await?;
        page.train().await?;
        page.open_view("Measures").await?;
        page.until_text("The teacher has").await
    });
}

#[test]
fn the_figures_are_those_of_the_task() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        for (preset, figure) in [
            ("classifier", "% sure"),
            ("inpainting", "Error where hidden"),
            ("u-net-denoiser", "Skip connections pass by the code"),
        ] {
            set_up_preset(page, preset, 50, 25, 1).await?;
            page.train().await?;
            page.until_text(figure).await?;
        }
        page.screenshot("skip-connections").await.map(drop)
    });
}
