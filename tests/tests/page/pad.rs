//! The drawing pad: a second pointer, zoom and pixel ratio, scrolling and resizing in mid-stroke.

use anyhow::{Context as _, Result, ensure};
use fantoccini::{
    actions::{
        ActionSequence, Actions, InputSource, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions, PenActions,
        PointerAction, TouchActions,
    },
    key::Key,
};
use pinhole_e2e::{Capability, Page, Setup, drawing::PadBounds, page::SHORT_TIMEOUT, scenario};
use serde_json::json;
use xtask::browsers::BrowserKind;

const DOWN: PointerAction = PointerAction::Down { button: MOUSE_BUTTON_LEFT };
const UP: PointerAction = PointerAction::Up { button: MOUSE_BUTTON_LEFT };
const PAUSE: PointerAction = PointerAction::Pause { duration: std::time::Duration::ZERO };

/// A line across the upper part of the pad, in three moves.
fn first<S: InputSource<Action = PointerAction>>(source: S, bounds: PadBounds) -> S {
    [
        bounds.move_to((0.2, 0.3), 0),
        DOWN,
        bounds.move_to((0.4, 0.3), 30),
        PAUSE,
        bounds.move_to((0.5, 0.3), 30),
        bounds.move_to((0.6, 0.3), 30),
        PAUSE,
        bounds.move_to((0.8, 0.3), 30),
        UP,
    ]
    .into_iter()
    .fold(source, S::then)
}

/// A line across the lower part, drawn during the first one.
fn second<S: InputSource<Action = PointerAction>>(source: S, bounds: PadBounds) -> S {
    [
        PAUSE,
        PAUSE,
        bounds.move_to((0.3, 0.7), 0),
        DOWN,
        bounds.move_to((0.5, 0.8), 30),
        bounds.move_to((0.7, 0.7), 30),
        UP,
        PAUSE,
        PAUSE,
    ]
    .into_iter()
    .fold(source, S::then)
}

/// Actions of two pointers at once, for a pad of those bounds.
type Pair = fn(PadBounds) -> [ActionSequence; 2];

#[test]
fn a_second_pointer_adds_no_ink_and_does_not_end_the_stroke() {
    scenario(Setup::cpu().needing(Capability::SecondPointer), async |page| {
        page.open("").await?;
        let pairs: [(&str, Pair); 3] = [
            ("two fingers", |bounds| {
                let touch = |name: &str| TouchActions::new(name.into());
                [first(touch("finger"), bounds).into(), second(touch("second finger"), bounds).into()]
            }),
            ("pen and palm", |bounds| {
                [
                    first(PenActions::new("pen".into()), bounds).into(),
                    second(TouchActions::new("palm".into()), bounds).into(),
                ]
            }),
            ("mouse and finger", |bounds| {
                [
                    first(MouseActions::new("mouse".into()), bounds).into(),
                    second(TouchActions::new("finger".into()), bounds).into(),
                ]
            }),
        ];
        for (what, pair) in pairs {
            if what.starts_with("pen") && Capability::Pen.means(page.browser).is_err() {
                continue;
            }
            page.press("Clear").await?;
            let [stroke, other] = pair(page.show_pad().await?);
            page.client.perform_actions(Actions::from(stroke).and(other)).await?;
            ensure_upper_line(page).await.with_context(|| what.to_owned())?;
            // The second pointer made no stroke of its own either.
            page.press("Undo").await?;
            page.until("an empty pad", SHORT_TIMEOUT, async || Ok(page.ink_bounds().await?.is_none().then_some(())))
                .await
                .with_context(|| what.to_owned())?;
            page.draw(&[(0.3, 0.5), (0.6, 0.5)]).await?;
        }
        Ok(())
    });
}

/// Checks that the pad holds the whole first line and nothing else.
async fn ensure_upper_line(page: &Page) -> Result<()> {
    let [left, top, right, bottom] = page.ink_bounds().await?.context("nothing was drawn")?;
    ensure!(left < 0.2 && right > 0.8, "the line ends early: {left} to {right}");
    ensure!(top > 0.2 && bottom < 0.4, "there is ink elsewhere: {top} to {bottom}");
    for step in 0..=12 {
        let x = 0.2 + 0.05 * f64::from(step);
        ensure!(page.has_ink_at((x, 0.3)).await?, "a gap at {x}");
    }
    Ok(())
}

/// Sets the window's size in CSS pixels, and its device pixels per CSS pixel: both follow the browser's zoom.
async fn set_window(page: &Page, (width, height): (u32, u32), ratio: f64) -> Result<()> {
    if page.browser == BrowserKind::Chromium {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": ratio, "mobile": false });
        page.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
    } else {
        page.set_window((width, height)).await?;
    }
    page.until("the window's size", SHORT_TIMEOUT, async || {
        let now = page.script("return [innerWidth, devicePixelRatio];", vec![]).await?;
        Ok((now[0] == width && now[1].as_f64().is_some_and(|now| (now - ratio).abs() < 1e-6)).then_some(()))
    })
    .await
}

