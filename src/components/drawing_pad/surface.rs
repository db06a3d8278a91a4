//! Canvas of the drawing pad: painting the edits, and reading the pixels.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Object, Reflect};
use pinhole_protocol::Picture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};
use yew::NodeRef;

use super::{
    drawing::{Drawing, DrawingEdit, StrokePoint},
    keyboard_pen::KeyboardPen,
    stored_drawing::StoredDrawing,
};
use crate::components::{format::fixed, picture::canvas_of};

/// Side of the pad in pixels: 15 for each pixel of the digit.
pub const PAD_SIDE_PX: u32 = 420;

/// Content of the pad.
pub enum PadContent {
    /// No edit.
    Empty,
    /// Sample, unchanged.
    Sample(Rc<Picture>),
    /// Strokes: [`PAD_SIDE_PX`] squared grey values, 0 for the background.
    Ink(Vec<u8>),
}

/// Drawing, its canvas, and the state of pointer and keyboard pen.
#[derive(Default)]
pub struct DrawingPad {
    drawing: RefCell<Drawing>,
    /// Identifier of the pointer that draws.
    pointer: Cell<Option<i32>>,
    keyboard_pen: Cell<Option<KeyboardPen>>,
    pub canvas: NodeRef,
    /// Element that marks the position of the keyboard's pen.
    pub cursor: NodeRef,
}

impl DrawingPad {
    /// Adds an edit and repaints the canvas.
    pub fn add(&self, edit: DrawingEdit) {
        self.end_stroke();
        self.drawing.borrow_mut().add(edit);
        self.repaint();
    }

    /// Starts the stroke of a pointer. Returns false while another one draws.
    pub fn press(&self, pointer: i32, point: StrokePoint) -> bool {
        // The same pointer can press twice if the browser never told that it was lifted.
        if self.pointer.get().is_some_and(|drawing| drawing != pointer) {
            return false;
        }
        self.add(DrawingEdit::Stroke(vec![point]));
        self.pointer.set(Some(pointer));
        true
    }

    /// True while a pointer draws.
    pub const fn is_pressed(&self) -> bool {
        self.pointer.get().is_some()
    }

    /// True while this pointer draws.
    pub fn is_pressed_by(&self, pointer: i32) -> bool {
        self.pointer.get() == Some(pointer)
    }

    /// Ends the stroke of a pointer. Returns true if it was drawing.
    pub fn release(&self, pointer: i32) -> bool {
        let was_drawing = self.is_pressed_by(pointer);
        if was_drawing {
            self.pointer.set(None);
        }
        was_drawing
    }

    /// Ends the stroke of pointer and keyboard's pen: after another edit they would extend a stroke that is not theirs.
    fn end_stroke(&self) {
        self.pointer.set(None);
        self.keyboard_pen.update(|pen| pen.map(|pen| KeyboardPen { down: false, ..pen }));
    }

    /// Keyboard's pen, while it is in use.
    pub const fn keyboard_pen(&self) -> Option<KeyboardPen> {
        self.keyboard_pen.get()
    }

    /// Sets the keyboard's pen, or ends its use. Returns true if it is or was in use.
    pub fn set_keyboard_pen(&self, pen: Option<KeyboardPen>) -> bool {
        let before = self.keyboard_pen.replace(pen);
        if let (Some(pen), Some(cursor)) = (pen, self.cursor.cast::<HtmlElement>()) {
            for (property, share) in [("left", pen.x), ("top", pen.y)] {
                // Set through the object model: the page's policy refuses style attributes.
                let set = cursor.style().set_property(property, &format!("{}%", fixed(share * 100.0, 2)));
                debug_assert!(set.is_ok(), "a percentage is a valid length");
            }
        }
        before.is_some() || pen.is_some()
    }

    /// Extends the last stroke to `point`.
    pub fn extend(&self, point: StrokePoint) {
        let from = self.drawing.borrow_mut().extend(point);
        if let (Some(from), Some(context)) = (from, self.context()) {
            segment(&context, from, point);
        }
    }

    /// Undoes the last edit.
    pub fn undo(&self) {
        self.end_stroke();
        self.drawing.borrow_mut().undo();
        self.repaint();
    }

    /// Redoes the edit undone last.
    pub fn redo(&self) {
        self.end_stroke();
        self.drawing.borrow_mut().redo();
        self.repaint();
    }

