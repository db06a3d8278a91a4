//! Another file than the training table: scoring it, its drift, and fine-tuning on it.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::{SyntheticTable, numbers},
    files::Folder,
    page::LONG_TIMEOUT,
    scenario,
};

use crate::tables::{exported, largest_relative_difference};

async fn train_on_synthetic_table(page: &Page, folder: &Folder) -> Result<String> {
    let text = SyntheticTable::new(3000, 11).csv();
    let table = folder.write("may.csv", text.as_bytes())?;
    page.open_tables().await?;
    page.open_csv(&table).await?;
    page.train_on_table().await?;
    Ok(text)
}

/// Row of a table whose first cell is `name`.
async fn row_named(page: &Page, table: &str, name: &str) -> Result<Vec<String>> {
    let cells = page.cells(table).await?;
    let row = cells.iter().find(|line| line.first().is_some_and(|first| first == name)).cloned();
    row.with_context(|| format!("{name} in {cells:?}"))
}

/// Number in a cell, without its unit.
fn cell_number(row: &[String], index: usize) -> Result<f64> {
    let cell = row.get(index).with_context(|| format!("{row:?} is short"))?;
    cell.trim_end_matches(" %").replace(',', "").parse().with_context(|| format!("`{cell}` in {row:?}"))
}

#[test]
fn a_shifted_file_is_reported_and_fine_tuned_on() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("drift")?;
        train_on_synthetic_table(page, &folder).await?;
        ensure!(page.find_now(Role::Table, "Drift").await?.is_none(), "there is nothing to drift from yet");
        ensure!(!page.can_press("Fine-tune").await?, "there is nothing to fine-tune on yet");

        let same = folder.write("june.csv", SyntheticTable::new(2000, 12).csv().as_bytes())?;
        page.score_file(&same).await?;
        for name in ["All scores", "temperature", "mode"] {
            let shift = row_named(page, "Drift", name).await?;
            println!("{shift:?}");
            ensure!(shift[1] == "stable", "another file of the same distribution: {shift:?}");
        }

        let hot = folder.write(
            "july.csv",
            SyntheticTable { temperature_shift: 2.5, ..SyntheticTable::new(2000, 13) }.csv().as_bytes(),
        )?;
        page.score_file(&hot).await?;
        let shift = row_named(page, "Drift", "temperature").await?;
        println!("{shift:?}");
        ensure!(shift[1] == "large shift" && cell_number(&shift, 2)? > 0.25, "{shift:?}");
        ensure!(cell_number(&shift, 3)? > 0.5, "{shift:?}");
        ensure!(
            row_named(page, "Drift", "mode").await?[1] == "stable",
            "{:?}",
            row_named(page, "Drift", "mode").await?
        );
        page.screenshot("tables-drift").await?;
        fine_tune(page).await?;
        page.full_page_screenshot("tables-fine-tuned").await?;
        Ok(())
    });
}

async fn fine_tune(page: &Page) -> Result<()> {
    page.press("Fine-tune").await?;
    page.until_table("the effect of fine-tuning", LONG_TIMEOUT, async || {
        let is_shown = page.find_now(Role::Table, "Effect of fine-tuning").await?.is_some();
        Ok((is_shown && page.table_phase().await? == "scored").then_some(()))
    })
    .await?;
    let new = row_named(page, "Effect of fine-tuning", "Median score of new rows").await?;
    let old = row_named(page, "Effect of fine-tuning", "Median score of old rows").await?;
    let flagged = row_named(page, "Effect of fine-tuning", "New rows flagged").await?;
    println!("{new:?} {old:?} {flagged:?}; {}", page.table_status().await?);
    ensure!(cell_number(&new, 2)? < 0.8 * cell_number(&new, 1)?, "new rows are reconstructed no better: {new:?}");
    ensure!(cell_number(&old, 2)? < 2.0 * cell_number(&old, 1)?, "old rows are forgotten: {old:?}");
    ensure!(cell_number(&flagged, 2)? <= cell_number(&flagged, 1)?, "more new rows are flagged: {flagged:?}");
    ensure!(page.can_press("Save detector").await? && page.can_press("Download scored table").await?);
    Ok(())
}

