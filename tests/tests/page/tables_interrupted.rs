//! Interrupted jobs: cancelled, stopped, replaced by another file, or left for the other lab.

use std::{io::Write as _, path::PathBuf, time::Duration};

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Setup,
    controls::Role,
    csv::{SeededRng, SyntheticTable},
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::json;

/// Writes a table of at least `min_bytes` bytes.
fn write_large_table(folder: &Folder, name: &str, min_bytes: usize) -> Result<PathBuf> {
    let block = SyntheticTable::new(20_000, 21).csv();
    let (header, rows) = block.split_at(block.find('\n').map_or(0, |end| end + 1));
    let path = folder.path(name);
    let mut file = std::fs::File::create(&path)?;
    file.write_all(header.as_bytes())?;
    for _ in 0..min_bytes.div_ceil(rows.len()) {
        file.write_all(rows.as_bytes())?;
    }
    Ok(path)
}

/// A table of twenty columns that depend on three hidden variables.
fn wide_table(rows: usize) -> String {
    let mut rng = SeededRng::new(4);
    let mut text = (0..20).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
    for _ in 0..rows {
        let hidden = [rng.normal(), rng.normal(), rng.normal()];
        let cells: Vec<String> = (0..20)
            .map(|column| {
                let value = hidden[column % 3] + 0.5 * hidden[(column + 1) % 3] * hidden[column % 2];
                format!("{:.4}", value + 0.05 * rng.normal())
            })
            .collect();
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    text
}

#[test]
fn cancelling_a_read_keeps_the_open_table() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("cancel")?;
        let small = folder.write("small.csv", SyntheticTable::new(500, 1).csv().as_bytes())?;
        let big = write_large_table(&folder, "big.csv", 250 << 20)?;
        page.open_tables().await?;
        page.open_csv(&small).await?;
        page.train_on_table().await?;
        let scored = page.table_status().await?;
        page.attach("Open table", &[&big]).await?;
        let status = page
            .until_table("big.csv to be under way", SHORT_TIMEOUT, async || {
                let status = page.table_status().await?;
                Ok((page.table_phase().await? == "reading" && status.contains('%')).then_some(status))
            })
            .await?;
        println!("{status}");
        page.assert_alive().await?;
        page.press("Cancel").await?;
        page.until_table_phase("scored", SHORT_TIMEOUT).await?;
        ensure!(page.table_status().await? == scored, "{}", page.table_status().await?);
        ensure!(page.table_title().await?.as_deref() == Some("small.csv"), "{:?}", page.table_title().await?);
        ensure!(!page.shown_rows().await?.is_empty(), "its rows are gone");
        ensure!(page.can_press("Train").await? && page.can_press("Save detector").await?);
        page.train_on_table().await?;

        // Another file replaces one that is still being read.
        page.attach("Open table", &[&big]).await?;
        page.until_table_phase("reading", SHORT_TIMEOUT).await?;
        page.open_csv(&small).await?;
        ensure!(page.table_status().await?.contains("500 rows"), "{}", page.table_status().await?);
        page.train_on_table().await?;
        page.assert_alive().await
    });
}

#[test]
fn a_large_file_is_read_while_the_page_responds() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("large")?;
        let big = write_large_table(&folder, "big.csv", 60 << 20)?;
        page.open_tables().await?;
        page.script(
            "window.__longest = 0; let last = performance.now();
             const next = now => { window.__longest = Math.max(window.__longest, now - last); last = now; requestAnimationFrame(next); };
             requestAnimationFrame(next);",
            vec![],
        )
        .await?;
        page.attach("Open table", &[&big]).await?;
        page.until_read("big.csv").await?;
        let longest = page.script("return window.__longest;", vec![]).await?;
        println!("{}; the longest frame took {longest} ms", page.table_status().await?);
        page.assert_alive().await
    });
}

#[test]
fn stopping_training_keeps_the_detector() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("stop")?;
        let table = folder.write("wide.csv", wide_table(20_000).as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        page.press("Train").await?;
        page.until_table_phase("training", SHORT_TIMEOUT).await?;
        page.until_table("a loss", LONG_TIMEOUT, async || {
            Ok(page.table_status().await?.contains("loss").then_some(()))
        })
        .await?;
        println!("{}", page.table_status().await?);
        page.assert_alive().await?;
        page.press("Stop").await?;
        page.until_table_phase("scored", LONG_TIMEOUT).await?;
        println!("{}", page.table_status().await?);
        ensure!(page.can_press("Train").await? && page.can_press("Save detector").await?);
        ensure!(!page.shown_rows().await?.is_empty(), "no row is shown");
        page.assert_alive().await
    });
}

#[test]
fn the_table_stays_open_when_labs_are_switched() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("labs")?;
        let table = folder.write("plant.csv", SyntheticTable::new(500, 2).csv().as_bytes())?;
        page.open("").await?;
        page.find(Role::Link, "Tables").await?.click().await?;
        page.until("the Tables lab", SHORT_TIMEOUT, async || Ok((!page.table_phase().await?.is_empty()).then_some(())))
            .await?;
        page.open_csv(&table).await?;
        page.find(Role::Link, "Digits").await?.click().await?;
        page.find(Role::Canvas, "Drawing pad").await?;
        page.find(Role::Link, "Tables").await?.click().await?;
        page.until("the table to be open", SHORT_TIMEOUT, async || {
            Ok(page.page_text().await?.contains("plant.csv: 500 rows").then_some(()))
        })
        .await?;
        page.assert_alive().await
    });
}

#[test]
fn a_dropped_table_is_opened() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.script(
            "const transfer = new DataTransfer();
             transfer.items.add(new File([arguments[0]], 'dropped.csv', { type: 'text/csv' }));
             for (const kind of ['dragover', 'drop'])
                 document.querySelector('main').dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));",
            vec![json!(SyntheticTable::new(400, 3).csv())],
        )
        .await?;
        page.until_read("dropped.csv").await?;
        ensure!(page.table_status().await?.contains("400 rows"), "{}", page.table_status().await?);
        // A restarted engine reads it again.
        page.choose("Device", "cpu").await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        page.until("the table again", LONG_TIMEOUT, async || Ok((page.table_phase().await? == "ready").then_some(())))
            .await?;
        page.assert_alive().await
    });
}
