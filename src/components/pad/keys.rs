//! A pen that the keyboard moves.

/// One pixel of the 28 that the drawing becomes.
const STEP: f32 = 1.0 / 28.0;

/// Where the pen is, as shares of the pad's side, and whether it draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyPen {
    pub x: f32,
    pub y: f32,
    pub down: bool,
}

impl Default for KeyPen {
    fn default() -> Self {
        Self { x: 0.5, y: 0.25, down: false }
    }
}

/// What a key draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    None,
    Begin,
    Extend,
}

impl KeyPen {
    /// The pen after a key, and what that draws; `None` for keys that mean nothing here.
    pub fn press(mut self, key: &str, fast: bool) -> Option<(Self, Stroke)> {
        let step = if fast { 3.0 * STEP } else { STEP };
        let (x, y) = match key {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            " " => {
                self.down = !self.down;
                return Some((self, if self.down { Stroke::Begin } else { Stroke::None }));
            }
            "Escape" if self.down => {
                self.down = false;
                return Some((self, Stroke::None));
            }
            _ => return None,
        };
        self.x = (self.x + x).clamp(0.0, 1.0);
        self.y = (self.y + y).clamp(0.0, 1.0);
        Some((self, if self.down { Stroke::Extend } else { Stroke::None }))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn space_lowers_the_pen_and_arrows_draw() {
        let (pen, stroke) = KeyPen::default().press("ArrowRight", false).expect("an arrow");
        assert_eq!(stroke, Stroke::None, "the pen is up");
        let (pen, stroke) = pen.press(" ", false).expect("space");
        assert!(pen.down);
        assert_eq!(stroke, Stroke::Begin);
        let (pen, stroke) = pen.press("ArrowDown", true).expect("an arrow");
        assert_eq!(stroke, Stroke::Extend);
        assert!((pen.y - (0.25 + 3.0 * STEP)).abs() < 1e-6);
        let (pen, stroke) = pen.press("Escape", false).expect("escape lifts");
        assert!(!pen.down);
        assert_eq!(stroke, Stroke::None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_pen_stays_on_the_pad_and_other_keys_pass() {
        let edge = KeyPen { x: 0.0, y: 1.0, down: true };
        let (pen, _) = edge.press("ArrowLeft", true).expect("an arrow");
        assert_eq!(pen, edge);
        assert_eq!(edge.press("Tab", false), None);
        assert_eq!(KeyPen::default().press("Escape", false), None);
    }
}
