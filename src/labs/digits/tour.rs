//! Tour: a few sentences, each beside the part of the lab that it is about. It can be left at any time.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{
    controller::Controller,
    state::{Lab, LabAction},
};

/// Stop of the tour.
struct Stop {
    /// Part of the lab that is outlined; the style sheet knows it by this name.
    part: &'static str,
    /// Selector of that part.
    selector: &'static str,
    sentence: &'static str,
}

/// Selector of the sentence with its buttons.
const SENTENCE: &str = ".tour";

const STOPS: [Stop; 5] = [
    Stop {
        part: "pad",
        selector: ".station.clean .picture-frame",
        sentence: "Draw a digit here, with mouse, finger or pen. The network sees it as 28 × 28 numbers: how bright each pixel is.",
    },
    Stop {
        part: "code",
        selector: ".hourglass",
        sentence: "The encoder squeezes them through the code. Nothing else reaches the decoder. Drag one of its bars, and see what that number means.",
    },
    Stop {
        part: "output",
        selector: ".station.output .picture-frame",
        sentence: "The decoder rebuilds the picture from the code alone. PSNR says how close it comes: the higher, the better.",
    },
    Stop {
        part: "panel",
        selector: ".panel-head",
        sentence: "Choose a preset and press Train: a network of your own learns, on this device. The aim says what it can reach.",
    },
    Stop {
        part: "views",
        selector: ".views",
        sentence: "The curve shows the error after each epoch, one pass over all samples. The other views show what the network has learnt.",
    },
];

/// Name of the part that the tour is at.
pub fn part(lab: &Lab) -> Option<&'static str> {
    STOPS.get(lab.tour?).map(|stop| stop.part)
}

/// Renders the button that starts the tour, until something is drawn.
pub fn start_button(lab: &Lab, controller: &Rc<Controller>) -> Html {
    if !lab.pipeline.is_example || lab.tour.is_some() {
        return Html::default();
    }
    let onclick = go_to(controller, Some(0));
    html! { <button type="button" class="button" {onclick}>{ "Take the tour" }</button> }
}

/// Renders the sentence of the stop, and the buttons that go on or leave.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let Some((index, stop)) = lab.tour.and_then(|index| Some((index, STOPS.get(index)?))) else {
        return Html::default();
    };
    let is_last = index + 1 == STOPS.len();
    let next = go_to(controller, (!is_last).then_some(index + 1));
    let leave = go_to(controller, None);
    html! {
        <section class="tour" aria-label="Tour">
            <p aria-live="polite">{ stop.sentence }</p>
            <div class="row spread">
                <span class="hint">{ format!("{} of {}", index + 1, STOPS.len()) }</span>
                <span class="row">
                    if !is_last {
                        <button type="button" class="button link" onclick={leave}>{ "Skip the tour" }</button>
                    }
                    <button type="button" class="button" onclick={next}>{ if is_last { "End the tour" } else { "Next" } }</button>
                </span>
            </div>
        </section>
    }
}

fn go_to(controller: &Rc<Controller>, stop: Option<usize>) -> Callback<MouseEvent> {
    let controller = controller.clone();
    Callback::from(move |_| {
        controller.dispatch(LabAction::SetTourStop(stop));
        if let Some(stop) = stop.and_then(|index| STOPS.get(index)) {
            show_soon(stop);
        }
    })
}

/// Scrolls the part of a stop to the top after the next rendering, if it is out of sight or the sentence covers it.
fn show_soon(stop: &'static Stop) {
    Timeout::new(0, move || {
        let document = web_sys::window().and_then(|window| window.document());
        let find = |selector| document.as_ref()?.query_selector(selector).ok()?;
        let (Some(part), Some(sentence)) = (find(stop.selector), find(SENTENCE)) else { return };
        let (part_box, sentence_box) = (part.get_bounding_client_rect(), sentence.get_bounding_client_rect());
        let is_beside = part_box.right() <= sentence_box.left() || part_box.left() >= sentence_box.right();
        let is_above = part_box.bottom() <= sentence_box.top();
        if part_box.top() < 0.0 || !(is_beside || is_above) {
            part.scroll_into_view_with_bool(true);
        }
    })
    .forget();
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_tour_is_at_one_part_or_over() {
        let at = |stop| part(&Rc::new(Lab::default()).reduce(LabAction::SetTourStop(stop)));
        assert_eq!([at(None), at(Some(0)), at(Some(STOPS.len()))], [None, Some("pad"), None]);
    }
}
