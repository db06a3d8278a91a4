//! Runs, drawing and experiment that the browser keeps: across reloads and kills, in two tabs, and in a storage that fails.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    drawing::THREE,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::{Value, json};

use crate::training::set_up;

/// Script that keeps the page from hearing that it is hidden, as a page that is killed does not hear it.
const DEAF: &str = "window.addEventListener('visibilitychange', event => event.stopImmediatePropagation(), true);
    document.addEventListener('visibilitychange', event => event.stopImmediatePropagation(), true);";

/// Images, batch size and kills of a run; the epochs last about 0.2, 2 and 20 seconds.
const KILLS: [(u32, u32, u32); 3] = [(1000, 32, 4), (5000, 16, 3), (20_000, 4, 3)];

/// Share of the run that is done; `None` while it is prepared.
pub async fn progress(page: &Page) -> Result<Option<f64>> {
    let script = "return document.querySelector('progress[aria-label=\"Training progress\"]')?.getAttribute('value');";
    Ok(page.script(script, vec![]).await?.as_str().and_then(|value| value.parse().ok()).filter(|share| *share > 0.0))
}

pub async fn until_progress(page: &Page) -> Result<f64> {
    page.until("the run's progress", LONG_TIMEOUT, async || progress(page).await).await
}

/// Trains for some seconds, kills the page, restores the run and continues it. Returns the seconds of training that were
/// lost.
async fn seconds_lost(page: &Page, images: u32, batch: u32, training: Duration) -> Result<f64> {
    page.open("").await?;
    set_up(page, images, batch, 400).await?;
    page.press("Train").await?;
    let (start, first) = (Instant::now(), until_progress(page).await?);
    tokio::time::sleep(training).await;
    let last = progress(page).await?.context("the run goes on")?;
    let per_second = (last - first) / start.elapsed().as_secs_f64();
    page.open("").await?;
    page.press("Restore").await?;
    page.press("Train").await?;
    let resumed = until_progress(page).await?;
    page.press("Stop").await?;
    page.until_phase("stopped", SHORT_TIMEOUT).await?;
    Ok(((last - resumed) / per_second).max(0.0))
}

#[test]
fn a_run_that_is_killed_within_an_epoch_goes_on_within_it() {
    scenario(Setup::cpu().before_scripts(DEAF), async |page| {
        let (images, batch, _) = KILLS[2];
        let lost = seconds_lost(page, images, batch, Duration::from_secs(6)).await?;
        println!("{lost:.1} s lost");
        ensure!(lost < 5.0, "{lost:.1} s of training were lost");
        page.assert_alive().await
    });
}

#[test]
#[ignore = "takes three minutes; cargo xtask test soak runs it"]
fn ten_kills_lose_less_than_five_seconds_each() {
    scenario(Setup::cpu().before_scripts(DEAF), async |page| {
        for (images, batch, kills) in KILLS {
            for kill in 0..kills {
                let lost =
                    seconds_lost(page, images, batch, Duration::from_millis(4000 + 1300 * u64::from(kill))).await?;
                println!("{images} images in batches of {batch}: {lost:.1} s lost");
                ensure!(lost < 5.0, "{lost:.1} s of training were lost");
            }
        }
        Ok(())
    });
}

async fn open_stored_data(page: &Page) -> Result<()> {
    page.script("location.hash = '#/stored';", vec![]).await?;
    page.find(Role::Button, "Forget everything").await.map(drop)
}

/// Text of the rows of the table of stored runs.
async fn stored_runs(page: &Page) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('table[aria-label=Runs] tbody tr')].map(row => row.innerText);";
    Ok(serde_json::from_value(page.script(script, vec![]).await?)?)
}

#[test]
fn two_tabs_keep_a_run_each() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        set_up(page, 2000, 32, 500).await?;
        page.press("Train").await?;
        until_progress(page).await?;
        let first = page.client.window().await?;
        let second = page.client.new_window(true).await?.handle;
        page.client.switch_to_window(second).await?;
        page.open("").await?;
        page.choose("Preset", "linear-code").await?;
        page.fill("Epochs", 1.0).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        open_stored_data(page).await?;
        let rows = page
            .until("both runs", SHORT_TIMEOUT, async || {
                let rows = stored_runs(page).await?;
                Ok((rows.len() == 2).then_some(rows))
            })
            .await?;
        let in_progress: Vec<_> = rows.iter().filter(|row| row.contains("In progress")).collect();
        ensure!(matches!(&in_progress[..], [row] if row.contains("500")), "in progress is the other tab's: {rows:?}");
        page.screenshot("stored-data").await?;
        page.client.close_window().await?;
        page.client.switch_to_window(first).await?;
        page.press("Stop").await?;
        page.until_phase("stopped", SHORT_TIMEOUT).await?;
        page.open("").await?;
        let offer = page.find(Role::Region, "Kept model").await?.text().await?;
        ensure!(offer.contains("of 500") && offer.contains("of 1)"), "both are offered: {offer}");
        page.assert_alive().await
    });
}

