//! One question to the engine at a time, and always about the newest state: what changed meanwhile is asked once.

/// What has to be worked out anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Errand {
    /// The picture is the same, its noise or the model is not.
    Clean,
    /// The drawing is another one.
    Drawing,
}

/// The errand under way, and the one to run next.
#[derive(Debug, Default)]
pub struct Errands {
    asked: Option<u32>,
    next: Option<Errand>,
    last_request: u32,
}

impl Errands {
    /// Wants an errand run; a greater one includes a lesser.
    pub fn want(&mut self, errand: Errand) {
        self.next = self.next.max(Some(errand));
    }

    /// The errand to run now, unless an answer is awaited.
    pub fn take(&mut self) -> Option<Errand> {
        if self.asked.is_some() { None } else { self.next.take() }
    }

    /// Whether there is an errand that could run now.
    pub const fn is_due(&self) -> bool {
        self.asked.is_none() && self.next.is_some()
    }

    /// A number for a question, whose answer is awaited from now on.
    pub const fn ask(&mut self) -> u32 {
        self.last_request = self.last_request.wrapping_add(1);
        self.asked = Some(self.last_request);
        self.last_request
    }

    /// Whether this is the awaited answer; it is then awaited no more.
    pub fn is_answer(&mut self, request: u32) -> bool {
        let expected = self.asked == Some(request);
        if expected {
            self.asked = None;
        }
        expected
    }

    /// Awaits nothing any more: the answer will not come.
    pub const fn give_up(&mut self) {
        self.asked = None;
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_newest_wish_waits_for_the_answer_under_way() {
        let mut errands = Errands::default();
        errands.want(Errand::Clean);
        assert_eq!(errands.take(), Some(Errand::Clean));
        let request = errands.ask();
        errands.want(Errand::Clean);
        errands.want(Errand::Drawing);
        errands.want(Errand::Clean);
        assert_eq!(errands.take(), None, "an answer is awaited");
        assert!(errands.is_answer(request));
        assert_eq!(errands.take(), Some(Errand::Drawing), "a drawing includes its cleaning");
        assert_eq!(errands.take(), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn stale_answers_are_ignored() {
        let mut errands = Errands::default();
        let old = errands.ask();
        errands.give_up();
        let new = errands.ask();
        assert!(!errands.is_answer(old));
        assert!(errands.is_answer(new));
        assert!(!errands.is_answer(new), "each answer counts once");
    }
}
