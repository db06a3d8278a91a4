//! Edits the one experiment.
//!
//! Settings are tables of names and functions rather than a callback each: a panel has dozens, and every callback's own
//! type is code that a visitor waits for.

use std::rc::Rc;

use pinhole_protocol::{BlockPlace, CheckedExperiment, Experiment, SpecError, table::RowsSummary};
use yew::prelude::*;

use crate::components::{
    field::{Choice, NumberField, field_error, options, switch},
    figures::{fixed, shortest},
};

/// A number of the experiment.
pub struct Number {
    pub label: &'static str,
    /// Dotted name of the setting, to find what is wrong with it.
    pub field: &'static str,
    pub read: fn(&Experiment) -> Option<f64>,
    pub write: fn(&mut Experiment, f64),
    /// What an empty field means; 0 is written for it.
    pub empty: &'static str,
    pub is_whole: bool,
}

/// A number that is a plain field of one of the nouns: `count!("Epochs", schedule.epochs)` is whole,
/// `real!("Dropout", network.dropout)` need not be.
macro_rules! count {
    ($label:literal, $noun:ident.$field:ident) => {
        $crate::builder::editor::Number {
            label: $label,
            field: concat!(stringify!($noun), ".", stringify!($field)),
            read: |experiment| Some(experiment.$noun.$field as f64),
            write: |experiment, value| experiment.$noun.$field = value as usize,
            empty: "",
            is_whole: true,
        }
    };
}
macro_rules! real {
    ($label:literal, $noun:ident.$field:ident) => {
        $crate::builder::editor::Number {
            label: $label,
            field: concat!(stringify!($noun), ".", stringify!($field)),
            read: |experiment| Some(experiment.$noun.$field.into()),
            write: |experiment, value| experiment.$noun.$field = value as f32,
            empty: "",
            is_whole: false,
        }
    };
}
pub(crate) use {count, real};

/// The experiment, what is wrong with it, and the way to change it.
pub struct Editor {
    pub experiment: Rc<Experiment>,
    pub checked: Result<CheckedExperiment, SpecError>,
    /// What the rows of the table in hand are, where that is known.
    pub rows: Option<Rc<RowsSummary>>,
    on_edit: Callback<Experiment>,
}

impl Editor {
    /// An editor that tells `on_edit` what the experiment has become.
    pub fn new(experiment: Rc<Experiment>, rows: Option<Rc<RowsSummary>>, on_edit: Callback<Experiment>) -> Self {
        Self { checked: (*experiment).clone().check_with(rows.as_deref()), experiment, rows, on_edit }
    }

    /// A callback that changes the experiment by what a field says.
    pub fn on<T: 'static>(&self, change: impl Fn(&mut Experiment, T) + 'static) -> Callback<T> {
        let (experiment, on_edit) = (self.experiment.clone(), self.on_edit.clone());
        Callback::from(move |value: T| {
            let mut edited = (*experiment).clone();
            change(&mut edited, value);
            on_edit.emit(edited);
        })
    }

    /// What is wrong with the setting of that name.
    pub fn error_of(&self, field: &str) -> Option<AttrValue> {
        self.error_where(|error| error.field == field && error.block.is_none())
    }

    /// What is wrong with that block.
    pub fn error_at(&self, place: BlockPlace) -> Option<AttrValue> {
        self.error_where(|error| error.block == Some(place))
    }

    fn error_where(&self, is_there: impl FnOnce(&SpecError) -> bool) -> Option<AttrValue> {
        self.checked.as_ref().err().filter(|error| is_there(error)).map(|error| error.message.clone().into())
    }

    /// The field of a number.
    pub fn number(&self, number: &Number) -> Html {
        let text = |value: f64| if number.is_whole { fixed(value, 0) } else { shortest(value as f32) };
        let value = (number.read)(&self.experiment).map(text);
        let field = NumberField::new(number.label, value, self.on(number.write))
            .placeholder(number.empty)
            .error(self.error_of(number.field));
        if number.is_whole { field.whole().view() } else { field.view() }
    }

    /// Fields of numbers beside each other, two in a row.
    pub fn numbers(&self, numbers: &[Number]) -> Html {
        html! { <div class="pair">{ for numbers.iter().map(|number| self.number(number)) }</div> }
    }

    /// A menu of titles with the chosen one, for the setting of a name.
    pub fn menu(
        &self,
        label: &'static str,
        field: &str,
        titles: impl IntoIterator<Item = &'static str>,
        selected: usize,
        set: fn(&mut Experiment, usize),
    ) -> Html {
        let options = options(titles.into_iter().map(|title| (title, title)));
        Choice { label, name: label.into(), options, selected, error: self.error_of(field), on_change: self.on(set) }
            .view()
    }

    /// A box to tick, for the setting of a name.
    pub fn switch(&self, label: &'static str, field: &str, is_on: bool, set: fn(&mut Experiment, bool)) -> Html {
        html! {
            <>
                { switch(label, is_on, &self.on(set)) }
                { field_error(self.error_of(field).as_ref()) }
            </>
        }
    }
}

/// The place of `now` among all that a menu offers, told by their names: numbers that go with a kind do not count.
pub fn place_of(titles: impl IntoIterator<Item = &'static str>, now: &str) -> usize {
    titles.into_iter().position(|title| title == now).unwrap_or_default()
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
        let epochs = count!("Epochs", schedule.epochs);
        assert_eq!((epochs.field, (epochs.read)(&Experiment::default())), ("schedule.epochs", Some(5.0)));
        let editor = Editor::new(Rc::default(), None, on_edit.clone());
        editor.on(epochs.write).emit(-3.0);
        assert_eq!(edited.borrow().schedule.epochs, 0);
        let editor = Editor::new(edited.borrow().clone().into(), None, on_edit);
        assert!(editor.error_of("schedule.epochs").is_some());
        assert!(editor.error_of("schedule.batch_size").is_none());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_error_of_a_block_is_shown_at_the_block_alone() {
        let mut experiment = Experiment::default();
        super::super::blocks::Side::Encoder.add(&mut experiment.network, pinhole_protocol::BlockSpec::ALL[1].clone());
        let editor = Editor::new(experiment.into(), None, Callback::noop());
        assert!(editor.error_at(BlockPlace::Encoder(1)).is_some(), "a convolution after a dense block");
        assert!(editor.error_at(BlockPlace::Encoder(0)).is_none());
        assert!(editor.error_of("network").is_none());
    }
}
