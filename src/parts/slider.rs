//! A slider that says its value in words.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SliderProps {
    pub label: AttrValue,
    pub min: f64,
    pub max: f64,
    pub step: f64,
    pub value: f64,
    /// The value as people read it.
    pub text: AttrValue,
    #[prop_or_default]
    pub disabled: bool,
    pub on_change: Callback<f64>,
}

/// The slider, its name and its value.
#[component]
pub fn Slider(props: &SliderProps) -> Html {
    let oninput =
        props.on_change.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value_as_number());
    html! {
        <label class="field slider">
            <span class="field-name" aria-hidden="true">{ &props.label }</span>
            <output class="field-value" aria-hidden="true">{ &props.text }</output>
            <input type="range" aria-label={props.label.clone()} aria-valuetext={props.text.clone()}
                min={props.min.to_string()} max={props.max.to_string()} step={props.step.to_string()}
                value={props.value.to_string()} disabled={props.disabled} {oninput} />
        </label>
    }
}
