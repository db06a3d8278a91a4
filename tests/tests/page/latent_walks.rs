//! Lab "Latent space" on digits: a chosen sample, pushed numbers, walks, sums, drawn samples and measures.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{Page, Setup, controls::Role, page::SHORT_TIMEOUT, pictures::largest_difference, scenario};

use crate::inspection::set_up_preset;

/// Trains a preset briefly on built-in digits, and opens the lab.
async fn open_with(page: &Page, preset: &str) -> Result<()> {
    page.open("?device=cpu").await?;
    set_up_preset(page, preset, 600, 50, 3).await?;
    page.train().await?;
    open_lab(page).await?;
    until_worst(page, 2).await
}

/// Follows the link to the lab.
pub async fn open_lab(page: &Page) -> Result<()> {
    page.find(Role::Link, "Latent space").await?.click().await?;
    page.find(Role::Canvas, "Latent map").await?;
    Ok(())
}

/// Waits until at least `count` of the samples that are rebuilt worst are shown.
pub async fn until_worst(page: &Page, count: usize) -> Result<()> {
    page.until("samples that are rebuilt worst", SHORT_TIMEOUT * 3, async || {
        Ok((worst_count(page).await? >= count).then_some(()))
    })
    .await
}

async fn worst_count(page: &Page) -> Result<usize> {
    let count = page
        .script("return document.querySelectorAll('[aria-label=\"Worst rebuilt\"] button').length;", vec![])
        .await?;
    Ok(count.as_u64().context("a number")? as usize)
}

/// Chooses one of the samples that are rebuilt worst, as A or with Shift held as B.
pub async fn choose_worst(page: &Page, index: usize, is_b: bool) -> Result<()> {
    page.script(
        "const [index, shiftKey] = arguments;
         document.querySelectorAll('[aria-label=\"Worst rebuilt\"] button')[index]
             .dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey }));",
        vec![index.into(), is_b.into()],
    )
    .await?;
    Ok(())
}

/// Asks what the code is for.
pub async fn ask(page: &Page, question: &str) -> Result<String> {
    page.script(
        "document.querySelector(`input[type=radio][aria-label=\"${arguments[0]}\"]`).click();",
        vec![question.into()],
    )
    .await?;
    page.until(&format!("an answer to {question}"), SHORT_TIMEOUT * 3, async || page.text("latent-verdict").await).await
}

/// Waits until the picture "Decoded" is another one.
async fn until_decoded_differs(page: &Page, before: &[f64]) -> Result<Vec<f64>> {
    page.until("another picture \"Decoded\"", SHORT_TIMEOUT, async || {
        let now = page.picture("Decoded").await?;
        Ok((largest_difference(before, &now) > 0.02).then_some(now))
    })
    .await
}

#[test]
fn a_pushed_number_changes_what_is_decoded() {
    scenario(Setup::cpu(), async |page| {
        open_with(page, "plane").await?;
        choose_worst(page, 0, false).await?;
        page.find(Role::Slider, "Latent 1").await?;
        page.find(Role::Slider, "Latent 2").await?;
        let own = page
            .until("the sample's reconstruction", SHORT_TIMEOUT, async || {
                let picture = page.picture("Decoded").await?;
                Ok(picture.iter().any(|value| *value > 0.2).then_some(picture))
            })
            .await?;
        let high = slider_end(page, "Latent 1", "max").await?;
        page.slide("Latent 1", high).await?;
        let at_high = until_decoded_differs(page, &own).await?;
        page.slide("Latent 1", slider_end(page, "Latent 1", "min").await?).await?;
        until_decoded_differs(page, &at_high).await?;
        page.press("Reset").await?;
        page.until("the sample's own reconstruction again", SHORT_TIMEOUT, async || {
            Ok((largest_difference(&own, &page.picture("Decoded").await?) < 1e-6).then_some(()))
        })
        .await?;
        println!("{:?}", page.text("latent-error").await?);
        page.screenshot("latent-numbers").await?;
        page.assert_alive().await
    });
}

/// An end of a slider's range.
async fn slider_end(page: &Page, name: &str, end: &str) -> Result<f64> {
    let slider = page.find(Role::Slider, name).await?;
    slider.attr(end).await?.context("sliders have ends")?.parse().context("a number")
}

#[test]
fn a_walk_leads_from_one_sample_to_another() {
    scenario(Setup::cpu(), async |page| {
        open_with(page, "plane").await?;
        choose_worst(page, 0, false).await?;
        choose_worst(page, 1, true).await?;
        page.find(Role::Image, "Walk from A to B").await?;
        page.slide("Step of the walk", 0.0).await?;
        page.until_text("Step 0 of the walk").await?;
        let start = page.picture("Decoded").await?;
        page.slide("Step of the walk", 40.0).await?;
        until_decoded_differs(page, &start).await?;
        page.slide("Step of the walk", 0.0).await?;
        page.until_text("Step 0 of the walk").await?;
        page.press("Play").await?;
        page.until_text("Step 40 of the walk").await?;
        page.press("Spherical").await?;
        page.find(Role::Image, "Walk from A to B").await?;
        let (name, bytes) = page.download("Save as PNG", "png").await?;
        ensure!(bytes.starts_with(b"\x89PNG"), "{name} is no PNG file");
        page.assert_alive().await
    });
}

#[test]
fn means_of_labels_are_added_and_lead_somewhere() {
    scenario(Setup::cpu(), async |page| {
        open_with(page, "plane").await?;
        choose_worst(page, 0, false).await?;
        page.unfold_all().await?;
        page.choose_by_title("Mean of", "All 7").await?;
        page.choose_by_title("Minus", "All 1").await?;
        page.choose_by_title("Plus", "A").await?;
        page.find(Role::Image, "Combination").await?;
        page.choose_by_title("From group", "All 3").await?;
        page.choose_by_title("To group", "All 8").await?;
        page.find(Role::Image, "Walk along the direction").await?;
        page.assert_alive().await
    });
}

#[test]
fn samples_are_drawn_and_the_code_is_measured() {
    scenario(Setup::cpu(), async |page| {
        open_with(page, "vae").await?;
        page.fill("Count", 30.0).await?;
        page.press("Sample").await?;
        page.until("drawn samples", SHORT_TIMEOUT * 3, async || page.find_now(Role::Image, "Drawn samples").await)
            .await?;
        let first = ask(page, "Group").await?;
        println!("Group: {first}");
        page.press("More measures").await?;
        let cells = page
            .until("the table of measures", SHORT_TIMEOUT * 3, async || {
                match page.find_now(Role::Table, "Measures").await? {
                    Some(_) => page.cells("Measures").await.map(Some),
                    None => Ok(None),
                }
            })
            .await?;
        ensure!(cells.len() > 5 && cells[0].len() > 1, "the table has {cells:?}");
        let denoise = ask(page, "Denoise").await?;
        ensure!(denoise != first, "each question has an answer of its own: {denoise}");
        page.screenshot("latent-measures").await?;
        page.assert_alive().await
    });
}
