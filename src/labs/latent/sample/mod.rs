//! The chosen sample A: what it is, what its code decodes to, the difference, and its nearest codes.

pub mod text;

use std::rc::Rc;

use pinhole_protocol::latent::{DecodedContent, NearVector, SampleDetails};
use yew::prelude::*;

use super::{
    controller::{Controller, NEAREST},
    pictures::{PaintedCanvas, Painting, column_names, nth},
    state::{Chosen, Lab, Purpose},
};
use crate::components::format::brief;

/// Most numbers of a code that are listed.
const MAX_NUMBERS: usize = 16;

/// Renders the chosen sample, or a sentence that says how to choose one.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let details = lab.answers.sample(Purpose::ChosenA).filter(|details| Some(details.index) == lab.chosen.a);
    let title = lab.chosen.a.map_or_else(|| "Chosen".into(), |a| format!("Chosen: A, {}", text::name(lab, a)));
    html! {
        <section class="latent-part" aria-labelledby="latent-chosen">
            <h2 id="latent-chosen">{ title }</h2>
            if lab.chosen.a.is_none() {
                <p class="hint">
                    { "Point at the map, and what its place decodes to stands here. A click chooses a sample as A, a click with Shift held another as B." }
                </p>
            }
            if let Some(reason) = lab.decoding_obstacle() {
                <p class="warning">{ reason }</p>
            }
            { contents(lab, details) }
            if let Some(details) = details {
                { facts(details) }
                { nearest(lab, details, controller) }
            }
        </section>
    }
}

/// What stands as “Decoded”: the place under the pointer, else the shown step of the walk, else the pushed code, else the
/// sample's own reconstruction.
fn decoded(lab: &Lab, details: Option<&Rc<SampleDetails>>) -> Option<DecodedContent> {
    let first = |purpose| lab.answers.decoded(purpose).and_then(|samples| nth(&samples.content, 0));
    if let Some(content) = lab.hover.and_then(|_| first(Purpose::Pointer)) {
        return Some(content);
    }
    if let (Some(step), Some(walk)) = (lab.exploration.step, lab.answers.decoded(Purpose::Interpolation)) {
        return nth(&walk.content, step);
    }
    let pushed = lab.exploration.pushed.as_ref().and_then(|_| first(Purpose::Pushed));
    pushed.or_else(|| details.and_then(|details| details.reconstruction.clone()))
}

fn contents(lab: &Lab, details: Option<&Rc<SampleDetails>>) -> Html {
    let sample = details.and_then(|details| details.sample.as_ref());
    let decoded = decoded(lab, details);
    if let Some(DecodedContent::Rows { cells }) = sample.or(decoded.as_ref()) {
        let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
        let own = sample.and(cells.first());
        let decoded = match &decoded {
            Some(DecodedContent::Rows { cells }) => cells.first(),
            _ => None,
        };
        return row(columns, own, decoded);
    }
    if lab.picture_shape().is_none() && sample.is_none() && decoded.is_none() {
        return Html::default();
    }
    pictures(sample, decoded.as_ref())
}

fn pictures(sample: Option<&DecodedContent>, decoded: Option<&DecodedContent>) -> Html {
    let difference = sample.zip(decoded).and_then(|(sample, decoded)| Painting::difference(sample, decoded));
    let figure = |name: &'static str, painting: Option<Painting>| {
        html! {
            <figure>
                <PaintedCanvas label={name} {painting} />
                <figcaption>{ name }</figcaption>
            </figure>
        }
    };
    html! {
        <div class="latent-three">
            { figure("Sample", sample.and_then(Painting::strip)) }
            { figure("Decoded", decoded.and_then(Painting::strip)) }
            { figure("Difference", difference) }
        </div>
    }
}

/// Table of a row's cells beside those of the decoded row, in the file's units.
fn row(columns: &[String], own: Option<&Vec<String>>, decoded: Option<&Vec<String>>) -> Html {
    let cell = |cells: Option<&Vec<String>>, index: usize| {
        cells.and_then(|cells| cells.get(index)).map_or_else(|| "–".to_owned(), Clone::clone)
    };
    html! {
        <div class="table-scroll" role="region" aria-label="Decoded row" tabindex="0">
            <table class="cells" aria-label="Decoded">
                <thead><tr>
                    <th scope="col">{ "Column" }</th><th scope="col">{ "Value" }</th><th scope="col">{ "Decoded" }</th>
                </tr></thead>
                <tbody>{ for columns.iter().enumerate().map(|(index, name)| {
                    let (own, decoded) = (cell(own, index), cell(decoded, index));
                    let is_other = own != decoded;
                    html! {
                        <tr>
                            <th scope="row">{ name }</th>
                            <td>{ own }</td>
                            <td class={classes!(is_other.then_some("changed"))}>{ decoded }</td>
                        </tr>
                    }
                }) }</tbody>
            </table>
        </div>
    }
}

