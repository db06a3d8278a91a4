//! Accessibility of the Digits lab: names of controls, keyboard, and screenshots for review.

use anyhow::{Result, ensure};
use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    drawing::THREE,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

#[test]
fn every_control_has_a_name_and_the_expected_ones_exist() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.unfold_more().await?;
        let nameless = page.nameless_controls().await?;
        ensure!(nameless.is_empty(), "without a name: {nameless:#?}");
        page.find(Role::Link, "Digits").await?;
        for button in ["Train", "Pause", "Resume", "Stop", "Save model", "Clear", "Surprise me"] {
            page.find(Role::Button, button).await?;
        }
        for image in ["Clean", "Noisy", "Denoised"] {
            page.find(Role::Image, image).await?;
        }
        for slider in ["Noise level", "Learning rate"] {
            page.find(Role::Slider, slider).await?;
        }
        for input in ["Open images", "Open model"] {
            page.find(Role::File, input).await?;
        }
        page.find(Role::Canvas, "Drawing pad").await?;
        page.status().await?;
        Ok(())
    });
}

#[test]
fn a_digit_can_be_drawn_with_the_keyboard_alone() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        let empty = page.ink_on_pad().await?;
        let pad = page.find(Role::Canvas, "Drawing pad").await?;
        // Tab has to reach it: a script that focused it would prove nothing.
        let mut reached = false;
        page.script("document.body.focus(); document.activeElement?.blur();", vec![]).await?;
        for _ in 0..90 {
            page.client.perform_actions(press_tab()).await?;
            if page.client.active_element().await?.element_id() == pad.element_id() {
                reached = true;
                break;
            }
        }
        ensure!(reached, "Tab does not reach the drawing pad");
        let down = [" ".to_owned(), String::from(char::from(Key::Down)).repeat(12), " ".to_owned()].concat();
        pad.send_keys(&down).await?;
        page.until("ink from the keyboard", SHORT_TIMEOUT, async || {
            Ok((page.ink_on_pad().await? > empty + 0.002).then_some(()))
        })
        .await
    });
}

fn press_tab() -> KeyActions {
    let value = char::from(Key::Tab);
    KeyActions::new("keyboard".into()).then(KeyAction::Down { value }).then(KeyAction::Up { value })
}

#[test]
fn screenshots_wide_and_phone_light_and_dark() {
    // Wide, the system asks for dark colours; on the phone, a person does.
    for (name, window, dark) in [("wide", (1280, 1000), true), ("phone", (390, 844), false)] {
        scenario(Setup { window, dark, ..Setup::cpu() }, async |page| {
            page.open("").await?;
            prepare(page).await?;
            let themes = if dark { ["dark", "light"] } else { ["light", "dark"] };
            for (index, theme) in themes.into_iter().enumerate() {
                if index > 0 {
                    page.choose("Theme", theme).await?;
                }
                page.script("scrollTo({ top: 0, behavior: 'instant' });", vec![]).await?;
                let overflow = page
                    .script(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth;",
                        vec![],
                    )
                    .await?;
                ensure!(
                    overflow.as_f64().is_some_and(|overflow| overflow <= 0.0),
                    "{name} scrolls sideways by {overflow}"
                );
                page.full_page_screenshot(&format!("{name}-{theme}")).await?;
            }
            Ok(())
        });
    }
}

async fn prepare(page: &Page) -> Result<()> {
    page.press("Clear").await?;
    page.draw(THREE).await?;
    page.choose("Preset", "dense-denoiser").await?;
    page.unfold_more().await?;
    page.fill("Image limit", 6000.0).await?;
    page.fill("Epochs", 6.0).await?;
    page.press("Train").await?;
    page.until_phase("finished", LONG_TIMEOUT).await?;
    page.script("document.querySelectorAll('details').forEach(fold => { fold.open = false; });", vec![]).await?;
    Ok(())
}
