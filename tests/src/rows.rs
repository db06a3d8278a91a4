//! Methods that read and sort the table "Scored rows" of the Tables lab.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::{Page, controls::Role, page::SHORT_TIMEOUT};

/// A row of the table "Scored rows", as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRow {
    /// Number of the row in the file, from the row's header.
    pub number: u64,
    /// Score, rounded as shown.
    pub score: f64,
    /// True if the row is marked as flagged.
    pub is_flagged: bool,
    /// Text of all cells.
    pub text: String,
}

impl Page {
    /// The rows of "Scored rows" on the page, once there are some and none is pending.
    ///
    /// # Errors
    /// When there are none in time.
    pub async fn shown_rows(&self) -> Result<Vec<ShownRow>> {
        self.until("scored rows", SHORT_TIMEOUT, async || {
            let table = self.find(Role::Table, "Scored rows").await?;
            let answer = self
                .script(
                    "const table = arguments[0];
                     if (table.getAttribute('aria-busy') === 'true' || table.querySelector('.pending')) return null;
                     return [...table.tBodies[0].rows].map(row => ({
                         number: row.querySelector('th[scope=row]')?.innerText ?? '',
                         cells: [...row.cells].map(cell => cell.innerText.trim()),
                         flagged: row.innerText.includes('flagged'),
                     }));",
                    vec![serde_json::to_value(&table)?],
                )
                .await?;
            let Some(rows) = answer.as_array().filter(|rows| !rows.is_empty()) else { return Ok(None) };
            rows.iter().map(shown_row).collect::<Result<Vec<_>>>().map(Some)
        })
        .await
    }

    /// Clicks the header of a column of "Scored rows".
    ///
    /// # Errors
    /// When there is none.
    pub async fn sort_by(&self, column: &str) -> Result<()> {
        let table = self.find(Role::Table, "Scored rows").await?;
        let is_pressed = self
            .script(
                "const heads = [...arguments[0].querySelectorAll('thead button')];
                 const head = heads.find(head => head.title === arguments[1]);
                 head?.click();
                 return head !== undefined;",
                vec![serde_json::to_value(&table)?, json!(column)],
            )
            .await?;
        ensure!(is_pressed == Value::Bool(true), "there is no column {column} to sort by");
        Ok(())
    }
}

fn shown_row(row: &Value) -> Result<ShownRow> {
    let cells: Vec<String> = serde_json::from_value(row["cells"].clone())?;
    let number = row["number"].as_str().unwrap_or_default().replace(',', "");
    let score = cells.get(1).context("a row has a score")?;
    Ok(ShownRow {
        number: number.parse().with_context(|| format!("a row's header says `{number}`"))?,
        score: score.replace(',', "").parse().with_context(|| format!("a row's score says `{score}`"))?,
        is_flagged: row["flagged"] == true,
        text: cells.join(" | "),
    })
}
