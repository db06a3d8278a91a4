//! Networks of the builder, trained on the rows of a table.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::SyntheticTable,
    files::Folder,
    model_file::ModelFile,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use pinhole_protocol::{GridShape, ImageSource};

/// Features of a row of a [`SyntheticTable`]: three readings, and one-hot codes of two modes and the other value.
const WIDTH: usize = 6;

fn write_table(folder: &Folder, rows: usize) -> Result<PathBuf> {
    folder.write("plant.csv", SyntheticTable { anomaly_every: 20, ..SyntheticTable::new(rows, 5) }.csv().as_bytes())
}

async fn open_rows(page: &Page, folder: &Folder) -> Result<()> {
    page.attach("Open table", &[&write_table(folder, 1_200)?]).await?;
    page.until_text(&format!("plant.csv, 1,200 rows, each a vector of {WIDTH}")).await
}

/// Waits for a field error that contains `words`.
async fn until_field_error(page: &Page, words: &str) -> Result<String> {
    page.until(&format!("a field that says \"{words}\""), SHORT_TIMEOUT, async || {
        Ok(page.field_errors().await?.into_iter().find(|error| error.contains(words)))
    })
    .await
}

#[test]
fn a_table_opened_in_the_lab_trains_the_network_of_the_builder() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("composed-rows")?;
        page.open("?device=cpu").await?;
        open_rows(page, &folder).await?;
        ensure!(
            page.selected_title("Data").await? == "plant.csv (1,200 rows)",
            "{}",
            page.selected_title("Data").await?
        );
        ensure!(page.network().await?.starts_with("6, Dense"), "{}", page.network().await?);
        page.fill("Epochs", 3.0).await?;
        page.train().await?;
        page.open_view("Samples").await?;
        let strips = page.find(Role::Image, "Held-out, rebuilt").await?;
        ensure!(strips.attr("data-look").await?.as_deref() == Some("cells"), "rows are shown as rows of cells");
        page.until_text("A line is a row of the table").await?;
        page.until_text("Drawings need a model of pictures, and the current one reads rows of 6 values").await?;
        page.open_view("Measures").await?;
        page.until("what was measured", LONG_TIMEOUT, async || {
            Ok(page.region("What to look for").await?.contains("Denoising").then_some(()))
        })
        .await?;
        let file = ModelFile::read(&page.save_model().await?)?;
        ensure!(file.experiment.data.source == ImageSource::TableRows);
        ensure!(file.experiment.network.input == GridShape { channels: WIDTH, height: 1, width: 1 });
        ensure!(page.notices().await?.is_empty(), "{:?}", page.notices().await?);
        page.full_page_screenshot("composed-rows").await?;
        page.assert_alive().await
    });
}

#[test]
fn settings_for_pictures_are_refused_beside_their_field() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("rows-refused")?;
        page.open("?device=cpu").await?;
        page.open_builder().await?;
        page.choose("Preset", "conv-denoiser").await?;
        page.choose("Data", "table_rows").await?;
        until_field_error(page, "open a table first").await?;
        ensure!(!page.can_press("Train").await?, "there is no table");
        open_rows(page, &folder).await?;
        println!("{}", until_field_error(page, "use a dense block").await?);
        ensure!(!page.can_press("Train").await?, "convolutions need pictures");

        page.choose("Preset", "article").await?;
        page.until("Train to be enabled", SHORT_TIMEOUT, async || Ok(page.can_press("Train").await?.then_some(())))
            .await?;
        page.fill("Values per row", 9.0).await?;
        println!("{}", until_field_error(page, "let it read a vector of 6").await?);
        ensure!(!page.can_press("Train").await?, "rows have another width");
        page.fill("Values per row", 6.0).await?;
        page.until("Train to be enabled", SHORT_TIMEOUT, async || Ok(page.can_press("Train").await?.then_some(())))
            .await?;

        page.choose("Data", "strokes").await?;
        ensure!(page.network().await?.starts_with("28×28, "), "pictures again: {}", page.network().await?);
        ensure!(page.can_press("Train").await?);
        Ok(())
    });
}

#[test]
fn both_labs_use_one_table() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("one-table")?;
        page.open_tables().await?;
        page.open_csv(&write_table(&folder, 1_200)?).await?;
        page.find(Role::Link, "Digits").await?.click().await?;
        page.choose("Data", "table_rows").await?;
        page.until_text(&format!("plant.csv, 1,200 rows, each a vector of {WIDTH}")).await?;

        // And the other way round.
        let second = folder.write("second.csv", SyntheticTable::new(300, 8).csv().as_bytes())?;
        page.attach("Open table", &[&second]).await?;
        page.until_text("second.csv, 300 rows").await?;
        page.find(Role::Link, "Tables").await?.click().await?;
        page.until_read("second.csv").await?;
        Ok(())
    });
}

#[test]
fn rows_fit_a_narrow_window() {
    scenario(Setup { window: (390, 844), ..Setup::cpu() }, async |page| {
        let folder = Folder::new("narrow-rows")?;
        page.open("?device=cpu").await?;
        open_rows(page, &folder).await?;
        page.fill("Epochs", 2.0).await?;
        page.train().await?;
        page.full_page_screenshot("composed-rows-narrow").await?;
        let overflow = page.script("return document.documentElement.scrollWidth - innerWidth;", vec![]).await?;
        ensure!(overflow.as_i64() <= Some(0), "the page is {overflow} px too wide");
        Ok(())
    });
}
