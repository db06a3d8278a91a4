//! Drawing: a list of edits that can be undone and redone. It is independent of the canvas.

use std::rc::Rc;

use pinhole_protocol::Picture;
use serde::{Deserialize, Serialize};

/// Point of a stroke; lengths are shares of the pad's side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrokePoint {
    pub x: f32,
    pub y: f32,
    pub width: f32,
}

/// Change of the drawing that can be undone.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawingEdit {
    /// Stroke of the pen through these points.
    Stroke(Vec<StrokePoint>),
    /// Sample placed on the pad.
    Sample(Rc<Picture>),
    /// Clearing of the pad.
    Clear,
}

/// All edits; those from `done` on are undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    edits: Vec<DrawingEdit>,
    done: usize,
}

impl Drawing {
    /// Adds an edit; undone ones can no longer be redone.
    pub fn add(&mut self, edit: DrawingEdit) {
        self.edits.truncate(self.done);
        self.edits.push(edit);
        self.done = self.edits.len();
    }

    /// Adds a point to the last stroke. Returns the point before it; `None` if the last edit is no stroke.
    pub fn extend(&mut self, point: StrokePoint) -> Option<StrokePoint> {
        match self.edits[..self.done].last_mut() {
            Some(DrawingEdit::Stroke(points)) => {
                let from = points.last().copied();
                points.push(point);
                from
            }
            _ => None,
        }
    }

    /// Undoes the last edit.
    pub fn undo(&mut self) {
        self.done = self.done.saturating_sub(1);
    }

    /// Redoes the edit undone last.
    pub fn redo(&mut self) {
        self.done = (self.done + 1).min(self.edits.len());
    }

    /// True if there is an edit to undo.
    pub const fn can_undo(&self) -> bool {
        self.done > 0
    }

    /// True if there is an edit to redo.
    pub const fn can_redo(&self) -> bool {
        self.done < self.edits.len()
    }

    /// Visible edits: those since the pad was last cleared, or a sample. The first stroke after a sample replaces it,
    /// as who begins to draw means a digit of their own, not a line across ours.
    pub fn visible(&self) -> &[DrawingEdit] {
        let done = &self.edits[..self.done];
        let from = done.iter().rposition(|edit| !matches!(edit, DrawingEdit::Stroke(_))).unwrap_or(0);
        match done.get(from) {
            Some(DrawingEdit::Clear) => &done[from + 1..],
            Some(DrawingEdit::Sample(_)) if done.len() > from + 1 => &done[from + 1..],
            _ => &done[from..],
        }
    }

    /// Sample on the pad, if nothing was drawn since.
    pub fn untouched_sample(&self) -> Option<Rc<Picture>> {
        match self.visible() {
            [DrawingEdit::Sample(sample)] => Some(sample.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Floats, GridShape};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn point(x: f32) -> StrokePoint {
        StrokePoint { x, y: 0.5, width: 0.1 }
    }

    fn stroke(x: f32) -> DrawingEdit {
        DrawingEdit::Stroke(vec![point(x)])
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn strokes_are_undone_and_redone_in_order() {
        let mut drawing = Drawing::default();
        drawing.add(stroke(0.1));
        drawing.add(stroke(0.2));
        drawing.undo();
        assert_eq!(drawing.visible(), [stroke(0.1)]);
        assert!(drawing.can_undo() && drawing.can_redo());
        drawing.redo();
        assert_eq!(drawing.visible(), [stroke(0.1), stroke(0.2)]);
        drawing.undo();
        drawing.add(stroke(0.3));
        assert!(!drawing.can_redo(), "a new stroke replaces what was undone");
        assert_eq!(drawing.visible(), [stroke(0.1), stroke(0.3)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn clearing_can_be_undone() {
        let mut drawing = Drawing::default();
        drawing.add(stroke(0.1));
        drawing.add(DrawingEdit::Clear);
        assert!(drawing.visible().is_empty());
        drawing.undo();
        assert_eq!(drawing.visible(), [stroke(0.1)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_sample_covers_what_was_there_until_something_is_drawn() {
        let sample = Rc::new(Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; 784]) });
        let mut drawing = Drawing::default();
        drawing.add(stroke(0.1));
        drawing.add(DrawingEdit::Sample(sample.clone()));
        assert_eq!(drawing.untouched_sample(), Some(sample.clone()));
        drawing.add(stroke(0.2));
        assert_eq!(drawing.untouched_sample(), None);
        assert_eq!(drawing.visible(), [stroke(0.2)]);
        drawing.undo();
        assert_eq!(drawing.untouched_sample(), Some(sample));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_stroke_grows_from_its_last_dot() {
        let mut drawing = Drawing::default();
        assert_eq!(drawing.extend(point(0.1)), None, "no stroke was begun");
        drawing.add(stroke(0.1));
        assert_eq!(drawing.extend(point(0.2)), Some(point(0.1)));
        assert_eq!(drawing.visible(), [DrawingEdit::Stroke(vec![point(0.1), point(0.2)])]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn undo_and_redo_stop_at_the_ends() {
        let mut drawing = Drawing::default();
        drawing.undo();
        drawing.redo();
        assert!(!drawing.can_undo() && !drawing.can_redo());
    }
}
