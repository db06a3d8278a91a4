//! Lab "Latent space" on a table: rows of the file, in its units.

use anyhow::ensure;
use pinhole_e2e::{Setup, controls::Role, scenario};

use crate::latent_walks::{choose_worst, open_lab, until_worst};

/// Column of numbers of the example table.
const COLUMN: &str = "amount_eur";

/// Origin of codes that are those of the table's rows.
const ROWS: &str = "rows of the table, by its detector";

#[test]
fn rows_are_decoded_in_the_units_of_the_file() {
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.press("Try: Card payments").await?;
        page.until_read("card-payments.csv").await?;
        page.train_on_table().await?;
        open_lab(page).await?;
        // Without a model in the Digits lab the rows are what there is to map.
        until_worst(page, 2).await?;
        ensure!(page.selected_title("Codes").await?.contains(ROWS), "the codes are those of the rows");
        ensure!(page.notices().await?.is_empty(), "nothing was refused");
        choose_worst(page, 0, false).await?;
        page.find(Role::Slider, "Latent 1").await?;
        let cells = page.cells("Decoded").await?;
        ensure!(cells[0] == ["Column", "Value", "Decoded"], "the heads are {:?}", cells[0]);
        let amount = cells.iter().find(|row| row[0] == COLUMN);
        let is_number = |cell: &String| cell.replace(',', "").parse::<f64>().is_ok();
        ensure!(
            amount.is_some_and(|row| row[1..].iter().all(is_number)),
            "the column {COLUMN} in the file's units is {amount:?}"
        );
        choose_worst(page, 1, true).await?;
        let steps = page.cells("Walk from A to B").await?;
        ensure!(steps.len() == 12 && steps[1][0] == "A" && steps[11][0] == "B", "the walk is {steps:?}");
        page.screenshot("latent-rows").await?;
        page.assert_alive().await
    });
}
