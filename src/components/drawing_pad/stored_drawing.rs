//! Form in which the drawing of the pad is stored.

use std::rc::Rc;

use pinhole_protocol::Picture;
use serde::{Deserialize, Serialize};

use super::drawing::{Drawing, DrawingEdit, StrokePoint};

/// Visible edits of a drawing: a sample, or strokes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredDrawing {
    sample: Option<Picture>,
    strokes: Vec<Vec<StrokePoint>>,
}

impl StoredDrawing {
    /// Visible edits of `drawing`.
    pub fn of(drawing: &Drawing) -> Self {
        let sample = drawing.untouched_sample().map(Rc::unwrap_or_clone);
        let stroke = |edit: &DrawingEdit| match edit {
            DrawingEdit::Stroke(points) => Some(points.clone()),
            DrawingEdit::Sample(_) | DrawingEdit::Clear => None,
        };
        Self { sample, strokes: drawing.visible().iter().filter_map(stroke).collect() }
    }

    /// The edits, in order.
    pub fn edits(&self) -> impl Iterator<Item = DrawingEdit> {
        let sample = self.sample.clone().map(|sample| DrawingEdit::Sample(Rc::new(sample)));
        sample.into_iter().chain(self.strokes.iter().cloned().map(DrawingEdit::Stroke))
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Floats, GridShape};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_seen_is_stored() {
        let sample = DrawingEdit::Sample(Rc::new(Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; 784]) }));
        let stroke = DrawingEdit::Stroke(vec![StrokePoint { x: 0.1, y: 0.5, width: 0.1 }]);
        let mut drawing = Drawing::default();
        assert_eq!(StoredDrawing::of(&drawing).edits().count(), 0);
        drawing.add(sample.clone());
        assert_eq!(StoredDrawing::of(&drawing).edits().collect::<Vec<_>>(), [sample]);
        drawing.add(stroke.clone());
        assert_eq!(StoredDrawing::of(&drawing).edits().collect::<Vec<_>>(), [stroke]);
        drawing.add(DrawingEdit::Clear);
        assert_eq!(StoredDrawing::of(&drawing).edits().count(), 0);
    }
}
