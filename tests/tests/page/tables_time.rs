//! A log whose rows are compared with those before them.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{Setup, csv::SeededRng, files::Folder, page::LONG_TIMEOUT, scenario};

/// Rows, from 1, in which the temperature is stuck.
const STUCK: std::ops::RangeInclusive<u64> = 601..=630;

/// A noisy temperature and pressure by the minute, the first of which is stuck for half an hour.
fn log() -> Result<String> {
    let mut rng = SeededRng::new(6);
    let mut text = String::from("logged_at,temperature,pressure\n");
    let mut stuck = None;
    for row in 1..=1200 {
        let mut temperature = 20.0 + rng.normal();
        if STUCK.contains(&row) {
            temperature = *stuck.get_or_insert(temperature);
        }
        let minute = row - 1;
        let (hour, minute) = (minute / 60, minute % 60);
        let pressure = 3.0 + rng.normal();
        writeln!(text, "2025-03-01 {hour:02}:{minute:02}:00,{temperature:.3},{pressure:.3}")?;
    }
    Ok(text)
}

#[test]
fn a_sensor_that_is_stuck_comes_first() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("time")?;
        let file = folder.write("log.csv", log()?.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        page.until_table("that the table is read", LONG_TIMEOUT, async || {
            Ok(page.table_status().await?.contains("1,200 rows, 3 columns").then_some(()))
        })
        .await?;
        ensure!(page.selected_title("Time column").await? == "None", "no row is compared with those before it unasked");
        page.choose_by_title("Time column", "logged_at").await?;
        page.train_on_table().await?;
        let first = page.shown_rows().await?.first().context("a row")?.number;
        ensure!(STUCK.contains(&first), "a stuck row comes first, and not {first}");
        let contributions = page.explain_first_row().await?;
        let deviation = contributions.get(1).context("a column")?;
        ensure!(
            deviation[0] == "standard deviation of temperature over 8 rows",
            "the derived column is named: {deviation:?}"
        );
        page.screenshot("tables-time").await?;
        Ok(())
    });
}
