//! Accessibility of the builder: names of controls, keyboard, phone, reduced motion, and screenshots for review.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use pinhole_e2e::{Page, Setup, scenario};
use serde_json::Value;

/// Presets that together show every field.
const ALL_FIELDS: [&str; 9] =
    ["sparse", "vae", "vq-vae", "adversarial", "transformer", "conv-1d", "classifier", "regression-head", "tied-code"];

#[test]
fn every_control_of_the_builder_has_a_name_of_its_own() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_builder().await?;
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

/// Checks that every control has a name, and that no two buttons or fields share one.
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
    let duplicates: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    ensure!(duplicates.is_empty(), "{state}: more than one is called {duplicates:?}");
    Ok(())
}

#[test]
fn on_a_phone_tab_reaches_every_control_and_none_is_cut_off() {
    scenario(Setup { window: (360, 740), ..Setup::cpu() }, async |page| {
        page.open("").await?;
        page.open_builder().await?;
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

/// Checks that the page does not scroll sideways, and that no control extends beyond the window.
async fn ensure_fits(page: &Page, state: &str) -> Result<()> {
    let out = page
        .script(
            "const width = document.documentElement.clientWidth;
             const isOutside = control => {
                 const box = control.getBoundingClientRect();
                 return control.checkVisibility() && !control.closest('.table-scroll')
                     && box.width > 1 && (box.left < -1 || box.right > width + 1);
             };
             const out = [...document.querySelectorAll('.digits :is(button, input, select, summary, canvas)')].filter(isOutside);
             const overflow = document.documentElement.scrollWidth - width;
             return [...out.map(control => control.outerHTML.slice(0, 160)), ...(overflow > 0 ? [`overflow ${overflow}`] : [])];",
            vec![],
        )
        .await?;
    ensure!(out.as_array().is_some_and(Vec::is_empty), "{state}: beyond the window: {out:#}");
    Ok(())
}

/// HTML of focusable controls that Tab does not reach.
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
fn reduced_motion_stops_animations() {
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
fn screenshots_of_the_builder_wide_and_phone_light_and_dark() {
    for (name, window) in [("wide", (1280, 1000)), ("phone", (360, 740))] {
        scenario(Setup { window, ..Setup::cpu() }, async |page| {
            page.open("").await?;
            page.choose("Preset", "u-net-denoiser").await?;
            page.unfold_more().await?;
            page.fill("Image limit", 600.0).await?;
            page.fill("Epochs", 2.0).await?;
            page.open_view("Look inside").await?;
            page.train().await?;
            page.until_text("Computed on").await?;
            for theme in ["light", "dark"] {
                page.choose("Theme", theme).await?;
                page.script("scrollTo({ top: 0, behavior: 'instant' });", vec![]).await?;
                page.full_page_screenshot(&format!("inside-{name}-{theme}")).await?;
            }
            page.open_builder().await?;
            page.full_page_screenshot(&format!("builder-{name}-dark")).await?;
            page.choose("Theme", "light").await?;
            page.full_page_screenshot(&format!("builder-{name}-light")).await?;
            // A mistake is part of the screenshots too.
            page.fill("Encoder 2 channels", 0.0).await?;
            page.until_notice(&["width 0"]).await?;
            page.full_page_screenshot(&format!("builder-{name}-mistake")).await?;
            ensure_fits(page, name).await
        });
    }
}
