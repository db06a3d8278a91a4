//! Scored rows: sorting, searching, filtering, explanation; also example tables, baselines and the report.

use anyhow::{Context as _, Result, ensure};
use fantoccini::key::Key;
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::SyntheticTable,
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

#[test]
fn the_example_tables_work() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        for (title, name, has_label) in [
            ("Try: Machine sensors", "machine-sensors.csv", true),
            ("Try: Card payments", "card-payments.csv", true),
            ("Try: Weather station", "weather-station.csv", false),
        ] {
            page.press(title).await?;
            page.until_read(name).await?;
            let label = page.selected_title("Label column").await?;
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
        let table = folder.write(
            "plant.csv",
            SyntheticTable { anomaly_every: 20, ..SyntheticTable::new(2000, 5) }.csv().as_bytes(),
        )?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        ensure!(
            page.selected_title("Label column").await? == "is_anomaly",
            "the label is {}",
            page.selected_title("Label column").await?
        );
        page.train_on_table().await?;
        println!("AUROC {}", page.output("AUROC").await?);
        ensure!(page.output_number("AUROC").await? > 0.95, "AUROC {}", page.output("AUROC").await?);
        let first = page.shown_rows().await?.into_iter().next().context("a first row")?;
        ensure!(
            first.is_flagged && first.number.is_multiple_of(20),
            "the row with the highest score is {}",
            first.text
        );

        ensure_sorting(page).await?;
        ensure_searching(page).await?;
        ensure_explaining(page).await?;
        page.assert_alive().await
    });
}

async fn until_first(page: &Page, what: &str, holds: impl Fn(u64) -> bool) -> Result<()> {
    page.until(what, SHORT_TIMEOUT, async || {
        let rows = page.shown_rows().await?;
        Ok(rows.first().is_some_and(|row| holds(row.number)).then_some(()))
    })
    .await
}

async fn ensure_sorting(page: &Page) -> Result<()> {
    page.sort_by("Row").await?;
    until_first(page, "row 1 first", |row| row == 1).await?;
    let numbers: Vec<u64> = page.shown_rows().await?.iter().map(|row| row.number).collect();
    ensure!(numbers.is_sorted(), "by row: {numbers:?}");
    page.sort_by("Row").await?;
    until_first(page, "row 2000 first", |row| row == 2000).await?;
    page.sort_by("temperature").await?;
    until_first(page, "the coldest row first", |row| row != 2000).await?;
    page.sort_by("Score").await?;
    until_first(page, "an anomaly first", |row| row.is_multiple_of(20)).await
}

async fn ensure_searching(page: &Page) -> Result<()> {
    page.set_checked("Flagged only", true).await?;
    let flagged = page.output("Flagged rows").await?;
    page.until("only flagged rows", SHORT_TIMEOUT, async || {
        Ok(page.page_text().await?.contains(&format!("{flagged} of 2,000 rows")).then_some(()))
    })
    .await?;
    page.set_checked("Flagged only", false).await?;
    let search = page.find(Role::SearchBox, "Search the rows").await?;
    search.send_keys("boost").await?;
    page.until("rows with that word", SHORT_TIMEOUT, async || {
        let rows = page.shown_rows().await?;
        Ok((shows_part(page).await? && rows.iter().all(|row| row.text.contains("boost"))).then_some(()))
    })
    .await?;
    search.send_keys(&String::from(char::from(Key::Backspace)).repeat(5)).await?;
    page.until("all rows again", SHORT_TIMEOUT, async || {
        Ok((!shows_part(page).await? && page.shown_rows().await?.iter().any(|row| !row.text.contains("boost")))
            .then_some(()))
    })
    .await
}

/// True if the line above the rows says that not all are listed.
async fn shows_part(page: &Page) -> Result<bool> {
    Ok(page.page_text().await?.lines().any(|line| line.trim().ends_with(" of 2,000 rows")))
}

/// Explains the third row by the keyboard alone.
async fn ensure_explaining(page: &Page) -> Result<()> {
    let third = page.shown_rows().await?.get(2).context("a third row")?.number;
    let scroller = page.client.find(fantoccini::Locator::Css(".rows-scroll")).await?;
    scroller.send_keys(&format!("{0}{0}{0}{1}", char::from(Key::Down), char::from(Key::Enter))).await?;
    page.until("the third row explained", SHORT_TIMEOUT, async || {
        let title = format!("Row {third}\n");
        Ok((page.find_now(Role::Table, "Contributions").await?.is_some()
            && page.page_text().await?.contains(title.trim()))
        .then_some(()))
    })
    .await?;
    let contributions = page.cells("Contributions").await?;
    println!("row {third}: {contributions:?}");
    ensure!(contributions.len() == 5, "four columns contribute");
    let temperature = contributions.iter().find(|line| line[0] == "temperature").context("temperature is listed")?;
    for cell in &temperature[2..4] {
        let degrees: f64 = cell.parse().with_context(|| format!("`{cell}` is in the file's unit"))?;
        ensure!((-30.0..70.0).contains(&degrees), "{degrees} is no temperature of the file");
    }
    page.press("Close").await
}

#[test]
fn baselines_are_compared_with_the_detector() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.press("Try: Card payments").await?;
        page.until_read("card-payments.csv").await?;
        page.train_on_table().await?;
        page.press("Compare with baselines").await?;
        page.until_table("the baselines", LONG_TIMEOUT, async || {
            Ok(page.find_now(Role::Table, "Baselines compared").await?.map(|_| ()))
        })
        .await?;
        let methods = page.cells("Baselines compared").await?;
        println!("{methods:?}\n{}", page.text("linear-verdict").await?.unwrap_or_default());
        let names: Vec<&str> = methods.iter().skip(1).map(|line| line[0].as_str()).collect();
        ensure!(names == ["Autoencoder", "PCA", "Isolation forest", "kNN", "ECOD", "LOF", "HBOS"], "{names:?}");
        ensure!(page.text("linear-verdict").await?.is_some_and(|verdict| verdict.contains("PCA")), "no verdict");
        ensure!(page.table_phase().await? == "scored", "it is {}", page.table_phase().await?);
        for method in ["PCA", "Isolation forest"] {
            let menu = page.find(Role::ComboBox, "Method").await?;
            let titles = menu.text().await?;
            let title = titles.lines().find(|title| title.to_lowercase().contains(&method.to_lowercase()));
            page.choose_by_title("Method", title.with_context(|| format!("{method} in {titles}"))?.trim()).await?;
            page.press("Train").await?;
            page.until_table("the other method's scores", LONG_TIMEOUT, async || {
                let is_trained = page.page_text().await?.contains("Current detector");
                Ok((is_trained && page.table_phase().await? == "scored").then_some(()))
            })
            .await?;
            println!("{method}: AUROC {}", page.output("AUROC").await?);
        }
        Ok(())
    });
}

#[test]
fn the_report_is_one_file_without_external_references() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.press("Try: Card payments").await?;
        page.until_read("card-payments.csv").await?;
        page.train_on_table().await?;
        let (name, bytes) = page.download("Download report", "html").await?;
        let html = String::from_utf8(bytes)?;
        println!("{name}: {} bytes", html.len());
        for word in ["card-payments.csv", "AUROC", "<svg"] {
            ensure!(html.contains(word), "the report does not contain {word}");
        }
        for reference in ["src=\"http", "href=\"http", "<script", "@import", "url(http"] {
            ensure!(!html.contains(reference), "the report holds {reference}");
        }
        Ok(())
    });
}
