//! The table of scored rows, and what is told of a single one; the page's own samples; methods compared.

use anyhow::{Context as _, Result, ensure};
use fantoccini::key::Key;
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::Plant,
    files::Folder,
    page::{EVENTUALLY, SOON},
    scenario,
};

#[test]
fn the_samples_work_without_a_file() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        for (title, name, has_label) in [
            ("Try: Machine sensors", "machine-sensors.csv", true),
            ("Try: Card payments", "card-payments.csv", true),
            ("Try: Weather station", "weather-station.csv", false),
        ] {
            page.press(title).await?;
            page.until_read(name).await?;
            let label = page.chosen("Label column").await?;
            ensure!((label != "None") == has_label, "{name}: the label is {label}");
            page.train_on_table().await?;
            println!("{name}: {}", page.table_status().await?);
            if has_label {
                let auroc = page.output_number("AUROC").await?;
                println!("{name}: AUROC {auroc}, average precision {}", page.output("Average precision").await?);
                ensure!(auroc > 0.85, "{name}: AUROC {auroc}");
            }
            ensure!(!page.shown_rows().await?.is_empty(), "no row is shown");
        }
        page.assert_alive().await
    });
}

#[test]
fn rows_are_sorted_searched_filtered_and_explained() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("rows")?;
        let table = folder.write("plant.csv", Plant { odd_every: 20, ..Plant::new(2000, 5) }.csv().as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        ensure!(
            page.chosen("Label column").await? == "is_anomaly",
            "the label is {}",
            page.chosen("Label column").await?
        );
        page.train_on_table().await?;
        println!("AUROC {}", page.output("AUROC").await?);
        ensure!(page.output_number("AUROC").await? > 0.95, "AUROC {}", page.output("AUROC").await?);
        let first = page.shown_rows().await?.into_iter().next().context("a first row")?;
        ensure!(first.is_flagged && first.number.is_multiple_of(20), "the oddest row is {}", first.text);

        sorting(page).await?;
        searching(page).await?;
        explaining(page).await?;
        page.assert_alive().await
    });
}

async fn until_first(page: &Page, what: &str, holds: impl Fn(u64) -> bool) -> Result<()> {
    page.until(what, SOON, async || {
        let rows = page.shown_rows().await?;
        Ok(rows.first().is_some_and(|row| holds(row.number)).then_some(()))
    })
    .await
}

async fn sorting(page: &Page) -> Result<()> {
    page.sort_by("Row").await?;
    until_first(page, "row 1 first", |row| row == 1).await?;
    let numbers: Vec<u64> = page.shown_rows().await?.iter().map(|row| row.number).collect();
    ensure!(numbers.is_sorted(), "by row: {numbers:?}");
    page.sort_by("Row").await?;
    until_first(page, "row 2000 first", |row| row == 2000).await?;
    page.sort_by("temperature").await?;
    until_first(page, "the coldest row first", |row| row != 2000).await?;
    page.sort_by("Score").await?;
    until_first(page, "an odd row first", |row| row.is_multiple_of(20)).await
}

async fn searching(page: &Page) -> Result<()> {
    page.tick("Flagged only", true).await?;
    let flagged = page.output("Flagged rows").await?;
    page.until("only flagged rows", SOON, async || {
        Ok(page.page_text().await?.contains(&format!("{flagged} of 2,000 rows")).then_some(()))
    })
    .await?;
    page.tick("Flagged only", false).await?;
    let search = page.find(Role::SearchBox, "Search the rows").await?;
    search.send_keys("boost").await?;
    page.until("rows with that word", SOON, async || {
        let rows = page.shown_rows().await?;
        Ok((page.page_text().await?.contains(" of 2,000 rows") && rows.iter().all(|row| row.text.contains("boost")))
            .then_some(()))
    })
    .await?;
    search.send_keys(&String::from(char::from(Key::Backspace)).repeat(5)).await?;
    page.until("all rows again", SOON, async || {
        let is_part = page.page_text().await?.contains(" of 2,000 rows");
        Ok((!is_part && page.shown_rows().await?.iter().any(|row| !row.text.contains("boost"))).then_some(()))
    })
    .await
}

