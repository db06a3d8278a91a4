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
    is_pressed: Cell<bool>,
    keyboard_pen: Cell<Option<KeyboardPen>>,
    pub canvas: NodeRef,
    /// Element that marks the position of the keyboard's pen.
    pub cursor: NodeRef,
}

impl DrawingPad {
    /// Adds an edit and repaints the canvas.
    pub fn add(&self, edit: DrawingEdit) {
        self.drawing.borrow_mut().add(edit);
        self.repaint();
    }

    /// Starts a stroke: a pointer is pressed.
    pub fn press(&self, point: StrokePoint) {
        self.is_pressed.set(true);
        self.add(DrawingEdit::Stroke(vec![point]));
    }

    /// True while a pointer is pressed.
    pub const fn is_pressed(&self) -> bool {
        self.is_pressed.get()
    }

    /// Ends the stroke of the pointer. Returns true if it was pressed.
    pub fn release(&self) -> bool {
        self.is_pressed.replace(false)
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
        self.drawing.borrow_mut().undo();
        self.repaint();
    }

    /// Redoes the edit undone last.
    pub fn redo(&self) {
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
