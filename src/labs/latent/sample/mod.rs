//! The chosen sample A: what it is, what its code decodes to, the difference, and its nearest codes.

pub mod text;

use std::rc::Rc;

use pinhole_protocol::latent::{DecodedContent, NearVector, SampleDetails, SampleValues};
use yew::prelude::*;

use super::{
    controller::{Controller, NEAREST},
    pictures::{PaintedCanvas, Painting, column_names, nth},
    state::{Chosen, Lab, Purpose},
};
use crate::components::format::brief;

/// Most numbers of a code that are listed.
const MAX_NUMBERS: usize = 16;

/// Renders the sample at the pointer, or else the chosen one; or a sentence that says how to choose one.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let details = lab.answers.sample(Purpose::ChosenA).filter(|details| Some(details.index) == lab.chosen.a);
    let title = lab.chosen.a.map_or_else(|| "Chosen".into(), |a| format!("Chosen: A, {}", text::name(lab, a)));
    let shown = Contents::of(lab, details);
    html! {
        <section class="latent-part" aria-labelledby="latent-chosen">
            <h2 id="latent-chosen">{ title }</h2>
            if let Some(reason) = lab.decoding_obstacle() {
                <p class="warning">{ reason }</p>
            }
            <p class="hint latent-shown">{ shown.about(lab) }</p>
            { shown.view(lab) }
            if let Some(details) = details {
                { facts(details) }
                if details.sample.is_none() {
                    { known_values(lab, details.index) }
                }
                { nearest(lab, details, controller) }
            }
        </section>
    }
}

/// What the pictures “Sample” and “Decoded” hold.
#[derive(Default)]
struct Contents {
    sample: Option<DecodedContent>,
    decoded: Option<DecodedContent>,
    origin: ContentOrigin,
}

/// Origin of what is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ContentOrigin {
    /// The sample under the pointer.
    Hovered(usize),
    /// A place under the pointer, between samples.
    Place,
    /// A step of the walk from A to B.
    Step(usize),
    /// A's code with pushed numbers.
    Pushed,
    /// A itself.
    Chosen,
    #[default]
    Nothing,
}

impl Contents {
    /// What is shown: the pointer's place first, then a step of the walk, then pushed numbers, then A itself.
    fn of(lab: &Lab, chosen: Option<&Rc<SampleDetails>>) -> Self {
        let decoded = |purpose, index| lab.answers.decoded(purpose).and_then(|samples| nth(&samples.content, index));
        if let Some(hover) = lab.hover {
            let hovered = lab.answers.sample(Purpose::Hovered).filter(|details| Some(details.index) == hover.index);
            if let Some(details) = hovered {
                return Self::of_sample(details, ContentOrigin::Hovered(details.index));
            }
            if let Some(place) = decoded(Purpose::Pointer, 0).filter(|_| hover.index.is_none()) {
                return Self { decoded: Some(place), origin: ContentOrigin::Place, sample: None };
            }
        }
        let Some(details) = chosen else { return Self::default() };
        let exploration = &lab.exploration;
        let step = exploration.step.and_then(|step| Some((decoded(Purpose::Interpolation, step)?, step)));
        let other = match step {
            Some((content, step)) => Some((content, ContentOrigin::Step(step))),
            None if exploration.pushed.is_some() => {
                decoded(Purpose::Pushed, 0).map(|content| (content, ContentOrigin::Pushed))
            }
            None => None,
        };
        let own = Self::of_sample(details, ContentOrigin::Chosen);
        match other {
            Some((content, origin)) => Self { decoded: Some(content), origin, ..own },
            None => own,
        }
    }

    fn of_sample(details: &SampleDetails, origin: ContentOrigin) -> Self {
        Self { sample: details.sample.clone(), decoded: details.reconstruction.clone(), origin }
    }

    /// Sentence on the origin.
    fn about(&self, lab: &Lab) -> String {
        match self.origin {
            ContentOrigin::Hovered(index) => format!("At the pointer: {}.", text::name(lab, index)),
            ContentOrigin::Place => "At the pointer: what the decoder paints between the samples.".into(),
            ContentOrigin::Step(step) => format!("Step {step} of the walk from A to B."),
            ContentOrigin::Pushed => "A with pushed numbers.".into(),
            ContentOrigin::Chosen if self.sample.is_none() => "What the file says of A.".into(),
            ContentOrigin::Chosen => "A, and what its code decodes to.".into(),
            ContentOrigin::Nothing if lab.chosen.a.is_some() => "Describing …".into(),
            ContentOrigin::Nothing => {
                "Point at the map to see what its places decode to. A click chooses a sample as A, a click with Shift held another as B."
                    .into()
            }
        }
    }