    /// True if there is an edit to undo, and true if there is one to redo.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        let drawing = self.drawing.borrow();
        (drawing.can_undo(), drawing.can_redo())
    }

    /// True if no edit is visible.
    pub fn is_empty(&self) -> bool {
        self.drawing.borrow().visible().is_empty()
    }

    /// Visible edits, to be stored.
    pub fn stored(&self) -> StoredDrawing {
        StoredDrawing::of(&self.drawing.borrow())
    }

    /// Adds the edits of a stored drawing. Returns false if it has none.
    pub fn restore(&self, stored: &StoredDrawing) -> bool {
        let edits: Vec<DrawingEdit> = stored.edits().collect();
        edits.iter().cloned().for_each(|edit| self.add(edit));
        !edits.is_empty()
    }

    /// Content of the pad.
    pub fn content(&self) -> PadContent {
        if self.is_empty() {
            return PadContent::Empty;
        }
        if let Some(sample) = self.drawing.borrow().untouched_sample() {
            return PadContent::Sample(sample);
        }
        let side = f64::from(PAD_SIDE_PX);
        let pixels = self.context().and_then(|context| context.get_image_data(0.0, 0.0, side, side).ok());
        pixels.map_or(PadContent::Empty, |image| {
            // Strokes are white on black: each of the three channels is the grey value.
            PadContent::Ink(image.data().iter().step_by(4).copied().collect())
        })
    }

    fn context(&self) -> Option<CanvasRenderingContext2d> {
        let canvas: HtmlCanvasElement = self.canvas.cast()?;
        // The pixels are read at every change, which is slow for a canvas on the GPU.
        let options = Object::new();
        Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
        canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
    }

    /// Repaints all visible edits.
    pub fn repaint(&self) {
        let Some(context) = self.context() else { return };
        let side = f64::from(PAD_SIDE_PX);
        context.set_fill_style_str("#000");
        context.fill_rect(0.0, 0.0, side, side);
        for edit in self.drawing.borrow().visible() {
            match edit {
                DrawingEdit::Stroke(points) => stroke(&context, points),
                DrawingEdit::Sample(sample) => paint_sample(&context, sample),
                DrawingEdit::Clear => {}
            }
        }
    }
}

fn stroke(context: &CanvasRenderingContext2d, points: &[StrokePoint]) {
    // The first point is painted alone, as it was when the pointer was pressed: antialiased edges add up, so that
    // without it a stroke that is redone would differ from the stroke that was drawn.
    if let [first, ..] = points {
        segment(context, *first, *first);
    }
    points.windows(2).for_each(|pair| segment(context, pair[0], pair[1]));
}

fn segment(context: &CanvasRenderingContext2d, from: StrokePoint, to: StrokePoint) {
    let pixels = |share: f32| f64::from(share) * f64::from(PAD_SIDE_PX);
    context.set_stroke_style_str("#fff");
    context.set_line_cap("round");
    context.set_line_width(pixels(to.width));
    context.begin_path();
    context.move_to(pixels(from.x), pixels(from.y));
    context.line_to(pixels(to.x), pixels(to.y));
    context.stroke();
}

/// Paints a sample in the middle, as large as fits.
fn paint_sample(context: &CanvasRenderingContext2d, sample: &Picture) {
    let Some(small) = canvas_of(&sample.values.0, sample.shape) else { return };
    let side = f64::from(PAD_SIDE_PX);
    let (width, height) = (f64::from(small.width()), f64::from(small.height()));
    let scale = side / width.max(height);
    let (x, y) = ((side - scale * width) / 2.0, (side - scale * height) / 2.0);
    let shown = context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, x, y, scale * width, scale * height);
    debug_assert!(shown.is_ok(), "a canvas that has pixels can always be drawn");
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn point(x: f32) -> StrokePoint {
        StrokePoint { x, y: 0.5, width: 0.1 }
    }

    fn strokes(pad: &DrawingPad) -> Vec<usize> {
        let length = |edit: &DrawingEdit| match edit {
            DrawingEdit::Stroke(points) => points.len(),
            DrawingEdit::Sample(_) | DrawingEdit::Clear => 0,
        };
        pad.drawing.borrow().visible().iter().map(length).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_second_pointer_neither_draws_nor_ends_the_stroke() {
        let pad = DrawingPad::default();
        assert!(pad.press(1, point(0.1)));
        assert!(!pad.press(2, point(0.9)), "the first one draws");
        assert!(!pad.is_pressed_by(2) && !pad.release(2));
        assert!(pad.is_pressed_by(1));
        pad.extend(point(0.2));
        assert_eq!(strokes(&pad), [2]);
        assert!(pad.release(1) && !pad.release(1));
        assert!(pad.press(2, point(0.9)), "the first one is lifted");
        assert_eq!(strokes(&pad), [2, 1]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_edit_in_mid_stroke_ends_it() {
        let edits: [fn(&DrawingPad); 3] = [DrawingPad::undo, DrawingPad::redo, |pad| pad.add(DrawingEdit::Clear)];
        for edit in edits {
            let pad = DrawingPad::default();
            pad.press(1, point(0.1));
            pad.release(1);
            pad.press(1, point(0.5));
            pad.set_keyboard_pen(Some(KeyboardPen { down: true, ..KeyboardPen::default() }));
            edit(&pad);
            assert!(!pad.is_pressed(), "what follows would extend the stroke before");
            assert!(pad.keyboard_pen().is_some_and(|pen| !pen.down));
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_pointer_whose_lifting_was_missed_can_press_again() {
        let pad = DrawingPad::default();
        pad.press(1, point(0.1));
        assert!(pad.press(1, point(0.5)));
        assert_eq!(strokes(&pad), [1, 1]);
    }
}
