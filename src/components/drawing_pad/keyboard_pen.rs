//! Pen of the drawing pad that is moved by keys.

/// Distance per key press: one of the 28 pixels of the digit.
const STEP: f32 = 1.0 / 28.0;

/// Position of the pen, as shares of the pad's side; it draws while it is down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyboardPen {
    pub x: f32,
    pub y: f32,
    pub down: bool,
}

impl Default for KeyboardPen {
    fn default() -> Self {
        Self { x: 0.5, y: 0.25, down: false }
    }
}

/// Effect of a key on the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PenAction {
    None,
    Begin,
    Extend,
}

impl KeyboardPen {
    /// Returns the pen after a key and the effect on the drawing; `None` for other keys.
    pub fn press(mut self, key: &str, fast: bool) -> Option<(Self, PenAction)> {
        let step = if fast { 3.0 * STEP } else { STEP };
        let (x, y) = match key {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            " " => {
                self.down = !self.down;
                return Some((self, if self.down { PenAction::Begin } else { PenAction::None }));
            }
            "Escape" if self.down => {
                self.down = false;
                return Some((self, PenAction::None));
            }
            _ => return None,
        };
        self.x = (self.x + x).clamp(0.0, 1.0);
        self.y = (self.y + y).clamp(0.0, 1.0);
        Some((self, if self.down { PenAction::Extend } else { PenAction::None }))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn space_lowers_the_pen_and_arrows_draw() {
        let (pen, stroke) = KeyboardPen::default().press("ArrowRight", false).expect("an arrow");
        assert_eq!(stroke, PenAction::None, "the pen is up");
        let (pen, stroke) = pen.press(" ", false).expect("space");
        assert!(pen.down);
        assert_eq!(stroke, PenAction::Begin);
        let (pen, stroke) = pen.press("ArrowDown", true).expect("an arrow");
        assert_eq!(stroke, PenAction::Extend);
        assert!((pen.y - (0.25 + 3.0 * STEP)).abs() < 1e-6);
        let (pen, stroke) = pen.press("Escape", false).expect("escape lifts");
        assert!(!pen.down);
        assert_eq!(stroke, PenAction::None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_pen_stays_on_the_pad_and_other_keys_pass() {
        let edge = KeyboardPen { x: 0.0, y: 1.0, down: true };
        let (pen, _) = edge.press("ArrowLeft", true).expect("an arrow");
        assert_eq!(pen, edge);
        assert_eq!(edge.press("Tab", false), None);
        assert_eq!(KeyboardPen::default().press("Escape", false), None);
    }
}
