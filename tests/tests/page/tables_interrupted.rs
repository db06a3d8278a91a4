//! Work that is given up, ended early, overtaken or left alone: what was in hand stays in hand.

use std::{io::Write as _, path::PathBuf, time::Duration};

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Setup,
    controls::Role,
    csv::{Dice, Plant},
    files::Folder,
    page::{EVENTUALLY, SOON},
    scenario,
};
use serde_json::json;

/// A file of so many bytes at least.
fn large(folder: &Folder, name: &str, least_bytes: usize) -> Result<PathBuf> {
    let block = Plant::new(20_000, 21).csv();
    let (header, rows) = block.split_at(block.find('\n').map_or(0, |end| end + 1));
    let path = folder.path(name);
    let mut file = std::fs::File::create(&path)?;
    file.write_all(header.as_bytes())?;
    for _ in 0..least_bytes.div_ceil(rows.len()) {
        file.write_all(rows.as_bytes())?;
    }
    Ok(path)
}

/// Twenty columns that hang together by three hidden ones.
fn wide(rows: usize) -> String {
    let mut dice = Dice::new(4);
    let mut text = (0..20).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
    for _ in 0..rows {
        let hidden = [dice.normal(), dice.normal(), dice.normal()];
        let cells: Vec<String> = (0..20)
            .map(|column| {
                let tie = hidden[column % 3] + 0.5 * hidden[(column + 1) % 3] * hidden[column % 2];
                format!("{:.4}", tie + 0.05 * dice.normal())
            })
            .collect();
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    text
}

#[test]
fn cancel_while_reading_keeps_the_table_in_hand() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("cancel")?;
        let small = folder.write("small.csv", Plant::new(500, 1).csv().as_bytes())?;
        let big = large(&folder, "big.csv", 250 << 20)?;
        page.open_tables().await?;
        page.open_csv(&small).await?;
        page.train_on_table().await?;
        let scored = page.table_status().await?;
        page.attach("Open CSV", &[&big]).await?;
        let said = page
            .until_table("big.csv to be under way", SOON, async || {
                let status = page.table_status().await?;
                Ok((page.table_phase().await? == "reading" && status.contains('%')).then_some(status))
            })
            .await?;
        println!("{said}");
        page.assert_alive().await?;
        page.press("Cancel").await?;
        page.until_table_phase("scored", SOON).await?;
        ensure!(page.table_status().await? == scored, "{}", page.table_status().await?);
        ensure!(page.table_title().await?.as_deref() == Some("small.csv"), "{:?}", page.table_title().await?);
        ensure!(!page.shown_rows().await?.is_empty(), "its rows are gone");
        ensure!(page.can_press("Train").await? && page.can_press("Save detector").await?);
        page.train_on_table().await?;

        // Another file takes the place of one that is still being read.
        page.attach("Open CSV", &[&big]).await?;
        page.until_table_phase("reading", SOON).await?;
        page.open_csv(&small).await?;
        ensure!(page.table_status().await?.contains("500 rows"), "{}", page.table_status().await?);
        page.train_on_table().await?;
        page.assert_alive().await
    });
}

#[test]
fn a_large_file_is_read_to_its_end_while_frames_go_on() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("large")?;
        let big = large(&folder, "big.csv", 60 << 20)?;
        page.open_tables().await?;
        page.script(
            "window.__longest = 0; let last = performance.now();
             const next = now => { window.__longest = Math.max(window.__longest, now - last); last = now; requestAnimationFrame(next); };
             requestAnimationFrame(next);",
            vec![],
        )
        .await?;
        page.attach("Open CSV", &[&big]).await?;
        page.until_read("big.csv").await?;
        let longest = page.script("return window.__longest;", vec![]).await?;
        println!("{}; the longest frame took {longest} ms", page.table_status().await?);
        page.assert_alive().await
    });
}

#[test]
fn stop_while_training_keeps_what_was_learned() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("stop")?;
        let table = folder.write("wide.csv", wide(20_000).as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        page.press("Train").await?;
        page.until_table_phase("training", SOON).await?;
        page.until_table("a loss", EVENTUALLY, async || Ok(page.table_status().await?.contains("loss").then_some(())))
            .await?;
        println!("{}", page.table_status().await?);
        page.assert_alive().await?;
        page.press("Stop").await?;
        page.until_table_phase("scored", EVENTUALLY).await?;
        println!("{}", page.table_status().await?);
        ensure!(page.can_press("Train").await? && page.can_press("Save detector").await?);
        ensure!(!page.shown_rows().await?.is_empty(), "no row is shown");
        page.assert_alive().await
    });
}

#[test]
fn the_other_lab_and_back() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("labs")?;
        let table = folder.write("plant.csv", Plant::new(500, 2).csv().as_bytes())?;
        page.open("").await?;
        page.find(Role::Link, "Tables").await?.click().await?;
        page.until("the Tables lab", SOON, async || Ok((!page.table_phase().await?.is_empty()).then_some(()))).await?;
        page.open_csv(&table).await?;
        page.find(Role::Link, "Digits").await?.click().await?;
        page.find(Role::Canvas, "Drawing pad").await?;
        page.find(Role::Link, "Tables").await?.click().await?;
        page.until("the table in sight", SOON, async || {
            Ok(page.page_text().await?.contains("plant.csv: 500 rows").then_some(()))
        })
        .await?;
        page.assert_alive().await
    });
}

#[test]
fn a_table_is_dropped_on_the_page() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.script(
            "const transfer = new DataTransfer();
             transfer.items.add(new File([arguments[0]], 'dropped.csv', { type: 'text/csv' }));
             for (const kind of ['dragover', 'drop'])
                 document.querySelector('main').dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));",
            vec![json!(Plant::new(400, 3).csv())],
        )
        .await?;
        page.until_read("dropped.csv").await?;
        ensure!(page.table_status().await?.contains("400 rows"), "{}", page.table_status().await?);
        // An engine that is started anew reads it again.
        page.choose("Device", "cpu").await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        page.until("the table again", EVENTUALLY, async || Ok((page.table_phase().await? == "ready").then_some(())))
            .await?;
        page.assert_alive().await
    });
}