    fn view(&self, lab: &Lab) -> Html {
        let (sample, decoded) = (self.sample.as_ref(), self.decoded.as_ref());
        let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
        if let Some(DecodedContent::Rows { .. }) = sample.or(decoded) {
            return row(columns, cells(sample), cells(decoded));
        }
        if lab.picture_shape().is_none() && sample.is_none() && decoded.is_none() {
            return Html::default();
        }
        pictures(sample, decoded)
    }
}

/// Cells of the first row.
fn cells(content: Option<&DecodedContent>) -> Option<&Vec<String>> {
    match content {
        Some(DecodedContent::Rows { cells }) => cells.first(),
        _ => None,
    }
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

/// What is known of a vector of a file: its cells in the file's other columns.
fn known_values(lab: &Lab, index: usize) -> Html {
    let value = |values: &SampleValues| match values {
        SampleValues::Numbers(numbers) => numbers.0.get(index).map(|number| brief((*number).into())),
        SampleValues::Categories { names, indices } => names.get(usize::from(*indices.0.get(index)?)).cloned(),
    };
    let known = lab.columns().filter_map(|column| Some((&column.name, value(&column.values)?)));
    html! {
        <dl class="latent-facts">
            { for known.take(MAX_NUMBERS).map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
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
    let has_pictures = lab.vectors.as_ref().is_some_and(|vectors| vectors.thumbnails.is_some());
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
            <div class={classes!("latent-tiles", (!has_pictures).then_some("rows"))} role="group" aria-label="Nearest codes">
                { for details.nearest.iter().take(NEAREST).enumerate().map(button) }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Bytes, Floats, GridShape, latent::DecodedSamples};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::latent::state::{Answer, Hover, tests::vectors};

    fn picture(value: u8) -> DecodedContent {
        let shape = GridShape { channels: 1, height: 1, width: 2 };
        DecodedContent::Pictures { shape, pixels: Bytes(vec![value; 2]) }
    }

    fn decoded(value: u8) -> Answer {
        let samples = DecodedSamples { count: 1, codes: Floats(Vec::new()), content: picture(value) };
        Answer::Decoded(Rc::new(samples))
    }

    fn details(index: usize, value: u8) -> Rc<SampleDetails> {
        Rc::new(SampleDetails {
            index,
            code: Floats(vec![0.0; 2]),
            sample: Some(picture(value)),
            reconstruction: Some(picture(value + 1)),
            error: None,
            usual_error: None,
            nearest: Vec::new(),
        })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_pointer_comes_before_walk_numbers_and_sample() {
        let mut lab = Lab { vectors: Some(Rc::new(vectors(2))), ..Lab::default() };
        lab.chosen.a = Some(1);
        let chosen = details(1, 10);
        let shown = |lab: &Lab| {
            let contents = Contents::of(lab, Some(&chosen));
            (contents.origin, contents.decoded)
        };
        assert_eq!(shown(&lab), (ContentOrigin::Chosen, Some(picture(11))));
        lab.exploration.pushed = Some(Rc::new(Floats(vec![1.0; 2])));
        assert_eq!(shown(&lab).0, ContentOrigin::Chosen, "it is not decoded yet");
        lab.answers.set(Purpose::Pushed, Some(decoded(20)));
        assert_eq!(shown(&lab), (ContentOrigin::Pushed, Some(picture(20))));
        lab.exploration.step = Some(0);
        lab.answers.set(Purpose::Interpolation, Some(decoded(30)));
        assert_eq!(shown(&lab), (ContentOrigin::Step(0), Some(picture(30))));
        lab.hover = Some(Hover { index: None, at: [0.0; 2] });
        lab.answers.set(Purpose::Pointer, Some(decoded(40)));
        assert_eq!(shown(&lab), (ContentOrigin::Place, Some(picture(40))));
        lab.hover = Some(Hover { index: Some(3), at: [0.0; 2] });
        lab.answers.set(Purpose::Hovered, Some(Answer::Sample(details(3, 50))));
        assert_eq!(shown(&lab), (ContentOrigin::Hovered(3), Some(picture(51))));
    }
}
