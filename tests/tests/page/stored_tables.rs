//! Content that the browser keeps for the Tables lab: a person's choices per header, and detectors.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::{SyntheticTable, numbers},
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::Value;

use crate::tables::{exported, largest_relative_difference};

/// Script: the values of an object store, or an empty list while there is none.
const STORED: &str = "
    const [store, done] = arguments;
    indexedDB.databases().then((databases) => {
        if (!databases.some(({ name }) => name === 'pinhole')) return done([]);
        const opening = indexedDB.open('pinhole');
        opening.onerror = () => done([]);
        opening.onsuccess = () => {
            const database = opening.result;
            const end = (values) => { database.close(); done(values); };
            if (!database.objectStoreNames.contains(store)) return end([]);
            const reading = database.transaction([store]).objectStore(store).getAll();
            reading.onsuccess = () => end(reading.result);
            reading.onerror = () => end([]);
        };
    }, () => done([]));";

/// Waits until the values of an object store are as wanted.
async fn until_stored(page: &Page, store: &str, what: &str, is_wanted: impl Fn(&[Value]) -> bool) -> Result<()> {
    page.until(what, SHORT_TIMEOUT, async || {
        let values = page.client.execute_async(STORED, vec![store.into()]).await?;
        let values = values.as_array().context("the script answers with a list")?;
        Ok(is_wanted(values).then_some(()))
    })
    .await
}

async fn until_runs(page: &Page, count: usize) -> Result<()> {
    until_stored(page, "runs", &format!("{count} stored detectors"), |runs| runs.len() == count).await
}

fn write_table(folder: &Folder, name: &str, seed: u64) -> Result<std::path::PathBuf> {
    let table = SyntheticTable { anomaly_every: 25, ..SyntheticTable::new(600, seed) };
    folder.write(name, table.csv().as_bytes())
}

async fn is_checked(page: &Page, name: &str) -> Result<bool> {
    Ok(page.find(Role::CheckBox, name).await?.is_selected().await?)
}

/// Opens a table for whose header there are choices, and waits until it is read with them.
async fn open_known(page: &Page, file: &Path) -> Result<()> {
    page.open_csv(file).await?;
    page.until_table("the choices to be taken up", SHORT_TIMEOUT, async || {
        let said = page.text("taken-up").await?.unwrap_or_default();
        let is_read = page.table_phase().await? == "ready";
        Ok((is_read && said.contains("Your choices for files with these columns were taken up.")).then_some(()))
    })
    .await?;
    page.unfold_all().await
}

/// Menus of the settings that the scenario changes, with the titles as guessed and as chosen.
const MENUS: [(&str, &str, &str); 3] =
    [("Label column", "is_anomaly", "None"), ("Kind of mode", "categorical", "text"), ("Method", "Autoencoder", "PCA")];

async fn ensure_settings(page: &Page, are_chosen: bool) -> Result<()> {
    page.unfold_all().await?;
    for (menu, guessed, chosen) in MENUS {
        let (title, wanted) = (page.selected_title(menu).await?, if are_chosen { chosen } else { guessed });
        ensure!(title == wanted, "{menu} is {title}, not {wanted}");
    }
    ensure!(is_checked(page, "Use flow").await? != are_chosen, "the use of the column flow");
    ensure!(is_checked(page, "Day first").await? == are_chosen, "the dialect");
    Ok(())
}

async fn choose_settings(page: &Page) -> Result<()> {
    page.unfold_all().await?;
    for (menu, _, chosen) in MENUS {
        page.choose_by_title(menu, chosen).await?;
    }
    page.set_checked("Use flow", false).await?;
    // The file is read again, and the choices for its columns stay.
    page.set_checked("Day first", true).await?;
    page.until_table_phase("ready", SHORT_TIMEOUT).await?;
    ensure_settings(page, true).await
}

