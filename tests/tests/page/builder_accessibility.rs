//! The builder for those who do not see it, or have no mouse, on a phone, without motion, and as pictures to look at.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use pinhole_e2e::{Page, Setup, scenario};
use serde_json::Value;

/// Presets that between them show every field there is.
const ALL_FIELDS: [&str; 7] = ["sparse", "vae", "vq-vae", "adversarial", "transformer", "conv-1d", "classifier"];

#[test]
fn every_control_of_the_builder_has_a_name_of_its_own() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        for preset in ALL_FIELDS {
            page.choose("Preset", preset).await?;
            ensure_named(page, preset).await?;
        }
        page.choose("Decoder", "Blocks of its own").await?;
        page.choose("Normalisation", "group").await?;
        page.unfold("Add a block to the encoder").await?;
        for _ in 0..2 {
            page.press("Add Dense to the encoder").await?;
        }
        ensure_named(page, "equal blocks, and a decoder of its own").await
    });
}

/// Every control has a name, and no two buttons or fields have the same.
async fn ensure_named(page: &Page, state: &str) -> Result<()> {
    page.unfold_all().await?;
    let nameless = page.nameless_controls().await?;
    ensure!(nameless.is_empty(), "{state}: without a name: {nameless:#?}");
    let names = page
        .script(
            "return [...document.querySelectorAll('.digits :is(button, input, select, summary)')]
                .filter(control => control.checkVisibility())
                .map(control => control.tagName + ' ' + (control.ariaLabel
                    ?? (control.labels?.length ? control.labels[0].innerText : control.innerText)));",
            vec![],
        )
        .await?;
    let mut names: Vec<String> = serde_json::from_value(names)?;
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    ensure!(twice.is_empty(), "{state}: more than one is called {twice:?}");
    Ok(())
}

#[test]
fn on_a_phone_everything_is_reached_by_tab_and_nothing_is_cut_off() {
    scenario(Setup { window: (360, 740), ..Setup::cpu() }, async |page| {
        page.open("").await?;
        for preset in ["deep-denoiser", "transformer", "classifier"] {
            page.choose("Preset", preset).await?;
            page.unfold_all().await?;
            ensure_fits(page, preset).await?;
            let missed = missed_by_tab(page).await?;
            ensure!(missed.is_empty(), "{preset}: Tab does not reach {missed:#?}");
        }
        Ok(())
    });
}

/// Nothing scrolls sideways, and no control sticks out of the window.
async fn ensure_fits(page: &Page, state: &str) -> Result<()> {
    let out = page
        .script(
            "const width = document.documentElement.clientWidth;
             const sticksOut = control => {
                 const box = control.getBoundingClientRect();
                 return control.checkVisibility() && !control.closest('.table-scroll')
                     && box.width > 1 && (box.left < -1 || box.right > width + 1);
             };
             const out = [...document.querySelectorAll('.digits :is(button, input, select, summary, canvas)')].filter(sticksOut);
             const overflow = document.documentElement.scrollWidth - width;
             return [...out.map(control => control.outerHTML.slice(0, 160)), ...(overflow > 0 ? [`overflow ${overflow}`] : [])];",
            vec![],
        )
        .await?;
    ensure!(out.as_array().is_some_and(Vec::is_empty), "{state}: beyond the window: {out:#}");
    Ok(())
}

/// Controls that could have the focus, and that Tab passes over.
async fn missed_by_tab(page: &Page) -> Result<Vec<String>> {
    let wanted = page
        .script(
            "const usable = control => control.checkVisibility() && !control.matches(':disabled') && control.tabIndex >= 0;
             window.wanted = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')].filter(usable);
             window.reached = new Set();
             document.addEventListener('focusin', event => window.reached.add(event.target));
             document.activeElement?.blur();
             return window.wanted.length;",
            vec![],
        )
        .await?;
    let tabs = wanted.as_u64().unwrap_or_default() + 5;
    ensure!(tabs > 60, "only {tabs} controls to look for: is everything unfolded?");
    for _ in 0..tabs {
        page.press_keys(&[], char::from(Key::Tab)).await?;
    }
    let missed = page
        .script(
            "return wanted.filter(control => !reached.has(control)).map(control => control.outerHTML.slice(0, 160));",
            vec![],
        )
        .await?;
    Ok(serde_json::from_value(missed)?)
}

#[test]
fn whoever_wants_no_motion_gets_none() {
    scenario(Setup { reduced_motion: true, ..Setup::cpu() }, async |page| {
        page.open("").await?;
        page.choose("Preset", "conv-denoiser").await?;
        page.unfold_all().await?;
        let moving = page
            .script(
                "const seconds = text => Math.max(...text.split(',').map(parseFloat));
                 const moves = element => {
                     const style = getComputedStyle(element);
                     return seconds(style.transitionDuration) > 0.01
                         || style.animationName !== 'none' && seconds(style.animationDuration) > 0.01;
                 };
                 return [...document.querySelectorAll('body *')].filter(moves).map(element => element.className.toString());",
                vec![],
            )
            .await?;
        ensure!(moving == Value::Array(Vec::new()), "these still move: {moving}");
        Ok(())
    });
}

#[test]
fn pictures_of_the_builder_wide_and_phone_light_and_dark() {
    for (name, window) in [("wide", (1280, 1000)), ("phone", (360, 740))] {
        for dark in [false, true] {
            scenario(Setup { window, dark, ..Setup::cpu() }, async |page| {
                let name = format!("builder-{name}-{}", if dark { "dark" } else { "light" });
                page.open("").await?;
                page.choose("Preset", "u-net-denoiser").await?;
                page.unfold_more().await?;
                page.fill("Image limit", 600.0).await?;
                page.fill("Epochs", 2.0).await?;
                page.unfold("Look inside").await?;
                page.train().await?;
                page.until_says("Computed on").await?;
                page.script("scrollTo({ top: 0, behavior: 'instant' });", vec![]).await?;
                page.whole_screenshot(&name).await?;
                // A mistake, too, is to be seen.
                page.fill("Encoder 2 channels", 0.0).await?;
                page.until_notice(&["width 0"]).await?;
                page.whole_screenshot(&format!("{name}-mistake")).await?;
                ensure_fits(page, &name).await
            });
        }
    }
}
