//! Notices: sentences on the page that stay until they are dismissed, or until newer ones take their place.

use std::{cell::RefCell, rc::Rc};

use yew::prelude::*;

/// Largest number of notices shown at once: more would cover a phone's window.
const MAX_SHOWN: usize = 3;

/// Kind of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    /// An operation failed.
    Problem,
    /// Information that needs no action.
    Information,
}

/// Notice of one or two sentences.
#[derive(Debug)]
struct Notice {
    id: usize,
    tone: Tone,
    message: String,
}

/// Notices shown now.
#[derive(Debug, Default)]
struct NoticeList {
    shown: Vec<Notice>,
    next_id: usize,
}

impl NoticeList {
    /// Shows a notice, as the newest one. One with the same message moves there; beyond
    /// [`MAX_SHOWN`], the oldest information goes, or else the oldest problem.
    fn show(&mut self, tone: Tone, message: String) {
        self.withdraw(&message);
        if self.shown.len() == MAX_SHOWN {
            let oldest = self.shown.iter().position(|notice| notice.tone == Tone::Information);
            self.shown.remove(oldest.unwrap_or_default());
        }
        self.shown.push(Notice { id: self.next_id, tone, message });
        self.next_id += 1;
    }

    fn dismiss(&mut self, id: usize) {
        self.shown.retain(|notice| notice.id != id);
    }

    /// Removes the notice with a message. Returns true if it was shown.
    fn withdraw(&mut self, message: &str) -> bool {
        let before = self.shown.len();
        self.shown.retain(|notice| notice.message != message);
        self.shown.len() < before
    }
}

/// Handle that shows notices from anywhere in the app; only the component that renders them is rendered again.
#[derive(Clone)]
pub struct Notices {
    list: Rc<RefCell<NoticeList>>,
    update: UseForceUpdateHandle,
}

impl PartialEq for Notices {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.list, &other.list)
    }
}

impl Notices {
    /// Shows that an operation failed.
    pub fn problem(&self, message: impl Into<String>) {
        self.show(Tone::Problem, message.into());
    }

    /// Shows information.
    pub fn information(&self, message: impl Into<String>) {
        self.show(Tone::Information, message.into());
    }

    /// Removes the notice with this message, if it is shown, as it is true no longer.
    pub fn withdraw(&self, message: &str) {
        if self.list.borrow_mut().withdraw(message) {
            self.update.force_update();
        }
    }

    fn show(&self, tone: Tone, message: String) {
        self.list.borrow_mut().show(tone, message);
        self.update.force_update();
    }

    fn dismiss(&self, id: usize) {
        self.list.borrow_mut().dismiss(id);
        self.update.force_update();
    }

    /// Renders the notices shown now.
    pub fn view(&self) -> Html {
        let list = self.list.borrow();
        let shown = list.shown.iter().map(|notice| {
            let (notices, id) = (self.clone(), notice.id);
            let dismiss = Callback::from(move |_: MouseEvent| notices.dismiss(id));
            // A screen reader interrupts its speech for an alert, and not for a status.
            let (class, role) = match notice.tone {
                Tone::Problem => ("notice problem", "alert"),
                Tone::Information => ("notice", "status"),
            };
            html! {
                <div key={id} {class} {role}>
                    <p>{ &notice.message }</p>
                    <button type="button" class="button quiet" onclick={dismiss}>{ "Dismiss" }</button>
                </div>
            }
        });
        html! { <div class="notices" aria-live="polite">{ for shown }</div> }
    }
}

/// Creates the handle, for the component that renders the notices.
#[hook]
pub fn use_notices() -> Notices {
    Notices { list: use_mut_ref(NoticeList::default), update: use_force_update() }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn messages(list: &NoticeList) -> Vec<&str> {
        list.shown.iter().map(|notice| notice.message.as_str()).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_notice_is_shown_once_and_can_be_dismissed() {
        let mut list = NoticeList::default();
        for text in ["first", "second", "first"] {
            list.show(Tone::Problem, text.into());
        }
        assert_eq!(messages(&list), ["second", "first"], "it is said again, and stands once");
        list.dismiss(2);
        assert_eq!(messages(&list), ["second"]);
        list.show(Tone::Information, "first".into());
        assert_eq!(messages(&list), ["second", "first"]);
        assert!(list.withdraw("second"));
        assert!(!list.withdraw("second"));
        assert_eq!(messages(&list), ["first"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn newer_notices_take_the_place_of_older_ones() {
        let mut list = NoticeList::default();
        list.show(Tone::Problem, "a problem".into());
        for text in ["one", "two", "three"] {
            list.show(Tone::Information, text.into());
        }
        assert_eq!(messages(&list), ["a problem", "two", "three"]);
        for text in ["a second problem", "a third problem", "a fourth problem"] {
            list.show(Tone::Problem, text.into());
        }
        assert_eq!(messages(&list), ["a second problem", "a third problem", "a fourth problem"]);
    }
}