#[test]
fn choices_are_taken_up_for_files_with_the_same_columns_until_one_starts_over() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("choices")?;
        let [may, june] = [("may.csv", 1), ("june.csv", 2)].map(|(name, seed)| write_table(&folder, name, seed));
        let (may, june) = (may?, june?);
        let other = folder.write("other.csv", SyntheticTable::new(300, 3).csv().as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&may).await?;
        ensure_settings(page, false).await?;
        ensure!(page.text("taken-up").await?.is_none(), "there were no choices yet");
        choose_settings(page).await?;
        until_stored(page, "tables", "the choices to be stored", |tables| {
            let text = Value::from(tables).to_string();
            ["\"pca\"", "\"absent\"", "\"text\"", "\"day_first\":true"].iter().all(|part| text.contains(part))
        })
        .await?;

        page.open_tables().await?;
        open_known(page, &june).await?;
        ensure_settings(page, true).await?;
        page.screenshot("tables-taken-up").await?;
        page.open_csv(&other).await?;
        page.unfold_all().await?;
        ensure!(page.text("taken-up").await?.is_none(), "its columns are others");
        ensure!(page.selected_title("Kind of mode").await? == "categorical", "as guessed");

        open_known(page, &may).await?;
        ensure_settings(page, true).await?;
        page.press("Start over").await?;
        page.until_table("the guesses", SHORT_TIMEOUT, async || {
            Ok((page.text("taken-up").await?.is_none() && page.table_phase().await? == "ready").then_some(()))
        })
        .await?;
        ensure_settings(page, false).await?;
        until_stored(page, "tables", "no choices", <[Value]>::is_empty).await?;
        page.open_tables().await?;
        page.open_csv(&may).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        ensure!(page.text("taken-up").await?.is_none(), "the choices were forgotten");
        ensure_settings(page, false).await
    });
}

async fn until_detector(page: &Page) -> Result<()> {
    page.until_table("the detector to be open", LONG_TIMEOUT, async || {
        Ok(page.can_press("Save detector").await?.then_some(()))
    })
    .await
}

/// Text of the bar that offers kept detectors, once it is there.
async fn offers(page: &Page) -> Result<String> {
    page.until("an offer", SHORT_TIMEOUT, async || page.text("kept").await).await
}

/// Clicks the first element of a selector on the page "Stored data".
async fn click(page: &Page, selector: &str) -> Result<()> {
    page.until(selector, SHORT_TIMEOUT, async || {
        let script = "const found = document.querySelector(arguments[0]); found?.click(); return found !== null;";
        Ok((page.script(script, vec![selector.into()]).await? == true).then_some(()))
    })
    .await
}

#[test]
fn a_detector_is_offered_after_a_reload_and_scores_as_before() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("kept-detector")?;
        let table = write_table(&folder, "plant.csv", 4)?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        page.choose_by_title("Method", "PCA").await?;
        page.train_on_table().await?;
        until_runs(page, 1).await?;
        page.choose_by_title("Method", "Autoencoder").await?;
        page.train_on_table().await?;
        let before = numbers(&exported(page).await?, ',', "score")?;
        until_stored(page, "runs", "one detector that is offered and one that is not", |runs| {
            let offered = runs.iter().filter(|run| run["is_offered"] == true).count();
            (runs.len(), offered) == (2, 1)
        })
        .await?;

        page.open_tables().await?;
        let said = offers(page).await?;
        ensure!(said.contains("Your last detector (of plant.csv) was kept in this browser."), "{said}");
        ensure!(!said.contains("another tab"), "{said}");
        page.screenshot("tables-kept-detector").await?;
        page.press("Restore").await?;
        until_detector(page).await?;
        ensure!(page.text("kept").await?.is_none(), "the offer was accepted");
        page.open_csv(&table).await?;
        page.press("Score this table").await?;
        page.until_table_phase("scored", LONG_TIMEOUT).await?;
        let after = numbers(&exported(page).await?, ',', "score")?;
        let difference = largest_relative_difference(&before, &after)?;
        println!("scores of the restored detector differ by {difference:.1e} at most");
        ensure!(difference <= 1e-5, "scores differ by {difference}");
        ensure_listed(page).await
    });
}

