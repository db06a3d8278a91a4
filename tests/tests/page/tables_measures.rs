//! Rows that measures count, use of a label, and thresholds by capacity and cost.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use pinhole_e2e::{
    Setup,
    controls::Role,
    csv::SeededRng,
    files::Folder,
    page::{LONG_TIMEOUT, Page, SHORT_TIMEOUT},
    scenario,
};

/// Readings of 400 pumps, every twentieth with a fault: its flow does not follow its speed, and only it has a ticket.
fn pumps() -> Result<String> {
    let mut rng = SeededRng::new(9);
    let mut text = String::from("speed,flow,ticket,fault\n");
    for row in 0..400 {
        let is_fault = row % 20 == 7;
        let speed = 50.0 + 5.0 * rng.normal();
        let flow = if is_fault { 160.0 - speed } else { 2.0 * speed } + rng.normal();
        let ticket = if is_fault { "1" } else { "0" };
        writeln!(text, "{speed:.2},{flow:.2},{ticket},{}", if is_fault { "yes" } else { "no" })?;
    }
    Ok(text)
}

async fn until_flagged(page: &Page, rows: &str) -> Result<()> {
    page.until(&format!("{rows} flagged rows"), SHORT_TIMEOUT, async || {
        Ok((page.output("Flagged rows").await? == rows).then_some(()))
    })
    .await
}

#[test]
fn a_label_is_explained_and_thresholds_follow_capacity_and_cost() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("measures")?;
        let file = folder.write("pumps.csv", pumps()?.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        page.until_table("that the table is read", LONG_TIMEOUT, async || {
            Ok(page.table_status().await?.contains("400 rows, 4 columns").then_some(()))
        })
        .await?;
        page.until_text("The detector learns from the rows that \"fault\" calls normal").await?;
        page.until_text("The label may leak").await?;
        page.press("Only measure").await?;
        page.until_text("\"fault\" only measures it").await?;
        ensure!(page.selected_title("Learn from").await? == "All rows (unsupervised)", "the menu follows");
        page.press("Learn from normal rows").await?;
        page.screenshot("tables-label-use").await?;
        page.train_on_table().await?;
        page.until_text("rows that trained are left out").await?;
        page.choose_by_title("Choose the threshold", "By capacity: rows that can be checked").await?;
        page.find(Role::SpinButton, "Rows to check per file").await?;
        page.type_number("Rows to check per file", "12").await?;
        page.press_keys(&[], Key::Enter.into()).await?;
        until_flagged(page, "12").await?;
        page.until_text("At most 12 rows of each file").await?;
        page.choose_by_title("Choose the threshold", "By cost of errors").await?;
        page.find(Role::SpinButton, "Cost of a missed anomaly").await?;
        page.type_number("Cost of a missed anomaly", "100000").await?;
        page.press_keys(&[], Key::Enter.into()).await?;
        page.until("no missed anomaly", SHORT_TIMEOUT, async || {
            Ok((page.output_number("Recall").await? > 0.999).then_some(()))
        })
        .await?;
        page.find(Role::SpinButton, "Cost of a false alarm").await?;
        page.screenshot("tables-thresholds").await?;
        Ok(())
    });
}