/// With the keyboard alone: down to the third row, Enter.
async fn explaining(page: &Page) -> Result<()> {
    let third = page.shown_rows().await?.get(2).context("a third row")?.number;
    let scroller = page.client.find(fantoccini::Locator::Css(".rows-scroll")).await?;
    scroller.send_keys(&format!("{0}{0}{0}{1}", char::from(Key::Down), char::from(Key::Enter))).await?;
    page.until("the third row explained", SOON, async || {
        let title = format!("Row {third}\n");
        Ok((page.look_for(Role::Table, "Contributions").await?.is_some()
            && page.page_text().await?.contains(title.trim()))
        .then_some(()))
    })
    .await?;
    let contributions = page.cells("Contributions").await?;
    println!("row {third}: {contributions:?}");
    ensure!(contributions.len() == 5, "four columns have a part in it");
    let seen = contributions.iter().find(|line| line[0] == "temperature").context("temperature is told")?;
    for cell in &seen[2..4] {
        let degrees: f64 = cell.parse().with_context(|| format!("`{cell}` is in the file's unit"))?;
        ensure!((-30.0..70.0).contains(&degrees), "{degrees} is no temperature of the file");
    }
    page.press("Close").await
}

#[test]
fn other_methods_stand_beside_the_detector() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.press("Try: Card payments").await?;
        page.until_read("card-payments.csv").await?;
        page.train_on_table().await?;
        let auroc = page.output("AUROC").await?;
        page.press("Compare with PCA and isolation forest").await?;
        page.until_table("the methods", EVENTUALLY, async || {
            Ok(page.look_for(Role::Table, "Methods compared").await?.map(|_| ()))
        })
        .await?;
        let methods = page.cells("Methods compared").await?;
        println!("{methods:?}\n{}", page.text("linear-verdict").await?.unwrap_or_default());
        ensure!(methods.len() == 4, "three methods below a header");
        ensure!(methods[1][1] == auroc, "the detector in hand had {auroc}");
        ensure!(page.text("linear-verdict").await?.is_some_and(|verdict| verdict.contains("PCA")), "no verdict");
        ensure!(page.table_phase().await? == "scored", "it is {}", page.table_phase().await?);
        for method in ["PCA", "Isolation forest"] {
            let menu = page.find(Role::ComboBox, "Method").await?;
            let titles = menu.text().await?;
            let title = titles.lines().find(|title| title.to_lowercase().contains(&method.to_lowercase()));
            page.choose_titled("Method", title.with_context(|| format!("{method} in {titles}"))?.trim()).await?;
            page.press("Train").await?;
            page.until_table("the other method's scores", EVENTUALLY, async || {
                let is_other = page.page_text().await?.contains("Detector in hand");
                Ok((is_other && page.table_phase().await? == "scored").then_some(()))
            })
            .await?;
            println!("{method}: AUROC {}", page.output("AUROC").await?);
        }
        Ok(())
    });
}

#[test]
fn the_report_is_one_file_that_asks_for_nothing() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.press("Try: Card payments").await?;
        page.until_read("card-payments.csv").await?;
        page.train_on_table().await?;
        let (name, bytes) = page.download("Download report", "html").await?;
        let html = String::from_utf8(bytes)?;
        println!("{name}: {} bytes", html.len());
        for word in ["card-payments.csv", "AUROC", "<svg"] {
            ensure!(html.contains(word), "the report does not hold {word}");
        }
        for way_out in ["src=\"http", "href=\"http", "<script", "@import", "url(http"] {
            ensure!(!html.contains(way_out), "the report holds {way_out}");
        }
        Ok(())
    });
}