/// Checks the list of stored data with two detectors: restored by its link, starred, and deleted.
async fn ensure_listed(page: &Page) -> Result<()> {
    page.load("#/stored").await?;
    let cells = page.cells("Runs").await?;
    ensure!(cells.len() == 3, "{cells:?}");
    for row in &cells[1..] {
        ensure!(row[1] == "Tables" && row[3] == "plant.csv", "{row:?}");
    }
    ensure!(cells[1][2].starts_with("Autoencoder") && cells[2][2].starts_with("PCA"), "{cells:?}");
    page.screenshot("stored-detectors").await?;
    click(page, "[aria-label^='Star Autoencoder']").await?;
    until_stored(page, "runs", "a star", |runs| runs.iter().any(|run| run["is_starred"] == true)).await?;
    click(page, "[aria-label^='Restore Autoencoder']").await?;
    until_detector(page).await?;
    page.load("#/stored").await?;
    for left in [1, 0] {
        click(page, "[aria-label^='Delete']").await?;
        until_runs(page, left).await?;
    }
    until_stored(page, "weights", "no weights", <[Value]>::is_empty).await
}

#[test]
fn detectors_of_two_tabs_are_both_offered() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("two-tabs")?;
        let (may, june) = (write_table(&folder, "may.csv", 5)?, write_table(&folder, "june.csv", 6)?);
        let first = page.client.window().await?;
        page.open_tables().await?;
        page.open_csv(&may).await?;
        page.choose_by_title("Method", "PCA").await?;
        page.train_on_table().await?;
        until_runs(page, 1).await?;

        let second = page.client.new_window(true).await?.handle;
        page.client.switch_to_window(second).await?;
        page.open_tables().await?;
        page.open_csv(&june).await?;
        page.choose_by_title("Method", "PCA").await?;
        page.train_on_table().await?;
        until_runs(page, 2).await?;
        page.client.close_window().await?;

        page.client.switch_to_window(first).await?;
        page.open_tables().await?;
        let said = offers(page).await?;
        ensure!(said.contains("Your last detector (of june.csv) was kept in this browser."), "{said}");
        ensure!(said.contains("A detector of another tab (of may.csv) was kept too."), "{said}");
        page.press("Discard may.csv").await?;
        until_runs(page, 1).await?;
        page.press("Restore").await?;
        until_detector(page).await?;
        page.open_tables().await?;
        let said = offers(page).await?;
        ensure!(said.contains("june.csv") && !said.contains("may.csv"), "{said}");
        page.assert_alive().await
    });
}

/// Script: a picker in place of the browser's, whose file lies in the browser's own file system, as a test cannot use the
/// dialogue.
const PICKER: &str = r"
    globalThis.showOpenFilePicker = async () => {
        const root = await navigator.storage.getDirectory();
        const handle = await root.getFileHandle('pumps.csv', { create: true });
        const file = await handle.createWritable();
        await file.write('flow,pressure\n' + Array.from({ length: 60 }, (_, row) => `${row % 7},${2 * (row % 7)}.5\n`).join(''));
        await file.close();
        return [handle];
    };";
const OPEN_AGAIN: &str = "Open pumps.csv again";

async fn until_offered(page: &Page) -> Result<()> {
    page.until("the offer to open the table again", SHORT_TIMEOUT, async || {
        Ok(page.can_press(OPEN_AGAIN).await?.then_some(()))
    })
    .await
}

#[test]
fn a_picked_table_is_opened_again_on_a_later_visit() {
    scenario(Setup::cpu().before_scripts(PICKER), async |page| {
        page.open_tables().await?;
        ensure!(!page.can_press(OPEN_AGAIN).await?, "nothing was opened yet");
        page.script("document.querySelector('.open-table input[type=file]').click();", vec![]).await?;
        page.until_read("pumps.csv").await?;
        until_stored(page, "handles", "the handle", |handles| handles.len() == 1).await?;

        page.open_tables().await?;
        until_offered(page).await?;
        page.press(OPEN_AGAIN).await?;
        page.until_read("pumps.csv").await?;

        page.open_tables().await?;
        until_offered(page).await?;
        let remove = "const done = arguments[0];
             navigator.storage.getDirectory().then(root => root.removeEntry('pumps.csv')).then(() => done(true), done);";
        ensure!(page.client.execute_async(remove, vec![]).await? == true, "the file is deleted");
        page.press(OPEN_AGAIN).await?;
        page.until_notice(&["pumps.csv is not where it was"]).await?;
        until_stored(page, "handles", "the handle to be deleted", <[Value]>::is_empty).await?;
        page.open_tables().await?;
        ensure!(!page.can_press(OPEN_AGAIN).await?, "it is offered no more");
        Ok(())
    });
}
