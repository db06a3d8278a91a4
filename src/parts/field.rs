//! Labelled inputs, with what is wrong with them right below.
//!
//! Each carries its name as `aria-label` too: a label's own text would mix in the options and the error it holds.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FieldErrorProps {
    pub message: Option<AttrValue>,
}

/// What is wrong with a field.
#[component]
pub fn FieldError(props: &FieldErrorProps) -> Html {
    props.message.as_ref().map_or_else(Html::default, |message| {
        html! { <span class="field-error" role="alert">{ message }</span> }
    })
}

#[derive(Properties, PartialEq)]
pub struct NumberFieldProps {
    pub label: AttrValue,
    /// The full name where the label alone says too little.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// `None` is an empty field.
    pub value: Option<f64>,
    #[prop_or(AttrValue::Static("any"))]
    pub step: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub on_change: Callback<f64>,
}

/// A number. What is no number is not taken, and the field returns to the value in force when it is left.
#[component]
pub fn NumberField(props: &NumberFieldProps) -> Html {
    let unreadable = use_state_eq(|| false);
    let oninput = {
        let (unreadable, on_change) = (unreadable.clone(), props.on_change.clone());
        Callback::from(move |event: InputEvent| {
            let number = event.target_unchecked_into::<HtmlInputElement>().value().parse::<f64>().ok();
            unreadable.set(number.is_none());
            if let Some(number) = number {
                on_change.emit(number);
            }
        })
    };
    let text = props.value.map(|value| value.to_string()).unwrap_or_default();
    let onblur = {
        let (unreadable, text) = (unreadable.clone(), text.clone());
        Callback::from(move |event: FocusEvent| {
            if *unreadable {
                event.target_unchecked_into::<HtmlInputElement>().set_value(&text);
                unreadable.set(false);
            }
        })
    };
    let message = if *unreadable { Some("write a number".into()) } else { props.error.clone() };
    // While the text is no number the browser keeps what was typed.
    let value = (!*unreadable).then_some(text);
    html! {
        <label class="field">
            <span class="field-name">{ &props.label }</span>
            <input type="number" inputmode="decimal" aria-label={props.name.clone().unwrap_or_else(|| props.label.clone())} step={props.step.clone()} placeholder={props.placeholder.clone()}
                {value} {oninput} {onblur} aria-invalid={message.is_some().then_some("true")} />
            <FieldError {message} />
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub struct WidthsFieldProps {
    pub label: AttrValue,
    pub widths: Vec<usize>,
    pub on_change: Callback<Vec<usize>>,
}

/// Reads widths such as `256, 128`; nothing at all is no layer.
fn read_widths(text: &str) -> Option<Vec<usize>> {
    text.split([',', ' ']).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
}

/// A list of whole numbers, taken when the field is left or Enter is pressed.
#[component]
pub fn WidthsField(props: &WidthsFieldProps) -> Html {
    let unreadable = use_state_eq(|| false);
    let onchange = {
        let (unreadable, on_change) = (unreadable.clone(), props.on_change.clone());
        Callback::from(move |event: Event| {
            let widths = read_widths(&event.target_unchecked_into::<HtmlInputElement>().value());
            unreadable.set(widths.is_none());
            if let Some(widths) = widths {
                on_change.emit(widths);
            }
        })
    };
    let value = props.widths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let message = unreadable.then(|| AttrValue::from("write whole numbers with commas between them, such as 256, 128"));
    html! {
        <label class="field">
            <span class="field-name">{ &props.label }</span>
            <input type="text" inputmode="numeric" aria-label={props.label.clone()} value={(!*unreadable).then_some(value)} {onchange}
                aria-invalid={unreadable.then_some("true")} />
            <FieldError {message} />
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub struct ChoiceProps {
    pub label: AttrValue,
    /// Value and title of each.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// Value of the chosen one.
    pub selected: AttrValue,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Told the place of the chosen one among the options.
    pub on_change: Callback<usize>,
}

/// One of some.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    let onchange = props.on_change.reform(|event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        usize::try_from(index).unwrap_or_default()
    });
    html! {
        <label class="field">
            <span class="field-name">{ &props.label }</span>
            <select {onchange} aria-label={props.label.clone()} aria-invalid={props.error.is_some().then_some("true")}>
                { for props.options.iter().map(|(value, title)| html! {
                    <option value={value.clone()} selected={*value == props.selected}>{ title }</option>
                }) }
            </select>
            <FieldError message={props.error.clone()} />
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub struct SwitchProps {
    pub label: AttrValue,
    pub on: bool,
    pub on_change: Callback<bool>,
}

/// Yes or no.
#[component]
pub fn Switch(props: &SwitchProps) -> Html {
    let onchange = props.on_change.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="switch">
            <input type="checkbox" checked={props.on} {onchange} />
            <span>{ &props.label }</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn widths_are_read_with_commas_or_spaces() {
        assert_eq!(read_widths("256, 128"), Some(vec![256, 128]));
        assert_eq!(read_widths("32 64,96"), Some(vec![32, 64, 96]));
        assert_eq!(read_widths(""), Some(vec![]));
        assert_eq!(read_widths("256, wide"), None);
        assert_eq!(read_widths("-3"), None);
    }
}
