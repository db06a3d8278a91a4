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
    let options = titles.into_iter().enumerate().map(|(index, title)| option(title, index == selected));
    select(label, options.collect(), selected, on_select)
}

/// A menu of titles in groups, each with its heading; otherwise as [`menu`], with indices that count through all groups.
pub fn grouped_menu(
    label: &'static str,
    groups: impl IntoIterator<Item = (&'static str, Vec<AttrValue>)>,
    selected: usize,
    on_select: &Callback<usize>,
) -> Html {
    let mut index = 0;
    let mut group = |heading: &'static str, titles: Vec<AttrValue>| {
        let options = titles.into_iter().map(|title| {
            index += 1;
            option(title, index - 1 == selected)
        });
        html! { <optgroup label={heading}>{ for options }</optgroup> }
    };
    let groups = groups.into_iter().map(|(heading, titles)| group(heading, titles));
    select(label, groups.collect(), selected, on_select)
}

fn option(title: AttrValue, is_selected: bool) -> Html {
    html! { <option selected={is_selected}>{ title }</option> }
}

fn select(label: &'static str, options: Html, selected: usize, on_select: &Callback<usize>) -> Html {
    let selected_index = selected as u32;
    let onchange = on_select.reform(|event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        usize::try_from(index).unwrap_or_default()
    });
    html! {
        <label class="field">
            <span class="field-name">{ label }</span>
            // Browsers ignore the `selected` attribute after a person's choice, and Firefox before it: the property moves it.
            <select {onchange} ~selectedIndex={selected_index} aria-label={label}>
                { options }
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
