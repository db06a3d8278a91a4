//! Labelled form fields, each with its error message below it.
//!
//! They are plain values with a `view`, not components: a panel has dozens of them, none has state, and each component
//! type would add kilobytes to the download. The field for numbers has a state, the text that is being typed, and is in
//! `number_field`. Each has its name as `aria-label` too, as the text of a `<label>` would include the options and the
//! error inside it.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Error message of a field; nothing without one.
pub fn field_error(message: Option<&AttrValue>) -> Html {
    described_error(None, message)
}

/// Error message of a field that refers to it by `id`; nothing without one.
pub fn described_error(id: Option<&str>, message: Option<&AttrValue>) -> Html {
    let id = id.map(str::to_owned);
    message
        .map_or_else(Html::default, |message| html! { <span {id} class="field-error" role="alert">{ message }</span> })
}

/// Menu of options, of which one is selected.
pub struct Choice {
    pub label: &'static str,
    /// Accessible name.
    pub name: AttrValue,
    /// Value and title of each option.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// Index of the selected option.
    pub selected: usize,
    pub error: Option<AttrValue>,
    /// Receives the index of the option that is selected.
    pub on_change: Callback<usize>,
}

/// Options with static values and titles.
pub fn options(options: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<(AttrValue, AttrValue)> {
    options.into_iter().map(|(value, title)| (value.into(), title.into())).collect()
}

impl Choice {
    /// Renders the menu.
    pub fn view(self) -> Html {
        let onchange = self.on_change.reform(|event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            usize::try_from(index).unwrap_or_default()
        });
        let selected_index = self.selected as u32;
        html! {
            <label class="field">
                <span class="field-name">{ self.label }</span>
                // Browsers ignore the `selected` attribute after a person's choice: an undo has to set the property.
                <select {onchange} ~selectedIndex={selected_index} aria-label={self.name} aria-invalid={self.error.is_some().then_some("true")}>
                    { for self.options.into_iter().enumerate().map(|(index, (value, title))| html! {
                        <option {value} selected={index == self.selected}>{ title }</option>
                    }) }
                </select>
                { field_error(self.error.as_ref()) }
            </label>
        }
    }
}

/// Checkbox; `on_switch` receives its new state.
pub fn switch(label: &'static str, is_on: bool, on_switch: &Callback<bool>) -> Html {
    let onchange = on_switch.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="switch">
            <input type="checkbox" checked={is_on} {onchange} />
            <span>{ label }</span>
        </label>
    }
}

/// Slider with its value as text.
pub struct Slider {
    pub label: &'static str,
    pub min: &'static str,
    pub max: &'static str,
    pub step: &'static str,
    pub value: String,
    /// Value as shown and as read by screen readers.
    pub text: String,
    pub disabled: bool,
    pub on_change: Callback<f64>,
}

impl Slider {
    /// Renders the slider with its name and value.
    pub fn view(self) -> Html {
        let Self { label, min, max, step, value, text, disabled, on_change } = self;
        let oninput =
            on_change.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value_as_number());
        html! {
            <label class="field slider">
                <span class="field-name" aria-hidden="true">{ label }</span>
                <output class="field-value" aria-hidden="true">{ &text }</output>
                <input type="range" aria-label={label} aria-valuetext={text} {min} {max} {step} {value} {disabled} {oninput} />
            </label>
        }
    }
}
