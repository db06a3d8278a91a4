//! Pictures on the map: samples in place of points, and the decoded grid under them.

use std::rc::Rc;

use pinhole_protocol::{
    GridShape,
    latent::{DecodedContent, Thumbnails},
};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::{
    grid_index::GridIndex,
    palette::Rgba,
    scene::PictureGrid,
    viewport::{Extent, Viewport},
};
use crate::components::picture;

/// Side of a cell of the screen in which one picture may stand, and of the picture, in pixels.
const CELL_PX: f64 = 30.0;
const PICTURE_PX: f64 = 22.0;

/// Most pictures at once.
const MAX_PICTURES: usize = 1_500;

/// Pictures along each side of the sheet from which they are drawn.
const SHEET_SIDE: usize = 40;

/// Opacity of full ink in the grid under the points.
const GRID_OPACITY: f32 = 0.15;

/// Points whose pictures are shown: one per cell of a lattice that stays where it is on the map.
pub fn shown_pictures(index: &GridIndex, viewport: &Viewport, pictures: usize) -> Vec<usize> {
    let (cell, visible) = (viewport.scale().map(|scale| CELL_PX / scale), viewport.visible());
    let range = |axis: usize| {
        let first = (f64::from(visible.low[axis]) / cell[axis]).floor() as i64;
        first..=(f64::from(visible.high[axis]) / cell[axis]).ceil() as i64
    };
    let corner = |column: i64, row: i64| [(column as f64 * cell[0]) as f32, (row as f64 * cell[1]) as f32];
    let first_in = |(column, row): (i64, i64)| {
        let rectangle = Extent { low: corner(column, row), high: corner(column + 1, row + 1) };
        index.within(rectangle).find(|point| *point < pictures)
    };
    let cells = range(1).flat_map(|row| range(0).map(move |column| (column, row)));
    cells.filter_map(first_in).take(MAX_PICTURES.min(SHEET_SIDE * SHEET_SIDE)).collect()
}

/// Draws the pictures of these points in their places, framed in the colours of the points.
pub fn draw_pictures(
    context: &CanvasRenderingContext2d,
    thumbnails: &Thumbnails,
    points: &[usize],
    place: impl Fn(usize) -> ((f64, f64), Option<String>),
    [ground, ink]: [[u8; 3]; 2],
) {
    let side = thumbnails.side;
    let tint = |value: u8| {
        let share = f32::from(value) / 255.0;
        let channel = |channel: usize| {
            let [low, high] = [ground[channel], ink[channel]].map(f32::from);
            (high - low).mul_add(share, low) as u8
        };
        [channel(0), channel(1), channel(2), 255]
    };
    let bytes_of = |point: &usize| thumbnails.pixels.0.get(point * side * side..(point + 1) * side * side);
    let pictures: Vec<&[u8]> = points.iter().filter_map(bytes_of).collect();
    let Some(sheet) = sheet(&pictures, (side, side), SHEET_SIDE, tint) else { return };
    for (number, point) in points.iter().enumerate() {
        let ((x, y), colour) = place(*point);
        let (left, top) = (x - PICTURE_PX / 2.0, y - PICTURE_PX / 2.0);
        if let Some(colour) = colour {
            context.set_fill_style_str(&colour);
            context.fill_rect(left - 1.5, top - 1.5, PICTURE_PX + 3.0, PICTURE_PX + 3.0);
        }
        let from = ((number % SHEET_SIDE * side) as f64, (number / SHEET_SIDE * side) as f64);
        let drawn = context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &sheet,
            from.0,
            from.1,
            side as f64,
            side as f64,
            left,
            top,
            PICTURE_PX,
            PICTURE_PX,
        );
        debug_assert!(drawn.is_ok(), "the sheet has a size");
    }
}

/// The decoded grid as one picture, in a colour as faint as its ink; `None` if it holds no pictures.
pub fn grid_sheet(grid: &PictureGrid, colour: [u8; 3]) -> Option<HtmlCanvasElement> {
    let DecodedContent::Pictures { shape, pixels } = &grid.samples.content else { return None };
    let GridShape { height, width, .. } = *shape;
    let size = shape.len();
    if size == 0 || height * width == 0 {
        return None;
    }
    // Of a picture in colour the first channel stands for all.
    let pictures: Vec<&[u8]> = pixels.0.chunks_exact(size).map(|picture| &picture[..height * width]).collect();
    let [red, green, blue] = colour;
    sheet(&pictures, (height, width), grid.side, |value| [red, green, blue, (f32::from(value) * GRID_OPACITY) as u8])
}

