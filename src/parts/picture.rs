//! A small grey picture on a canvas of exactly its pixels; the style sheet enlarges and tints it.

use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::prelude::*;

/// Pixels of a picture's side.
pub const SIDE: u32 = 28;

/// A blank picture of that accessible name, to be painted on with [`show`].
pub fn view(canvas: &NodeRef, label: &'static str) -> Html {
    html! {
        <span class="plate"><canvas ref={canvas.clone()} role="img" aria-label={label} width="28" height="28"></canvas></span>
    }
}

/// Paints `values` on `canvas`; what is missing is paper.
pub fn show(canvas: &HtmlCanvasElement, values: &[f32]) {
    let bytes: Vec<u8> = values.iter().map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    show_bytes(canvas, &bytes);
}

/// As [`show`], for grey bytes.
pub fn show_bytes(canvas: &HtmlCanvasElement, bytes: &[u8]) {
    if let Some(context) = context(canvas) {
        paint_bytes(&context, bytes, 0.0, 0.0);
    }
}

/// Paints a picture of grey bytes at a place.
pub fn paint_bytes(context: &CanvasRenderingContext2d, bytes: &[u8], x: f64, y: f64) {
    let mut rgba = [0, 0, 0, 255].repeat((SIDE * SIDE) as usize);
    for (pixel, grey) in rgba.chunks_exact_mut(4).zip(bytes) {
        pixel[..3].fill(*grey);
    }
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), SIDE, SIDE);
    let painted = image.and_then(|image| context.put_image_data(&image, x, y));
    debug_assert!(painted.is_ok(), "the buffer has four bytes for each pixel");
}

/// The 2-D context of a canvas that nothing else draws on.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// A canvas of its own with the picture on it.
pub fn grey_canvas(values: &[f32]) -> Option<HtmlCanvasElement> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(SIDE);
    canvas.set_height(SIDE);
    show(&canvas, values);
    Some(canvas)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn values_become_grey_pixels() {
        let mut values = vec![0.0; 784];
        values[0] = 1.0;
        values[29] = 0.5;
        values[783] = 7.0;
        let canvas = grey_canvas(&values).expect("a canvas");
        let pixels = context(&canvas).and_then(|context| context.get_image_data(0.0, 0.0, 28.0, 28.0).ok());
        let data = pixels.expect("pixels").data().0;
        let pixel = |index: usize| &data[index * 4..index * 4 + 4];
        assert_eq!(pixel(0), [255, 255, 255, 255]);
        assert_eq!(pixel(1), [0, 0, 0, 255]);
        assert_eq!(pixel(29), [128, 128, 128, 255]);
        assert_eq!(pixel(783), [255, 255, 255, 255], "brighter than white is white");
    }
}
