//! Drawing a digit, dirtying it, seeing it come back.

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    drawing::{SEVEN, THREE},
    page::{EVENTUALLY, SOON},
    pictures::psnr_db,
    scenario,
};

/// Waits until the page has the pretrained model and has cleaned what is on the pad.
async fn until_denoised(page: &Page) -> Result<()> {
    page.until("a denoised picture", EVENTUALLY, async || {
        let denoised = page.picture("Denoised").await?;
        let clean = page.picture("Clean").await?;
        let has_ink = |picture: &[f64]| picture.iter().sum::<f64>() > 10.0;
        Ok((has_ink(&clean) && has_ink(&denoised) && page.figure("psnr-denoised").await.is_ok()).then_some(()))
    })
    .await
}

#[test]
fn a_drawn_digit_comes_back_at_least_five_decibels_cleaner() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        for digit in [THREE, SEVEN] {
            page.press("Clear").await?;
            page.slide("Noise level", 0.5).await?;
            page.draw(digit).await?;
            ensure!(page.ink_on_pad().await? > 0.005, "the pad shows nothing of what was drawn");
            until_denoised(page).await?;
            let gain = page
                .until("5 dB", SOON, async || {
                    let clean = page.picture("Clean").await?;
                    let noisy = psnr_db(&clean, &page.picture("Noisy").await?);
                    let denoised = psnr_db(&clean, &page.picture("Denoised").await?);
                    let said = page.figure("psnr-denoised").await? - page.figure("psnr-noisy").await?;
                    // Both what is seen and what is said; pictures are clipped to white and black, figures are not.
                    Ok((denoised - noisy >= 5.0 && said >= 5.0).then_some(denoised - noisy))
                })
                .await?;
            println!("the drawn digit gained {gain:.1} dB");
        }
        page.screenshot("drawn").await?;
        Ok(())
    });
}

#[test]
fn clear_undo_redo_and_a_surprise() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        page.draw(SEVEN).await?;
        let drawn = page.ink_on_pad().await?;
        ensure!(drawn > 0.005, "nothing was drawn");
        let until_ink = async |what: &str, holds: &dyn Fn(f64) -> bool| {
            page.until(what, SOON, async || Ok(holds(page.ink_on_pad().await?).then_some(()))).await
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
        page.until("another sample", SOON, async || Ok((page.picture("Clean").await? != first).then_some(()))).await
    });
}

#[test]
fn more_noise_is_worse_and_none_is_clean() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        until_denoised(page).await?;
        let noise_at = async |level: f64, holds: &dyn Fn(f64) -> bool| {
            page.slide("Noise level", level).await?;
            page.until(&format!("the noise of level {level}"), SOON, async || {
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
