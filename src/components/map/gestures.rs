//! Gestures of pointers on the map: moving, pinching, outlines, clicks.

use crate::components::chart::Point as ScreenPoint;

/// Distance within which a press and its release are a click, in pixels.
const CLICK_PX: f64 = 4.0;

/// Outline that dragging draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outline {
    /// Any line.
    Lasso,
    /// A rectangle.
    Box,
}

/// Change that a pointer brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    None,
    /// The pointer is over a place, and nothing is pressed.
    Hover(ScreenPoint),
    /// What is shown moves by pixels.
    Shift(f64, f64),
    /// What is shown grows by a factor about a pixel, and moves.
    Pinch {
        at: ScreenPoint,
        factor: f64,
        shift: (f64, f64),
    },
    /// The outline has grown.
    Outline,
    /// A place was clicked, perhaps with Shift.
    Click {
        at: ScreenPoint,
        is_shift: bool,
    },
    /// An outline is complete.
    Enclose(Vec<ScreenPoint>),
}

/// Pointers on the map and what they do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gestures {
    /// Pressed pointers with their places.
    pressed: Vec<(i32, ScreenPoint)>,
    start: Option<(ScreenPoint, bool)>,
    has_moved: bool,
    outline: Option<(Outline, Vec<ScreenPoint>)>,
}

impl Gestures {
    /// Begins with a pointer; dragging it draws `outline`, or else moves the map.
    pub fn press(&mut self, pointer: i32, at: ScreenPoint, is_shift: bool, outline: Option<Outline>) {
        self.pressed.retain(|(known, _)| *known != pointer);
        self.pressed.push((pointer, at));
        if self.pressed.len() == 1 {
            self.start = Some((at, is_shift));
            self.has_moved = false;
            self.outline = outline.map(|outline| (outline, vec![at]));
        } else {
            // A second finger pinches, whatever the first one began.
            self.start = None;
            self.outline = None;
        }
    }

    /// Follows a pointer.
    pub fn move_to(&mut self, pointer: i32, at: ScreenPoint) -> Effect {
        let Some(place) = self.pressed.iter().position(|(known, _)| *known == pointer) else {
            return if self.pressed.is_empty() { Effect::Hover(at) } else { Effect::None };
        };
        let before = self.pressed[place].1;
        if let [_, _] = self.pressed[..] {
            let old = span(self.pressed[0].1, self.pressed[1].1);
            self.pressed[place].1 = at;
            let new = span(self.pressed[0].1, self.pressed[1].1);
            let shift = (new.1.0 - old.1.0, new.1.1 - old.1.1);
            return Effect::Pinch { at: new.1, factor: new.0 / old.0.max(1.0), shift };
        }
        let Some((start, _)) = self.start else {
            self.pressed[place].1 = at;
            return Effect::None;
        };
        self.has_moved |= span(start, at).0 > CLICK_PX;
        if !self.has_moved {
            return Effect::None;
        }
        self.pressed[place].1 = at;
        match &mut self.outline {
            Some((Outline::Lasso, points)) => {
                points.push(at);
                Effect::Outline
            }
            Some((Outline::Box, points)) => {
                *points = vec![start, (at.0, start.1), at, (start.0, at.1)];
                Effect::Outline
            }
            None => Effect::Shift(at.0 - before.0, at.1 - before.1),
        }
    }

    /// Ends with a pointer.
    pub fn release(&mut self, pointer: i32, at: ScreenPoint) -> Effect {
        self.pressed.retain(|(known, _)| *known != pointer);
        let outline = self.outline.take().map(|(_, points)| points);
        match (self.start.take(), outline) {
            (Some((_, is_shift)), _) if !self.has_moved => Effect::Click { at, is_shift },
            (Some(_), Some(points)) if points.len() > 2 => Effect::Enclose(points),
            _ => Effect::None,
        }
    }

    /// Forgets all pointers.
    pub fn cancel(&mut self) {
        *self = Self::default();
    }

    /// Corners of the outline that is drawn.
    pub fn outline(&self) -> &[ScreenPoint] {
        self.outline.as_ref().filter(|_| self.has_moved).map_or(&[], |(_, points)| points)
    }
}

/// Distance between two places, at least one pixel, and their middle.
fn span(one: ScreenPoint, two: ScreenPoint) -> (f64, ScreenPoint) {
    ((one.0 - two.0).hypot(one.1 - two.1), (f64::midpoint(one.0, two.0), f64::midpoint(one.1, two.1)))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_press_without_a_move_is_a_click() {
        let mut gestures = Gestures::default();
        assert_eq!(gestures.move_to(1, (5.0, 5.0)), Effect::Hover((5.0, 5.0)));
        gestures.press(1, (5.0, 5.0), true, Some(Outline::Box));
        assert_eq!(gestures.move_to(1, (7.0, 6.0)), Effect::None, "a hand is not still");
        assert_eq!(gestures.release(1, (7.0, 6.0)), Effect::Click { at: (7.0, 6.0), is_shift: true });
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn dragging_moves_or_draws_an_outline() {
        let mut gestures = Gestures::default();
        gestures.press(1, (0.0, 0.0), false, None);
        assert_eq!(gestures.move_to(1, (10.0, 0.0)), Effect::Shift(10.0, 0.0));
        assert_eq!(gestures.move_to(1, (12.0, 1.0)), Effect::Shift(2.0, 1.0));
        assert_eq!(gestures.release(1, (12.0, 1.0)), Effect::None);
        gestures.press(1, (0.0, 0.0), true, Some(Outline::Box));
        assert_eq!(gestures.move_to(1, (10.0, 20.0)), Effect::Outline);
        let corners = vec![(0.0, 0.0), (10.0, 0.0), (10.0, 20.0), (0.0, 20.0)];
        assert_eq!(gestures.outline(), corners);
        assert_eq!(gestures.release(1, (10.0, 20.0)), Effect::Enclose(corners));
        gestures.press(1, (0.0, 0.0), false, Some(Outline::Lasso));
        for place in [(10.0, 0.0), (10.0, 10.0)] {
            gestures.move_to(1, place);
        }
        assert_eq!(gestures.outline().len(), 3);
        gestures.cancel();
        assert!(gestures.outline().is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn two_fingers_pinch() {
        let mut gestures = Gestures::default();
        gestures.press(1, (0.0, 0.0), false, Some(Outline::Lasso));
        gestures.press(2, (10.0, 0.0), false, Some(Outline::Lasso));
        let effect = gestures.move_to(2, (20.0, 0.0));
        assert_eq!(effect, Effect::Pinch { at: (10.0, 0.0), factor: 2.0, shift: (5.0, 0.0) });
        assert_eq!(gestures.release(2, (20.0, 0.0)), Effect::None);
        assert_eq!(gestures.move_to(1, (30.0, 0.0)), Effect::None, "the finger that is left does nothing");
        assert_eq!(gestures.release(1, (30.0, 0.0)), Effect::None, "and is no click");
    }
}
