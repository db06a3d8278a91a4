//! Map of the lab "Latent space": projections, pointer and keys, selection, search, epochs, files.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{Page, Setup, controls::Role, files::Folder, page::SHORT_TIMEOUT, scenario};
use serde_json::json;

use crate::{inspection::set_up_preset, latent_walks::open_lab};

/// Waits until the sentence about the map contains some words, and returns it.
async fn until_status(page: &Page, words: &str) -> Result<String> {
    page.until(&format!("\"{words}\" about the map"), SHORT_TIMEOUT * 2, async || {
        let status = page.visible(".map-status").await?;
        Ok(status.contains(words).then_some(status))
    })
    .await
}

/// Trains the plane of two numbers briefly, and opens its map.
async fn open_plane(page: &Page) -> Result<()> {
    page.open("?device=cpu").await?;
    set_up_preset(page, "plane", 800, 50, 4).await?;
    page.train().await?;
    open_lab(page).await?;
    until_status(page, "Raw: ").await?;
    Ok(())
}

/// Presses a key on the map.
async fn key(page: &Page, key: &str, is_shift: bool) -> Result<()> {
    let map = page.find(Role::Canvas, "Latent map").await?;
    page.script(
        "const [map, key, shiftKey] = arguments;
         map.focus();
         map.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));",
        vec![json!(map), key.into(), is_shift.into()],
    )
    .await?;
    Ok(())
}

/// Drags a pointer over the map through places, as shares of its width and height.
async fn drag(page: &Page, places: &[(f64, f64)], is_shift: bool) -> Result<()> {
    let map = page.find(Role::Canvas, "Latent map").await?;
    page.script(
        "const [map, places, shiftKey] = arguments;
         const { left, top, width, height } = map.getBoundingClientRect();
         const send = (type, [x, y]) => map.dispatchEvent(new PointerEvent(type, {
             pointerId: 1, pointerType: 'mouse', button: 0, shiftKey, bubbles: true,
             clientX: left + x * width, clientY: top + y * height,
         }));
         send('pointerdown', places[0]);
         for (const place of places) send('pointermove', place);
         send('pointerup', places[places.length - 1]);",
        vec![json!(map), json!(places), is_shift.into()],
    )
    .await?;
    Ok(())
}

/// Moves a pointer to a place of the map.
async fn point_at(page: &Page, (x, y): (f64, f64)) -> Result<()> {
    let map = page.find(Role::Canvas, "Latent map").await?;
    page.script(
        "const [map, x, y] = arguments;
         const { left, top, width, height } = map.getBoundingClientRect();
         map.dispatchEvent(new PointerEvent('pointermove', {
             pointerId: 1, pointerType: 'mouse', bubbles: true, clientX: left + x * width, clientY: top + y * height,
         }));",
        vec![json!(map), x.into(), y.into()],
    )
    .await?;
    Ok(())
}

#[test]
fn every_projection_is_laid_out_and_read() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        page.screenshot("latent-raw").await?;
        ensure!(page.visible(".map-reading").await?.contains("nothing was projected"), "how a raw map is read");
        for (button, reading) in [
            ("PCA", "Variance explained"),
            ("t-SNE", "keeps neighbours, not distances"),
            ("UMAP", "compare seeds"),
            ("Raw", "nothing was projected"),
        ] {
            page.press(button).await?;
            until_status(page, &format!("{button}: ")).await?;
            page.until(reading, SHORT_TIMEOUT * 3, async || {
                Ok(page.visible(".map-reading").await?.contains(reading).then_some(()))
            })
            .await?;
            page.screenshot(&format!("latent-{button}")).await?;
        }
        page.assert_alive().await
    });
}

#[test]
fn the_map_is_walked_by_keys() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        let whole = page.visible(".map-status").await?;
        key(page, "ArrowRight", false).await?;
        let first = until_status(page, "error").await?;
        ensure!(first != whole, "the first point is described");
        key(page, "ArrowLeft", false).await?;
        page.until("the neighbour", SHORT_TIMEOUT, async || {
            Ok((page.visible(".map-status").await? != first).then_some(()))
        })
        .await?;
        key(page, "Enter", false).await?;
        page.until("sample A", SHORT_TIMEOUT, async || {
            Ok(page.visible("#latent-chosen").await?.contains("A,").then_some(()))
        })
        .await?;
        key(page, "ArrowUp", false).await?;
        key(page, "Enter", true).await?;
        key(page, "+", false).await?;
        key(page, "0", false).await?;
        key(page, "Escape", false).await?;
        page.until("nothing chosen", SHORT_TIMEOUT, async || {
            Ok((!page.visible("#latent-chosen").await?.contains("A,")).then_some(()))
        })
        .await?;
        page.assert_alive().await
    });
}

