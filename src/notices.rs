//! Plain sentences that stay until they are dismissed.

use std::rc::Rc;

use yew::prelude::*;

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something could not be done.
    Problem,
    /// Something the person should know.
    Information,
}

/// One sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    id: usize,
    tone: Tone,
    message: String,
}

/// What happens to the list.
pub enum NoticeAction {
    /// Shows a sentence; one that is already shown is not repeated.
    Show(Tone, String),
    /// Takes one away.
    Dismiss(usize),
}

/// The sentences shown now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeList {
    shown: Vec<Notice>,
    next_id: usize,
}

impl Reducible for NoticeList {
    type Action = NoticeAction;

    fn reduce(self: Rc<Self>, action: NoticeAction) -> Rc<Self> {
        let mut list = (*self).clone();
        match action {
            NoticeAction::Show(_, message) if list.shown.iter().any(|notice| notice.message == message) => return self,
            NoticeAction::Show(tone, message) => {
                list.shown.push(Notice { id: list.next_id, tone, message });
                list.next_id += 1;
            }
            NoticeAction::Dismiss(id) => list.shown.retain(|notice| notice.id != id),
        }
        list.into()
    }
}

/// Shows sentences from anywhere in the app, without rendering whoever does.
#[derive(Clone, PartialEq)]
pub struct Notices(UseReducerDispatcher<NoticeList>);

impl Notices {
    /// Something could not be done.
    pub fn problem(&self, message: impl Into<String>) {
        self.0.dispatch(NoticeAction::Show(Tone::Problem, message.into()));
    }

    /// Something to know.
    pub fn information(&self, message: impl Into<String>) {
        self.0.dispatch(NoticeAction::Show(Tone::Information, message.into()));
    }
}

/// The sentences shown now, and the way to show others.
#[hook]
pub fn use_notices() -> (Html, Notices) {
    let list = use_reducer_eq(NoticeList::default);
    let shown = list.shown.iter().map(|notice| {
        let dismiss = {
            let dispatcher = list.dispatcher();
            let id = notice.id;
            Callback::from(move |_: MouseEvent| dispatcher.dispatch(NoticeAction::Dismiss(id)))
        };
        let class = match notice.tone {
            Tone::Problem => "notice problem",
            Tone::Information => "notice",
        };
        html! {
            <div key={notice.id} {class} role="alert">
                <p>{ &notice.message }</p>
                <button type="button" class="button quiet" onclick={dismiss}>{ "Dismiss" }</button>
            </div>
        }
    });
    let board = html! { <div class="notices">{ for shown }</div> };
    (board, Notices(list.dispatcher()))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn messages(list: &NoticeList) -> Vec<&str> {
        list.shown.iter().map(|notice| notice.message.as_str()).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_sentence_is_shown_once_and_can_be_dismissed() {
        let show = |list: Rc<NoticeList>, text: &str| list.reduce(NoticeAction::Show(Tone::Problem, text.into()));
        let list = show(show(show(Rc::default(), "first"), "second"), "first");
        assert_eq!(messages(&list), ["first", "second"]);
        let list = list.reduce(NoticeAction::Dismiss(0));
        assert_eq!(messages(&list), ["second"]);
        assert_eq!(messages(&show(list, "first")), ["second", "first"]);
    }
}
