//! Next month's file: scored with what was learned from this month's, compared with it, and learned from.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::{Plant, numbers},
    files::Folder,
    page::EVENTUALLY,
    scenario,
};

use crate::tables::{exported, largest_relative_difference};

async fn train_on_plant(page: &Page, folder: &Folder) -> Result<String> {
    let text = Plant::new(3000, 11).csv();
    let table = folder.write("may.csv", text.as_bytes())?;
    page.open_tables().await?;
    page.open_csv(&table).await?;
    page.train_on_table().await?;
    Ok(text)
}

/// The line of a table that begins with that name.
async fn line(page: &Page, table: &str, name: &str) -> Result<Vec<String>> {
    let cells = page.cells(table).await?;
    let line = cells.iter().find(|line| line.first().is_some_and(|first| first == name)).cloned();
    line.with_context(|| format!("{name} in {cells:?}"))
}

fn figure(line: &[String], place: usize) -> Result<f64> {
    let cell = line.get(place).with_context(|| format!("{line:?} is short"))?;
    cell.trim_end_matches(" %").replace(',', "").parse().with_context(|| format!("`{cell}` in {line:?}"))
}

#[test]
fn a_shifted_file_is_told_and_learned_from() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("drift")?;
        train_on_plant(page, &folder).await?;
        ensure!(page.look_for(Role::Table, "Drift").await?.is_none(), "there is nothing to drift from yet");
        ensure!(!page.can_press("Fine-tune").await?, "there is nothing to fine-tune on yet");

        let same = folder.write("june.csv", Plant::new(2000, 12).csv().as_bytes())?;
        page.score_file(&same).await?;
        for name in ["All scores", "temperature", "mode"] {
            let shift = line(page, "Drift", name).await?;
            println!("{shift:?}");
            ensure!(shift[1] == "stable", "another month of the same plant: {shift:?}");
        }

        let hot = folder.write("july.csv", Plant { heat: 2.5, ..Plant::new(2000, 13) }.csv().as_bytes())?;
        page.score_file(&hot).await?;
        let shift = line(page, "Drift", "temperature").await?;
        println!("{shift:?}");
        ensure!(shift[1] == "large shift" && figure(&shift, 2)? > 0.25, "{shift:?}");
        ensure!(figure(&shift, 3)? > 0.5, "{shift:?}");
        ensure!(line(page, "Drift", "mode").await?[1] == "stable", "{:?}", line(page, "Drift", "mode").await?);
        page.screenshot("tables-drift").await?;
        fine_tune(page).await?;
        page.whole_screenshot("tables-fine-tuned").await?;
        Ok(())
    });
}

async fn fine_tune(page: &Page) -> Result<()> {
    page.press("Fine-tune").await?;
    page.until_table("what fine-tuning did", EVENTUALLY, async || {
        let is_told = page.look_for(Role::Table, "Effect of fine-tuning").await?.is_some();
        Ok((is_told && page.table_phase().await? == "scored").then_some(()))
    })
    .await?;
    let new = line(page, "Effect of fine-tuning", "Median score of new rows").await?;
    let old = line(page, "Effect of fine-tuning", "Median score of old rows").await?;
    let flagged = line(page, "Effect of fine-tuning", "New rows flagged").await?;
    println!("{new:?} {old:?} {flagged:?}; {}", page.table_status().await?);
    ensure!(figure(&new, 2)? < 0.8 * figure(&new, 1)?, "new rows are rebuilt no better: {new:?}");
    ensure!(figure(&old, 2)? < 2.0 * figure(&old, 1)?, "old rows are forgotten: {old:?}");
    ensure!(figure(&flagged, 2)? <= figure(&flagged, 1)?, "more new rows are flagged: {flagged:?}");
    ensure!(page.can_press("Save detector").await? && page.can_press("Download scored CSV").await?);
    Ok(())
}

#[test]
fn columns_are_matched_by_name_in_any_order() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("matched")?;
        let text = train_on_plant(page, &folder).await?;
        let before = numbers(&exported(page).await?, ',', "score")?;
        let turned: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(row, line)| {
                let cells: Vec<&str> = line.split(',').collect();
                let remark = if row == 0 { "remark".to_owned() } else { format!("r{}", row % 7) };
                format!("{};{remark};{};{};{}", cells[3], cells[2], cells[0], cells[1])
            })
            .collect();
        let turned = folder.write("turned.csv", turned.join("\n").as_bytes())?;
        page.score_file(&turned).await?;
        let after = numbers(&exported(page).await?, ';', "score")?;
        let difference = largest_relative_difference(&before, &after)?;
        println!("with its columns in another order: {difference:.1e}");
        ensure!(difference <= 1e-5, "scores differ by {difference}");
        let said = page.page_text().await?;
        ensure!(said.contains("remark"), "nothing is said of the extra column");

        let cut: Vec<String> = text.lines().map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect();
        let cut = folder.write("cut.csv", cut.join("\n").as_bytes())?;
        page.attach("Score another file", &[&cut]).await?;
        let said = page
            .until("a word on the missing column", EVENTUALLY, async || {
                let told = page.script(
                    "return [...document.querySelectorAll('[role=alert], .notices [role=status], .notes li, .warning')].map(one => one.innerText);",
                    vec![],
                );
                let told: Vec<String> = serde_json::from_value(told.await?)?;
                Ok(told.into_iter().find(|sentence| sentence.contains("mode")))
            })
            .await?;
        println!("{said}");
        page.assert_alive().await
    });
}
