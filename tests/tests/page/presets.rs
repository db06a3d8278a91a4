//! Presets in the page: each trains, takes the same step on both devices, and is restored from its link and its file.

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    files::{Folder, bars, idx},
    model_file::ModelFile,
    page::SHORT_TIMEOUT,
    scenario,
};
use pinhole_protocol::{ImageSource, Preset, TrainingStart, presets};

use crate::training::{loss, set_up};

/// Number of images: one batch, and two held out.
const IMAGES: u32 = 24;
/// Learning rate of one step of gradient descent, so large that the step is about as long as the weights: gradients are
/// about 1e-4 here, weights 0.03.
///
/// Adam would not do: its first step is the learning rate times the sign of the gradient, and where the gradient is 0 but
/// for rounding the sign is random on either device.
const LEARNING_RATE: f64 = 100.0;
/// Largest difference allowed, relative to the largest value of each tensor.
const TOLERANCE: f32 = 1e-3;

/// Files that some presets start from: a teacher model and images.
struct StartFiles {
    _folder: Folder,
    teacher: PathBuf,
    images: PathBuf,
}

impl StartFiles {
    /// Trains a teacher in the open page, and writes the files.
    async fn new(page: &Page, name: &str) -> Result<Self> {
        let folder = Folder::new(name)?;
        set_up(page, 500, 50, 3).await?;
        page.train().await?;
        let teacher = folder.write("teacher.safetensors", &page.save_model().await?)?;
        let images = folder.write("bars-images-idx3-ubyte", &idx(IMAGES, &bars(IMAGES as usize)))?;
        Ok(Self { _folder: folder, teacher, images })
    }

    /// Opens what the preset starts from.
    async fn open_for(&self, page: &Page, preset: &Preset) -> Result<()> {
        if preset.start != TrainingStart::Fresh {
            page.open_model(&self.teacher).await?;
        }
        if uses_opened_images(preset) {
            page.attach("Open images", &[&self.images]).await?;
            page.until_text(&format!("{IMAGES} images")).await?;
        }
        Ok(())
    }

    /// Chooses the preset, with few images.
    async fn choose(&self, page: &Page, preset: &Preset) -> Result<()> {
        self.open_for(page, preset).await?;
        page.choose("Preset", preset.name).await?;
        page.unfold_more().await?;
        if !uses_opened_images(preset) {
            page.choose("Data", "strokes").await?;
            page.fill("Image limit", IMAGES.into()).await?;
        }
        Ok(())
    }
}

fn uses_opened_images(preset: &Preset) -> bool {
    preset.experiment.data.source == ImageSource::Opened
}

/// Runs a test for each preset, also after failures, and reports all failures.
async fn for_each_preset(page: &Page, device: &str, mut test: impl AsyncFnMut(&Preset) -> Result<()>) -> Result<()> {
    let mut failures = Vec::new();
    for preset in presets() {
        let start = Instant::now();
        if let Err(error) = test(&preset).await {
            failures.push(format!("{} on {device}: {error:#}", preset.name));
            page.open(&format!("?device={device}")).await?;
        }
        println!("{} on {device}: {:.1} s", preset.name, start.elapsed().as_secs_f64());
    }
    ensure!(failures.is_empty(), "{} presets fail:\n{}", failures.len(), failures.join("\n"));
    Ok(())
}

/// Trains one step, prints its loss, and returns the model.
async fn train_one_step(page: &Page, start_files: &StartFiles, preset: &Preset) -> Result<ModelFile> {
    start_files.choose(page, preset).await?;
    page.fill("Epochs", 1.0).await?;
    page.fill("Batch size", IMAGES.into()).await?;
    page.choose("Optimiser", "SGD with momentum").await?;
    page.fill("Learning rate value", LEARNING_RATE).await?;
    page.train().await?;
    println!("{}: loss {:?}", preset.name, loss(page).await?.context("a loss at the end")?);
    ModelFile::read(&page.save_model().await?)
}

#[test]
fn every_preset_takes_the_same_step_on_cpu_and_webgpu() {
    scenario(Setup::webgpu(), async |page| {
        page.open("?device=cpu").await?;
        let start_files = StartFiles::new(page, "devices").await?;
        let mut on_cpu = BTreeMap::new();
        let first = for_each_preset(page, "cpu", async |preset| {
            on_cpu.insert(preset.name, train_one_step(page, &start_files, preset).await?);
            Ok(())
        })
        .await;

        page.open("?device=webgpu").await?;
        ensure!(page.device().await? == "webgpu", "{:?}", page.text("device-reason").await?);
        let second = for_each_preset(page, "webgpu", async |preset| {
            let stepped = train_one_step(page, &start_files, preset).await?;
            ensure!(page.device().await? == "webgpu", "the page has fallen back to the CPU");
            let Some(on_cpu) = on_cpu.get(preset.name) else { return Ok(()) };
            let difference = on_cpu.difference(&stepped)?;
            println!("{}: {difference:?}", preset.name);
            ensure!(difference.share <= TOLERANCE, "{difference:?}");
            Ok(())
        })
        .await;
        first.and(second)
    });
}

#[test]
fn every_preset_is_restored_from_its_link_and_its_file() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        let start_files = StartFiles::new(page, "links").await?;
        for_each_preset(page, "cpu", async |preset| {
            start_files.choose(page, preset).await?;
            let link = page.copy_link().await?;
            page.train().await?;
            ensure_explained(page, preset).await?;
            let file = page.save_model().await?;
            let made_by = ModelFile::read(&file)?.experiment;

            page.open(&link).await?;
            let chosen = page.selected_title("Preset").await?;
            ensure!(chosen == preset.title, "the link opens as \"{chosen}\"");
            start_files.open_for(page, preset).await?;
            page.train().await?;
            let again = page.save_model().await?;
            ensure!(ModelFile::read(&again)?.experiment == made_by, "the link holds another experiment");
            ensure!(again == file, "the link's experiment gives another model");

            page.open("").await?;
            let saved = page.downloads().with_file_name(format!("{}.safetensors", preset.name));
            std::fs::write(&saved, &file)?;
            page.open_model(&saved).await?;
            ensure!(page.save_model().await? == file, "saving the opened file gives another one");
            page.press("Build from it").await?;
            ensure!(page.copy_link().await? == link, "the file holds another experiment than the link");
            Ok(())
        })
        .await
    });
}

/// Checks that the page explains the preset and shows its measures.
async fn ensure_explained(page: &Page, preset: &Preset) -> Result<()> {
    page.until_text(preset.look_for).await?;
    let count = "return document.querySelectorAll(\"dl[aria-label='Measured'] dt\").length;";
    page.until(&format!("{} measures", preset.measures.len()), SHORT_TIMEOUT, async || {
        // A preset that shares network and objective with another has the measures of both.
        let is_measured = page.script(count, vec![]).await?.as_u64() >= Some(preset.measures.len() as u64);
        Ok(is_measured.then_some(()))
    })
    .await
}
