//! Undo and redo history.

/// Largest number of undo steps; an experiment takes about a kilobyte.
const MAX_STEPS: usize = 200;

/// State of typing in a field or moving a slider, which is one step however many edits it makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// No field is focused: each edit is a step.
    #[default]
    None,
    /// A field was focused; its first edit will be a step.
    Begun,
    /// The field has made its step, which further edits extend.
    Edited,
}

/// States before and after the present one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History<T> {
    past: Vec<T>,
    future: Vec<T>,
    typing: Typing,
}

impl<T: Clone> History<T> {
    /// Records that the state `before` was edited.
    pub fn record(&mut self, before: &T) {
        self.future.clear();
        if self.typing == Typing::Edited {
            return;
        }
        if self.typing == Typing::Begun {
            self.typing = Typing::Edited;
        }
        if self.past.len() == MAX_STEPS {
            self.past.remove(0);
        }
        self.past.push(before.clone());
    }

    /// Sets the state of typing: a field was focused or left, or its value was committed.
    pub const fn set_typing(&mut self, typing: Typing) {
        self.typing = typing;
    }

    /// Returns the state before `present`.
    pub fn undo(&mut self, present: &T) -> Option<T> {
        self.end_typed_step();
        let earlier = self.past.pop()?;
        self.future.push(present.clone());
        Some(earlier)
    }

    /// Returns the state that the last undo left.
    pub fn redo(&mut self, present: &T) -> Option<T> {
        self.end_typed_step();
        let later = self.future.pop()?;
        self.past.push(present.clone());
        Some(later)
    }

    /// True if there is a step to undo, and true if there is one to redo.
    pub const fn can_undo_redo(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    /// Ends the step of a field: typing after an undo is another step.
    fn end_typed_step(&mut self) {
        if self.typing == Typing::Edited {
            self.typing = Typing::Begun;
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn an_undone_step_can_be_redone_until_the_next_edit() {
        let mut history = History::default();
        assert_eq!(history.can_undo_redo(), (false, false));
        history.record(&0);
        history.record(&1);
        assert_eq!(history.undo(&2), Some(1));
        assert_eq!(history.undo(&1), Some(0));
        assert_eq!(history.undo(&0), None);
        assert_eq!(history.redo(&0), Some(1));
        assert_eq!(history.can_undo_redo(), (true, true));
        history.record(&1);
        assert_eq!(history.redo(&7), None);
        assert_eq!(history.undo(&7), Some(1));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn typing_a_number_is_one_step() {
        let mut history = History::default();
        history.record(&0);
        history.set_typing(Typing::Begun);
        for typed in [1, 2, 3] {
            history.record(&typed);
        }
        history.set_typing(Typing::None);
        history.record(&4);
        let undone = [5, 4, 1].map(|present| history.undo(&present));
        assert_eq!(undone, [4, 1, 0].map(Some));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_oldest_steps_are_dropped() {
        let mut history = History::default();
        (0..2 * MAX_STEPS as u64).for_each(|seed| history.record(&seed));
        let steps = (0..10 * MAX_STEPS).take_while(|_| history.undo(&0).is_some()).count();
        assert_eq!(steps, MAX_STEPS);
    }
}
