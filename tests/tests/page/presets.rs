//! Every preset trains in the page, alike on both devices, and comes back from its link and from its file.

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    files::{Folder, bars, idx},
    model_file::ModelFile,
    page::SOON,
    scenario,
};
use pinhole_protocol::{ImageSource, Preset, TrainingStart, presets};

use crate::training::{loss, set_up};

/// Images to learn from: one batch, and two held out.
const IMAGES: u32 = 24;
/// One step of plain gradient descent, as long as the weights themselves: gradients here are about 1e-4, weights .03.
///
/// Adam's first step is the rate times the gradient's sign, so that a gradient that is 0 but for rounding moves a weight
/// by the whole rate, either way, on either device: agreement would be chance.
const RATE: f64 = 100.0;
/// Of the largest value of each tensor.
const AGREEMENT: f32 = 1e-3;

/// What presets need that do not start from nothing.
struct Props {
    _folder: Folder,
    teacher: PathBuf,
    images: PathBuf,
}

impl Props {
    /// Trains a teacher on the page that is open.
    async fn new(page: &Page, name: &str) -> Result<Self> {
        let folder = Folder::new(name)?;
        set_up(page, 500, 50, 3).await?;
        page.train().await?;
        let teacher = folder.write("teacher.safetensors", &page.save_model().await?)?;
        let images = folder.write("bars-images-idx3-ubyte", &idx(IMAGES, &bars(IMAGES as usize)))?;
        Ok(Self { _folder: folder, teacher, images })
    }

    /// Takes in hand what the preset starts from.
    async fn hand_over(&self, page: &Page, preset: &Preset) -> Result<()> {
        if preset.start != TrainingStart::Fresh {
            page.take_in_hand(&self.teacher).await?;
        }
        if is_for_opened(preset) {
            page.attach("Open images", &[&self.images]).await?;
            page.until_says(&format!("{IMAGES} images")).await?;
        }
        Ok(())
    }

    /// The preset, as it is but for few images.
    async fn choose(&self, page: &Page, preset: &Preset) -> Result<()> {
        self.hand_over(page, preset).await?;
        page.choose("Preset", preset.name).await?;
        page.unfold_more().await?;
        if !is_for_opened(preset) {
            page.choose("Data", "strokes").await?;
            page.fill("Image limit", IMAGES.into()).await?;
        }
        Ok(())
    }
}

fn is_for_opened(preset: &Preset) -> bool {
    preset.experiment.data.source == ImageSource::Opened
}

/// Runs a test for each preset; a failure does not keep the others from being tried.
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

/// Trains one step and returns the file, whose loss is printed.
async fn one_step(page: &Page, props: &Props, preset: &Preset) -> Result<ModelFile> {
    props.choose(page, preset).await?;
    page.fill("Epochs", 1.0).await?;
    page.fill("Batch size", IMAGES.into()).await?;
    page.choose("Optimiser", "SGD with momentum").await?;
    page.fill("Learning rate value", RATE).await?;
    page.train().await?;
    println!("{}: loss {:?}", preset.name, loss(page).await?.context("a loss at the end")?);
    ModelFile::read(&page.save_model().await?)
}

#[test]
fn every_preset_takes_the_same_step_on_cpu_and_webgpu() {
    scenario(Setup::webgpu(), async |page| {
        page.open("?device=cpu").await?;
        let props = Props::new(page, "devices").await?;
        let mut on_cpu = BTreeMap::new();
        let first = for_each_preset(page, "cpu", async |preset| {
            on_cpu.insert(preset.name, one_step(page, &props, preset).await?);
            Ok(())
        })
        .await;

        page.open("?device=webgpu").await?;
        ensure!(page.device().await? == "webgpu", "{:?}", page.text("device-reason").await?);
        let second = for_each_preset(page, "webgpu", async |preset| {
            let stepped = one_step(page, &props, preset).await?;
            ensure!(page.device().await? == "webgpu", "the page has fallen back to the CPU");
            let Some(on_cpu) = on_cpu.get(preset.name) else { return Ok(()) };
            let difference = on_cpu.difference(&stepped)?;
            println!("{}: {difference:?}", preset.name);
            ensure!(difference.share <= AGREEMENT, "{difference:?}");
            Ok(())
        })
        .await;
        first.and(second)
    });
}

#[test]
fn every_preset_comes_back_from_its_link_and_its_file() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        let props = Props::new(page, "links").await?;
        for_each_preset(page, "cpu", async |preset| {
            props.choose(page, preset).await?;
            let link = page.copy_link().await?;
            page.train().await?;
            ensure_explained(page, preset).await?;
            let file = page.save_model().await?;
            let made_by = ModelFile::read(&file)?.experiment;

            page.open(&link).await?;
            let chosen = page.chosen("Preset").await?;
            ensure!(chosen == preset.title, "the link opens as \"{chosen}\"");
            props.hand_over(page, preset).await?;
            page.train().await?;
            let again = page.save_model().await?;
            ensure!(ModelFile::read(&again)?.experiment == made_by, "the link holds another experiment");
            ensure!(again == file, "the link's experiment gives another model");

            page.open("").await?;
            let saved = page.downloads().with_file_name(format!("{}.safetensors", preset.name));
            std::fs::write(&saved, &file)?;
            page.take_in_hand(&saved).await?;
            ensure!(page.save_model().await? == file, "saving the opened file gives another one");
            page.press("Build from it").await?;
            ensure!(page.copy_link().await? == link, "the file holds another experiment than the link");
            Ok(())
        })
        .await
    });
}

/// The page says what the preset shows, and has measured it.
async fn ensure_explained(page: &Page, preset: &Preset) -> Result<()> {
    page.until_says(preset.look_for).await?;
    let count = "return document.querySelectorAll(\"dl[aria-label='Measured'] dt\").length;";
    page.until(&format!("{} measures", preset.measures.len()), SOON, async || {
        // A preset of another one's network and objective is measured by those of both.
        let is_measured = page.script(count, vec![]).await?.as_u64() >= Some(preset.measures.len() as u64);
        Ok(is_measured.then_some(()))
    })
    .await
}
