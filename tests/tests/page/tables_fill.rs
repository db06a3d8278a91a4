//! Missing cells that are filled, and the nearest normal rows beside an anomaly.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{Setup, csv::SeededRng, files::Folder, page::LONG_TIMEOUT, scenario};

/// Row in so many that lacks its weight.
const ONE_IN: usize = 10;

/// Weights that follow lengths, but for the last row; some are missing.
fn parcels() -> Result<String> {
    let mut rng = SeededRng::new(3);
    let mut text = String::from("length;weight;colour\r\n");
    for row in 1..=600 {
        let length = 20.0 + 4.0 * rng.normal();
        let weight = if row == 600 { 10.0 } else { 3.0 * length + 0.3 * rng.normal() };
        let cell = if row % ONE_IN == 1 { String::new() } else { format!("{weight:.2}").replace('.', ",") };
        let colour = if length > 20.0 { "red" } else { "blue" };
        write!(text, "{};{cell};{colour}\r\n", format!("{length:.2}").replace('.', ","))?;
    }
    Ok(text)
}

#[test]
fn missing_cells_are_filled_and_normal_rows_stand_beside_an_anomaly() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("fill")?;
        let text = parcels()?;
        let file = folder.write("parcels.csv", text.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        page.until_read("parcels.csv").await?;
        page.train_on_table().await?;
        let (name, filled) = page.download("Fill missing cells", "csv").await?;
        ensure!(name == "parcels-filled.csv", "it is called {name}");
        let filled = String::from_utf8(filled)?;
        for (index, (before, after)) in text.lines().zip(filled.lines()).enumerate().skip(1) {
            let cells: Vec<&str> = after.split(';').collect();
            if index % ONE_IN == 1 {
                let number = |cell: &str| cell.replace(',', ".").parse::<f64>().context("a number");
                let (length, weight) = (number(cells[0])?, number(cells[1])?);
                ensure!((weight - 3.0 * length).abs() < 6.0 && cells[3] == "weight", "row {index}: {after}");
            } else {
                ensure!(after == format!("{before};"), "row {index} keeps its bytes: {after}");
            }
        }
        let report = page.cells("Missing cells filled").await?;
        println!("{report:?}");
        ensure!(report.len() == 2 && report[1][..2] == ["weight", "60"], "one column was filled: {report:?}");
        let error = |column: usize| report[1][column].parse::<f64>().context("an error");
        ensure!(error(3)? < error(4)? / 2.0, "the errors stand beside the mean's: {report:?}");

        ensure!(
            page.shown_rows().await?.first().context("a row")?.number == 600,
            "the row that does not fit comes first"
        );
        let contributions = page.explain_first_row().await?;
        let header = &contributions[0];
        ensure!(header.len() == 8 && header[4..7].iter().all(|name| name.starts_with("Row ")), "{header:?}");
        ensure!(contributions[1][0] == "weight", "the weight is to blame: {contributions:?}");
        page.screenshot("tables-fill").await?;
        let refused = page.page_text().await?;
        ensure!(!refused.contains("could not be saved"), "nothing failed");
        page.until_table("nothing under way", LONG_TIMEOUT, async || {
            Ok((page.table_phase().await? == "scored").then_some(()))
        })
        .await
    });
}
