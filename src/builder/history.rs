//! Undo and redo: what was before and after the present.

/// So many steps back are kept; an experiment takes about a kilobyte.
const MOST_STEPS: usize = 200;

/// Whether a number is being typed or slid: all of that is one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Every edit is a step.
    #[default]
    None,
    /// A field was entered; its first edit is a step.
    Begun,
    /// The field has made its step, which its further edits extend.
    Edited,
}

/// What undo and redo go through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History<T> {
    past: Vec<T>,
    future: Vec<T>,
    typing: Typing,
}

impl<T: Clone> History<T> {
    /// Takes note of an edit of `before`.
    pub fn edited(&mut self, before: &T) {
        self.future.clear();
        if self.typing == Typing::Edited {
            return;
        }
        if self.typing == Typing::Begun {
            self.typing = Typing::Edited;
        }
        if self.past.len() == MOST_STEPS {
            self.past.remove(0);
        }
        self.past.push(before.clone());
    }

    /// A field was entered or left, or its value is settled.
    pub const fn set_typing(&mut self, typing: Typing) {
        self.typing = typing;
    }

    /// What was before `present`.
    pub fn undo(&mut self, present: &T) -> Option<T> {
        self.settle();
        let earlier = self.past.pop()?;
        self.future.push(present.clone());
        Some(earlier)
    }

    /// What was undone to get to `present`.
    pub fn redo(&mut self, present: &T) -> Option<T> {
        self.settle();
        let later = self.future.pop()?;
        self.past.push(present.clone());
        Some(later)
    }

    /// Whether there is a step back, and a step forward.
    pub const fn steps(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    /// What is typed after a step back is another step.
    fn settle(&mut self) {
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
    fn what_was_undone_can_be_redone_until_something_else_is_edited() {
        let mut history = History::default();
        assert_eq!(history.steps(), (false, false));
        history.edited(&0);
        history.edited(&1);
        assert_eq!(history.undo(&2), Some(1));
        assert_eq!(history.undo(&1), Some(0));
        assert_eq!(history.undo(&0), None);
        assert_eq!(history.redo(&0), Some(1));
        assert_eq!(history.steps(), (true, true));
        history.edited(&1);
        assert_eq!(history.redo(&7), None);
        assert_eq!(history.undo(&7), Some(1));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_number_that_is_typed_is_one_step() {
        let mut history = History::default();
        history.edited(&0);
        history.set_typing(Typing::Begun);
        for typed in [1, 2, 3] {
            history.edited(&typed);
        }
        history.set_typing(Typing::None);
        history.edited(&4);
        let undone = [5, 4, 1].map(|present| history.undo(&present));
        assert_eq!(undone, [4, 1, 0].map(Some));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_oldest_steps_are_forgotten() {
        let mut history = History::default();
        (0..2 * MOST_STEPS as u64).for_each(|seed| history.edited(&seed));
        let steps = (0..10 * MOST_STEPS).take_while(|_| history.undo(&0).is_some()).count();
        assert_eq!(steps, MOST_STEPS);
    }
}
