//! Methods that operate the Tables lab.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use fantoccini::{Locator, key::Key};

use crate::{
    Page,
    controls::Role,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
};

impl Page {
    /// Loads the page at the Tables lab and waits for its engine.
    ///
    /// # Errors
    /// When the page does not load or its engine does not start.
    pub async fn open_tables(&self) -> Result<()> {
        self.open("#/tables").await?;
        self.until("the Tables lab", SHORT_TIMEOUT, async || Ok((!self.table_phase().await?.is_empty()).then_some(())))
            .await
    }

    /// Slug of the lab's phase, `data-phase` of its status line; empty outside the Tables lab.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn table_phase(&self) -> Result<String> {
        self.attribute("[data-testid=table-status]", "data-phase").await
    }

    /// Text of the lab's status line.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn table_status(&self) -> Result<String> {
        self.text("table-status").await?.context("there is no status line")
    }

    /// Waits until the lab is in that phase.
    ///
    /// # Errors
    /// When it is not in time; names its status and the notices of the page.
    pub async fn until_table_phase(&self, wanted: &str, timeout: Duration) -> Result<()> {
        self.until_table(&format!("the table to be {wanted}"), timeout, async || {
            Ok((self.table_phase().await? == wanted).then_some(()))
        })
        .await
    }

    /// As [`Page::until`], but fails as soon as the page shows a notice.
    ///
    /// # Errors
    /// When there is no result in time; names the lab's status and the notices of the page.
    pub async fn until_table<T>(
        &self,
        what: &str,
        timeout: Duration,
        mut poll: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let seen = self
            .until(what, timeout, async || {
                let seen = poll().await?;
                Ok(match seen {
                    Some(seen) => Some(Ok(seen)),
                    None if self.overlay_is_shown().await? => Some(Err("it has crashed".to_owned())),
                    None => self.notices().await?.into_iter().next().map(Err),
                })
            })
            .await;
        match seen {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(notice)) => Err(anyhow::anyhow!("waiting for {what}, the page said: {notice}")),
            Err(error) => {
                let (status, notices) = (self.text("table-status").await?, self.notices().await?);
                Err(error.context(format!("the status is {status:?}; the page says {notices:?}")))
            }
        }
    }

    /// Opens a table with "Open table" and waits until all of it is read.
    ///
    /// # Errors
    /// When it is not in time, or is refused.
    pub async fn open_csv(&self, file: &Path) -> Result<()> {
        self.attach("Open table", &[file]).await?;
        self.until_read(&file_name(file)).await
    }

    /// Waits until all of the table of that name is read.
    ///
    /// # Errors
    /// When it is not in time, or is refused.
    pub async fn until_read(&self, name: &str) -> Result<()> {
        self.until_table(&format!("{name} to be read"), LONG_TIMEOUT, async || {
            let is_read = self.table_phase().await? == "ready" && self.table_status().await?.starts_with(name);
            Ok(is_read.then_some(()))
        })
        .await
    }

    /// Presses "Train" and waits for the scores.
    ///
    /// # Errors
    /// When they do not come in time.
    pub async fn train_on_table(&self) -> Result<()> {
        self.press("Train").await?;
        self.until_table_phase("scored", LONG_TIMEOUT).await?;
        // Earlier scores come back when training is refused.
        let notices = self.notices().await?;
        ensure!(notices.is_empty(), "training, the page said {notices:?}");
        Ok(())
    }

    /// Scores another file with the current detector.
    ///
    /// # Errors
    /// When it is not scored in time.
    pub async fn score_file(&self, file: &Path) -> Result<()> {
        self.attach("Score another file", &[file]).await?;
        let title = format!("Results for {}", file_name(file));
        self.until_table(&format!("\"{title}\""), LONG_TIMEOUT, async || {
            let is_titled = self.page_text().await?.contains(&title);
            Ok((is_titled && self.table_phase().await? == "scored").then_some(()))
        })
        .await
    }

    /// All the text that the page shows.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn page_text(&self) -> Result<String> {
        let text = self.script("return document.body.innerText;", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Text of the output of that name.
    ///
    /// # Errors
    /// When there is none within half a minute.
    pub async fn output(&self, name: &str) -> Result<String> {
        Ok(self.find(Role::Output, name).await?.text().await?)
    }

    /// Number shown by the output of that name.
    ///
    /// # Errors
    /// When there is no such output, or it shows no number.
    pub async fn output_number(&self, name: &str) -> Result<f64> {
        let text = self.output(name).await?;
        text.replace(',', "").parse().with_context(|| format!("\"{name}\" says `{text}`"))
    }

    /// Title of the selected option of a menu.
    ///
    /// # Errors
    /// When there is no such menu.
    pub async fn selected_title(&self, name: &str) -> Result<String> {
        let list = self.find(Role::ComboBox, name).await?;
        let title = self
            .script("return arguments[0].selectedOptions[0]?.textContent ?? '';", vec![serde_json::to_value(&list)?])
            .await?;
        Ok(title.as_str().unwrap_or_default().to_owned())
    }

    /// Selects an option of a menu by its title.
    ///
    /// # Errors
    /// When there is no such menu or option.
    pub async fn choose_by_title(&self, name: &str, title: &str) -> Result<()> {
        let list = self.find(Role::ComboBox, name).await?;
        list.select_by_label(title).await.with_context(|| format!("\"{name}\" does not offer \"{title}\""))?;
        Ok(())
    }

    /// Sets the state of a check box.
    ///
    /// # Errors
    /// When there is none.
    pub async fn set_checked(&self, name: &str, is_on: bool) -> Result<()> {
        let check_box = self.find(Role::CheckBox, name).await?;
        if check_box.is_selected().await? != is_on {
            // A switch hides the check box behind its own drawing, where a click would not reach it.
            self.script("arguments[0].click();", vec![serde_json::to_value(&check_box)?]).await?;
        }
        Ok(())
    }

    /// Explains the first row by the keyboard; returns the cells of its contributions, header included.
    ///
    /// # Errors
    /// When no row is listed, or its explanation does not come.
    pub async fn explain_first_row(&self) -> Result<Vec<Vec<String>>> {
        let scroller = self.client.find(Locator::Css(".rows-scroll")).await?;
        scroller.send_keys(&format!("{}{}", char::from(Key::Down), char::from(Key::Enter))).await?;
        self.until("the row explained", SHORT_TIMEOUT, async || {
            Ok(self.find_now(Role::Table, "Contributions").await?.map(|_| ()))
        })
        .await?;
        let contributions = self.cells("Contributions").await?;
        println!("{contributions:?}");
        Ok(contributions)
    }

    /// Opens all `details` elements.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn unfold_all(&self) -> Result<()> {
        self.script("document.querySelectorAll('details').forEach(details => { details.open = true; });", vec![])
            .await?;
        Ok(())
    }

    /// Text of the cells of a table, row by row, with headers.
    ///
    /// # Errors
    /// When there is no such table.
    pub async fn cells(&self, table: &str) -> Result<Vec<Vec<String>>> {
        let table = self.find(Role::Table, table).await?;
        let cells = self
            .script(
                "return [...arguments[0].rows].map(row => [...row.cells].map(cell => cell.innerText.trim()));",
                vec![serde_json::to_value(&table)?],
            )
            .await?;
        Ok(serde_json::from_value(cells)?)
    }

    /// Warnings of results and detector, and those of reading the table.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn warnings(&self) -> Result<Vec<String>> {
        self.unfold_all().await?;
        self.visible_texts(".warning, .table-warnings li").await
    }

    /// Title of the open table; `None` without one.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn table_title(&self) -> Result<Option<String>> {
        let titles = self.client.find_all(Locator::Css("#table-title")).await?;
        match titles.first() {
            Some(title) => Ok(Some(title.text().await?)),
            None => Ok(None),
        }
    }
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