#[test]
fn columns_are_matched_by_name_in_any_order() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("matched")?;
        let text = train_on_synthetic_table(page, &folder).await?;
        let before = numbers(&exported(page).await?, ',', "score")?;
        let reordered: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(row, line)| {
                let cells: Vec<&str> = line.split(',').collect();
                let remark = if row == 0 { "remark".to_owned() } else { format!("r{}", row % 7) };
                format!("{};{remark};{};{};{}", cells[3], cells[2], cells[0], cells[1])
            })
            .collect();
        let reordered = folder.write("reordered.csv", reordered.join("\n").as_bytes())?;
        page.score_file(&reordered).await?;
        let after = numbers(&exported(page).await?, ';', "score")?;
        let difference = largest_relative_difference(&before, &after)?;
        println!("with its columns in another order: {difference:.1e}");
        ensure!(difference <= 1e-5, "scores differ by {difference}");
        let text = page.page_text().await?;
        ensure!(text.contains("remark"), "the extra column is not reported");

        let cut: Vec<String> = text.lines().map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect();
        let cut = folder.write("cut.csv", cut.join("\n").as_bytes())?;
        page.attach("Score another file", &[&cut]).await?;
        let sentence = page
            .until("a sentence on the missing column", LONG_TIMEOUT, async || {
                let answer = page.script(
                    "return [...document.querySelectorAll('[role=alert], .notices [role=status], .notes li, .warning')].map(element => element.innerText);",
                    vec![],
                );
                let sentences: Vec<String> = serde_json::from_value(answer.await?)?;
                Ok(sentences.into_iter().find(|sentence| sentence.contains("mode")))
            })
            .await?;
        println!("{sentence}");
        page.assert_alive().await
    });
}

#[test]
fn columns_that_are_not_found_are_asked_for() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("unmatched")?;
        let text = train_on_synthetic_table(page, &folder).await?;
        let before = numbers(&exported(page).await?, ',', "score")?;
        let names: Vec<&str> = text.lines().next().context("a header")?.split(',').collect();
        let renamed = text.replacen(&format!("{},{}", names[0], names[1]), "Erste,Zweite", 1);
        let renamed = folder.write("renamed.csv", renamed.as_bytes())?;
        let ask = async || {
            page.attach("Score another file", &[&renamed]).await?;
            page.until_table("the question for the columns", LONG_TIMEOUT, async || {
                Ok(page.find_now(Role::Table, "Unmatched columns").await?.map(|_| ()))
            })
            .await
        };
        ask().await?;
        ensure!(page.cells("Unmatched columns").await?.len() >= 2, "a row for each column that is not found");
        page.screenshot("tables-unmatched-columns").await?;
        page.press("Cancel").await?;
        page.until_table_phase("scored", LONG_TIMEOUT).await?;
        ensure!(page.page_text().await?.contains("Results for may.csv"), "the results of before stay");
        ensure!(page.find_now(Role::Table, "Unmatched columns").await?.is_none(), "the question is gone");

        ask().await?;
        page.choose_by_title(names[0], "Zweite").await?;
        page.choose_by_title(names[1], "Zweite").await?;
        ensure!(!page.can_press("Score").await?, "a column is chosen twice");
        page.choose_by_title(names[0], "Erste").await?;
        page.press("Score").await?;
        page.until_table("the results", LONG_TIMEOUT, async || {
            let is_titled = page.page_text().await?.contains("Results for renamed.csv");
            Ok((is_titled && page.table_phase().await? == "scored").then_some(()))
        })
        .await?;
        let after = numbers(&exported(page).await?, ',', "score")?;
        let difference = largest_relative_difference(&before, &after)?;
        ensure!(difference <= 1e-5, "scores differ by {difference}");
        let text = page.page_text().await?;
        let place = |words: &str| text.find(words).with_context(|| format!("{words} on the page"));
        ensure!(place("Columns that differ from training")? < place("Results for renamed.csv")?, "it stands above");
        page.assert_alive().await
    });
}
