//! Data of a run: built-in digits, opened images, or the rows of a table.

use pinhole_protocol::ImageSource;
use web_sys::File;
use yew::prelude::*;

use super::table_source::learns_from_rows;
use crate::{
    builder::{data_source, editor::Editor},
    components::{
        field::{Choice, options},
        file_button::file_button,
        format::grouped,
    },
    files::TABLES,
    labs::digits::state::Lab,
};

/// Value of `accept` for file inputs of images.
const IMAGES: &str = ".gz,.idx,.png,.jpg,.jpeg,image/png,image/jpeg,*";

/// Sources in the order of the menu.
const SOURCES: [ImageSource; 4] =
    [ImageSource::Strokes, ImageSource::Digits8x8, ImageSource::Opened, ImageSource::TableRows];

/// Reason for which there are no samples; `None` if there are. `has_table` is true once a table is being opened.
pub fn missing_data(lab: &Lab, has_table: bool) -> Option<AttrValue> {
    if lab.experiment.data.source == ImageSource::Opened && lab.opened.is_none() {
        return Some("open images first: an MNIST file, or PNG and JPEG pictures".into());
    }
    if !learns_from_rows(&lab.experiment) || lab.table.rows().is_some() {
        return None;
    }
    Some(match lab.table.refusal() {
        Some(reason) => AttrValue::from(reason.to_owned()),
        None if has_table => "wait a moment: the table is being read".into(),
        None => "open a table first".into(),
    })
}

/// Renders the menu of sources, the buttons that open files, and the summaries of opened files.
pub fn view(
    editor: &Editor,
    lab: &Lab,
    error: Option<AttrValue>,
    open_images: &Callback<Vec<File>>,
    open_table: &Callback<Vec<File>>,
) -> Html {
    let (opened, rows) = (lab.opened.as_ref(), lab.table.rows());
    let mut options = options([
        ("strokes", "Handwritten-style strokes"),
        ("digits8x8", "1,797 real 8×8 digits"),
        ("opened", "Opened images"),
        ("table_rows", "Rows of a table"),
    ]);
    if let Some(opened) = opened {
        options[2].1 = format!("{} ({} images)", opened.name, grouped(opened.images)).into();
    }
    if let Some(rows) = &rows {
        options[3].1 = format!("{} ({} rows)", rows.name, grouped(rows.rows)).into();
    }
    let selected = SOURCES.iter().position(|source| *source == editor.experiment.data.source).unwrap_or_default();
    let width = rows.as_ref().map(|rows| rows.width);
    let on_change =
        editor.on(move |experiment, index: usize| data_source::set_source(experiment, SOURCES[index].clone(), width));
    html! {
        <>
            { Choice { label: "Data", name: "Data".into(), options, selected, error, on_change }.view() }
            <div class="row">
                { file_button("Open images", IMAGES, true, false, open_images.clone()) }
                { file_button("Open table", TABLES, true, false, open_table.clone()) }
                <span class="hint">{ "MNIST (IDX, plain or .gz), PNG or JPEG; or a table, on whose rows a network can be trained. Or drop files on the page." }</span>
            </div>
            if let Some(opened) = opened {
                <p class="hint">{ format!("Opened: {}, {} images.", opened.name, grouped(opened.images)) }</p>
                { for opened.warnings.iter().map(|warning| html! { <p class="hint">{ warning }</p> }) }
            }
            if let Some(rows) = rows {
                <p class="hint">{ format!(
                    "Table: {}, {} rows, each a vector of {} values after numbers are scaled and categories one-hot encoded.{}",
                    rows.name, grouped(rows.rows), rows.width, labels(rows.classes)
                ) }</p>
                { for rows.warnings.iter().map(|warning| html! { <p class="hint">{ warning }</p> }) }
            }
        </>
    }
}

fn labels(classes: usize) -> String {
    if classes == 0 { String::new() } else { format!(" {classes} different labels, which are not part of the vector.") }
}