/// Draws the grid in its place.
pub fn draw_grid(context: &CanvasRenderingContext2d, sheet: &HtmlCanvasElement, extent: Extent, viewport: &Viewport) {
    let (from, to) = (viewport.pixel([extent.low[0], extent.high[1]]), viewport.pixel([extent.high[0], extent.low[1]]));
    let area = viewport.area;
    context.save();
    context.begin_path();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    let drawn =
        context.draw_image_with_html_canvas_element_and_dw_and_dh(sheet, from.0, from.1, to.0 - from.0, to.1 - from.1);
    debug_assert!(drawn.is_ok(), "the sheet has a size");
    context.restore();
}

/// Canvas with pictures of one byte per pixel in rows.
fn sheet(
    pictures: &[&[u8]],
    (height, width): (usize, usize),
    columns: usize,
    colour: impl Fn(u8) -> Rgba,
) -> Option<HtmlCanvasElement> {
    let columns = columns.min(pictures.len()).max(1);
    let rows = pictures.len().div_ceil(columns);
    let (full_width, full_height) = (columns * width, rows * height);
    if full_width * full_height == 0 {
        return None;
    }
    let mut rgba = vec![0; full_width * full_height * 4];
    for (number, picture) in pictures.iter().enumerate() {
        let corner = number / columns * height * full_width + number % columns * width;
        for (row, line) in picture.chunks_exact(width).enumerate() {
            let from = (corner + row * full_width) * 4;
            let target = rgba[from..from + width * 4].as_chunks_mut::<4>().0;
            for (pixel, value) in target.iter_mut().zip(line) {
                *pixel = colour(*value);
            }
        }
    }
    let canvas: HtmlCanvasElement = web_sys::window()?.document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(full_width as u32);
    canvas.set_height(full_height as u32);
    let image =
        ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), full_width as u32, full_height as u32).ok()?;
    picture::context(&canvas)?.put_image_data(&image, 0.0, 0.0).ok()?;
    Some(canvas)
}

/// Sheet of a grid, kept while grid and colour are the same.
#[derive(Default)]
pub struct GridSheet(Option<(Rc<pinhole_protocol::latent::DecodedSamples>, [u8; 3], HtmlCanvasElement)>);

impl GridSheet {
    /// The sheet, drawn anew if it has to be.
    pub fn get(&mut self, grid: &PictureGrid, colour: [u8; 3]) -> Option<HtmlCanvasElement> {
        let is_known =
            |known: &&(Rc<_>, [u8; 3], HtmlCanvasElement)| Rc::ptr_eq(&known.0, &grid.samples) && known.1 == colour;
        if let Some((_, _, sheet)) = self.0.as_ref().filter(is_known) {
            return Some(sheet.clone());
        }
        let sheet = grid_sheet(grid, colour)?;
        self.0 = Some((grid.samples.clone(), colour, sheet.clone()));
        Some(sheet)
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Floats;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::components::map::viewport::Area;

    #[wasm_bindgen_test(unsupported = test)]
    fn one_picture_stands_in_each_cell() {
        let points = (0..10_000).flat_map(|index| [(index % 100) as f32, (index / 100) as f32]);
        let index = GridIndex::new(Rc::new(Floats(points.collect())));
        let area = Area { left: 0.0, top: 0.0, width: 300.0, height: 300.0 };
        let mut viewport = Viewport::fit(index.extent(), area);
        let shown = shown_pictures(&index, &viewport, 10_000);
        assert!((60..=180).contains(&shown.len()), "{}", shown.len());
        assert!(shown_pictures(&index, &viewport, 50).iter().all(|point| *point < 50), "only some have pictures");
        viewport.magnify((150.0, 150.0), 8.0);
        assert!(shown_pictures(&index, &viewport, 10_000).len() > 60, "others appear as the map is magnified");
    }
}
