//! Pictures that were changed when they were opened, with switches that undo it.

use pinhole_protocol::{ChangedPicture, ChangedPictures, PictureChange};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{field::switch, format::grouped},
    labs::digits::state::Lab,
};

/// Renders what was done to the opened pictures: a switch for each of the first of them, and one for all.
/// `leave_as_is` receives the indices of the files whose pictures are left as they are.
pub fn view(lab: &Lab, leave_as_is: &Callback<Vec<usize>>) -> Html {
    let Some(changed) = lab.opened.as_ref().map(|opened| &opened.changed).filter(|changed| changed.total > 0) else {
        return Html::default();
    };
    let (files, as_is) = lab.recovery.images();
    let count = files.len();
    let on_all = leave_as_is.reform(move |is_left| if is_left { (0..count).collect() } else { Vec::new() });
    let row = |picture: &ChangedPicture| {
        let (file, as_is) = (picture.file, as_is.clone());
        let onchange = leave_as_is.reform(move |event: Event| {
            with_file(&as_is, file, event.target_unchecked_into::<HtmlInputElement>().checked())
        });
        html! {
            <li key={file}>
                <label class="switch">
                    <input type="checkbox" checked={picture.as_is} {onchange} />
                    <span>{ format!("Leave {} as it is", picture.name) }</span>
                </label>
                <span class="hint">{ done(picture) }</span>
            </li>
        }
    };
    let unlisted = changed.total - changed.first.len();
    html! {
        <details class="more changed-pictures">
            <summary>{ "Changed pictures" }<span class="hint">{ count_text(changed) }</span></summary>
            <div>
                if changed.total > 1 {
                    { switch("Leave all pictures as they are", changed.as_is == changed.total, &on_all) }
                }
                <ul>{ for changed.first.iter().map(row) }</ul>
                if unlisted > 0 {
                    <p class="hint">{ format!("… and {} more.", grouped(unlisted)) }</p>
                }
            </div>
        </details>
    }
}

/// The indices with that of a file added or taken out.
fn with_file(as_is: &[usize], file: usize, is_left: bool) -> Vec<usize> {
    let mut indices: Vec<usize> = as_is.iter().copied().filter(|index| *index != file).collect();
    if is_left {
        indices.push(file);
        indices.sort_unstable();
    }
    indices
}

fn count_text(changed: &ChangedPictures) -> String {
    let made = changed.total - changed.as_is;
    match changed.as_is {
        0 => grouped(made),
        left => format!("{}, and {} left as they are", grouped(made), grouped(left)),
    }
}

fn done(picture: &ChangedPicture) -> String {
    let changes = PictureChange::list(&picture.changes);
    if picture.as_is { format!("not done: {changes}") } else { changes }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_switch_adds_or_removes_its_file() {
        assert_eq!(with_file(&[1, 4], 3, true), [1, 3, 4]);
        assert_eq!(with_file(&[1, 3, 4], 3, true), [1, 3, 4]);
        assert_eq!(with_file(&[1, 3, 4], 3, false), [1, 4]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_not_done_is_told_as_such() {
        let mut picture =
            ChangedPicture { file: 0, name: "a".into(), changes: vec![PictureChange::Inverted], as_is: false };
        assert_eq!(done(&picture), "inverted");
        picture.as_is = true;
        assert_eq!(done(&picture), "not done: inverted");
        let mut changed = ChangedPictures::default();
        changed.push(picture);
        assert_eq!(count_text(&changed), "0, and 1 left as they are");
    }
}