#[test]
fn the_decoder_paints_between_the_points() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        let mut pictures = Vec::new();
        for place in [(0.15, 0.12), (0.9, 0.85)] {
            point_at(page, place).await?;
            let before = pictures.last().cloned();
            let picture = page
                .until("a decoded place", SHORT_TIMEOUT, async || {
                    let picture = page.picture("Decoded").await?;
                    let is_new = Some(&picture) != before.as_ref() && picture.iter().any(|value| *value > 0.1);
                    Ok(is_new.then_some(picture))
                })
                .await?;
            pictures.push(picture);
        }
        page.screenshot("latent-hover").await?;
        page.assert_alive().await
    });
}

#[test]
fn a_lasso_selects_labels_and_exports() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        page.press("Select").await?;
        drag(page, &[(0.05, 0.02), (0.95, 0.02), (0.95, 0.9), (0.05, 0.9)], false).await?;
        let selected = page.until("a selection", SHORT_TIMEOUT, async || {
            let title = page.visible("#selection-title").await.unwrap_or_default();
            Ok(title.contains("Lasso").then_some(title))
        });
        println!("{}", selected.await?);
        page.find(Role::Image, "Selected samples").await?;
        page.press("Clear selection").await?;
        page.press("Select").await?;
        // With Shift a rectangle is selected without the mode.
        drag(page, &[(0.1, 0.05), (0.5, 0.9)], true).await?;
        page.until("a smaller selection", SHORT_TIMEOUT, async || {
            Ok(page.visible("#selection-title").await.is_ok_and(|title| title.contains("Box")).then_some(()))
        })
        .await?;
        page.script(
            "const field = document.querySelector('[aria-label=\"Name of the label\"]');
             field.value = 'left half';
             field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
            vec![],
        )
        .await?;
        page.press("Label it").await?;
        page.until("colours by the new label", SHORT_TIMEOUT, async || {
            Ok((page.selected_title("Colour by").await? == "My label").then_some(()))
        })
        .await?;
        let (_, exported) = page.download("Export selection", "csv").await?;
        let lines = String::from_utf8(exported)?.lines().count();
        ensure!(lines > 2, "a header and the selected samples, not {lines} lines");
        page.screenshot("latent-selection").await?;
        page.assert_alive().await
    });
}

#[test]
fn coordinates_are_downloaded_and_opened() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        let (_, bytes) = page.download("Download coordinates", "csv").await?;
        let csv = String::from_utf8(bytes)?;
        let header = csv.lines().next().context("a header")?;
        ensure!(header.ends_with("x,y"), "the coordinates come last: {header}");
        ensure!(csv.lines().count() > 50, "a line per sample");
        let (_, png) = page.download("Save map as PNG", "png").await?;
        ensure!(png.starts_with(b"\x89PNG") && png.len() > 5_000, "a picture of the map");
        let (_, svg) = page.download("Save map as SVG", "svg").await?;
        let svg = String::from_utf8(svg)?;
        ensure!(svg.matches("<circle").count() > 50 && svg.contains("Latent 1"), "a circle per point, and the axes");

        let folder = Folder::new("coordinates")?;
        let lines: Vec<String> =
            (0..60).map(|index| format!("{index},{},c{}", index * index % 17, index % 3)).collect();
        let file = folder.write("places.csv", format!("x,y,kind\n{}\n", lines.join("\n")).as_bytes())?;
        page.attach("Open coordinates", &[&file]).await?;
        until_status(page, "60 points").await?;
        page.choose("Colour by", "kind").await?;
        let broken = folder.write("broken.csv", b"x,y\n1,2\nNaN,3\n4,5\n")?;
        page.attach("Open coordinates", &[&broken]).await?;
        let notice = page.until("a sentence about the file", SHORT_TIMEOUT, async || {
            let text = page.visible(".latent").await? + &page.notices().await?.join(" ");
            Ok(text.contains("broken.csv").then_some(text))
        });
        notice.await?;
        until_status(page, "60 points").await?;
        page.assert_alive().await
    });
}

