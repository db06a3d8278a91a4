//! A button that opens files.

use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::files;

#[derive(Properties, PartialEq)]
pub struct FileButtonProps {
    pub label: AttrValue,
    /// Kinds of files, as the `accept` attribute has them.
    pub accept: AttrValue,
    #[prop_or_default]
    pub multiple: bool,
    #[prop_or_default]
    pub disabled: bool,
    pub on_files: Callback<Vec<File>>,
}

/// The file input itself, dressed as a button.
#[component]
pub fn FileButton(props: &FileButtonProps) -> Html {
    let onchange = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let chosen = files::to_vec(input.files());
            // So that choosing the same file again is heard too.
            input.set_value("");
            if !chosen.is_empty() {
                on_files.emit(chosen);
            }
        })
    };
    html! {
        <label class="button file-button">
            <span>{ &props.label }</span>
            <input type="file" accept={props.accept.clone()} multiple={props.multiple} disabled={props.disabled} {onchange} />
        </label>
    }
}
