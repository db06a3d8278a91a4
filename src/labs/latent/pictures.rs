//! Decoded samples as the lab shows them: pictures on a canvas, rows of a table as a table.

use pinhole_protocol::{
    Bytes, GridShape,
    latent::{DecodedContent, Decoding},
};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use crate::components::picture::{self, Tiling};

/// Gap between pictures of a strip, in pixels of a picture.
const GAP: usize = 1;

/// Content of a canvas.
#[derive(Clone, Debug, PartialEq)]
pub enum Painting {
    /// Pictures of one byte per value, in rows of `columns`.
    Pictures { shape: GridShape, pixels: Vec<u8>, columns: usize },
    /// Signed values, -1 to 1.
    Signed { shape: GridShape, values: Vec<f32> },
}

impl Painting {
    /// Pictures of decoded samples in one row; `None` for rows of a table.
    pub fn strip(content: &DecodedContent) -> Option<Self> {
        Self::grid(content, usize::MAX)
    }

    /// Pictures of decoded samples in rows of `columns`; `None` for rows of a table.
    pub fn grid(content: &DecodedContent, columns: usize) -> Option<Self> {
        let DecodedContent::Pictures { shape, pixels } = content else { return None };
        let columns = columns.min(pixels.0.len() / shape.len().max(1)).max(1);
        Some(Self::Pictures { shape: *shape, pixels: pixels.0.clone(), columns })
    }

    /// Every `stride`th picture of decoded samples in one row; `None` for rows of a table.
    pub fn thinned(content: &DecodedContent, stride: usize) -> Option<Self> {
        let DecodedContent::Pictures { shape, pixels } = content else { return None };
        let kept: Vec<&[u8]> = pixels.0.chunks_exact(shape.len().max(1)).step_by(stride.max(1)).collect();
        Some(Self::Pictures { shape: *shape, columns: kept.len().max(1), pixels: kept.concat() })
    }

    /// Difference of two pictures in their first channel: amber where the second has more ink. `None` if they are no
    /// pictures of one shape.
    pub fn difference(one: &DecodedContent, other: &DecodedContent) -> Option<Self> {
        let (DecodedContent::Pictures { shape, pixels: one }, DecodedContent::Pictures { shape: same, pixels: other }) =
            (one, other)
        else {
            return None;
        };
        let values = one.0.iter().zip(&other.0).map(|(one, other)| (f32::from(*other) - f32::from(*one)) / 255.0);
        let shape = first_channel(*shape);
        (shape == first_channel(*same)).then(|| Self::Signed { shape, values: values.take(shape.len()).collect() })
    }

    fn paint(&self, canvas: &HtmlCanvasElement) {
        match self {
            Self::Pictures { shape, pixels, columns } => {
                let count = pixels.len() / shape.len().max(1);
                let gap = if count > 1 { GAP } else { 0 };
                picture::show_tiles(canvas, pixels, *shape, count, Tiling { columns: *columns, gap });
            }
            Self::Signed { shape, values } => picture::show_signed(canvas, values, *shape),
        }
    }
}

/// Shape of the first channel of a picture.
const fn first_channel(shape: GridShape) -> GridShape {
    GridShape { channels: 1, ..shape }
}

/// Picture of this index as content of its own; `None` for rows, or without it.
pub fn nth(content: &DecodedContent, index: usize) -> Option<DecodedContent> {
    match content {
        DecodedContent::Pictures { shape, pixels } => {
            let pixels = pixels.0.chunks_exact(shape.len().max(1)).nth(index)?.to_vec();
            Some(DecodedContent::Pictures { shape: *shape, pixels: Bytes(pixels) })
        }
        DecodedContent::Rows { cells } => Some(DecodedContent::Rows { cells: vec![cells.get(index)?.clone()] }),
    }
}

/// Properties of [`PaintedCanvas`].
#[derive(PartialEq, Properties)]
pub struct PaintedCanvasProps {
    /// Accessible name; without one, it is a decoration.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// What is painted; without it, the canvas is blank.
    pub painting: Option<Painting>,
}

/// Canvas that is painted anew when its content changes.
#[component]
pub fn PaintedCanvas(props: &PaintedCanvasProps) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(props.painting.clone(), move |painting| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
            match painting {
                Some(painting) => painting.paint(&canvas),
                None => picture::show(&canvas, &[], GridShape::MNIST),
            }
        });
    }
    let is_signed = matches!(props.painting, Some(Painting::Signed { .. }));
    let role = if props.label.is_some() { "img" } else { "presentation" };
    html! {
        <span class={classes!("picture-frame", "painted", is_signed.then_some("signed"))}>
            <canvas ref={canvas} {role} aria-label={props.label.clone()} width="28" height="28"></canvas>
        </span>
    }
}

/// Names of the columns that rows decode to; empty for pictures.
pub fn column_names(decoding: &Decoding) -> &[String] {
    match decoding {
        Decoding::Rows { columns } => columns,
        Decoding::Pictures { .. } | Decoding::Impossible { .. } => &[],
    }
}

/// Table of decoded rows, a line per row. `heads` names the lines, such as the steps of a walk.
pub fn rows_table(label: &str, columns: &[String], heads: impl Fn(usize) -> String, cells: &[Vec<String>]) -> Html {
    html! {
        <div class="table-scroll" role="region" aria-label={format!("{label}, table")} tabindex="0">
            <table class="cells" aria-label={label.to_owned()}>
                <thead><tr>
                    <th scope="col"><span class="visually-hidden">{ "Row" }</span></th>
                    { for columns.iter().map(|name| html! { <th scope="col">{ name }</th> }) }
                </tr></thead>
                <tbody>{ for cells.iter().enumerate().map(|(index, row)| html! {
                    <tr>
                        <th scope="row">{ heads(index) }</th>
                        { for row.iter().map(|cell| html! { <td>{ cell }</td> }) }
                    </tr>
                }) }</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn pictures(pixels: &[u8]) -> DecodedContent {
        let shape = GridShape { channels: 1, height: 1, width: 2 };
        DecodedContent::Pictures { shape, pixels: Bytes(pixels.to_vec()) }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn strips_are_thinned_and_cut() {
        let strip = pictures(&[1, 2, 3, 4, 5, 6]);
        let Some(Painting::Pictures { pixels, columns, .. }) = Painting::thinned(&strip, 2) else { panic!("pictures") };
        assert_eq!((pixels, columns), (vec![1, 2, 5, 6], 2));
        assert_eq!(nth(&strip, 1), Some(pictures(&[3, 4])));
        assert_eq!(nth(&strip, 3), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_difference_is_signed() {
        let difference = Painting::difference(&pictures(&[0, 255]), &pictures(&[255, 0]));
        let Some(Painting::Signed { values, .. }) = difference else { panic!("signed values") };
        assert_eq!(values, [1.0, -1.0]);
        assert_eq!(Painting::difference(&pictures(&[0, 0]), &DecodedContent::Rows { cells: Vec::new() }), None);
    }
}
