//! The table "Scored rows" of the Tables lab.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::{Page, controls::Role, page::SOON};

/// A row of the table "Scored rows", as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRow {
    /// Its number in the file, the row's header.
    pub number: u64,
    /// Its score, rounded as people read it.
    pub score: f64,
    /// Whether it says that it is flagged.
    pub is_flagged: bool,
    /// All its cells, as text.
    pub text: String,
}

impl Page {
    /// The rows of "Scored rows" that are in sight, once there are some and none is awaited.
    ///
    /// # Errors
    /// When there are none in time.
    pub async fn shown_rows(&self) -> Result<Vec<ShownRow>> {
        self.until("scored rows", SOON, async || {
            let table = self.find(Role::Table, "Scored rows").await?;
            let told = self
                .script(
                    "const table = arguments[0];
                     if (table.getAttribute('aria-busy') === 'true' || table.querySelector('.awaited')) return null;
                     return [...table.tBodies[0].rows].map(row => ({
                         number: row.querySelector('th[scope=row]')?.innerText ?? '',
                         cells: [...row.cells].map(cell => cell.innerText.trim()),
                         flagged: row.innerText.includes('flagged'),
                     }));",
                    vec![serde_json::to_value(&table)?],
                )
                .await?;
            let Some(rows) = told.as_array().filter(|rows| !rows.is_empty()) else { return Ok(None) };
            rows.iter().map(shown_row).collect::<Result<Vec<_>>>().map(Some)
        })
        .await
    }

    /// Presses the header of a column of "Scored rows".
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

fn shown_row(told: &Value) -> Result<ShownRow> {
    let cells: Vec<String> = serde_json::from_value(told["cells"].clone())?;
    let number = told["number"].as_str().unwrap_or_default().replace(',', "");
    let score = cells.get(1).context("a row has a score")?;
    Ok(ShownRow {
        number: number.parse().with_context(|| format!("a row's header says `{number}`"))?,
        score: score.replace(',', "").parse().with_context(|| format!("a row's score says `{score}`"))?,
        is_flagged: told["flagged"] == true,
        text: cells.join(" | "),
    })
}
