//! Model files: saved, opened and restored in the page, and exchanged with the terminal.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    drawing::THREE,
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    pictures::{largest_difference, psnr_db},
    scenario,
};

use crate::training::set_up;

/// One grey level: pictures on the page are rounded to whole bytes.
const ONE_GREY_LEVEL: f64 = 1.0 / 255.0 + 1e-9;

async fn draw_without_noise(page: &Page) -> Result<()> {
    page.choose("Noise kind", "none").await?;
    page.press("Clear").await?;
    page.draw(THREE).await
}

/// The output of that name, once it has stopped changing.
async fn settled(page: &Page, output: &str) -> Result<Vec<f64>> {
    page.until("a picture that stays", SHORT_TIMEOUT, async || {
        let before = page.picture(output).await?;
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        let after = page.picture(output).await?;
        Ok((before == after && before.iter().sum::<f64>() > 1.0).then_some(after))
    })
    .await
}

async fn train_briefly(page: &Page) -> Result<Vec<u8>> {
    set_up(page, 1000, 64, 3).await?;
    page.press("Train").await?;
    page.until_phase("finished", LONG_TIMEOUT).await?;
    page.save_model().await
}

#[test]
fn a_saved_model_opens_again_with_equal_outputs() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("round-trip")?;
        page.open("").await?;
        // On a fresh page both times, so that the pad has the same size and the strokes are the same.
        draw_without_noise(page).await?;
        let saved = train_briefly(page).await?;
        page.choose("Noise kind", "none").await?;
        let before = settled(page, "Reconstruction").await?;
        let file = folder.write("mine.safetensors", &saved)?;

        // A fresh page has the pretrained model, whose output differs.
        page.open("").await?;
        draw_without_noise(page).await?;
        let pretrained = settled(page, "Denoised").await?;
        ensure!(largest_difference(&before, &pretrained) > 0.05, "two models can hardly give the same picture");
        page.attach("Open model", &[&file]).await?;
        let after = page
            .until("the opened model's picture", SHORT_TIMEOUT, async || {
                let now = page.picture("Reconstruction").await?;
                Ok((largest_difference(&now, &pretrained) > 0.05).then_some(()))
            })
            .await
            .map(|()| settled(page, "Reconstruction"))?
            .await?;
        ensure!(largest_difference(&before, &after) <= ONE_GREY_LEVEL, "{}", largest_difference(&before, &after));
        let again = page.save_model().await?;
        ensure!(again == saved, "saving the opened model gives another file");
        Ok(())
    });
}

#[test]
fn models_go_to_the_terminal_and_back() {
    let Some(pinhole) = std::env::var_os("PINHOLE_CLI").map(PathBuf::from).filter(|program| program.is_file()) else {
        println!("SKIP PINHOLE_CLI names no program (`cargo xtask test e2e` sets it)");
        return;
    };
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("terminal")?;
        page.open("").await?;
        let from_page = folder.write("page.safetensors", &train_briefly(page).await?)?;
        draw_without_noise(page).await?;
        let in_page = settled(page, "Reconstruction").await?;
        let clean = page.picture("Input").await?;
        let (input, output) = (folder.path("in.png"), folder.path("out.png"));
        save_picture(&clean, &input)?;
        run(&pinhole, &[Path::new("denoise"), &from_page, &input, &output])?;
        let in_terminal = read_picture(&output)?;
        let psnr = psnr_db(&in_page, &in_terminal);
        // The terminal centres the picture again, from bytes: it may be shifted by a fraction of a pixel.
        ensure!(psnr > 25.0, "page and terminal differ: {psnr:.1} dB");

        let from_terminal = folder.path("terminal.safetensors");
        let arguments = [
            "train", "--preset", "article", "--data", "strokes", "--limit", "500", "--epochs", "1", "--device", "cpu",
            "--out",
        ];
        run(&pinhole, &arguments.map(Path::new).into_iter().chain([from_terminal.as_path()]).collect::<Vec<_>>())?;
        page.attach("Open model", &[&from_terminal]).await?;
        page.until("the terminal's model", SHORT_TIMEOUT, async || {
            let text = page.script("return document.body.innerText;", vec![]).await?;
            Ok(text.as_str().unwrap_or_default().contains("terminal").then_some(()))
        })
        .await?;
        ensure!(
            page.save_model().await? == std::fs::read(&from_terminal)?,
            "the page saves another file than it opened"
        );
        Ok(())
    });
}

#[test]
fn the_last_model_is_restored_after_a_reload() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        let saved = train_briefly(page).await?;
        page.open("").await?;
        page.press("Restore").await?;
        let restored = page
            .until("the restored model", SHORT_TIMEOUT, async || {
                let file = page.save_model().await?;
                Ok((file.len() == saved.len()).then_some(file))
            })
            .await?;
        // The header may hold another name; the weights are at the end.
        let weights = |file: &[u8]| file[file.len() - 400_000..].to_vec();
        ensure!(weights(&restored) == weights(&saved), "the restored weights are not those that were trained");
        Ok(())
    });
}

/// Trains at so high a learning rate that the best epoch is not the last.
#[test]
fn weights_of_the_best_or_the_last_epoch_are_used_and_saved() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        set_up(page, 300, 32, 10).await?;
        page.fill("Learning rate value", 0.3).await?;
        page.train().await?;
        let best = page.save_model().await?;
        let title = page.selected_title("Weights of").await?;
        ensure!(title.starts_with("Best epoch: "), "{title}");
        page.choose_by_title("Weights of", "Last epoch: 10").await?;
        let last = page
            .until("the last epoch's weights", SHORT_TIMEOUT, async || {
                Ok(Some(page.save_model().await?).filter(|saved| *saved != best))
            })
            .await?;
        ensure!(last.len() == best.len(), "both are plain model files: {} and {} bytes", best.len(), last.len());
        page.screenshot("best-or-last").await?;
        page.choose("Weights of", "best").await?;
        page.until("the best epoch's weights", SHORT_TIMEOUT, async || {
            Ok((page.save_model().await? == best).then_some(()))
        })
        .await?;
        ensure!(page.notices().await?.is_empty(), "{:?}", page.notices().await?);
        Ok(())
    });
}

fn run(program: &Path, arguments: &[&Path]) -> Result<()> {
    let output = Command::new(program).args(arguments).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn save_picture(grey: &[f64], path: &Path) -> Result<()> {
    let bytes = grey.iter().map(|value| (value * 255.0).round() as u8).collect();
    let picture = image::GrayImage::from_raw(28, 28, bytes).context("784 values are 28 by 28")?;
    Ok(picture.save(path)?)
}

fn read_picture(path: &Path) -> Result<Vec<f64>> {
    Ok(image::open(path)?.to_luma8().into_raw().into_iter().map(|byte| f64::from(byte) / 255.0).collect())
}
