//! Training that starts from a model: transfer of its parts, distillation from it, and a resumed run.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    files::{Folder, bars, idx},
    model_file::ModelFile,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

use crate::inspection::set_up_preset;

/// Trains the preset `article` briefly and returns the model.
async fn train_article(page: &Page) -> Result<ModelFile> {
    set_up_preset(page, "article", 500, 50, 2).await?;
    page.train().await?;
    ModelFile::read(&page.save_model().await?)
}

fn bits(part: &BTreeMap<&str, &[f32]>) -> Vec<Vec<u32>> {
    part.values().map(|values| values.iter().map(|value| value.to_bits()).collect()).collect()
}

#[test]
fn a_frozen_encoder_stays_while_the_decoder_trains() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        let before = train_article(page).await?;
        page.choose("Start from", "transfer-all").await?;
        page.fill("Encoder learning rate factor", 0.0).await?;
        page.train().await?;
        let after = ModelFile::read(&page.save_model().await?)?;
        for part in ["encoder.", "bottleneck."] {
            ensure!(
                !before.part(part).is_empty() && bits(&before.part(part)) == bits(&after.part(part)),
                "{part} has moved"
            );
        }
        ensure!(bits(&before.part("decoder.")) != bits(&after.part("decoder.")), "the decoder has learnt nothing");

        page.fill("Decoder learning rate factor", 0.0).await?;
        println!("{}", page.until_notice(&["nothing is trained"]).await?);
        ensure!(!page.can_press("Train").await?);
        Ok(())
    });
}

#[test]
fn an_encoder_is_transferred_to_opened_images() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("transfer")?;
        page.open("?device=cpu").await?;
        let teacher = train_article(page).await?;
        let images = folder.write("bars-images-idx3-ubyte", &idx(60, &bars(60)))?;
        page.attach("Open images", &[&images]).await?;
        page.until_text("60 images").await?;
        page.choose("Preset", "transfer").await?;
        page.fill("Epochs", 1.0).await?;
        page.fill("Encoder learning rate factor", 0.0).await?;
        page.train().await?;
        let student = ModelFile::read(&page.save_model().await?)?;
        ensure!(bits(&teacher.part("encoder.")) == bits(&student.part("encoder.")), "it is another encoder");
        ensure!(bits(&teacher.part("decoder.")) != bits(&student.part("decoder.")), "the decoder is not a new one");
        Ok(())
    });
}

#[test]
fn shapes_that_do_not_fit_are_reported_and_new_weights_fit_always() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        train_article(page).await?;
        page.choose("Start from", "transfer-encoder").await?;
        page.open_builder().await?;
        page.fill("Encoder 1 width", 128.0).await?;
        let text = page.until_notice(&["does not fit"]).await?;
        println!("{text}");
        ensure!(text.contains("256×784") && text.contains("128×784"), "which shapes? {text}");
        ensure!(!page.can_press("Train").await?);
        page.choose("Start from", "transfer-decoder").await?;
        println!("{}", page.until_notice(&["decoder of the current model does not fit"]).await?);
        page.choose("Start from", "fresh").await?;
        page.until("Train", SHORT_TIMEOUT, async || Ok(page.can_press("Train").await?.then_some(()))).await
    });
}

#[test]
fn a_student_is_compared_with_its_teacher() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        let teacher = train_article(page).await?;
        set_up_preset(page, "student", 500, 50, 2).await?;
        page.train().await?;
        let student = ModelFile::read(&page.save_model().await?)?;
        let size = |file: &ModelFile| file.tensors.values().map(Vec::len).sum::<usize>() as f64;
        let share = 100.0 * size(&student) / size(&teacher);
        page.open_view("Measures").await?;
        page.until_text("Student's error").await?;
        let text = page.region("What to look for").await?;
        println!("{text}");
        for words in ["The teacher has", "Student's size", "Student's time", &format!("{share:.1} %")] {
            ensure!(text.contains(words), "{words} is missing: {text}");
        }
        Ok(())
    });
}

#[test]
fn a_convolutional_vae_resumes_after_a_reload() {
    scenario(Setup::cpu(), async |page| {
        page.open("?device=cpu").await?;
        set_up_preset(page, "conv", 200, 50, 500).await?;
        page.open_builder().await?;
        page.choose("Bottleneck", "Variational").await?;
        let network = page.network().await?;
        page.press("Train").await?;
        page.until("a third epoch", LONG_TIMEOUT, async || Ok((epoch(page).await? >= 3).then_some(()))).await?;
        // Checkpoints come every few seconds, and are written in the background.
        tokio::time::sleep(std::time::Duration::from_secs(7)).await;
        page.open("?device=cpu").await?;
        page.press("Restore").await?;
        page.until_network(&network).await?;
        page.until("the choice to train further", SHORT_TIMEOUT, async || {
            Ok((page.selected_title("Start from").await? == "Train further").then_some(()))
        })
        .await?;
        let restored = ModelFile::read(&page.save_model().await?)?;
        ensure!(restored.tensors.contains_key("bottleneck.log_variance.weight"), "{:?}", restored.tensors.keys());
        page.press("Train").await?;
        page.until_phase("running", LONG_TIMEOUT).await?;
        let first = page
            .until("the epoch it resumes with", LONG_TIMEOUT, async || {
                Ok(Some(epoch(page).await?).filter(|epoch| *epoch > 0))
            })
            .await?;
        ensure!(first >= 3, "it started over: epoch {first}");
        page.press("Stop").await?;
        page.until_phase("stopped", SHORT_TIMEOUT).await
    });
}

/// Largest relative difference allowed, for sums in another order.
const ROUNDING: f32 = 1e-5;

#[test]
fn a_resumed_run_ends_as_an_uninterrupted_one() {
    scenario(Setup::cpu(), async |page| {
        let train = async |epochs: f64| -> Result<ModelFile> {
            page.fill("Epochs", epochs).await?;
            page.train().await?;
            ModelFile::read(&page.save_model().await?)
        };
        let set_up = async || -> Result<()> {
            page.open("?device=cpu").await?;
            set_up_preset(page, "article", 500, 50, 4).await?;
            // The other schedules follow the number of epochs, which differs.
            page.choose_by_title("Schedule", "constant").await
        };
        set_up().await?;
        let whole = train(4.0).await?;
        set_up().await?;
        let half = train(2.0).await?;
        // The checkpoint is written in the background.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        page.open("?device=cpu").await?;
        page.press("Restore").await?;
        page.until("the restored model", SHORT_TIMEOUT, async || {
            Ok((ModelFile::read(&page.save_model().await?)?.tensors == half.tensors).then_some(()))
        })
        .await?;
        page.choose_by_title("Start from", "Train further").await?;
        let resumed = train(4.0).await?;
        let difference = whole.difference(&resumed)?;
        ensure!(difference.share <= ROUNDING, "{difference:?}");
        Ok(())
    });
}

/// Epoch in the status line; 0 before the first.
async fn epoch(page: &Page) -> Result<usize> {
    let status = page.status().await?;
    let Some((_, rest)) = status.split_once("Epoch ") else { return Ok(0) };
    let number = rest.split_whitespace().next().context("a number follows the word")?;
    number.parse().with_context(|| format!("the epoch in `{status}`"))
}
