//! Points by WebGL 2: positions and looks are uploaded once, and a frame is one draw call, however many there are.

use js_sys::Float32Array;
use web_sys::{
    HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlProgram, WebGlShader, WebGlTexture,
    WebGlUniformLocation,
};

use super::{
    palette::{COLOURS, Rgba},
    points::{LOOK_BYTES, gl_context},
    viewport::Viewport,
};

/// Bytes from one point's look to the next.
const LOOK_STRIDE: i32 = LOOK_BYTES as i32;

/// Pixels of the palette.
const PALETTE_WIDTH: i32 = COLOURS as i32;

const VERTEX_SHADER: &str = "#version 300 es
layout(location = 0) in vec2 from_position;
layout(location = 1) in vec2 to_position;
layout(location = 2) in uvec2 look; // index of the colour, emphasis
uniform vec2 centre;
uniform vec2 scale; // of clip space, per unit of the map
uniform float moved;
uniform float diameter; // in pixels of the canvas
uniform highp sampler2D palette;
flat out vec4 colour;
flat out float size;

void main() {
    vec2 position = mix(from_position, to_position, moved);
    gl_Position = vec4((position - centre) * scale, 0.0, 1.0);
    size = look.y == 2u ? diameter * 1.35 : diameter;
    gl_PointSize = size + 1.0;
    colour = texelFetch(palette, ivec2(int(look.x), 0), 0);
    if (look.y == 1u) colour.a *= 0.2;
}";

const FRAGMENT_SHADER: &str = "#version 300 es
precision mediump float;
flat in vec4 colour;
flat in float size;
out vec4 fragment;

void main() {
    float radius = length(gl_PointCoord - 0.5) * (size + 1.0);
    float opacity = colour.a * clamp(size * 0.5 + 0.5 - radius, 0.0, 1.0);
    fragment = vec4(colour.rgb * opacity, opacity);
}";

/// What a frame shows of the points.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub viewport: Viewport,
    /// Pixels of the canvas per CSS pixel.
    pub density: f64,
    /// Diameter of a point in CSS pixels.
    pub diameter: f64,
    /// Share of the way from the last positions to the newest, 0 to 1.
    pub moved: f32,
}

/// Program, buffers and palette.
pub struct GlPoints {
    gl: Gl,
    program: WebGlProgram,
    uniforms: Uniforms,
    /// Positions from which points travel.
    from: WebGlBuffer,
    to: WebGlBuffer,
    looks: WebGlBuffer,
    palette: WebGlTexture,
    count: usize,
    /// True while points travel.
    travels: bool,
}

struct Uniforms {
    centre: Option<WebGlUniformLocation>,
    scale: Option<WebGlUniformLocation>,
    moved: Option<WebGlUniformLocation>,
    diameter: Option<WebGlUniformLocation>,
}

impl GlPoints {
    /// Compiles the program for a canvas; `None` without WebGL 2.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let gl = gl_context(canvas)?;
        let program = link(&gl)?;
        let uniform = |name| gl.get_uniform_location(&program, name);
        let uniforms = Uniforms {
            centre: uniform("centre"),
            scale: uniform("scale"),
            moved: uniform("moved"),
            diameter: uniform("diameter"),
        };
        let (from, to, looks) = (gl.create_buffer()?, gl.create_buffer()?, gl.create_buffer()?);
        let palette = gl.create_texture()?;
        gl.bind_texture(Gl::TEXTURE_2D, Some(&palette));
        for filter in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(Gl::TEXTURE_2D, filter, Gl::NEAREST.cast_signed());
        }
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        Some(Self { gl, program, uniforms, from, to, looks, palette, count: 0, travels: false })
    }

    /// Uploads positions. Points travel to them from those before, whose buffer is kept, if there are as many.
    pub fn set_positions(&mut self, positions: &[f32], travel: bool) {
        let count = positions.len() / 2;
        self.travels = travel && count == self.count;
        self.count = count;
        std::mem::swap(&mut self.from, &mut self.to);
        self.gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.to));
        let values = Float32Array::from(positions);
        self.gl.buffer_data_with_array_buffer_view(Gl::ARRAY_BUFFER, &values, Gl::DYNAMIC_DRAW);
    }

    /// Uploads the looks of all points.
    pub fn set_looks(&self, looks: &[u8]) {
        self.gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.looks));
        self.gl.buffer_data_with_u8_array(Gl::ARRAY_BUFFER, looks, Gl::DYNAMIC_DRAW);
    }

    /// Uploads the colours.
    pub fn set_palette(&self, palette: &[Rgba]) {
        let bytes = palette.as_flattened();
        self.gl.bind_texture(Gl::TEXTURE_2D, Some(&self.palette));
        let uploaded = self.gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_u8_array(
            Gl::TEXTURE_2D,
            0,
            Gl::RGBA.cast_signed(),
            PALETTE_WIDTH,
            1,
            0,
            Gl::RGBA,
            Gl::UNSIGNED_BYTE,
            Some(bytes),
        );
        debug_assert!(uploaded.is_ok(), "there are four bytes for each of the colours");
    }

    /// Draws all points in one call.
    pub fn draw(&self, frame: &Frame) {
        let (gl, area) = (&self.gl, frame.viewport.area);
        let height = f64::from(gl.drawing_buffer_height());
        let pixels = |value: f64| (value * frame.density).round() as i32;
        gl.clear_color(0.0, 0.0, 0.0, 0.0);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        // WebGL counts from below.
        let bottom = (height - (area.top + area.height) * frame.density).round() as i32;
        let rectangle = (pixels(area.left), bottom, pixels(area.width), pixels(area.height));
        gl.viewport(rectangle.0, rectangle.1, rectangle.2, rectangle.3);
        if self.count == 0 {
            return;
        }
        // Discs are cut off at the edge of the area, as their pixels lie within the viewport only by their centre.
        gl.enable(Gl::SCISSOR_TEST);
        gl.scissor(rectangle.0, rectangle.1, rectangle.2, rectangle.3);
        gl.use_program(Some(&self.program));
        self.bind_points();
        let (scale, centre) = (frame.viewport.scale(), frame.viewport.centre);
        gl.uniform2f(self.uniforms.centre.as_ref(), centre[0] as f32, centre[1] as f32);
        let (across, up) = (2.0 * scale[0] / area.width, 2.0 * scale[1] / area.height);
        gl.uniform2f(self.uniforms.scale.as_ref(), across as f32, up as f32);
        gl.uniform1f(self.uniforms.moved.as_ref(), frame.moved);
        gl.uniform1f(self.uniforms.diameter.as_ref(), (frame.diameter * frame.density) as f32);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&self.palette));
        gl.draw_arrays(Gl::POINTS, 0, i32::try_from(self.count).unwrap_or(i32::MAX));
        gl.disable(Gl::SCISSOR_TEST);
    }

    fn bind_points(&self) {
        let gl = &self.gl;
        let from = if self.travels { &self.from } else { &self.to };
        for (location, buffer) in [(0, from), (1, &self.to)] {
            gl.bind_buffer(Gl::ARRAY_BUFFER, Some(buffer));
            gl.enable_vertex_attrib_array(location);
            gl.vertex_attrib_pointer_with_i32(location, 2, Gl::FLOAT, false, 0, 0);
        }
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.looks));
        gl.enable_vertex_attrib_array(2);
        gl.vertex_attrib_i_pointer_with_i32(2, 2, Gl::UNSIGNED_BYTE, LOOK_STRIDE, 0);
    }
}

