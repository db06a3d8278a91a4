//! Fields whose choices or words come from a file.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A menu of `titles` with the one at `selected` chosen; tells the place of another choice.
pub fn menu(
    label: &'static str,
    titles: impl IntoIterator<Item = AttrValue>,
    selected: usize,
    tell: &Callback<usize>,
) -> Html {
    let onchange = tell.reform(|event: Event| {
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

/// Words, told when the field is left or Enter is pressed.
pub fn text_field(label: &'static str, value: String, placeholder: &'static str, tell: &Callback<String>) -> Html {
    let onchange = tell.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <label class="field">
            <span class="field-name">{ label }</span>
            <input type="text" aria-label={label} {value} {placeholder} {onchange} autocomplete="off" spellcheck="false" />
        </label>
    }
}

/// A button that says only that it was pressed.
pub fn button(name: impl Into<AttrValue>, class: &'static str, disabled: bool, tell: &Callback<()>) -> Html {
    let onclick = tell.reform(|_: MouseEvent| ());
    html! { <button type="button" {class} {onclick} {disabled}>{ name.into() }</button> }
}
