//! Accessibility of the Tables lab: names of controls, and screenshots for review.

use anyhow::{Result, ensure};
use pinhole_e2e::{Page, Setup, controls::Role, csv::SyntheticTable, files::Folder, page::LONG_TIMEOUT, scenario};

async fn ensure_named(page: &Page, state: &str) -> Result<()> {
    page.unfold_all().await?;
    let nameless = page.nameless_controls().await?;
    ensure!(nameless.is_empty(), "{state}: without a name: {nameless:#?}");
    Ok(())
}

#[test]
fn every_control_has_a_name_in_every_state() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("names")?;
        let table = folder.write(
            "plant.csv",
            SyntheticTable { anomaly_every: 25, ..SyntheticTable::new(1000, 6) }.csv().as_bytes(),
        )?;
        let next = folder.write(
            "next.csv",
            SyntheticTable { temperature_shift: 2.0, ..SyntheticTable::new(800, 7) }.csv().as_bytes(),
        )?;
        page.open_tables().await?;
        ensure_named(page, "empty").await?;
        page.find(Role::Link, "Tables").await?;
        for input in ["Open table", "Open detector", "Score another file"] {
            page.find(Role::File, input).await?;
        }
        for button in ["Train", "Stop", "Save detector", "Fine-tune"] {
            page.find(Role::Button, button).await?;
        }
        page.open_csv(&table).await?;
        ensure_named(page, "read").await?;
        page.find(Role::ComboBox, "Label column").await?;
        page.train_on_table().await?;
        page.shown_rows().await?;
        ensure_named(page, "scored").await?;
        page.find(Role::Button, "Download scored table").await?;
        page.find(Role::Slider, "Threshold").await?;
        page.find(Role::Table, "Scored rows").await?;
        for output in ["AUROC", "Average precision", "Flagged rows"] {
            page.find(Role::Output, output).await?;
        }
        page.press("Compare with baselines").await?;
        page.until_table("the baselines", LONG_TIMEOUT, async || {
            Ok(page.find_now(Role::Table, "Baselines compared").await?.map(|_| ()))
        })
        .await?;
        explain_first_row(page).await?;
        ensure_named(page, "compared and explained").await?;
        page.score_file(&next).await?;
        ensure_named(page, "another file scored").await
    });
}

async fn explain_first_row(page: &Page) -> Result<()> {
    let scroller = page.client.find(fantoccini::Locator::Css(".rows-scroll")).await?;
    let (down, enter) = (fantoccini::key::Key::Down, fantoccini::key::Key::Enter);
    scroller.send_keys(&format!("{}{}", char::from(down), char::from(enter))).await?;
    page.find(Role::Table, "Contributions").await?;
    Ok(())
}

#[test]
fn screenshots_of_tables_wide_and_phone_light_and_dark() {
    for (name, window) in [("wide", (1280, 1000)), ("phone", (360, 780))] {
        scenario(Setup { window, ..Setup::cpu() }, async |page| {
            page.open_tables().await?;
            in_both_themes(page, &format!("tables-{name}-empty")).await?;
            page.press("Try: Machine sensors").await?;
            page.until_read("machine-sensors.csv").await?;
            page.unfold_all().await?;
            in_both_themes(page, &format!("tables-{name}-read")).await?;
            page.train_on_table().await?;
            page.shown_rows().await?;
            explain_first_row(page).await?;
            page.script("document.querySelectorAll('details').forEach(fold => { fold.open = false; });", vec![])
                .await?;
            in_both_themes(page, &format!("tables-{name}-scored")).await
        });
    }
}

async fn in_both_themes(page: &Page, name: &str) -> Result<()> {
    for theme in ["light", "dark"] {
        page.choose("Theme", theme).await?;
        screenshot(page, &format!("{name}-{theme}")).await?;
    }
    Ok(())
}

async fn screenshot(page: &Page, name: &str) -> Result<()> {
    page.script("document.activeElement?.blur(); scrollTo({ top: 0, behavior: 'instant' });", vec![]).await?;
    page.full_page_screenshot(name).await?;
    let overflow = page
        .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth;", vec![])
        .await?;
    ensure!(overflow.as_f64().is_some_and(|overflow| overflow <= 0.0), "{name} scrolls sideways by {overflow}");
    Ok(())
}