#[test]
fn the_pen_draws_where_it_is_at_any_zoom_and_pixel_ratio() {
    scenario(Setup::cpu().needing(Capability::PixelRatio), async |page| {
        page.open("").await?;
        // A window of 1280 x 1000 at 67, 100 and 200 %, and screens of two and three pixels per CSS pixel.
        for (size, ratio) in
            [((1910, 1492), 0.67), ((1280, 1000), 1.0), ((640, 500), 2.0), ((1280, 1000), 2.0), ((420, 800), 3.0)]
        {
            set_window(page, size, ratio).await?;
            page.press("Clear").await?;
            let side = page.show_pad().await?.width;
            let [x, y] = [0.3123, 0.6789];
            page.draw(&[(x, y), (1.0 - x, y), (1.0 - x, 1.0 - y)]).await?;
            let [left, top, right, bottom] = page.ink_bounds().await?.context("nothing was drawn")?;
            // The stroke's width lies on both sides of each.
            let (centre_x, centre_y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
            let off_px = [centre_x - 0.5, centre_y - 0.5].map(|off| off.abs() * side * ratio);
            println!("{size:?} at {ratio}: a pad of {side} CSS pixels, off by {off_px:?} device pixels");
            // WebDriver's pointers stand on whole CSS pixels; the drawing has pixels of its own.
            let tolerance = 0.5 * ratio + (side * ratio / 420.0).max(1.0);
            ensure!(off_px.iter().all(|off| *off <= tolerance), "off by {off_px:?} device pixels");
            ensure!(right - left > 1.0 - 2.0 * x && bottom - top > 2.0 * y - 1.0, "the line is too short");
        }
        Ok(())
    });
}

#[test]
fn a_stroke_goes_on_where_the_pen_is_after_scrolling_and_resizing() {
    scenario(Setup { window: (1280, 640), ..Setup::cpu() }, async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        let before = page.show_pad().await?;
        let begin = [before.move_to((0.2, 0.3), 0), DOWN, before.move_to((0.5, 0.3), 30)];
        page.client.perform_actions(mouse(begin)).await?;
        page.script("scrollBy({ top: 40, behavior: 'instant' });", vec![]).await?;
        let scrolled = page.pad_bounds().await?;
        ensure!((before.top - scrolled.top).abs() > 20.0, "the page was not scrolled: {before:?}, {scrolled:?}");
        page.client.perform_actions(mouse([scrolled.move_to((0.5, 0.3), 0), scrolled.move_to((0.8, 0.3), 30)])).await?;

        set_window(page, (700, 640), 1.0).await?;
        let resized = page.show_pad().await?;
        ensure!(
            (resized.left - scrolled.left).abs() > 5.0 || (resized.width - scrolled.width).abs() > 5.0,
            "{resized:?}"
        );
        // Back along the line, and down.
        page.client
            .perform_actions(mouse([resized.move_to((0.8, 0.3), 0), resized.move_to((0.8, 0.7), 30), UP]))
            .await?;
        for point in [(0.2, 0.3), (0.35, 0.3), (0.5, 0.3), (0.65, 0.3), (0.8, 0.3), (0.8, 0.5), (0.8, 0.7)] {
            ensure!(page.has_ink_at(point).await?, "no ink at {point:?}");
        }
        let [left, top, right, bottom] = page.ink_bounds().await?.context("nothing was drawn")?;
        ensure!(left > 0.1 && top > 0.2 && right < 0.9 && bottom < 0.8, "ink beside: {left} {top} {right} {bottom}");
        page.press("Undo").await?;
        page.until("one stroke", SHORT_TIMEOUT, async || Ok(page.ink_bounds().await?.is_none().then_some(()))).await
    });
}

fn mouse(actions: impl IntoIterator<Item = PointerAction>) -> MouseActions {
    actions.into_iter().fold(MouseActions::new("mouse".into()), MouseActions::then)
}

#[test]
fn undo_and_other_buttons_in_mid_stroke_end_it() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.press("Clear").await?;
        page.draw(&[(0.2, 0.2), (0.4, 0.2)]).await?;
        let bounds = page.show_pad().await?;
        page.client
            .perform_actions(mouse([bounds.move_to((0.2, 0.8), 0), DOWN, bounds.move_to((0.4, 0.8), 30)]))
            .await?;
        page.press_keys(&[Key::Control], 'z').await?;
        page.client.perform_actions(mouse([bounds.move_to((0.8, 0.8), 30), UP])).await?;
        let [.., bottom] = page.ink_bounds().await?.context("the first stroke is gone")?;
        ensure!(bottom < 0.4, "the first stroke was extended to {bottom}");

        // The left button is lifted while the right one is held: the browser sends a move.
        let right = [PointerAction::Down { button: MOUSE_BUTTON_RIGHT }, UP, bounds.move_to((0.8, 0.8), 30)];
        let stroke = [bounds.move_to((0.2, 0.5), 0), DOWN, bounds.move_to((0.4, 0.5), 30)];
        let end = [PointerAction::Up { button: MOUSE_BUTTON_RIGHT }];
        page.client.perform_actions(mouse(stroke.into_iter().chain(right).chain(end))).await?;
        let [.., right, bottom] = page.ink_bounds().await?.context("nothing was drawn")?;
        ensure!(right < 0.5 && bottom < 0.6, "the lifted pen draws: {right}, {bottom}");
        Ok(())
    });
}
