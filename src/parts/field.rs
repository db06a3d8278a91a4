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
    name: &'static str,
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
        Self { label, name: label, value, step: "any", placeholder: "", error: None, on_change }
    }

    /// The full name, where the label alone says too little.
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Takes whole numbers.
    pub const fn whole(mut self) -> Self {
        self.step = "1";
        self
    }

    /// What an empty field means.
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
                if number_of(&input).is_nan() {
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

/// Reads widths such as `256, 128`; nothing at all is no layer.
fn read_widths(text: &str) -> Option<Vec<usize>> {
    text.split([',', ' ']).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
}

/// A list of whole numbers, taken when the field is left or Enter is pressed.
pub fn widths_field(label: &'static str, widths: &[usize], tell: Callback<Vec<usize>>) -> Html {
    let value = widths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let widths = read_widths(&input.value());
        let complaint =
            if widths.is_some() { "" } else { "Write whole numbers with commas between them, such as 256, 128" };
        // The browser shows it beside the field until the text is right.
        input.set_custom_validity(complaint);
        input.report_validity();
        if let Some(widths) = widths {
            tell.emit(widths);
        }
    });
    html! {
        <label class="field">
            <span class="field-name">{ label }</span>
            <input type="text" inputmode="numeric" aria-label={label} {value} {onchange} />
        </label>
    }
}

/// One of some.
pub struct Choice {
    pub label: &'static str,
    /// Value and title of each.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// Value of the chosen one.
    pub selected: &'static str,
    pub error: Option<AttrValue>,
    /// Told the place of the chosen one among the options.
    pub on_change: Callback<usize>,
}

/// Value and title of options that are fixed.
pub fn options<const N: usize>(options: [(&'static str, &'static str); N]) -> Vec<(AttrValue, AttrValue)> {
    options.map(|(value, title)| (value.into(), title.into())).into()
}

impl Choice {
    /// The menu.
    pub fn view(self) -> Html {
        let onchange = self.on_change.reform(|event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            usize::try_from(index).unwrap_or_default()
        });
        html! {
            <label class="field">
                <span class="field-name">{ self.label }</span>
                <select {onchange} aria-label={self.label} aria-invalid={self.error.is_some().then_some("true")}>
                    { for self.options.into_iter().map(|(value, title)| {
                        let selected = *value == *self.selected;
                        html! { <option {value} {selected}>{ title }</option> }
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

    #[wasm_bindgen_test(unsupported = test)]
    fn widths_are_read_with_commas_or_spaces() {
        assert_eq!(read_widths("256, 128"), Some(vec![256, 128]));
        assert_eq!(read_widths("32 64,96"), Some(vec![32, 64, 96]));
        assert_eq!(read_widths(""), Some(vec![]));
        assert_eq!(read_widths("256, wide"), None);
        assert_eq!(read_widths("-3"), None);
    }
}
