//! Labelled inputs, with what is wrong with them right below.
//!
//! They are values with a `view`, not components: a panel has dozens, none keeps a state, and every component's own
//! machinery is kilobytes that a visitor waits for. Each carries its name as `aria-label` too: a label's own text would
//! mix in the options and the error it holds.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What is wrong with a field.
pub fn field_error(message: Option<&AttrValue>) -> Html {
    message.map_or_else(Html::default, |message| html! { <span class="field-error" role="alert">{ message }</span> })
}

/// A number, as its text.
pub struct NumberField {
    label: &'static str,
    name: AttrValue,
    value: String,
    step: &'static str,
    placeholder: &'static str,
    error: Option<AttrValue>,
    on_change: Callback<f64>,
}

impl NumberField {
    /// A field that shows `value`, nothing if there is none, and tells the number that is written into it.
    pub fn new<T: ToString>(label: &'static str, value: Option<T>, on_change: Callback<f64>) -> Self {
        let value = value.map(|value| value.to_string()).unwrap_or_default();
        Self { label, name: label.into(), value, step: "any", placeholder: "", error: None, on_change }
    }

    /// The full name, where the label alone says too little.
    pub fn name(mut self, name: impl Into<AttrValue>) -> Self {
        self.name = name.into();
        self
    }

    /// Takes whole numbers.
    pub const fn whole(mut self) -> Self {
        self.step = "1";
        self
    }

    /// What an empty field means; one that is emptied tells 0.
    pub const fn placeholder(mut self, placeholder: &'static str) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// What is wrong with the value.
    pub fn error(mut self, error: Option<AttrValue>) -> Self {
        self.error = error;
        self
    }

    /// The field. While a number is being written, as `0.0` on the way to `0.001`, it is left alone; it counts when the
    /// field is left, and what is no number then gives way to the value in force.
    pub fn view(self) -> Html {
        let Self { label, name, value, step, placeholder, error, on_change } = self;
        let oninput = {
            let on_change = on_change.clone();
            Callback::from(move |event: InputEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                if is_settled(&input.value()) {
                    on_change.emit(number_of(&input));
                }
            })
        };
        let onchange = {
            let value = value.clone();
            Callback::from(move |event: Event| {
                let input: HtmlInputElement = event.target_unchecked_into();
                let is_emptied = input.value().is_empty() && !placeholder.is_empty() && !value.is_empty();
                if is_emptied {
                    on_change.emit(0.0);
                } else if number_of(&input).is_nan() {
                    input.set_value(&value);
                } else {
                    on_change.emit(number_of(&input));
                }
            })
        };
        html! {
            <label class="field">
                <span class="field-name">{ label }</span>
                <input type="number" inputmode="decimal" aria-label={name} {step} {placeholder} {value} {oninput} {onchange}
                    aria-invalid={error.is_some().then_some("true")} />
                { field_error(error.as_ref()) }
            </label>
        }
    }
}

/// Whether a number's text is no mere beginning, such as `0.0` of `0.001` or `1e` of `1e-3`.
fn is_settled(text: &str) -> bool {
    let is_begun = text.is_empty() || text.contains(['e', 'E']) || (text.contains('.') && text.ends_with(['0', '.']));
    !is_begun
}

fn number_of(input: &HtmlInputElement) -> f64 {
    input.value_as_number()
}

/// One of some.
pub struct Choice {
    pub label: &'static str,
    /// The full name, where the label alone says too little.
    pub name: AttrValue,
    /// Value and title of each.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// Place of the chosen one.
    pub selected: usize,
    pub error: Option<AttrValue>,
    /// Told the place of the chosen one among the options.
    pub on_change: Callback<usize>,
}

/// Value and title of options that are fixed.
pub fn options(options: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<(AttrValue, AttrValue)> {
    options.into_iter().map(|(value, title)| (value.into(), title.into())).collect()
}

impl Choice {
    /// The menu.
    pub fn view(self) -> Html {
        let onchange = self.on_change.reform(|event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            usize::try_from(index).unwrap_or_default()
        });
        let place = self.selected as u32;
        html! {
            <label class="field">
                <span class="field-name">{ self.label }</span>
                // The options' attributes count no more once a person has chosen: an undo shows by the property alone.
                <select {onchange} ~selectedIndex={place} aria-label={self.name} aria-invalid={self.error.is_some().then_some("true")}>
                    { for self.options.into_iter().enumerate().map(|(index, (value, title))| html! {
                        <option {value} selected={index == self.selected}>{ title }</option>
                    }) }
                </select>
                { field_error(self.error.as_ref()) }
            </label>
        }
    }
}

/// Yes or no.
pub fn switch(label: &'static str, on: bool, tell: &Callback<bool>) -> Html {
    let onchange = tell.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="switch">
            <input type="checkbox" checked={on} {onchange} />
            <span>{ label }</span>
        </label>
    }
}

/// A slider that says its value in words.
pub struct Slider {
    pub label: &'static str,
    pub min: &'static str,
    pub max: &'static str,
    pub step: &'static str,
    pub value: String,
    /// The value as people read it.
    pub text: String,
    pub disabled: bool,
    pub on_change: Callback<f64>,
}

impl Slider {
    /// The slider, its name and its value.
    pub fn view(self) -> Html {
        let Self { label, min, max, step, value, text, disabled, on_change } = self;
        let oninput = on_change.reform(|event: InputEvent| number_of(&event.target_unchecked_into()));
        html! {
            <label class="field slider">
                <span class="field-name" aria-hidden="true">{ label }</span>
                <output class="field-value" aria-hidden="true">{ &text }</output>
                <input type="range" aria-label={label} aria-valuetext={text} {min} {max} {step} {value} {disabled} {oninput} />
            </label>
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn beginnings_of_numbers_are_left_alone() {
        for text in ["", "0.", "0.0", "0.00", "1e", "1e-3"] {
            assert!(!is_settled(text), "{text}");
        }
        for text in ["0", "10", "0.001", "-3"] {
            assert!(is_settled(text), "{text}");
        }
    }
}
