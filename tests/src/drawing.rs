//! Drawing on the pad by pointer events of a mouse.

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

impl Page {
    /// Draws one line on the pad.
    ///
    /// # Errors
    /// When there is no pad, or it is outside the window.
    pub async fn draw(&self, stroke: &Stroke) -> Result<()> {
        let pad = self.find(Role::Canvas, "Drawing pad").await?;
        let bounds = self
            .script(
                "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });
                 const box = arguments[0].getBoundingClientRect();
                 return [box.left, box.top, box.width, box.height];",
                vec![serde_json::to_value(&pad)?],
            )
            .await?;
        let [left, top, width, height]: [f64; 4] = serde_json::from_value(bounds)?;
        ensure!(width > 50.0 && height > 50.0, "the pad is {width} x {height}: too small to draw on");
        let mut mouse = MouseActions::new("mouse".into());
        for (index, (x, y)) in stroke.iter().enumerate() {
            let (x, y) = (left + x * width, top + y * height);
            // Long enough that the browser sends moves in between.
            let duration = Some(Duration::from_millis(if index == 0 { 0 } else { 30 }));
            mouse = mouse.then(PointerAction::MoveTo { duration, x, y });
            if index == 0 {
                mouse = mouse.then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
            }
        }
        let mouse = mouse.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await?;
        Ok(())
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
