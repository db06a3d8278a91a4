//! Edits the one experiment.

use std::rc::Rc;

use pinhole_protocol::{Experiment, SpecError};
use yew::prelude::*;

/// The experiment, what is wrong with it, and the way to change it.
pub struct Editor {
    pub experiment: Rc<Experiment>,
    pub error: Option<Rc<SpecError>>,
    pub on_edit: Callback<Experiment>,
}

impl Editor {
    /// A callback that changes the experiment by what a field says.
    pub fn on<T: 'static>(&self, change: impl Fn(&mut Experiment, T) + 'static) -> Callback<T> {
        let (experiment, on_edit) = (self.experiment.clone(), self.on_edit.clone());
        Callback::from(move |value: T| {
            let mut edited = (*experiment).clone();
            change(&mut edited, value);
            on_edit.emit(edited);
        })
    }

    /// As [`Editor::on`], for a field of whole numbers: what is below 0 becomes 0, which the check then judges.
    pub fn on_count(&self, change: impl Fn(&mut Experiment, usize) + 'static) -> Callback<f64> {
        self.on(move |experiment, value: f64| change(experiment, value as usize))
    }

    /// What is wrong with the setting of that name, or with a part of it.
    pub fn error_of(&self, field: &str) -> Option<AttrValue> {
        self.error.as_ref().filter(|error| error.field == field).map(|error| error.message.clone().into())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_field_changes_its_setting_and_finds_its_error() {
        let edited = Rc::new(RefCell::new(Experiment::default()));
        let on_edit = {
            let edited = edited.clone();
            Callback::from(move |experiment| *edited.borrow_mut() = experiment)
        };
        let editor = Editor { experiment: Rc::default(), error: None, on_edit };
        editor.on_count(|experiment, epochs| experiment.schedule.epochs = epochs).emit(-3.0);
        assert_eq!(edited.borrow().schedule.epochs, 0);
        let error = edited.borrow().clone().check().expect_err("no epochs");
        let editor = Editor { error: Some(error.into()), ..editor };
        assert!(editor.error_of("schedule.epochs").is_some());
        assert!(editor.error_of("schedule.batch_size").is_none());
    }
}
