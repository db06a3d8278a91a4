//! Drawing of a code: bars for a short vector, whose units can be dragged; a grid of cells for a longer one; tiles for
//! feature maps.

use pinhole_protocol::{GridShape, LatentCode};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use crate::components::{
    format::{brief, fixed, grouped},
    picture::{self, Tiling},
};

/// Largest vector that is drawn as bars.
const MAX_BARS: usize = 64;
/// Largest vector that is drawn with a cell per unit.
const MAX_CELLS: usize = 1_024;
/// Share of the range by which an arrow key changes a unit.
const KEY_STEP: f32 = 0.05;
/// Room above the largest value, so that a unit can be dragged beyond what the picture gives.
const HEADROOM: f32 = 1.5;

/// Change of the code by a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CodeEdit {
    /// Selects a unit.
    Select(usize),
    /// Sets the value of a unit.
    Set(usize, f32),
    /// Returns to the code of the picture.
    Reset,
}

/// Kind of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeLayout {
    /// A bar per unit.
    Bars,
    /// Cells in rows; each is the mean of `units_per_cell` units.
    Cells { columns: usize, units_per_cell: usize },
    /// A tile per feature map.
    Maps,
}

impl CodeLayout {
    /// Layout for a code of that shape.
    pub fn of(shape: GridShape) -> Self {
        if picture::is_picture(shape) {
            return Self::Maps;
        }
        if shape.channels <= MAX_BARS {
            return Self::Bars;
        }
        let units_per_cell = shape.channels.div_ceil(MAX_CELLS);
        let cells = shape.channels.div_ceil(units_per_cell);
        Self::Cells { columns: (2.0 * cells as f64).sqrt().ceil() as usize, units_per_cell }
    }
}

/// Range of values that the bars stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueRange {
    least: f32,
    most: f32,
}

impl ValueRange {
    /// Range of a code with some headroom, symmetric if any value is negative.
    pub fn of(code: &LatentCode) -> Self {
        let largest = code.values.0.iter().chain(&code.deviations.0).fold(0.0_f32, |most, value| most.max(value.abs()));
        let most = if largest.is_finite() && largest > 0.0 { HEADROOM * largest } else { 1.0 };
        let is_signed = code.values.0.iter().any(|value| *value < 0.0);
        Self { least: if is_signed { -most } else { 0.0 }, most }
    }

    /// Position of a value, 0 at the top to 1 at the bottom.
    fn depth(self, value: f32) -> f32 {
        let depth = (self.most - value) / (self.most - self.least);
        if depth.is_finite() { depth.clamp(0.0, 1.0) } else { 1.0 }
    }

    /// Value at a position.
    fn value_at(self, depth: f32) -> f32 {
        self.most - depth.clamp(0.0, 1.0) * (self.most - self.least)
    }

    /// Value changed by `steps` key presses.
    fn stepped(self, value: f32, steps: f32) -> f32 {
        (value + steps * KEY_STEP * (self.most - self.least)).clamp(self.least, self.most)
    }
}

/// A code to be drawn.
pub struct CodeFigure<'a> {
    /// Code, with a person's edits.
    pub code: &'a LatentCode,
    /// Range of the code before any edit.
    pub range: ValueRange,
    /// Unit that is selected.
    pub selected: Option<usize>,
    /// True if the code was edited.
    pub is_edited: bool,
    /// Number of values of the input.
    pub inputs: usize,
    /// Canvas of cells or maps, painted by [`paint`].
    pub canvas: &'a NodeRef,
    /// Sentence on skip connections that pass by the code; empty without any.
    pub skips_caption: Html,
    pub on_edit: Callback<CodeEdit>,
}

