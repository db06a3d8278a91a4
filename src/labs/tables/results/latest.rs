//! Questions of which only the newest matters, one on its way at a time.

/// The question on its way, and the one to ask next.
#[derive(Clone, Debug, PartialEq)]
pub struct Latest<T> {
    asked: Option<T>,
    next: Option<T>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { asked: None, next: None }
    }
}

impl<T: Clone + PartialEq> Latest<T> {
    /// Wants an answer to `question`. It is given back if it is to be asked at once.
    pub fn want(&mut self, question: T) -> Option<T> {
        if self.asked.is_some() {
            // What is on its way is asked again only if it has changed since.
            self.next = (self.asked.as_ref() != Some(&question)).then_some(question);
            return None;
        }
        self.asked = Some(question.clone());
        Some(question)
    }

    /// An answer (or a refusal) is here. The next question, if one is waiting.
    pub fn answered(&mut self) -> Option<T> {
        self.asked = self.next.take();
        self.asked.clone()
    }

    /// Whether an answer is awaited.
    pub const fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn only_the_newest_question_waits() {
        let mut latest = Latest::default();
        assert_eq!(latest.want(1), Some(1));
        assert_eq!(latest.want(2), None);
        assert_eq!(latest.want(3), None);
        assert_eq!(latest.answered(), Some(3));
        assert!(latest.is_waiting());
        assert_eq!(latest.answered(), None);
        assert!(!latest.is_waiting());
        assert_eq!(latest.want(4), Some(4));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_question_on_its_way_is_not_asked_twice() {
        let mut latest = Latest::default();
        latest.want(1);
        latest.want(2);
        latest.want(1);
        assert_eq!(latest.answered(), None);
    }
}