#[test]
fn drawing_and_experiment_survive_a_reload() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        page.draw(THREE).await?;
        page.choose("Preset", "vae").await?;
        page.open_builder().await?;
        page.fill("Latent size", 11.0).await?;
        let network = page.network().await?;
        // The draft is stored half a second after the last change.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let pixels = "return [...document.querySelector('[aria-label=\"Drawing pad\"]')
            .getContext('2d').getImageData(0, 0, 420, 420).data.filter((_, index) => index % 4 === 0)].join();";
        let drawn = page.script(pixels, vec![]).await?;
        page.client.refresh().await?;
        page.until_ready().await?;
        page.until("the drawing", SHORT_TIMEOUT, async || {
            Ok((page.script(pixels, vec![]).await? == drawn).then_some(()))
        })
        .await?;
        page.until_network(&network).await?;
        // A new visit begins anew.
        page.open("").await?;
        ensure!(page.network().await? != network);
        page.assert_alive().await
    });
}

#[test]
fn everything_is_forgotten_at_one_press() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        set_up(page, 500, 64, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        open_stored_data(page).await?;
        page.until("the run", SHORT_TIMEOUT, async || Ok((stored_runs(page).await?.len() == 1).then_some(()))).await?;
        page.press("Forget everything").await?;
        page.press("Yes, forget everything").await?;
        page.until("an empty table", SHORT_TIMEOUT, async || Ok(stored_runs(page).await?.is_empty().then_some(())))
            .await?;
        ensure!(page.visible(".stored-data").await?.contains("No run is stored."));
        page.open("").await?;
        ensure!(!page.is_displayed(Role::Region, "Kept model").await?, "nothing is left to be offered");
        Ok(())
    });
}

#[test]
fn a_full_or_emptied_storage_is_told_beside_the_run() {
    let fill = "const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...values) {
            if (window.isFull) throw new DOMException('full', 'QuotaExceededError');
            return put.apply(this, values);
        };";
    scenario(Setup::cpu().before_scripts(fill), async |page| {
        page.open("").await?;
        set_up(page, 2000, 32, 500).await?;
        page.press("Train").await?;
        until_progress(page).await?;
        let until_told = async |words: &str| {
            page.until(words, SHORT_TIMEOUT, async || {
                Ok(page.text("storage").await?.is_some_and(|text| text.contains(words)).then_some(()))
            })
            .await
        };
        tokio::time::sleep(Duration::from_secs(3)).await;
        page.script(
            "indexedDB.open('pinhole').onsuccess = ({ target: { result: database } }) => {
                 const stores = database.transaction(['runs', 'weights'], 'readwrite');
                 ['runs', 'weights'].forEach(name => stores.objectStore(name).clear());
                 database.close();
             };",
            vec![],
        )
        .await?;
        until_told("was deleted in this browser").await?;
        page.script("window.isFull = true;", vec![]).await?;
        until_told("no room left").await?;
        page.press("Stop").await?;
        page.until_phase("stopped", SHORT_TIMEOUT).await?;
        page.assert_alive().await
    });
}

/// The record that the first version of the storage held, under one key.
#[test]
fn a_model_stored_by_an_earlier_version_is_offered() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        set_up(page, 500, 64, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        // A file of the same origin, on which the page does not run.
        page.load("theme.js").await?;
        let stored = page
            .client
            .execute_async(
                "const done = arguments[0];
                 const settled = (request) => new Promise((resolve, reject) => {
                     request.onsuccess = () => resolve(request.result);
                     request.onerror = () => reject(request.error);
                 });
                 (async () => {
                     let database = await settled(indexedDB.open('pinhole'));
                     const stores = database.transaction(['runs', 'weights']);
                     const [run] = await settled(stores.objectStore('runs').getAll());
                     const bytes = await settled(stores.objectStore('weights').get(run.id));
                     database.close();
                     await settled(indexedDB.deleteDatabase('pinhole'));
                     const opening = indexedDB.open('pinhole', 1);
                     opening.onupgradeneeded = () => opening.result.createObjectStore('checkpoints');
                     database = await settled(opening);
                     const { experiment, start } = run.kind.network;
                     const record = { bytes, experiment, start, epoch: 1, kept_at_ms: 1e12 };
                     await settled(database.transaction('checkpoints', 'readwrite').objectStore('checkpoints').put(record, 'last'));
                     database.close();
                     return bytes.length;
                 })().then(done, error => done(String(error)));",
                vec![],
            )
            .await?;
        ensure!(stored.as_u64().is_some_and(|bytes| bytes > 100_000), "the old record was written: {stored}");
        page.open("").await?;
        let offer = page.find(Role::Region, "Kept model").await?.text().await?;
        ensure!(offer.contains("epoch 1 of 1"), "{offer}");
        page.press("Restore").await?;
        page.until("the restored model", SHORT_TIMEOUT, async || {
            let text = page.script("return document.body.innerText;", vec![]).await?;
            Ok(text.as_str().is_some_and(|text| text.contains("Your last model")).then_some(()))
        })
        .await?;
        let old_stores: Value = page
            .client
            .execute_async(
                "const done = arguments[0]; const opening = indexedDB.open('pinhole');
                 opening.onsuccess = () => { done([...opening.result.objectStoreNames]); opening.result.close(); };",
                vec![],
            )
            .await?;
        ensure!(!old_stores.as_array().context("names")?.contains(&json!("checkpoints")), "{old_stores}");
        Ok(())
    });
}
