//! Drawing a digit, adding noise to it, and denoising it.

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    drawing::{SEVEN, THREE},
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    pictures::psnr_db,
    scenario,
};

use crate::inspection::set_up_preset;

/// The keys Right, and Up eight times, as WebDriver names them.
const RIGHT_UP: &str = "\u{E014}\u{E013}\u{E013}\u{E013}\u{E013}\u{E013}\u{E013}\u{E013}\u{E013}";

/// Waits until the page has the pretrained model and has denoised the drawing.
async fn until_denoised(page: &Page) -> Result<()> {
    page.until("a denoised picture", LONG_TIMEOUT, async || {
        let denoised = page.picture("Denoised").await?;
        let clean = page.picture("Clean").await?;
        let has_ink = |picture: &[f64]| picture.iter().sum::<f64>() > 10.0;
        Ok((has_ink(&clean) && has_ink(&denoised) && page.displayed_number("psnr-denoised").await.is_ok())
            .then_some(()))
    })
    .await
}

#[test]
fn denoising_a_drawn_digit_gains_five_decibels() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        for digit in [THREE, SEVEN] {
            page.press("Clear").await?;
            page.slide("Noise level", 0.5).await?;
            page.draw(digit).await?;
            ensure!(page.ink_on_pad().await? > 0.005, "the pad does not show the drawing");
            until_denoised(page).await?;
            let gain = page
                .until("5 dB", SHORT_TIMEOUT, async || {
                    let clean = page.picture("Clean").await?;
                    let noisy = psnr_db(&clean, &page.picture("Noisy").await?);
                    let denoised = psnr_db(&clean, &page.picture("Denoised").await?);
                    let shown =
                        page.displayed_number("psnr-denoised").await? - page.displayed_number("psnr-noisy").await?;
                    // Both in the pictures, which are clipped to white and black, and in the numbers shown, which are not.
                    Ok((denoised - noisy >= 5.0 && shown >= 5.0).then_some(denoised - noisy))
                })
                .await?;
            println!("the drawn digit gained {gain:.1} dB");
        }
        page.screenshot("drawn").await?;
        Ok(())
    });
}

#[test]
fn clear_undo_redo_and_a_random_sample() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        page.draw(SEVEN).await?;
        let drawn = page.ink_on_pad().await?;
        ensure!(drawn > 0.005, "nothing was drawn");
        let until_ink = async |what: &str, holds: &dyn Fn(f64) -> bool| {
            page.until(what, SHORT_TIMEOUT, async || Ok(holds(page.ink_on_pad().await?).then_some(()))).await
        };
        page.press("Undo").await?;
        until_ink("undo to take the stroke away", &|ink| ink < drawn / 2.0).await?;
        page.press("Redo").await?;
        until_ink("redo to bring it back", &|ink| (ink - drawn).abs() < 1e-9).await?;
        page.press("Clear").await?;
        until_ink("clear to empty the pad", &|ink| ink < drawn / 2.0).await?;

        page.press("Surprise me").await?;
        until_denoised(page).await?;
        let first = page.picture("Clean").await?;
        page.press("Surprise me").await?;
        page.until("another sample", SHORT_TIMEOUT, async || Ok((page.picture("Clean").await? != first).then_some(())))
            .await
    });
}

#[test]
fn psnr_falls_with_the_noise_level() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        until_denoised(page).await?;
        let noise_at = async |level: f64, holds: &dyn Fn(f64) -> bool| {
            page.slide("Noise level", level).await?;
            page.until(&format!("the noise of level {level}"), SHORT_TIMEOUT, async || {
                let noisy = psnr_db(&page.picture("Clean").await?, &page.picture("Noisy").await?);
                Ok(holds(noisy).then_some(noisy))
            })
            .await
        };
        let strong = noise_at(0.8, &|psnr| psnr < 10.0).await?;
        let weak = noise_at(0.2, &|psnr| psnr > strong + 3.0).await?;
        ensure!(weak > strong, "{weak} dB at 0.2 and {strong} dB at 0.8");
        noise_at(0.0, &f64::is_infinite).await?;
        Ok(())
    });
}

#[test]
fn a_model_that_rebuilds_is_shown_without_noise_and_its_code_can_be_changed() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        until_denoised(page).await?;
        page.find(Role::Image, "Code").await?;
        set_up_preset(page, "article", 1_000, 50, 4).await?;
        page.train().await?;

        let rebuilt = page.picture("Reconstruction").await?;
        ensure!(page.picture("Input").await?.iter().sum::<f64>() > 10.0, "the drawing is the input");
        ensure!(!page.is_displayed(Role::Image, "Noisy").await?, "nothing is corrupted");
        page.screenshot("article-trained").await?;

        let unit = page.find(Role::Slider, "Unit of the code").await?;
        unit.send_keys(RIGHT_UP).await?;
        page.until("another reconstruction", SHORT_TIMEOUT, async || {
            Ok((page.picture("Reconstruction").await? != rebuilt).then_some(()))
        })
        .await?;
        page.press("Reset code").await?;
        page.until("the reconstruction of the drawing", SHORT_TIMEOUT, async || {
            Ok((page.picture("Reconstruction").await? == rebuilt).then_some(()))
        })
        .await?;

        page.choose("Noise kind", "gaussian").await?;
        page.until_text("This model was not trained for it").await?;
        page.picture("Noisy").await?;
        Ok(())
    });
}