fn facts(details: &SampleDetails) -> Html {
    let error = text::error_text(details);
    let numbers: Vec<String> = details.code.0.iter().take(MAX_NUMBERS).map(|value| text::number(*value, 2)).collect();
    let rest = details.code.0.len().saturating_sub(MAX_NUMBERS);
    html! {
        <dl class="latent-facts">
            if let Some(error) = error {
                <div><dt>{ "Reconstruction" }</dt><dd data-testid="latent-error">{ error }</dd></div>
            }
            if let Some(usual) = details.usual_error {
                <div><dt>{ "Usual error" }</dt><dd>{ brief(usual.into()) }</dd></div>
            }
            <div><dt>{ "Code" }</dt><dd>{ numbers.join(", ") }{ (rest > 0).then(|| format!(", and {rest} more")) }</dd></div>
        </dl>
    }
}

/// Callback that chooses a sample as A, or as B while Shift is held.
pub fn on_choose(controller: &Rc<Controller>, index: usize) -> Callback<MouseEvent> {
    let controller = controller.clone();
    Callback::from(move |event: MouseEvent| {
        let chosen = controller.lab().chosen;
        controller.choose(if event.shift_key() {
            Chosen { b: Some(index), ..chosen }
        } else {
            Chosen { a: Some(index), ..chosen }
        });
    })
}

/// Buttons of the nearest codes, each of which becomes A.
fn nearest(lab: &Lab, details: &SampleDetails, controller: &Rc<Controller>) -> Html {
    if details.nearest.is_empty() {
        return Html::default();
    }
    let shown = lab.answers.decoded(Purpose::Nearest);
    let button = |(place, near): (usize, &NearVector)| {
        let index = near.index;
        let name = format!("Nearest code {}: {}", place + 1, text::name(lab, index));
        let picture =
            shown.and_then(|samples| nth(&samples.content, place)).and_then(|content| Painting::strip(&content));
        let onclick = on_choose(controller, index);
        html! {
            <button type="button" class="latent-tile" key={index} aria-label={name.clone()} title={name} {onclick}>
                if picture.is_some() {
                    <PaintedCanvas painting={picture} />
                } else {
                    <span>{ text::name(lab, index) }</span>
                }
            </button>
        }
    };
    html! {
        <div class="latent-nearest">
            <span class="field-name">{ "Nearest codes" }</span>
            <div class="latent-tiles" role="group" aria-label="Nearest codes">
                { for details.nearest.iter().take(NEAREST).enumerate().map(button) }
            </div>
        </div>
    }
}

/// Small card with the sample under the pointer, its reconstruction and its error; nothing without one.
pub fn hover_card(lab: &Lab) -> Html {
    let Some(index) = lab.hover.and_then(|hover| hover.index) else { return Html::default() };
    let Some(details) = lab.answers.sample(Purpose::Hovered).filter(|details| details.index == index) else {
        return Html::default();
    };
    let figure = |name: &'static str, painting: Option<Painting>| {
        html! {
            <figure><PaintedCanvas label={format!("{name} of the hovered sample")} {painting} /><figcaption>{ name }</figcaption></figure>
        }
    };
    let (sample, reconstruction) = (details.sample.as_ref(), details.reconstruction.as_ref());
    let has_pictures = matches!(sample, Some(DecodedContent::Pictures { .. }));
    html! {
        <div class="latent-card" role="group" aria-label="Hovered sample">
            if has_pictures {
                <div class="latent-three">
                    { figure("Sample", sample.and_then(Painting::strip)) }
                    { figure("Reconstruction", reconstruction.and_then(Painting::strip)) }
                    { figure("Difference", sample.zip(reconstruction).and_then(|(one, other)| Painting::difference(one, other))) }
                </div>
            }
            <p><b>{ text::name(lab, index) }</b></p>
            if let Some(error) = text::error_text(details) {
                <p class="hint">{ error }</p>
            }
        </div>
    }
}
