//! Drawing pad with its tools, above the picture that the network sees.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::pipeline::PipelineAction;
use crate::{
    components::{
        drawing_pad::{self, DrawingEdit, DrawingPad},
        field::Slider,
        format::{fixed, shortest},
        picture,
    },
    labs::digits::{controller::Controller, state::Lab},
};

/// Renders the pad; below it lies the clean picture, which shows while nobody draws.
pub fn pad(lab: &Lab, controller: &Rc<Controller>, clean_name: &'static str) -> Html {
    let on_change = {
        let controller = controller.clone();
        Callback::from(move |()| controller.on_drawn())
    };
    let below = picture::canvas(&controller.canvases.clean, clean_name);
    drawing_pad::view(&controller.pad, lab.pipeline.brush, &on_change, lab.pipeline.is_example, below)
}

/// Renders the tools.
pub fn tools(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let tool = |name: &'static str, disabled: bool, act: fn(&Controller)| {
        let controller = controller.clone();
        let onclick = Callback::from(move |_: MouseEvent| act(&controller));
        html! { <button type="button" class="button link" {onclick} {disabled}>{ name }</button> }
    };
    let on_brush = {
        let controller = controller.clone();
        Callback::from(move |width: f64| controller.act(PipelineAction::SetBrush(width as f32)))
    };
    let (can_undo, can_redo) = controller.pad.can_undo_redo();
    let brush = lab.pipeline.brush;
    html! {
        <div class="tools">
            <div class="row">
                { tool("Undo", !can_undo, |controller| controller.edit_drawing(DrawingPad::undo)) }
                { tool("Redo", !can_redo, |controller| controller.edit_drawing(DrawingPad::redo)) }
                { tool("Clear", controller.pad.is_empty(), |controller| controller.edit_drawing(|pad| pad.add(DrawingEdit::Clear))) }
                { tool("Surprise me", false, Controller::request_random_sample) }
                { tool("Random noise", false, Controller::draw_random_noise) }
            </div>
            { Slider {
                label: "Brush size",
                min: "0.03",
                max: "0.16",
                step: "0.005",
                value: shortest(brush),
                text: format!("{} px", fixed(brush * picture::SIDE as f32, 1)),
                disabled: false,
                on_change: on_brush,
            }.view() }
        </div>
    }
}

/// Listener for Control Z, and Control Y or Shift Control Z, outside form fields.
pub fn pad_shortcuts(controller: Rc<Controller>) -> EventListener {
    let window = web_sys::window().expect("the page runs in a window");
    EventListener::new(&window, "keydown", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let is_typing = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
            .is_some_and(|element| ["INPUT", "SELECT", "TEXTAREA"].contains(&element.tag_name().as_str()));
        if !controller.lab().view.is_shown || is_typing || !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match (event.key().as_str(), event.shift_key()) {
            ("z", false) => controller.edit_drawing(DrawingPad::undo),
            ("Z" | "z", true) | ("y" | "Y", _) => controller.edit_drawing(DrawingPad::redo),
            _ => {}
        }
    })
}
