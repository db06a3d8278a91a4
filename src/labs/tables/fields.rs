//! Form fields of this lab: menus and text fields whose content comes from a file, and plain buttons.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A menu of `titles` with the one at index `selected` chosen; `on_select` receives the index of another choice.
pub fn menu(
    label: &'static str,
    titles: impl IntoIterator<Item = AttrValue>,
    selected: usize,
    on_select: &Callback<usize>,
) -> Html {
    let onchange = on_select.reform(|event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        usize::try_from(index).unwrap_or_default()
    });
    html! {
        <label class="field">
            <span class="field-name">{ label }</span>
            <select {onchange} aria-label={label}>
                { for titles.into_iter().enumerate().map(|(index, title)| html! {
                    <option selected={index == selected}>{ title }</option>
                }) }
            </select>
        </label>
    }
}

/// A text field; `set_text` receives its text when the field is left or Enter is pressed.
pub fn text_field(label: &'static str, value: String, placeholder: &'static str, set_text: &Callback<String>) -> Html {
    let onchange = set_text.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <label class="field">
            <span class="field-name">{ label }</span>
            <input type="text" aria-label={label} {value} {placeholder} {onchange} autocomplete="off" spellcheck="false" />
        </label>
    }
}

/// A button; `press` is called without the event.
pub fn button(name: impl Into<AttrValue>, class: &'static str, disabled: bool, press: &Callback<()>) -> Html {
    let onclick = press.reform(|_: MouseEvent| ());
    html! { <button type="button" {class} {onclick} {disabled}>{ name.into() }</button> }
}
