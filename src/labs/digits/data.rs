//! What a run learns from: built-in digits, opened images, or the rows of a table.

use pinhole_protocol::ImageSource;
use yew::prelude::*;

use super::{state::Lab, table::is_of_rows, train_panel::PanelActions};
use crate::{
    builder::{editor::Editor, samples},
    components::{
        field::{Choice, options},
        figures::grouped,
        file_button::file_button,
    },
    files::TABLES,
};

/// What a chooser of images offers.
const IMAGES: &str = ".gz,.idx,.png,.jpg,.jpeg,image/png,image/jpeg,*";

/// Every source, in the order of the menu.
const SOURCES: [ImageSource; 4] =
    [ImageSource::Strokes, ImageSource::Digits8x8, ImageSource::Opened, ImageSource::TableRows];

/// What is missing before there are samples; `has_table` if a table was opened, be it only to be read.
pub fn lack(lab: &Lab, has_table: bool) -> Option<AttrValue> {
    if lab.experiment.data.source == ImageSource::Opened && lab.opened.is_none() {
        return Some("open images first: an MNIST file, or PNG and JPEG pictures".into());
    }
    if !is_of_rows(&lab.experiment) || lab.table.rows().is_some() {
        return None;
    }
    Some(match lab.table.refusal() {
        Some(reason) => AttrValue::from(reason.to_owned()),
        None if has_table => "wait a moment: the table is being read".into(),
        None => "open a table first: a CSV file".into(),
    })
}

/// The menu, the ways to open files, and what is open.
pub fn view(editor: &Editor, lab: &Lab, lack: Option<AttrValue>, actions: &PanelActions) -> Html {
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
        editor.on(move |experiment, index: usize| samples::choose(experiment, SOURCES[index].clone(), width));
    html! {
        <>
            { Choice { label: "Data", name: "Data".into(), options, selected, error: lack, on_change }.view() }
            <div class="row">
                { file_button("Open images", IMAGES, true, false, actions.open_images.clone()) }
                { file_button("Open table", TABLES, false, false, actions.open_table.clone()) }
                <span class="hint">{ "MNIST (IDX, plain or .gz), PNG or JPEG; or a CSV file, whose rows a network can learn too. Or drop them on the page." }</span>
            </div>
            if let Some(opened) = opened {
                <p class="hint">{ format!("Opened: {}, {} images.", opened.name, grouped(opened.images)) }</p>
                { for opened.warnings.iter().map(|warning| html! { <p class="hint">{ warning }</p> }) }
            }
            if let Some(rows) = rows {
                <p class="hint">{ format!(
                    "Table: {}, {} rows, each a vector of {} once numbers are scaled and categories have a value each.{}",
                    rows.name, grouped(rows.rows), rows.width, labels(rows.classes)
                ) }</p>
                { for rows.warnings.iter().map(|warning| html! { <p class="hint">{ warning }</p> }) }
            }
        </>
    }
}

fn labels(classes: usize) -> String {
    if classes == 0 { String::new() } else { format!(" {classes} different labels, which are no part of it.") }
}
