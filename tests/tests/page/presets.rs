//! Presets in the page: each trains, is explained and measured, and is restored from its link and its file.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    files::{Folder, bars, idx},
    model_file::ModelFile,
    page::SHORT_TIMEOUT,
    scenario,
};
use pinhole_protocol::{ImageSource, Preset, TrainingStart, presets};

use crate::training::set_up;

/// Number of images: one batch, and two held out.
const IMAGES: u32 = 24;
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
async fn for_each_preset(page: &Page, mut test: impl AsyncFnMut(&Preset) -> Result<()>) -> Result<()> {
    let mut failures = Vec::new();
    for preset in presets() {
        if let Err(error) = test(&preset).await {
            failures.push(format!("{}: {error:#}", preset.name));
            page.open("").await?;
        }
        println!("{} tried", preset.name);
    }
    ensure!(failures.is_empty(), "{} presets fail:\n{}", failures.len(), failures.join("\n"));
    Ok(())
}

#[test]
fn every_preset_is_restored_from_its_link_and_its_file() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        let start_files = StartFiles::new(page, "links").await?;
        for_each_preset(page, async |preset| {
            start_files.choose(page, preset).await?;
            let link = page.copy_link().await?;
            page.train().await?;
            page.open_view("Measures").await?;
            ensure_explained(page, preset).await?;
            let file = page.save_model().await?;
            let made_by = ModelFile::read(&file)?.experiment;

            page.open(&link).await?;
            let chosen = page.selected_title("Preset").await?;
            ensure!(chosen == preset.title, "the link opens as \"{chosen}\"");
            // A second run costs as much as the first: one of each group shows that the link gives the same model.
            if is_first_of_group(preset) {
                start_files.open_for(page, preset).await?;
                page.train().await?;
                let again = page.save_model().await?;
                ensure!(ModelFile::read(&again)?.experiment == made_by, "the link holds another experiment");
                ensure!(again == file, "the link's experiment gives another model");
                page.open("").await?;
            }
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

fn is_first_of_group(preset: &Preset) -> bool {
    presets().into_iter().find(|listed| listed.group == preset.group).is_some_and(|first| first.name == preset.name)
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
