//! Walks through the latent space: one number at a time, from A to B, sums of means, and directions between groups.

mod groups_view;
mod numbers;
mod path;
mod recording;

use std::rc::Rc;

use yew::prelude::*;

use self::numbers::Numbers;
use super::{
    controller::{Controller, on},
    state::{ExploreAction, Lab},
};
use crate::glossary::{LinkedTerm, glossary_link};

/// Renders all walks; nothing if codes cannot be decoded, as the chosen sample's view says why.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    if lab.vectors.is_none() || lab.decoding_obstacle().is_some() {
        return Html::default();
    }
    html! {
        <>
            { numbers_view(lab, controller) }
            { path::view(lab, controller) }
            { groups_view::view(lab, controller) }
        </>
    }
}

fn numbers_view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let Some((walks, vectors)) = lab.answers.walks().zip(lab.vectors.as_ref()).filter(|_| lab.chosen.a.is_some())
    else {
        return Html::default();
    };
    let exploration = &lab.exploration;
    let on_push = on(controller, |controller, (dimension, value)| {
        controller.explore(ExploreAction::Push { dimension, value });
    });
    let on_reset = on(controller, |controller, _: MouseEvent| controller.explore(ExploreAction::ResetNumbers));
    html! {
        <section class="latent-part" aria-labelledby="latent-numbers">
            <div class="row spread">
                <h2 id="latent-numbers">{ "Push one number of A" }</h2>
                <button type="button" class="button quiet" onclick={on_reset} disabled={exploration.pushed.is_none()}>{ "Reset" }</button>
            </div>
            <p class="hint">
                { "A " }{ glossary_link(LinkedTerm::LatentWalk, "walk") }{ " along each latent number. " }
                { about_numbers(walks.dimensions.len(), walks.width) }
                <span class="latent-key above">{ if lab.picture_shape().is_some() { "more ink" } else { "more" } }</span>
                <span class="latent-key below">{ "less" }</span>
            </p>
            <Numbers walks={walks.clone()} decoding={vectors.decoding.clone()} pushed={exploration.pushed.clone()} {on_push} />
        </section>
    }
}

/// Sentence on the numbers that have sliders.
fn about_numbers(shown: usize, width: usize) -> String {
    let order = "Sorted by how much they change. Heat: ";
    if shown < width { format!("The {shown} of {width} numbers that vary most. {order}") } else { order.into() }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn numbers_without_a_slider_are_told() {
        assert!(about_numbers(64, 4096).starts_with("The 64 of 4096 numbers that vary most."));
        assert!(about_numbers(2, 2).starts_with("Sorted"));
    }
}
