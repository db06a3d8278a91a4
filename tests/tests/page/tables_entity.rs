//! Rows that are compared with those of their own entity.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{Setup, csv::SeededRng, files::Folder, page::LONG_TIMEOUT, scenario};

/// Row, from 1, whose amount is ordinary for the table and not for its customer.
const ANOMALY: usize = 307;

/// Amounts of twenty customers, each with a level of its own.
fn payments() -> Result<String> {
    let mut rng = SeededRng::new(4);
    let mut text = String::from("customer_id,amount,items\n");
    for row in 1..=600 {
        let customer = row * 7 % 20;
        let level =
            if row == ANOMALY { 20.0 * (1.0 + ((customer + 9) % 20) as f64) } else { 20.0 * (1.0 + customer as f64) };
        writeln!(text, "K{},{:.2},{}", 1000 + customer, level + rng.normal(), 1 + row % 4)?;
    }
    Ok(text)
}

#[test]
fn a_row_that_is_odd_for_its_customer_comes_first() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("entity")?;
        let file = folder.write("payments.csv", payments()?.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        page.until_table("that the table is read", LONG_TIMEOUT, async || {
            Ok(page.table_status().await?.contains("600 rows, 3 columns").then_some(()))
        })
        .await?;
        ensure!(page.selected_title("Entity column").await? == "customer_id", "the customer is guessed");
        page.train_on_table().await?;
        let first = page.shown_rows().await?.first().context("a row")?.number;
        ensure!(first == ANOMALY as u64, "row {ANOMALY} comes first, and not {first}");
        let contributions = page.explain_first_row().await?;
        let amount = contributions.get(1).context("a column")?;
        ensure!(amount[0] == "amount" && amount[3].contains("(usual for K10"), "what is usual is said: {amount:?}");
        page.screenshot("tables-entity").await?;
        page.choose_by_title("Entity column", "None").await?;
        ensure!(page.selected_title("Entity column").await? == "None", "it can be changed");
        Ok(())
    });
}
