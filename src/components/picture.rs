//! Samples on a canvas with one pixel per value: pictures, grey or in colour, or rows of cells. The style sheet scales
//! and tints them.

use pinhole_protocol::GridShape;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::prelude::*;

/// Side of a drawn digit, in pixels.
pub const SIDE: u32 = 28;

/// Blank picture with the accessible name `label`, to be painted with [`show`].
pub fn view(canvas: &NodeRef, label: &'static str) -> Html {
    html! { <span class="picture-frame">{ self::canvas(canvas, label) }</span> }
}

/// The picture without its frame.
pub fn canvas(canvas: &NodeRef, label: &'static str) -> Html {
    html! { <canvas ref={canvas.clone()} role="img" aria-label={label} width="28" height="28"></canvas> }
}

/// True if the shape has rows or columns; otherwise it is a vector, such as a row of a table.
pub const fn is_picture(shape: GridShape) -> bool {
    shape.height > 1 || shape.width > 1
}

/// Shape in which a sample is painted: a picture as it is, a vector as one row of cells.
const fn painted_shape(shape: GridShape) -> GridShape {
    if is_picture(shape) { shape } else { GridShape { channels: 1, height: 1, width: shape.channels } }
}

/// Value of the `data-look` attribute by which the style sheet scales and tints a sample.
const fn look(shape: GridShape) -> &'static str {
    match (is_picture(shape), shape.channels) {
        (false, _) => "cells",
        (true, 3) => "colour",
        (true, _) => "grey",
    }
}

/// Paints `values`, 0 to 1, on `canvas`; missing ones are painted as 0.
pub fn show(canvas: &HtmlCanvasElement, values: &[f32], shape: GridShape) {
    let bytes: Vec<u8> = values.iter().map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    show_all(canvas, &bytes, shape, 1);
}

/// Paints `count` samples of one byte per value: pictures side by side, rows of cells below each other.
pub fn show_all(canvas: &HtmlCanvasElement, bytes: &[u8], shape: GridShape, count: usize) {
    let columns = if is_picture(shape) { count } else { 1 };
    show_tiles(canvas, bytes, shape, count, Tiling { columns, gap: 0 });
}

/// Layout of several samples on one canvas.
#[derive(Clone, Copy, Debug)]
pub struct Tiling {
    /// Samples per row.
    pub columns: usize,
    /// Gap between neighbours, in pixels.
    pub gap: usize,
}

/// Paints `count` samples of one byte per value as tiles, row by row.
pub fn show_tiles(canvas: &HtmlCanvasElement, bytes: &[u8], shape: GridShape, count: usize, tiling: Tiling) {
    let Tiling { columns, gap } = tiling;
    let tile = painted_shape(shape);
    let length = |tiles: usize, side: usize| (tiles * (side + gap)).saturating_sub(gap);
    let (columns, rows) = (columns.min(count).max(1), count.div_ceil(columns.max(1)));
    let size = [length(columns, tile.width), length(rows, tile.height)];
    fit(canvas, size.map(|side| u32::try_from(side).unwrap_or_default()), look(shape));
    let Some(context) = context(canvas).filter(|_| !shape.is_empty()) else { return };
    let blank = vec![0; shape.len()];
    let samples = bytes.chunks_exact(shape.len()).chain(std::iter::repeat(&blank[..])).take(count);
    for (index, sample) in samples.enumerate() {
        let position = (index % columns * (tile.width + gap), index / columns * (tile.height + gap));
        paint(&context, sample, tile, position);
    }
}

fn fit(canvas: &HtmlCanvasElement, [width, height]: [u32; 2], look: &str) {
    // Setting a size clears a canvas, even to the same: only when it has to be.
    if [canvas.width(), canvas.height()] != [width, height] {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let named = canvas.set_attribute("data-look", look);
    debug_assert!(named.is_ok(), "the name of the attribute is valid");
}

/// Paints a sample at a position; its channels (one grey, or red, green and blue) are stored one after the other.
fn paint(context: &CanvasRenderingContext2d, bytes: &[u8], shape: GridShape, (x, y): (usize, usize)) {
    let size = shape.height * shape.width;
    let channels = if shape.channels == 3 { [0, 1, 2] } else { [0; 3] };
    let mut rgba = [0, 0, 0, 255].repeat(size);
    for (colour, channel) in channels.into_iter().enumerate() {
        let values = bytes.iter().skip(channel * size);
        for (pixel, value) in rgba.chunks_exact_mut(4).zip(values) {
            pixel[colour] = *value;
        }
    }
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), shape.width as u32, shape.height as u32);
    let painted = image.and_then(|image| context.put_image_data(&image, x as f64, y as f64));
    debug_assert!(painted.is_ok(), "the buffer has four bytes for each pixel");
}

/// Amber of values above zero, and blue of those below.
const SIGNED_COLOURS: [[u8; 3]; 2] = [[217, 138, 43], [63, 132, 186]];

