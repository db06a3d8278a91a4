//! When to look: one question at a time, and not more often than one can follow.

/// Between two questions while training.
const EVERY_MS: f64 = 1_000.0;

/// Whether a question is wanted, and whether one is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Turn {
    is_wanted: bool,
    is_asked: bool,
    asked_at_ms: f64,
}

impl Turn {
    /// Something is worth a look.
    pub const fn want(&mut self) {
        self.is_wanted = true;
    }

    /// Something has changed a little: worth a look after a while.
    pub fn tick(&mut self, now_ms: f64) {
        self.is_wanted |= now_ms - self.asked_at_ms >= EVERY_MS;
    }

    /// Whether to ask now; the answer is awaited from then on.
    pub const fn take(&mut self, now_ms: f64) -> bool {
        let is_turn = self.is_wanted && !self.is_asked;
        if is_turn {
            *self = Self { is_wanted: false, is_asked: true, asked_at_ms: now_ms };
        }
        is_turn
    }

    /// The answer is there; what was wanted meanwhile may be asked.
    pub const fn answered(&mut self) {
        self.is_asked = false;
    }

    /// The answer will not come, and asking again would not help.
    pub const fn give_up(&mut self) {
        self.is_asked = false;
        self.is_wanted = false;
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn there_is_never_more_than_one_question() {
        let mut turn = Turn::default();
        turn.want();
        assert!(turn.take(5_000.0));
        turn.tick(9_000.0);
        assert!(!turn.take(9_000.0), "an answer is awaited");
        turn.answered();
        assert!(turn.take(9_100.0), "it was wanted meanwhile");
        turn.answered();
        turn.tick(9_200.0);
        assert!(!turn.take(9_200.0), "too soon");
        turn.tick(10_100.0);
        assert!(turn.take(10_100.0));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_refusal_is_not_answered_by_the_same_question() {
        let mut turn = Turn::default();
        turn.want();
        assert!(turn.take(0.0));
        turn.want();
        turn.give_up();
        assert!(!turn.take(10.0));
    }
}