#[test]
fn epochs_are_replayed() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        page.find(Role::Group, "After each epoch").await?;
        page.press("Map after epoch 1").await?;
        until_status(page, "after epoch 1").await?;
        page.slide("Epoch", 3.0).await?;
        page.press("Replay").await?;
        until_status(page, "after epoch 4").await?;
        page.press("Back to the map").await?;
        until_status(page, "Raw: ").await?;
        page.assert_alive().await
    });
}

#[test]
fn samples_are_searched_for_and_read_as_a_table() {
    scenario(Setup::cpu(), async |page| {
        open_plane(page).await?;
        page.press("Search").await?;
        page.find(Role::SearchBox, "Value").await?.send_keys("3").await?;
        page.until("matches", SHORT_TIMEOUT, async || {
            Ok(page.visible(".map-search").await?.contains("found").then_some(()))
        })
        .await?;
        page.find(Role::List, "Found").await?;
        page.press("Points in view as a table").await?;
        page.find(Role::Table, "Points in view").await?;
        ensure!(page.visible(".map-twin").await?.contains("in view"), "the number of points in view");
        page.assert_alive().await
    });
}

#[test]
fn without_a_model_the_lab_says_what_to_do() {
    scenario(Setup::cpu(), async |page| {
        page.load("?device=cpu#/latent").await?;
        page.until_ready().await?;
        page.until("a sentence in the place of the map", SHORT_TIMEOUT * 3, async || {
            Ok(page.visible(".map-empty").await.is_ok_and(|text| text.contains("Digits lab")).then_some(()))
        })
        .await?;
        page.screenshot("latent-empty").await?;
        page.assert_alive().await
    });
}

/// Script: counts the calls by which WebGL draws and uploads from now on.
const COUNT_CALLS: &str = "
    const gl = WebGL2RenderingContext.prototype;
    window.calls = { draws: 0, bytes: 0 };
    for (const name of ['drawArrays', 'bufferData']) {
        const original = gl[name];
        gl[name] = function (...values) {
            if (name === 'drawArrays') calls.draws += 1;
            else calls.bytes += values[1].byteLength ?? 0;
            return original.apply(this, values);
        };
    }";

/// Script: turns the wheel over the map for a while; returns frames, draws and uploaded bytes.
const TURN_WHEEL: &str = "
    const map = document.querySelector('[aria-label=\"Latent map\"]');
    const { left, top, width, height } = map.getBoundingClientRect();
    Object.assign(calls, { draws: 0, bytes: 0, frames: 0, over: false });
    const start = performance.now();
    const turn = () => {
        if (performance.now() - start > 2000) { calls.over = true; return; }
        calls.frames += 1;
        map.dispatchEvent(new WheelEvent('wheel', {
            deltaY: calls.frames % 40 < 20 ? -20 : 20, bubbles: true, cancelable: true,
            clientX: left + width / 2, clientY: top + height / 2,
        }));
        requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);";

#[test]
fn many_points_are_moved_without_another_upload() {
    scenario(Setup::cpu(), async |page| {
        page.load("?device=cpu#/latent").await?;
        page.until_ready().await?;
        let count = 100_000;
        let folder = Folder::new("many-points")?;
        let lines = (0..count).map(|index| {
            let (radius, angle) = (f64::from(index).sqrt(), f64::from(index) * 2.4);
            format!("{:.3},{:.3},{}\n", radius * angle.cos(), radius * angle.sin(), index % 10)
        });
        let file = folder.write("spiral.csv", format!("x,y,kind\n{}", lines.collect::<String>()).as_bytes())?;
        page.script(COUNT_CALLS, vec![]).await?;
        page.attach("Open coordinates", &[&file]).await?;
        until_status(page, "points").await?;
        page.script(TURN_WHEEL, vec![]).await?;
        let calls = page
            .until("two seconds of magnifying", SHORT_TIMEOUT * 3, async || {
                let calls = page.script("return calls;", vec![]).await?;
                Ok((calls["over"] == true).then_some(calls))
            })
            .await?;
        println!("{count} points: {calls} in two seconds");
        let number = |name: &str| calls[name].as_u64().context("a number");
        let (frames, draws) = (number("frames")?, number("draws")?);
        ensure!(frames > 0 && draws <= 3 * (frames + 1), "{draws} draws in {frames} frames");
        ensure!(number("bytes")? == 0, "positions were uploaded again");
        page.screenshot("latent-many").await?;
        page.assert_alive().await
    });
}
