//! Invalid files and settings: each gets one clear sentence, nothing is lost, and the page still responds.

use std::path::Path;

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    files::{Folder, bars, foreign_model, gzip_of_zeros, idx, write_png},
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

use crate::training::set_up;

/// Dismisses every notice.
pub async fn dismiss_all(page: &Page) -> Result<()> {
    page.until("notices to be dismissed", SHORT_TIMEOUT, async || {
        if page.notices().await?.is_empty() {
            return Ok(Some(()));
        }
        page.press("Dismiss").await?;
        Ok(None)
    })
    .await
}

/// Opens a file, checks that a notice refuses it, and dismisses the notice.
async fn ensure_refused(page: &Page, input: &str, file: &Path, words: &[&str]) -> Result<()> {
    page.attach(input, &[file]).await?;
    let notice = page.until_notice(words).await?;
    println!("{}: {notice}", file.file_name().unwrap_or_default().display());
    ensure!(notice.len() < 400, "that is no sentence but a page: {notice}");
    for jargon in ["panicked", "unwrap", "Err(", "JsValue", "RuntimeError"] {
        ensure!(!notice.contains(jargon), "that is no sentence for a person: {notice}");
    }
    page.assert_alive().await?;
    dismiss_all(page).await
}

#[test]
fn invalid_images_are_refused() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("bad-images")?;
        page.open("").await?;
        let good = folder.write("bars-images-idx3-ubyte", &idx(24, &bars(24)))?;
        page.attach("Open images", &[&good]).await?;
        let option = async || {
            let list = page.find(Role::ComboBox, "Data").await?;
            Ok(list.text().await?.contains("24 images").then_some(()))
        };
        page.until("24 images", SHORT_TIMEOUT, option).await?;

        let lying = folder.write("lying-images-idx3-ubyte", &idx(60_000, &bars(3)))?;
        ensure_refused(page, "Open images", &lying, &["lying-images"]).await?;
        let bomb = folder.write("bomb-images-idx3-ubyte.gz", &gzip_of_zeros(1 << 30)?)?;
        ensure_refused(page, "Open images", &bomb, &["bomb-images"]).await?;
        let text = folder.write("letter.png", b"Dear Sir or Madam, this is no picture.")?;
        ensure_refused(page, "Open images", &text, &["letter.png"]).await?;
        let wide = folder.path("wide.png");
        write_png(&wide, 20_000, 64)?;
        ensure_refused(page, "Open images", &wide, &["wide.png", "20,000", "20000"]).await?;
        let empty = folder.write("empty.idx", b"")?;
        ensure_refused(page, "Open images", &empty, &["empty.idx"]).await?;

        page.until("the good images to be there still", SHORT_TIMEOUT, option).await
    });
}

#[test]
fn invalid_models_are_refused() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("bad-models")?;
        page.open("").await?;
        let good = page.save_model().await?;
        let cut = folder.write("cut.safetensors", &good[..good.len() / 2])?;
        ensure_refused(page, "Open model", &cut, &["cut.safetensors"]).await?;
        let header_cut = folder.write("stub.safetensors", &good[..100])?;
        ensure_refused(page, "Open model", &header_cut, &["stub.safetensors"]).await?;
        let foreign = folder.write("foreign.safetensors", &foreign_model())?;
        ensure_refused(page, "Open model", &foreign, &["foreign.safetensors"]).await?;
        let mut lying = good.clone();
        lying[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        let lying = folder.write("lying.safetensors", &lying)?;
        ensure_refused(page, "Open model", &lying, &["lying.safetensors"]).await?;
        let text = folder.write("notes.safetensors", b"not a model")?;
        ensure_refused(page, "Open model", &text, &["notes.safetensors"]).await?;
        ensure!(page.save_model().await? == good, "the current model has changed");
        Ok(())
    });
}

#[test]
fn settings_out_of_range_are_refused() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        for (field, absurd, sane) in
            [("Latent size", 1e9, 32.0), ("Batch size", 1e9, 64.0), ("Epochs", 0.0, 1.0), ("Batch size", 0.0, 64.0)]
        {
            page.fill(field, absurd).await?;
            let sentence = page
                .until(&format!("a sentence about {field} {absurd}"), SHORT_TIMEOUT, async || {
                    Ok(page.field_errors().await?.into_iter().next())
                })
                .await?;
            println!("{field} {absurd}: {sentence}");
            ensure!(!page.can_press("Train").await?, "{field} {absurd} can be trained with");
            page.fill(field, sane).await?;
            page.until("the sentence to go", SHORT_TIMEOUT, async || {
                Ok(page.field_errors().await?.is_empty().then_some(()))
            })
            .await?;
            ensure!(page.can_press("Train").await?, "{field} {sane} cannot be trained with");
        }
        page.assert_alive().await
    });
}

#[test]
fn a_diverging_run_is_stopped_and_explained() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        set_up(page, 1000, 32, 50).await?;
        page.open_builder().await?;
        // A linear output does not bound the loss.
        page.choose("Output activation", "linear").await?;
        page.fill("Learning rate value", 1000.0).await?;
        page.press("Train").await?;
        page.until_phase("diverged", LONG_TIMEOUT).await?;
        println!("{}", page.until_notice(&["learning rate"]).await?);
        ensure!(page.save_model().await?.len() > 100_000, "the last good weights can be saved");
        page.assert_alive().await
    });
}
