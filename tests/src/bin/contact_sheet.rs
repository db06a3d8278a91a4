//! Contact sheet of the presets: trains each of them in the page, with its own settings, and writes one picture of what
//! the page then shows. Prints seconds and aims of each.
//!
//! `cargo run --profile quick --package pinhole-e2e --bin contact_sheet -- docs/presets.png`, after
//! `cargo xtask build`.

use std::{env, fs, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use fantoccini::Locator;
use pinhole_e2e::{
    Page, Setup,
    drawing::THREE,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use pinhole_protocol::{CodeOrigin, Preset, presets};
use serde_json::{Value, json};

/// Window, wide enough that every preset's pipeline is one row.
const WINDOW: (u32, u32) = (1_280, 900);

fn main() {
    let file = env::args_os().nth(1).map_or_else(|| PathBuf::from("docs/presets.png"), PathBuf::from);
    let chosen: Vec<String> = env::args().skip(2).collect();
    scenario(Setup { window: WINDOW, ..Setup::cpu() }, async |page| {
        let mut cells = Vec::new();
        for preset in presets() {
            if chosen.is_empty() || chosen.iter().any(|name| name == preset.name) {
                cells.extend(trained(page, &preset).await.with_context(|| preset.name.to_owned())?);
            }
        }
        let sheet = sheet(page, &cells).await?;
        fs::write(&file, sheet).with_context(|| format!("writing {}", file.display()))?;
        println!("wrote {}", file.display());
        Ok(())
    });
}

/// Caption and PNG of what a preset's model shows after its run.
async fn trained(page: &Page, preset: &Preset) -> Result<Vec<(String, String)>> {
    page.open("?device=cpu").await?;
    page.press("Clear").await?;
    page.draw(THREE).await?;
    page.choose("Preset", preset.name).await?;
    if preset.base().is_some() {
        page.until_text("Ready-made article").await?;
    }
    let start = Instant::now();
    page.press("Train").await?;
    let ended = page
        .until("the end of the run", LONG_TIMEOUT * 4, async || {
            let phase = page.phase().await?;
            Ok((!["preparing", "running"].contains(&phase.as_str())).then_some(phase))
        })
        .await?;
    let seconds = start.elapsed().as_secs();
    ensure!(ended == "finished", "the run is {ended}: {:?}", page.notices().await?);
    let aims = page
        .until("the aims to be measured", SHORT_TIMEOUT, async || {
            let aims = page.visible("ul[aria-label='Aims of the preset']").await?;
            Ok(aims.contains("reached").then(|| aims.replace('\n', "; ")))
        })
        .await?;
    println!("{:<22} {seconds:>4} s  {aims}", preset.name);
    page.script("document.querySelector('.stations .controls').hidden = true;", vec![]).await?;
    let mut cells = vec![(format!("{}, {seconds} s. {aims}", preset.title), picture_of(page, ".stations").await?)];
    if preset.experiment.network.plan().is_ok_and(|plan| CodeOrigin::of(&plan).is_some()) {
        page.open_view("Samples").await?;
        page.until("generated pictures", SHORT_TIMEOUT, async || {
            Ok(page.client.find(Locator::Css(".generated canvas")).await.ok())
        })
        .await?;
        cells.push((format!("{}: from codes of its own", preset.title), picture_of(page, ".generated").await?));
    }
    Ok(cells)
}

/// PNG, in base64, of the element that matches a selector.
async fn picture_of(page: &Page, selector: &str) -> Result<String> {
    let element = page.client.find(Locator::Css(selector)).await?;
    page.script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });", vec![json!(element)]).await?;
    Ok(BASE64.encode(element.screenshot().await?))
}

/// PNG of all cells, two to a row, with their captions.
async fn sheet(page: &Page, cells: &[(String, String)]) -> Result<Vec<u8>> {
    let cells: Vec<Value> = cells.iter().map(|(caption, png)| json!([caption, png])).collect();
    page.client
        .execute_async(
            "const [cells, done] = arguments;
             document.body.textContent = '';
             const sheet = document.createElement('div');
             Object.assign(sheet.style, { display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', gap: '16px', padding: '24px' });
             const loads = cells.map(([caption, png]) => {
                 const figure = document.createElement('figure');
                 const image = new Image();
                 image.style.width = '100%';
                 const text = document.createElement('figcaption');
                 text.textContent = caption;
                 figure.append(text, image);
                 sheet.append(figure);
                 return new Promise(resolve => { image.onload = resolve; image.src = 'data:image/png;base64,' + png; });
             });
             document.body.append(sheet);
             Promise.all(loads).then(() => done(true));",
            vec![Value::Array(cells)],
        )
        .await?;
    let path = page.full_page_screenshot("contact-sheet").await?;
    Ok(fs::read(path)?)
}
