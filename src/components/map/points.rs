//! Points on a canvas, by WebGL 2 or, where a browser lacks it, by a plain canvas.

use pinhole_protocol::Floats;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    gl::{Frame, GlPoints},
    palette::{Rgba, hex},
    scene::Scene,
};
use crate::components::picture;

/// Bytes of a point's look: index of its colour, emphasis, and two that fill up four.
pub const LOOK_BYTES: u8 = 4;

/// Emphasis of a point among others that stand out.
const PALE: u8 = 1;

/// Emphasis of a point that stands out.
const STRONG: u8 = 2;

/// Factors of a point's opacity and of its size that follow from its emphasis, as the shaders have them too.
pub const fn emphasised(emphasis: u8) -> [f64; 2] {
    match emphasis {
        PALE => [0.2, 1.0],
        STRONG => [1.0, 1.35],
        _ => [1.0, 1.0],
    }
}

/// Looks of the points of a scene, [`LOOK_BYTES`] each.
pub fn looks(scene: &Scene) -> Vec<u8> {
    let count = scene.count();
    let mut looks = vec![0; count * usize::from(LOOK_BYTES)];
    let (chunks, _) = looks.as_chunks_mut::<{ LOOK_BYTES as usize }>();
    let usual = if scene.highlighted.is_some() { PALE } else { 0 };
    for (index, look) in chunks.iter_mut().enumerate() {
        look[0] = scene.colouring.indices.get(index).copied().unwrap_or(u8::MAX);
        look[1] = usual;
    }
    for index in scene.highlighted.iter().flat_map(|indices| indices.iter()) {
        if let Some(look) = chunks.get_mut(*index) {
            look[1] = STRONG;
        }
    }
    looks
}

/// Renderer of the points.
pub enum Points {
    Gl(Box<GlPoints>),
    Plain(PlainPoints),
}

impl Points {
    /// Renderer for a canvas; `None` if it has no context at all.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        GlPoints::new(canvas)
            .map(|points| Self::Gl(Box::new(points)))
            .or_else(|| PlainPoints::new(canvas).map(Self::Plain))
    }

    /// Takes positions, and those from which the points travel if they are to be drawn on their way.
    pub fn set_positions(&mut self, positions: &Floats, travel: bool) {
        match self {
            Self::Gl(points) => points.set_positions(&positions.0, travel),
            Self::Plain(points) => points.set_positions(&positions.0, travel),
        }
    }

    /// Takes the looks of all points.
    pub fn set_looks(&mut self, looks: Vec<u8>) {
        match self {
            Self::Gl(points) => points.set_looks(&looks),
            Self::Plain(points) => points.looks = looks,
        }
    }

    /// Takes the colours.
    pub fn set_palette(&mut self, palette: Vec<Rgba>) {
        match self {
            Self::Gl(points) => points.set_palette(&palette),
            Self::Plain(points) => points.palette = palette,
        }
    }

    /// Draws all points.
    pub fn draw(&self, frame: &Frame) {
        match self {
            Self::Gl(points) => points.draw(frame),
            Self::Plain(points) => points.draw(frame),
        }
    }
}

/// Points on a plain canvas.
pub struct PlainPoints {
    context: CanvasRenderingContext2d,
    from: Option<Vec<f32>>,
    to: Vec<f32>,
    looks: Vec<u8>,
    palette: Vec<Rgba>,
}

impl PlainPoints {
    fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let context = picture::context(canvas)?;
        Some(Self { context, from: None, to: Vec::new(), looks: Vec::new(), palette: Vec::new() })
    }

    fn set_positions(&mut self, positions: &[f32], travel: bool) {
        let before = std::mem::replace(&mut self.to, positions.to_vec());
        self.from = (travel && before.len() == positions.len()).then_some(before);
    }

    fn draw(&self, frame: &Frame) {
        let context = &self.context;
        let Some(canvas) = context.canvas() else { return };
        let set = context.set_transform(frame.density, 0.0, 0.0, frame.density, 0.0, 0.0);
        debug_assert!(set.is_ok(), "a scaling is a valid transform");
        context.clear_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
        let area = frame.viewport.area;
        context.save();
        context.begin_path();
        context.rect(area.left, area.top, area.width, area.height);
        context.clip();
        let mut side = frame.diameter;
        let mut last = None;
        for (index, to) in self.to.as_chunks::<2>().0.iter().enumerate() {
            let at = match self.from.as_ref().and_then(|from| from.as_chunks::<2>().0.get(index)) {
                Some(from) => [0, 1].map(|axis| (to[axis] - from[axis]).mul_add(frame.moved, from[axis])),
                None => *to,
            };
            let (x, y) = frame.viewport.pixel(at);
            if !area.contains((x, y)) {
                continue;
            }
            let look = self.looks.as_chunks::<{ LOOK_BYTES as usize }>().0.get(index);
            let look = look.map_or([0; 2], |[colour, emphasis, ..]| [*colour, *emphasis]);
            if last != Some(look) {
                last = Some(look);
                let [red, green, blue, opacity] = self.palette.get(usize::from(look[0])).copied().unwrap_or_default();
                context.set_fill_style_str(&hex([red, green, blue]));
                let [share, growth] = emphasised(look[1]);
                side = frame.diameter * growth;
                context.set_global_alpha(f64::from(opacity) / 255.0 * share);
            }
            // A square: a disc of this size takes five times as long, and no eye tells them apart.
            context.fill_rect(x - side / 2.0, y - side / 2.0, side, side);
        }
        context.restore();
        context.set_global_alpha(1.0);
    }
}

/// The canvas's WebGL 2 context, without a buffer for smooth edges, which the shader draws by itself.
pub fn gl_context(canvas: &HtmlCanvasElement) -> Option<web_sys::WebGl2RenderingContext> {
    let options = js_sys::Object::new();
    let set = js_sys::Reflect::set(&options, &"antialias".into(), &false.into());
    debug_assert!(set.is_ok(), "a new object takes properties");
    canvas.get_context_with_context_options("webgl2", &options).ok()??.dyn_into().ok()
}
