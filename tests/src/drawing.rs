//! Drawing on the pad by pointers, and what is drawn there.

use std::time::Duration;

use anyhow::{Result, ensure};
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::{Value, json};

use crate::{Page, controls::Role};

/// A line through points, each (x, y) as a share of the pad's width and height.
pub type Stroke = [(f64, f64)];

/// A digit three, in one line.
pub const THREE: &Stroke = &[
    (0.32, 0.28),
    (0.42, 0.20),
    (0.56, 0.20),
    (0.65, 0.28),
    (0.63, 0.40),
    (0.50, 0.47),
    (0.64, 0.54),
    (0.68, 0.66),
    (0.60, 0.78),
    (0.44, 0.80),
    (0.32, 0.72),
];

/// A digit seven, in one line.
pub const SEVEN: &Stroke = &[(0.30, 0.24), (0.48, 0.24), (0.68, 0.24), (0.58, 0.44), (0.50, 0.62), (0.44, 0.82)];

/// Bounds of the pad in the window, CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PadBounds {
    /// Distance from the window's left edge.
    pub left: f64,
    /// Distance from the window's upper edge.
    pub top: f64,
    /// Width of the pad.
    pub width: f64,
    /// Height of the pad.
    pub height: f64,
}

impl PadBounds {
    /// Move of a pointer to a point of the pad.
    pub fn move_to(self, (x, y): (f64, f64), duration_ms: u64) -> PointerAction {
        let duration = Some(Duration::from_millis(duration_ms));
        PointerAction::MoveTo { duration, x: self.left + x * self.width, y: self.top + y * self.height }
    }
}

impl Page {
    /// Draws one line on the pad.
    ///
    /// # Errors
    /// When there is no pad, or it is outside the window.
    pub async fn draw(&self, stroke: &Stroke) -> Result<()> {
        let bounds = self.show_pad().await?;
        let mut mouse = MouseActions::new("mouse".into());
        for (index, point) in stroke.iter().enumerate() {
            // Long enough that the browser sends moves in between.
            mouse = mouse.then(bounds.move_to(*point, if index == 0 { 0 } else { 30 }));
            if index == 0 {
                mouse = mouse.then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
            }
        }
        let mouse = mouse.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await?;
        Ok(())
    }

    /// Scrolls the pad into view, and returns its bounds.
    ///
    /// # Errors
    /// When there is no pad, or it is too small to draw on.
    pub async fn show_pad(&self) -> Result<PadBounds> {
        let pad = self.find(Role::Canvas, "Drawing pad").await?;
        let scroll_into_view = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.script(scroll_into_view, vec![json!(pad)]).await?;
        self.pad_bounds().await
    }

    /// Bounds of the pad in the window.
    ///
    /// # Errors
    /// When there is no pad, or it is too small to draw on.
    pub async fn pad_bounds(&self) -> Result<PadBounds> {
        let pad = self.find(Role::Canvas, "Drawing pad").await?;
        let bounds = self
            .script(
                "const box = arguments[0].getBoundingClientRect();
                 return [box.left, box.top, box.width, box.height];",
                vec![json!(pad)],
            )
            .await?;
        let [left, top, width, height]: [f64; 4] = serde_json::from_value(bounds)?;
        ensure!(width > 50.0 && height > 50.0, "the pad is {width} x {height}: too small to draw on");
        Ok(PadBounds { left, top, width, height })
    }

    /// Bounds of what is drawn on the pad, as shares of its sides: left, top, right, bottom; `None` if it is empty.
    ///
    /// # Errors
    /// When there is no pad.
    pub async fn ink_bounds(&self) -> Result<Option<[f64; 4]>> {
        let pad = self.find(Role::Canvas, "Drawing pad").await?;
        let bounds = self
            .script(
                "const { width, height } = arguments[0];
                 const { data } = arguments[0].getContext('2d').getImageData(0, 0, width, height);
                 let [left, top, right, bottom] = [width, height, -1, -1];
                 for (let y = 0; y < height; y += 1)
                     for (let x = 0; x < width; x += 1)
                         if (data[4 * (y * width + x)] > 127)
                             [left, top, right, bottom] =
                                 [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
                 return right < 0 ? null : [left / width, top / height, (right + 1) / width, (bottom + 1) / height];",
                vec![json!(pad)],
            )
            .await?;
        Ok(serde_json::from_value(bounds)?)
    }

    /// True if there is ink at a point of the pad.
    ///
    /// # Errors
    /// When there is no pad.
    pub async fn has_ink_at(&self, (x, y): (f64, f64)) -> Result<bool> {
        let pad = self.find(Role::Canvas, "Drawing pad").await?;
        let value = self
            .script(
                "const [pad, x, y] = arguments;
                 return pad.getContext('2d').getImageData(x * pad.width, y * pad.height, 1, 1).data[0];",
                vec![json!(pad), json!(x), json!(y)],
            )
            .await?;
        Ok(value.as_f64().is_some_and(|value| value > 127.0))
    }

    /// Share of the pad's pixels that differ from its corner, 0 to 1.
    ///
    /// # Errors
    /// When there is no pad.
    pub async fn ink_on_pad(&self) -> Result<f64> {
        let pad = self.find(Role::Canvas, "Drawing pad").await?;
        let share: Value = self
            .script(
                "const pad = arguments[0];
                 const { data } = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);
                 let different = 0;
                 for (let i = 0; i < data.length; i += 4)
                     if ([0, 1, 2, 3].some(c => Math.abs(data[i + c] - data[c]) > 64)) different += 1;
                 return different / (data.length / 4);",
                vec![json!(pad)],
            )
            .await?;
        Ok(share.as_f64().unwrap_or_default())
    }
}
