//! Labelled form fields, each with its error message below it.
//!
//! They are plain values with a `view`, not components: a panel has dozens of them, none has state, and each component
//! type would add kilobytes to the download. Each has its name as `aria-label` too, as the text of a `<label>` would
//! include the options and the error inside it.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Error message of a field; nothing without one.
pub fn field_error(message: Option<&AttrValue>) -> Html {
    message.map_or_else(Html::default, |message| html! { <span class="field-error" role="alert">{ message }</span> })
}

/// Field for a number.
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
    /// Creates a field that shows `value`, or is empty without one; `on_change` receives the number entered.
    pub fn new<T: ToString>(label: &'static str, value: Option<T>, on_change: Callback<f64>) -> Self {
        let value = value.map(|value| value.to_string()).unwrap_or_default();
        Self { label, name: label.into(), value, step: "any", placeholder: "", error: None, on_change }
    }

    /// Sets the accessible name, where it is not the label.
    pub fn name(mut self, name: impl Into<AttrValue>) -> Self {
        self.name = name.into();
        self
    }

    /// Accepts whole numbers only.
    pub const fn whole(mut self) -> Self {
        self.step = "1";
        self
    }

    /// Sets the text that an empty field shows; emptying it emits 0.
    pub const fn placeholder(mut self, placeholder: &'static str) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// Sets the error message.
    pub fn error(mut self, error: Option<AttrValue>) -> Self {
        self.error = error;
        self
    }

    /// Renders the field. An unfinished number, such as `0.0` on the way to `0.001`, is not emitted until the field is
    /// left; text that is not a number is then replaced by the current value.
    pub fn view(self) -> Html {
        let Self { label, name, value, step, placeholder, error, on_change } = self;
        let oninput = {
            let on_change = on_change.clone();
            Callback::from(move |event: InputEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                if is_complete(&input.value()) {
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

/// True unless the text may be the beginning of another number, as `0.0` is of `0.001` or `1e` of `1e-3`.
fn is_complete(text: &str) -> bool {
    let is_beginning =
        text.is_empty() || text.contains(['e', 'E']) || (text.contains('.') && text.ends_with(['0', '.']));
    !is_beginning
}

fn number_of(input: &HtmlInputElement) -> f64 {
    input.value_as_number()
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
    fn unfinished_numbers_are_recognised() {
        for text in ["", "0.", "0.0", "0.00", "1e", "1e-3"] {
            assert!(!is_complete(text), "{text}");
        }
        for text in ["0", "10", "0.001", "-3"] {
            assert!(is_complete(text), "{text}");
        }
    }
}