/// Paints signed `values`, -1 to 1, one per pixel: amber above zero, blue below, and the nearer to zero the more of the
/// ground shows through.
pub fn show_signed(canvas: &HtmlCanvasElement, values: &[f32], shape: GridShape) {
    let tile = painted_shape(shape);
    fit(canvas, [tile.width, tile.height].map(|side| u32::try_from(side).unwrap_or_default()), "signed");
    let Some(context) = context(canvas).filter(|_| !shape.is_empty()) else { return };
    let mut rgba: Vec<u8> =
        values.iter().take(tile.width * tile.height).flat_map(|value| signed_pixel(*value)).collect();
    rgba.resize(4 * tile.width * tile.height, 0);
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), tile.width as u32, tile.height as u32);
    let painted = image.and_then(|image| context.put_image_data(&image, 0.0, 0.0));
    debug_assert!(painted.is_ok(), "the buffer has four bytes for each pixel");
}

/// Red, green, blue and opacity of a signed value.
fn signed_pixel(value: f32) -> [u8; 4] {
    let [red, green, blue] = SIGNED_COLOURS[usize::from(value < 0.0)];
    [red, green, blue, (value.abs().min(1.0) * 255.0).round() as u8]
}

/// 2-D context of a canvas.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// New canvas, outside the page, with the picture on it.
pub fn canvas_of(values: &[f32], shape: GridShape) -> Option<HtmlCanvasElement> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    show(&canvas, values, shape);
    Some(canvas)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn pixels(canvas: &HtmlCanvasElement) -> Vec<u8> {
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let pixels = context(canvas).and_then(|context| context.get_image_data(0.0, 0.0, width, height).ok());
        pixels.expect("pixels").data().0
    }

    fn look_of(canvas: &HtmlCanvasElement) -> Option<String> {
        canvas.get_attribute("data-look")
    }

    #[wasm_bindgen_test]
    fn values_become_grey_pixels() {
        let mut values = vec![0.0; 784];
        values[0] = 1.0;
        values[29] = 0.5;
        values[783] = 7.0;
        let canvas = canvas_of(&values, GridShape::MNIST).expect("a canvas");
        let data = pixels(&canvas);
        let pixel = |index: usize| &data[index * 4..index * 4 + 4];
        assert_eq!(pixel(0), [255, 255, 255, 255]);
        assert_eq!(pixel(1), [0, 0, 0, 255]);
        assert_eq!(pixel(29), [128, 128, 128, 255]);
        assert_eq!(pixel(783), [255, 255, 255, 255], "brighter than white is white");
        assert_eq!(look_of(&canvas).as_deref(), Some("grey"));
    }

    #[wasm_bindgen_test]
    fn three_channels_become_colours_side_by_side() {
        let shape = GridShape { channels: 3, height: 2, width: 1 };
        let canvas = canvas_of(&[], shape).expect("a canvas");
        show_all(&canvas, &[1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16], shape, 2);
        let rows = [[1, 3, 5, 255, 11, 13, 15, 255], [2, 4, 6, 255, 12, 14, 16, 255]];
        assert_eq!(pixels(&canvas), rows.concat());
        assert_eq!(look_of(&canvas).as_deref(), Some("colour"));
    }

    #[wasm_bindgen_test]
    fn vectors_become_rows_of_cells() {
        let shape = GridShape { channels: 3, height: 1, width: 1 };
        let canvas = canvas_of(&[], shape).expect("a canvas");
        show_all(&canvas, &[1, 2, 3, 4, 5, 6], shape, 2);
        assert_eq!((canvas.width(), canvas.height()), (3, 2));
        let greys: Vec<u8> = pixels(&canvas).chunks_exact(4).map(|pixel| pixel[0]).collect();
        assert_eq!(greys, [1, 2, 3, 4, 5, 6]);
        assert_eq!(look_of(&canvas).as_deref(), Some("cells"));
    }

    #[wasm_bindgen_test]
    fn tiles_have_gaps_between_them() {
        let canvas = canvas_of(&[], GridShape::MNIST).expect("a canvas");
        let shape = GridShape { channels: 1, height: 1, width: 2 };
        show_tiles(&canvas, &[1, 2, 3, 4, 5, 6], shape, 3, Tiling { columns: 2, gap: 1 });
        assert_eq!((canvas.width(), canvas.height()), (5, 3));
        let greys: Vec<u8> = pixels(&canvas).chunks_exact(4).map(|pixel| pixel[0]).collect();
        assert_eq!(greys, [1, 2, 0, 3, 4, 0, 0, 0, 0, 0, 5, 6, 0, 0, 0]);
    }

    #[wasm_bindgen_test]
    fn signed_values_are_amber_and_blue() {
        assert_eq!(signed_pixel(2.0), [217, 138, 43, 255]);
        assert_eq!(signed_pixel(-0.5), [63, 132, 186, 128]);
        let canvas = canvas_of(&[], GridShape::MNIST).expect("a canvas");
        show_signed(&canvas, &[1.0, 0.0], GridShape { channels: 2, height: 1, width: 1 });
        assert_eq!(pixels(&canvas), [[217, 138, 43, 255], [0; 4]].concat());
        assert_eq!(look_of(&canvas).as_deref(), Some("signed"));
    }

    #[wasm_bindgen_test]
    fn missing_samples_are_black() {
        let canvas = canvas_of(&[1.0; 784], GridShape::MNIST).expect("a canvas");
        show(&canvas, &[], GridShape::MNIST);
        assert!(pixels(&canvas).chunks_exact(4).all(|pixel| pixel == [0, 0, 0, 255]));
    }
}