/// The linked program; `None` if the context is lost.
fn link(gl: &Gl) -> Option<WebGlProgram> {
    let program = gl.create_program()?;
    for (kind, source) in [(Gl::VERTEX_SHADER, VERTEX_SHADER), (Gl::FRAGMENT_SHADER, FRAGMENT_SHADER)] {
        gl.attach_shader(&program, &compile(gl, kind, source)?);
    }
    gl.link_program(&program);
    gl.get_program_parameter(&program, Gl::LINK_STATUS).is_truthy().then_some(program)
}

fn compile(gl: &Gl, kind: u32, source: &str) -> Option<WebGlShader> {
    let shader = gl.create_shader(kind)?;
    gl.shader_source(&shader, source);
    gl.compile_shader(&shader);
    let is_compiled = gl.get_shader_parameter(&shader, Gl::COMPILE_STATUS).is_truthy();
    debug_assert!(is_compiled || gl.is_context_lost(), "{:?}", gl.get_shader_info_log(&shader));
    is_compiled.then_some(shader)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::{
        super::viewport::{Area, Extent},
        *,
    };
    use crate::components::picture;

    wasm_bindgen_test_configure!(run_in_browser);

    const SIDE: u32 = 64;

    fn canvas() -> HtmlCanvasElement {
        let document = web_sys::window().and_then(|window| window.document()).expect("a document");
        let canvas: HtmlCanvasElement = document.create_element("canvas").expect("a canvas").unchecked_into();
        canvas.set_width(SIDE);
        canvas.set_height(SIDE);
        canvas
    }

    /// Pixel of a WebGL canvas, read right after it was drawn.
    fn pixel(of: &HtmlCanvasElement, x: f64, y: f64) -> Vec<u8> {
        let context = picture::context(&canvas()).expect("a plain canvas");
        context.draw_image_with_html_canvas_element(of, 0.0, 0.0).expect("drawn");
        context.get_image_data(x, y, 1.0, 1.0).expect("a pixel").data().0
    }

    #[wasm_bindgen_test]
    fn points_stand_in_their_places_and_travel() {
        let canvas = canvas();
        let Some(mut points) = GlPoints::new(&canvas) else {
            web_sys::console::log_1(&"SKIP points_stand_in_their_places_and_travel: no WebGL 2".into());
            return;
        };
        points.set_palette(&[[200, 0, 0, 255]; COLOURS as usize]);
        points.set_looks(&[0; 8]);
        points.set_positions(&[0.0, 0.0, 1.0, 1.0], false);
        let area = Area { left: 0.0, top: 0.0, width: SIDE.into(), height: SIDE.into() };
        let viewport = Viewport::fit(Extent::of(&[-1.0, -1.0, 1.0, 1.0]), area);
        let frame = |moved| Frame { viewport, density: 1.0, diameter: 8.0, moved };
        points.draw(&frame(1.0));
        let (x, y) = viewport.pixel([1.0, 1.0]);
        for (x, y) in [(32.0, 32.0), (x, y)] {
            assert_eq!(pixel(&canvas, x, y), [200, 0, 0, 255], "a point at {x}, {y}");
        }
        assert_eq!(pixel(&canvas, 10.0, 32.0)[3], 0, "nothing there");
        points.set_positions(&[-1.0, 0.0, -1.0, 0.0], true);
        points.draw(&frame(0.5));
        let (x, y) = viewport.pixel([-0.5, 0.0]);
        assert_eq!(pixel(&canvas, x, y), [200, 0, 0, 255], "half-way");
    }
}
