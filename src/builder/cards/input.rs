//! Cards of the input and of its corruption.

use pinhole_protocol::{GridShape, ImageSource, Noise};
use yew::prelude::*;

use super::CardContext;
use crate::{
    builder::{
        editor::{Editor, NumberSetting},
        layer_text::shape_text,
    },
    components::{
        field::{Choice, Slider, options, switch},
        format::{fixed, shortest},
        number_field::NumberRange,
    },
};

/// Sides of pictures in the menu, in pixels: multiples of 4, so that they can be halved twice.
const SIDES: [usize; 9] = [16, 20, 24, 28, 32, 40, 48, 56, 64];
const SIDE_TITLES: [&str; 9] = ["16×16", "20×20", "24×24", "28×28", "32×32", "40×40", "48×48", "56×56", "64×64"];
const COLOURS: [&str; 2] = ["grey", "colour"];

/// Renders the card of the input.
pub fn shape(context: &CardContext<'_>) -> Html {
    if context.editor.experiment.data.source == ImageSource::TableRows {
        return row(context.editor);
    }
    picture(context.editor)
}

/// Renders the input of table rows: the number of values that a row is prepared to.
fn row(editor: &Editor) -> Html {
    const WIDTH: NumberSetting = NumberSetting {
        label: "Values per row",
        field: "network.input",
        read: |experiment| Some(experiment.network.input.len() as f64),
        write: |experiment, value| {
            experiment.network.input = GridShape { channels: value as usize, height: 1, width: 1 };
        },
        empty: "",
        range: NumberRange::whole_from(1),
    };
    let description = editor.rows.as_ref().map_or_else(
        || "Open a table to see how many values its rows have.".to_owned(),
        |rows| format!("Each row of {} becomes a vector of {} values", rows.name, rows.width),
    );
    html! {
        <div class="block" role="group" aria-label="Input">
            <h3>{ "Input" }</h3>
            <div class="numbers">{ editor.number(&WIDTH) }</div>
            <p class="stage-output">{ description }</p>
        </div>
    }
}

/// Renders the shape to which pictures are scaled.
fn picture(editor: &Editor) -> Html {
    let GridShape { channels, height, width } = editor.experiment.network.input;
    let chosen = SIDES.iter().position(|side| (*side, *side) == (height, width));
    let size = match chosen {
        Some(chosen) => editor.menu("Picture size", "network.input", SIDE_TITLES, chosen, |experiment, index| {
            let input = &mut experiment.network.input;
            (input.height, input.width) = (SIDES[index], SIDES[index]);
        }),
        None => other_size(editor),
    };
    html! {
        <div class="block" role="group" aria-label="Input">
            <h3>{ "Input" }</h3>
            <div class="numbers">
                { size }
                { editor.menu("Channels", "", COLOURS, usize::from(channels > 1), |experiment, index| {
                    experiment.network.input.channels = [1, 3][index];
                }) }
            </div>
            <p class="stage-output">{ format!("{} is {} values", shape_text(editor.experiment.network.input), editor.experiment.network.input.len()) }</p>
        </div>
    }
}

/// Menu of sizes for a shape that is not among them, as a link may bring: the present one is added to it.
fn other_size(editor: &Editor) -> Html {
    let input = editor.experiment.network.input;
    let present = format!("{}×{}", input.height, input.width);
    let mut options = options(SIDE_TITLES.map(|title| (title, title)));
    options.push((present.clone().into(), present.into()));
    let on_change = editor.on(|experiment, index: usize| {
        if let Some(side) = SIDES.get(index) {
            let input = &mut experiment.network.input;
            (input.height, input.width) = (*side, *side);
        }
    });
    let error = editor.setting_error("network.input");
    Choice { label: "Picture size", name: "Picture size".into(), options, selected: SIDES.len(), error, on_change }
        .view()
}

/// Renders the card of the input's corruption.
pub fn corruption(editor: &Editor) -> Html {
    let corruption = editor.experiment.objective.corruption;
    let on_change = editor.on(|experiment, index: usize| {
        let corruption = &mut experiment.objective.corruption;
        corruption.noise = Noise::ALL[index];
        if corruption.level <= 0.0 {
            corruption.level = 0.5;
        }
    });
    let on_level = editor.on(|experiment, level: f64| experiment.objective.corruption.level = level as f32);
    let on_varied = editor.on(|experiment, varied| experiment.objective.corruption.varied = varied);
    html! {
        <div class="block" role="group" aria-label="Corruption of the input">
            <div class="numbers">
                { Choice {
                    label: "Corruption",
                    name: "Corruption".into(),
                    options: options(Noise::ALL.map(|noise| (noise.slug(), noise.label()))),
                    selected: Noise::ALL.iter().position(|noise| *noise == corruption.noise).unwrap_or_default(),
                    error: editor.setting_error("objective.corruption"),
                    on_change,
                }.view() }
                if corruption.noise != Noise::None {
                    { Slider {
                        label: "Corruption level",
                        min: "0",
                        max: "1",
                        step: "0.01",
                        value: shortest(corruption.level),
                        text: fixed(corruption.level, 2),
                        disabled: false,
                        on_change: on_level,
                    }.view() }
                }
            </div>
            if corruption.noise != Noise::None {
                { switch("Random level up to this one", corruption.varied, &on_varied) }
            }
        </div>
    }
}
