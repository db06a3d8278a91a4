//! Tabs: a list of which one is selected, by pointer or arrow keys, and the panels that belong to them.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Tab with its name, and the id by which it and its panel refer to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab {
    pub id: &'static str,
    pub name: &'static str,
}

impl Tab {
    fn tab_id(self) -> String {
        format!("tab-{}", self.id)
    }

    fn panel_id(self) -> String {
        format!("panel-{}", self.id)
    }
}

/// Renders the list; `on_select` receives the index of the tab that is selected.
pub fn tab_list(name: &'static str, tabs: &[Tab], selected: usize, on_select: &Callback<usize>) -> Html {
    let count = tabs.len();
    let on_key = on_select.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if let Some(next) = next_index(&event.key(), selected, count) {
            event.prevent_default();
            focus_tab(&event, next);
            on_key.emit(next);
        }
    });
    let tab = |(index, tab): (usize, &Tab)| {
        let is_selected = index == selected;
        let onclick = on_select.reform(move |_: MouseEvent| index);
        html! {
            <button type="button" role="tab" class="tab" id={tab.tab_id()} aria-controls={tab.panel_id()}
                aria-selected={is_selected.to_string()} tabindex={if is_selected { "0" } else { "-1" }} {onclick}>{ tab.name }</button>
        }
    };
    html! { <div class="tab-list" role="tablist" aria-label={name} {onkeydown}>{ for tabs.iter().enumerate().map(tab) }</div> }
}

/// Renders the panel of a tab; hidden, it keeps its state.
pub fn tab_panel(tab: Tab, is_shown: bool, content: Html) -> Html {
    html! {
        <div class="tab-panel" role="tabpanel" id={tab.panel_id()} aria-labelledby={tab.tab_id()} hidden={!is_shown}>{ content }</div>
    }
}

/// Index of the tab that a key leads to; `None` for any other key.
fn next_index(key: &str, selected: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((selected + 1) % count),
        "ArrowLeft" => Some((selected + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

/// Moves the focus to another tab of the list that a key was pressed in.
fn focus_tab(event: &KeyboardEvent, index: usize) {
    let list = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    let tab =
        list.and_then(|list| list.children().item(index as u32)).and_then(|tab| tab.dyn_into::<HtmlElement>().ok());
    if let Some(tab) = tab {
        // A hidden element cannot have the focus, and need not.
        let _ = tab.focus();
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn arrow_keys_go_around() {
        let next = |key, selected| next_index(key, selected, 4);
        assert_eq!([next("ArrowRight", 3), next("ArrowLeft", 0), next("Home", 2)], [Some(0), Some(3), Some(0)]);
        assert_eq!([next("End", 0), next("Tab", 1)], [Some(3), None]);
    }
}
