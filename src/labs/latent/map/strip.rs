//! Maps after the epochs of a run: a small one per epoch, a slider through them, and a replay.

use std::rc::Rc;

use web_sys::{HtmlCanvasElement, HtmlInputElement};
use yew::prelude::*;

use crate::{
    components::{
        chart::ChartCanvas,
        map::{
            Extent,
            palette::{CATEGORY_COLOURS, ColourScale, Colouring},
        },
    },
    labs::latent::{
        controller::{Controller, on},
        state::{Epoch, History, Lab, LabAction, Shown},
    },
};

/// Small maps that are shown; of more epochs evenly spread ones.
const MAX_SHOWN: usize = 13;

/// Points of a small map.
const MAX_POINTS: usize = 260;

#[derive(Properties)]
pub struct StripProps {
    pub controller: Rc<Controller>,
    pub lab: Rc<Lab>,
    /// True while the epochs are replayed.
    pub is_replaying: bool,
}

impl PartialEq for StripProps {
    fn eq(&self, other: &Self) -> bool {
        self.lab.history.is_alike(&other.lab.history)
            && self.lab.shown == other.lab.shown
            && self.is_replaying == other.is_replaying
    }
}

/// Strip of the epochs; nothing before there are two.
#[component]
pub fn Strip(props: &StripProps) -> Html {
    let (lab, controller) = (&props.lab, &props.controller);
    let canvases = use_mut_ref(Vec::<NodeRef>::new);
    let shown = shown_epochs(&lab.history);
    canvases.borrow_mut().resize_with(shown.len(), NodeRef::default);
    {
        let (canvases, lab, shown) = (canvases.borrow().clone(), lab.clone(), shown.clone());
        use_effect(move || paint_all(&canvases, &lab.history, &shown));
    }
    let epochs = lab.history.epochs();
    if epochs.len() < 2 {
        return Html::default();
    }
    let current = match lab.shown {
        Shown::Epoch(index) => Some(index),
        Shown::Map => None,
    };
    let show = on(controller, |controller, index: usize| {
        controller.stop_replay();
        controller.dispatch(LabAction::ShowMoment(Shown::Epoch(index)));
    });
    let frame = |(place, index): (usize, &usize)| {
        let (index, number) = (*index, epochs[*index].number);
        let onclick = show.reform(move |_: MouseEvent| index);
        // The small map nearest before the shown moment stands for it.
        let is_current =
            current.is_some_and(|current| current >= index && shown.get(place + 1).is_none_or(|next| current < *next));
        html! {
            <button type="button" class="epoch-map" key={number} aria-label={format!("Map after epoch {number}")} aria-current={is_current.then_some("true")} {onclick}>
                <canvas ref={canvases.borrow()[place].clone()} aria-hidden="true"></canvas>
                <small>{ number }</small>
            </button>
        }
    };
    html! {
        <section class="map-epochs" aria-label="How the space formed">
            <div class="epoch-maps" role="group" aria-label="After each epoch">{ for shown.iter().enumerate().map(frame) }</div>
            { slider(lab, current, &show) }
            { buttons(lab, controller, props.is_replaying) }
        </section>
    }
}

fn slider(lab: &Lab, current: Option<usize>, show: &Callback<usize>) -> Html {
    let epochs = lab.history.epochs();
    let last = epochs.len() - 1;
    let index = current.unwrap_or(last);
    let number = epochs.get(index).map_or(0, |epoch| epoch.number);
    let oninput =
        show.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value_as_number() as usize);
    html! {
        <label class="field slider">
            <span class="field-name" aria-hidden="true">{ "Epoch" }</span>
            <output class="field-value" aria-hidden="true">{ number }</output>
            <input type="range" aria-label="Epoch" aria-valuetext={format!("Epoch {number}")} min="0" max={last.to_string()} step="1"
                value={index.to_string()} {oninput} />
        </label>
    }
}

fn buttons(lab: &Lab, controller: &Rc<Controller>, is_replaying: bool) -> Html {
    let on_replay = on(controller, |controller, _: MouseEvent| controller.toggle_replay());
    let on_map = on(controller, |controller, _: MouseEvent| {
        controller.stop_replay();
        controller.dispatch(LabAction::ShowMoment(Shown::Map));
    });
    html! {
        <div class="row">
            <button type="button" class="button link" onclick={on_replay}>{ if is_replaying { "Stop the replay" } else { "Replay" } }</button>
            if lab.shown != Shown::Map && lab.positions.is_some() {
                <button type="button" class="button link" onclick={on_map}>{ "Back to the map" }</button>
            }
        </div>
    }
}

/// Indices of the epochs with a small map: evenly spread, with the first and the last.
fn shown_epochs(history: &History) -> Vec<usize> {
    let Some(last) = history.newest() else { return Vec::new() };
    let count = MAX_SHOWN.min(last + 1);
    (0..count).map(|place| if count > 1 { place * last / (count - 1) } else { 0 }).collect()
}

fn paint_all(canvases: &[NodeRef], history: &History, shown: &[usize]) {
    for (canvas, index) in canvases.iter().zip(shown) {
        if let (Some(canvas), Some(epoch)) = (canvas.cast::<HtmlCanvasElement>(), history.get(*index)) {
            paint(&canvas, epoch);
        }
    }
}

/// Paints some points of an epoch.
fn paint(canvas: &HtmlCanvasElement, epoch: &Epoch) {
    let Some(chart) = ChartCanvas::prepare(canvas) else { return };
    let extent = Extent::of(&epoch.positions.0);
    let classes = epoch.labels.0.iter().filter(|label| **label < u8::MAX).max().map_or(0, |most| *most + 1);
    let names: Vec<String> = (0..classes).map(|class| class.to_string()).collect();
    let ColourScale::Categories { slots, .. } = Colouring::of_categories(&names, &epoch.labels.0).scale else { return };
    let (width, height) = chart.size();
    let scale =
        (0..2).map(|axis| [width, height][axis] * 0.9 / f64::from(extent.size()[axis])).fold(f64::MAX, f64::min);
    let middle = [0, 1].map(|axis| f32::midpoint(extent.low[axis], extent.high[axis]));
    let points = epoch.positions.0.as_chunks::<2>().0;
    for (index, point) in points.iter().enumerate().step_by(points.len().div_ceil(MAX_POINTS).max(1)) {
        let class = epoch.labels.0.get(index).copied().unwrap_or(u8::MAX);
        let colour = match slots.get(usize::from(class)).copied().flatten() {
            Some(slot) => CATEGORY_COLOURS[usize::from(slot)],
            None => "--ink-soft",
        };
        let [across, up] = [0, 1].map(|axis| f64::from(point[axis] - middle[axis]) * scale);
        chart.disc(colour, 0.9, (width / 2.0 + across, height / 2.0 - up), 1.2);
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{Bytes, Floats, latent::Snapshot};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn small_maps_are_spread_from_the_first_to_the_last() {
        let mut history = History::default();
        assert!(shown_epochs(&history).is_empty());
        for epoch in 0..30 {
            history.push(&Snapshot { epoch, positions: Floats(vec![0.0; 2]), labels: Bytes(vec![0]) });
        }
        let shown = shown_epochs(&history);
        assert_eq!((shown.len(), shown.first(), shown.last()), (MAX_SHOWN, Some(&0), Some(&29)));
        assert!(shown.is_sorted_by(|one, two| one < two));
    }
}
