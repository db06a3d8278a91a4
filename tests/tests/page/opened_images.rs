//! Images opened from files, in colour and of other sizes, and their labels.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    files::{Folder, bars, idx, idx_labels, write_colour_png, write_png},
    model_file::ModelFile,
    page::SHORT_TIMEOUT,
    scenario,
};
use pinhole_protocol::GridShape;

use crate::inspection::set_up_preset;

/// Writes pictures with a stripe each, red, green or blue, and returns their paths.
fn write_stripes(folder: &Folder, count: u32, side: u32) -> Result<Vec<PathBuf>> {
    (0..count)
        .map(|index| {
            let path = folder.path(&format!("stripe-{index}.png"));
            write_colour_png(&path, side, index)?;
            Ok(path)
        })
        .collect()
}

async fn open_pictures(page: &Page, files: &[PathBuf]) -> Result<()> {
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    page.attach("Open images", &files).await?;
    page.until_text(&format!("{} images", files.len())).await
}

#[test]
fn colour_pictures_train_in_their_own_size() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("colour")?;
        page.open("?device=cpu").await?;
        set_up_preset(page, "conv-denoiser", 24, 12, 2).await?;
        open_pictures(page, &write_stripes(&folder, 24, 32)?).await?;
        ensure!(page.network().await?.starts_with("3×32×32, "), "the network reads {}", page.network().await?);
        page.train().await?;
        let file = ModelFile::read(&page.save_model().await?)?;
        ensure!(file.experiment.network.input == GridShape { channels: 3, height: 32, width: 32 });
        page.open_view("Samples").await?;
        ensure!(is_coloured(page, "Held-out, rebuilt").await?, "the rebuilt pictures are grey");
        page.screenshot("colour").await?;

        // The same pictures in another shape.
        page.open_builder().await?;
        page.choose("Picture size", "16×16").await?;
        page.choose("Channels", "grey").await?;
        page.train().await?;
        let file = ModelFile::read(&page.save_model().await?)?;
        ensure!(file.experiment.network.input == GridShape { channels: 1, height: 16, width: 16 });
        Ok(())
    });
}

#[test]
fn what_was_done_to_a_picture_is_shown_and_can_be_undone() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("changed")?;
        let scan = folder.path("scan.png");
        // Dark ink on paper.
        write_png(&scan, 120, 120)?;
        page.open("?device=cpu").await?;
        set_up_preset(page, "conv-denoiser", 24, 12, 2).await?;
        page.attach("Open images", &[&scan]).await?;
        page.until_text("Changed pictures").await?;
        page.unfold_all().await?;
        page.until_text("inverted").await?;
        page.set_checked("Leave scan.png as it is", true).await?;
        page.until_text("not done: inverted").await?;
        page.screenshot("changed-pictures").await?;
        page.set_checked("Leave scan.png as it is", false).await?;
        page.until("the switch to be undone", SHORT_TIMEOUT, async || {
            Ok((!page.page_text().await?.contains("not done")).then_some(()))
        })
        .await
    });
}

/// True if a picture has a pixel whose red, green and blue differ clearly.
async fn is_coloured(page: &Page, name: &str) -> Result<bool> {
    let canvas = page.find(pinhole_e2e::controls::Role::Image, name).await?;
    let difference = page
        .script(
            "const canvas = arguments[0];
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             let difference = 0;
             for (let i = 0; i < data.length; i += 4)
                 difference = Math.max(difference, Math.abs(data[i] - data[i + 1]), Math.abs(data[i + 1] - data[i + 2]));
             return difference;",
            vec![serde_json::to_value(&canvas)?],
        )
        .await?;
    Ok(difference.as_f64().is_some_and(|difference| difference > 8.0))
}

#[test]
fn labels_beside_images_teach_the_classifier() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("labels")?;
        page.open("?device=cpu").await?;
        let images = folder.write("bars-images-idx3-ubyte", &idx(60, &bars(60)))?;
        let labels =
            folder.write("bars-labels-idx1-ubyte", &idx_labels(&(0..60).map(|index| index % 3).collect::<Vec<_>>()))?;
        set_up_preset(page, "classifier", 60, 20, 3).await?;
        page.attach("Open images", &[&images, &labels]).await?;
        page.until_text("60 images").await?;
        page.train().await?;
        page.open_view("Measures").await?;
        page.until_text("Accuracy").await?;
        println!("{}", page.region("What to look for").await?);

        // Without labels training is refused, before or at its start.
        page.attach("Open images", &[&images]).await?;
        page.until_text("60 images").await?;
        let refused = page.train().await.err().context("it trained on labels that are not there")?;
        println!("{refused:#}");
        let notice = page.until_notice(&["label"]).await?;
        ensure!(notice.len() < 400, "{notice}");
        page.assert_alive().await
    });
}

#[test]
fn labels_of_another_number_are_refused() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("few-labels")?;
        page.open("?device=cpu").await?;
        let images = folder.write("bars-images-idx3-ubyte", &idx(60, &bars(60)))?;
        let labels = folder.write("bars-labels-idx1-ubyte", &idx_labels(&[1; 59]))?;
        page.attach("Open images", &[&images, &labels]).await?;
        let notice = page.until_notice(&["59"]).await?;
        println!("{notice}");
        ensure!(notice.contains("60"), "how many are wanted? {notice}");
        page.assert_alive().await
    });
}