impl CodeFigure<'_> {
    /// Renders the figure.
    pub fn view(&self) -> Html {
        let layout = CodeLayout::of(self.code.shape);
        let drawing = match layout {
            _ if !self.code.indices.is_empty() => self.codebook_grid(),
            CodeLayout::Bars => html! { <div class="code-bars">{ self.bars() }{ self.handle() }</div> },
            CodeLayout::Cells { .. } | CodeLayout::Maps => picture::view(self.canvas, "Code"),
        };
        let on_reset = self.on_edit.reform(|_: MouseEvent| CodeEdit::Reset);
        html! {
            <figure class="code">
                { drawing }
                <figcaption>
                    <span class="caption">{ "Code" }</span>
                    <span class="quality">{ self.size_text(layout) }</span>
                    if layout == CodeLayout::Bars {
                        <span class="quality">{ self.unit_text() }</span>
                    }
                    { self.skips_caption.clone() }
                    if self.is_edited {
                        <button type="button" class="button" onclick={on_reset}>{ "Reset code" }</button>
                    }
                </figcaption>
            </figure>
        }
    }

    /// Number of the codebook vector at each position of a vector-quantised code.
    fn codebook_grid(&self) -> Html {
        let positions = self.code.indices.len();
        let columns = if self.code.shape.width > 1 { self.code.shape.width } else { positions };
        let rows = positions.div_ceil(columns);
        let cell = |(position, index): (usize, &u32)| {
            let (x, y) = (position % columns, position / columns);
            let centre = |at: usize| fixed(at as f64 + 0.5, 1);
            html! { <text x={centre(x)} y={centre(y)} dy="0.15">{ index }</text> }
        };
        html! {
            <svg class="codebook-grid" role="img" aria-label="Code" viewBox={format!("0 0 {columns} {rows}")}>
                { for self.code.indices.iter().enumerate().map(cell) }
            </svg>
        }
    }

    fn size_text(&self, layout: CodeLayout) -> String {
        let GridShape { channels, height, width } = self.code.shape;
        if !self.code.indices.is_empty() {
            return format!("{} codebook vectors, by number", self.code.indices.len());
        }
        let (units, inputs) = (self.code.shape.len(), self.inputs.max(1));
        let percent = 100.0 * units as f64 / inputs as f64;
        let share = format!("{} %", fixed(percent, u32::from(percent < 1.0)));
        match layout {
            CodeLayout::Bars => format!("{units} numbers, {share} of the input"),
            CodeLayout::Cells { units_per_cell: 1, .. } => format!("{} numbers, {share} of the input", grouped(units)),
            CodeLayout::Cells { units_per_cell, .. } => {
                format!("{} numbers, {units_per_cell} to a cell", grouped(units))
            }
            CodeLayout::Maps => format!("{channels} maps of {height}×{width}, {share} of the input"),
        }
    }

    fn unit_text(&self) -> String {
        match self.selected.and_then(|unit| Some((unit, self.code.values.0.get(unit)?))) {
            Some((unit, value)) => format!("unit {} is {}", unit + 1, brief(f64::from(*value))),
            None => "drag a bar".into(),
        }
    }

    fn bars(&self) -> Html {
        let units = self.code.values.0.len();
        let percent = |share: f32| fixed(100.0 * share, 2);
        let zero = self.range.depth(0.0);
        let bar = |(unit, value): (usize, &f32)| {
            let depth = self.range.depth(*value);
            let class = if self.selected == Some(unit) { "code-bar selected" } else { "code-bar" };
            let (y, height) = (percent(depth.min(zero)), percent((depth - zero).abs().max(0.005)));
            html! { <rect {class} x={fixed(unit as f64 + 0.1, 1)} {y} width="0.8" {height} /> }
        };
        let spread = |(unit, (value, deviation)): (usize, (&f32, &f32))| {
            let (top, bottom) = (self.range.depth(value + deviation), self.range.depth(value - deviation));
            let x = fixed(unit as f64 + 0.4, 1);
            html! { <rect class="code-spread" {x} y={percent(top)} width="0.2" height={percent(bottom - top)} /> }
        };
        let values = &self.code.values.0;
        html! {
            <svg role="img" aria-label="Code" viewBox={format!("0 0 {units} 100")} preserveAspectRatio="none">
                { for values.iter().enumerate().map(bar) }
                { for values.iter().zip(&self.code.deviations.0).enumerate().map(spread) }
            </svg>
        }
    }

    /// Transparent control above the bars: the pointer drags a bar; arrow keys choose a unit and change it.
    fn handle(&self) -> Html {
        let (units, range) = (self.code.values.0.len(), self.range);
        let on_pointer = self.on_edit.reform(move |event: PointerEvent| {
            let (unit, depth) = position(&event, units);
            CodeEdit::Set(unit, range.value_at(depth))
        });
        let onpointerdown = {
            let on_pointer = on_pointer.clone();
            Callback::from(move |event: PointerEvent| {
                let target: Element = event.target_unchecked_into();
                // A pointer that is gone already cannot be captured, and needs not be.
                let _ = target.set_pointer_capture(event.pointer_id());
                on_pointer.emit(event);
            })
        };
        let on_hover = self.on_edit.reform(move |event: PointerEvent| CodeEdit::Select(position(&event, units).0));
        let onpointermove =
            Callback::from(
                move |event: PointerEvent| {
                    if event.buttons() == 0 { on_hover.emit(event) } else { on_pointer.emit(event) }
                },
            );
        let onkeydown = self.key_callback();
        let unit = self.selected.unwrap_or_default();
        html! {
            <div class="code-handle" role="slider" tabindex="0" aria-label="Unit of the code"
                aria-valuemin="1" aria-valuemax={units.to_string()} aria-valuenow={(unit + 1).to_string()}
                aria-valuetext={self.unit_text()} {onpointerdown} {onpointermove} {onkeydown}></div>
        }
    }

    fn key_callback(&self) -> Callback<KeyboardEvent> {
        let (units, range, unit) = (self.code.values.0.len(), self.range, self.selected.unwrap_or_default());
        let value = self.code.values.0.get(unit).copied().unwrap_or_default();
        let on_edit = self.on_edit.clone();
        Callback::from(move |event: KeyboardEvent| {
            let edit = match event.key().as_str() {
                "ArrowRight" => CodeEdit::Select((unit + 1).min(units.saturating_sub(1))),
                "ArrowLeft" => CodeEdit::Select(unit.saturating_sub(1)),
                "ArrowUp" => CodeEdit::Set(unit, range.stepped(value, 1.0)),
                "ArrowDown" => CodeEdit::Set(unit, range.stepped(value, -1.0)),
                "Escape" => CodeEdit::Reset,
                _ => return,
            };
            event.prevent_default();
            on_edit.emit(edit);
        })
    }
}

