//! The pad's canvas: ink on it, and its pixels.

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
    drawing::{Dot, Drawing, Mark},
    keys::KeyPen,
};
use crate::components::{figures::fixed, picture::canvas_of};

/// Pixels of the pad's side: 15 for each of the picture it becomes.
pub const PAD_PIXELS: u32 = 420;

/// What is on the pad.
pub enum PadPicture {
    /// Nothing.
    Empty,
    /// A sample.
    Sample(Rc<Picture>),
    /// Ink: [`PAD_PIXELS`] squared bytes, 0 paper.
    Ink(Vec<u8>),
}

/// A drawing, the canvas that shows it, and the pens that draw.
#[derive(Default)]
pub struct Pad {
    drawing: RefCell<Drawing>,
    is_pressed: Cell<bool>,
    key_pen: Cell<Option<KeyPen>>,
    pub canvas: NodeRef,
    /// Shows where the keyboard's pen is.
    pub cursor: NodeRef,
}

impl Pad {
    /// Makes a mark and shows it.
    pub fn add(&self, mark: Mark) {
        self.drawing.borrow_mut().add(mark);
        self.repaint();
    }

    /// A pointer goes down.
    pub fn press(&self, dot: Dot) {
        self.is_pressed.set(true);
        self.add(Mark::Stroke(vec![dot]));
    }

    /// Whether a pointer is down.
    pub const fn is_pressed(&self) -> bool {
        self.is_pressed.get()
    }

    /// The pointer goes up. Whether it was down.
    pub fn lift(&self) -> bool {
        self.is_pressed.replace(false)
    }

    /// Where the keyboard's pen is, if it is in use.
    pub const fn key_pen(&self) -> Option<KeyPen> {
        self.key_pen.get()
    }

    /// Moves the keyboard's pen, or puts it away. Whether there is or was one.
    pub fn put_key_pen(&self, pen: Option<KeyPen>) -> bool {
        let before = self.key_pen.replace(pen);
        if let (Some(pen), Some(cursor)) = (pen, self.cursor.cast::<HtmlElement>()) {
            for (property, share) in [("left", pen.x), ("top", pen.y)] {
                // Set through the object model: the page's policy refuses style attributes.
                let set = cursor.style().set_property(property, &format!("{}%", fixed(share * 100.0, 2)));
                debug_assert!(set.is_ok(), "a percentage is a valid length");
            }
        }
        before.is_some() || pen.is_some()
    }

    /// Draws the stroke on to `dot`.
    pub fn extend(&self, dot: Dot) {
        let from = self.drawing.borrow_mut().extend(dot);
        if let (Some(from), Some(context)) = (from, self.context()) {
            segment(&context, from, dot);
        }
    }

    pub fn undo(&self) {
        self.drawing.borrow_mut().undo();
        self.repaint();
    }

    pub fn redo(&self) {
        self.drawing.borrow_mut().redo();
        self.repaint();
    }

    /// Whether there is something to undo, and to redo.
    pub fn steps(&self) -> (bool, bool) {
        let drawing = self.drawing.borrow();
        (drawing.can_undo(), drawing.can_redo())
    }

    pub fn is_empty(&self) -> bool {
        self.drawing.borrow().visible().is_empty()
    }

    /// What is on the pad now.
    pub fn picture(&self) -> PadPicture {
        if self.is_empty() {
            return PadPicture::Empty;
        }
        if let Some(sample) = self.drawing.borrow().untouched_sample() {
            return PadPicture::Sample(sample);
        }
        let side = f64::from(PAD_PIXELS);
        let pixels = self.context().and_then(|context| context.get_image_data(0.0, 0.0, side, side).ok());
        pixels.map_or(PadPicture::Empty, |image| {
            // Ink is white on black: any of the three colours is the grey value.
            PadPicture::Ink(image.data().iter().step_by(4).copied().collect())
        })
    }

    fn context(&self) -> Option<CanvasRenderingContext2d> {
        let canvas: HtmlCanvasElement = self.canvas.cast()?;
        // The pixels are read back at every change: the canvas had better stay off the GPU.
        let options = Object::new();
        Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
        canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
    }

    /// Shows all marks anew.
    pub fn repaint(&self) {
        let Some(context) = self.context() else { return };
        let side = f64::from(PAD_PIXELS);
        context.set_fill_style_str("#000");
        context.fill_rect(0.0, 0.0, side, side);
        for mark in self.drawing.borrow().visible() {
            match mark {
                Mark::Stroke(dots) => stroke(&context, dots),
                Mark::Sample(sample) => lay_sample(&context, sample),
                Mark::Clear => {}
            }
        }
    }
}

fn stroke(context: &CanvasRenderingContext2d, dots: &[Dot]) {
    if let [only] = dots {
        segment(context, *only, *only);
    }
    dots.windows(2).for_each(|pair| segment(context, pair[0], pair[1]));
}

fn segment(context: &CanvasRenderingContext2d, from: Dot, to: Dot) {
    let pixels = |share: f32| f64::from(share) * f64::from(PAD_PIXELS);
    context.set_stroke_style_str("#fff");
    context.set_line_cap("round");
    context.set_line_width(pixels(to.width));
    context.begin_path();
    context.move_to(pixels(from.x), pixels(from.y));
    context.line_to(pixels(to.x), pixels(to.y));
    context.stroke();
}

/// In the middle, as large as the pad allows.
fn lay_sample(context: &CanvasRenderingContext2d, sample: &Picture) {
    let Some(small) = canvas_of(&sample.values.0, sample.shape) else { return };
    let side = f64::from(PAD_PIXELS);
    let (width, height) = (f64::from(small.width()), f64::from(small.height()));
    let scale = side / width.max(height);
    let (x, y) = ((side - scale * width) / 2.0, (side - scale * height) / 2.0);
    let shown = context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, x, y, scale * width, scale * height);
    debug_assert!(shown.is_ok(), "a canvas that has pixels can always be drawn");
}