/// Unit under the pointer, and the pointer's height, 0 at the top to 1 at the bottom.
fn position(event: &PointerEvent, units: usize) -> (usize, f32) {
    let target: Element = event.target_unchecked_into();
    let bounds = target.get_bounding_client_rect();
    let share = |at: i32, from: f64, length: f64| (f64::from(at) - from) / length.max(1.0);
    let across = share(event.client_x(), bounds.left(), bounds.width()) * units as f64;
    let unit = (across.max(0.0) as usize).min(units.saturating_sub(1));
    (unit, share(event.client_y(), bounds.top(), bounds.height()) as f32)
}

/// Paints cells or maps on the canvas; bars have none.
pub fn paint(canvas: &NodeRef, code: &LatentCode) {
    let Some(canvas) = canvas.get().and_then(|node| node.dyn_into::<HtmlCanvasElement>().ok()) else { return };
    match CodeLayout::of(code.shape) {
        CodeLayout::Bars => {}
        CodeLayout::Cells { columns, units_per_cell } => {
            let means: Vec<f32> = code
                .values
                .0
                .chunks(units_per_cell)
                .map(|units| units.iter().sum::<f32>() / units.len() as f32)
                .collect();
            let cell = GridShape { channels: 1, height: 1, width: 1 };
            let tiling = Tiling { columns, gap: 0 };
            picture::show_tiles(&canvas, &bytes(&means), cell, means.len(), tiling);
        }
        CodeLayout::Maps => {
            let GridShape { channels, height, width } = code.shape;
            let tiling = Tiling { columns: (channels as f64).sqrt().ceil() as usize, gap: 1 };
            let map = GridShape { channels: 1, height, width };
            picture::show_tiles(&canvas, &bytes(&code.values.0), map, channels, tiling);
        }
    }
}

/// Values as grey levels, from the least (black) to the greatest (white).
fn bytes(values: &[f32]) -> Vec<u8> {
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let span = (most - least).max(f32::MIN_POSITIVE);
    values.iter().map(|value| ((value - least) / span * 255.0).round() as u8).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::fixtures::vector_code as vector;

    #[wasm_bindgen_test(unsupported = test)]
    fn layouts_follow_the_size_of_the_code() {
        let of = |channels, height, width| CodeLayout::of(GridShape { channels, height, width });
        assert_eq!(of(64, 1, 1), CodeLayout::Bars);
        assert_eq!(of(65, 1, 1), CodeLayout::Cells { columns: 12, units_per_cell: 1 });
        assert_eq!(of(4_096, 1, 1), CodeLayout::Cells { columns: 46, units_per_cell: 4 });
        assert_eq!(of(8, 7, 7), CodeLayout::Maps);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_range_is_symmetric_if_a_value_is_negative() {
        assert_eq!(ValueRange::of(&vector(&[0.0, 2.0])), ValueRange { least: 0.0, most: 3.0 });
        let signed = ValueRange::of(&vector(&[-2.0, 1.0]));
        assert_eq!(signed, ValueRange { least: -3.0, most: 3.0 });
        assert_eq!((signed.depth(3.0), signed.depth(0.0), signed.depth(-9.0)), (0.0, 0.5, 1.0));
        assert!((signed.value_at(0.25) - 1.5).abs() < 1e-6);
        for values in [&[][..], &[0.0], &[f32::NAN], &[f32::INFINITY]] {
            let range = ValueRange::of(&vector(values));
            assert!(range.most > range.least && range.most.is_finite(), "{values:?}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_stay_in_the_range() {
        let range = ValueRange { least: 0.0, most: 2.0 };
        assert!((range.stepped(1.0, 1.0) - 1.1).abs() < 1e-6);
        assert!((range.stepped(2.0, 1.0) - 2.0).abs() < 1e-6);
        assert!(range.stepped(0.05, -1.0).abs() < 1e-6);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn grey_levels_span_the_values() {
        assert_eq!(bytes(&[-1.0, 0.0, 1.0]), [0, 128, 255]);
        assert_eq!(bytes(&[3.0, 3.0]), [0, 0]);
    }
}
