//! Editor of the experiment: its settings as form fields.
//!
//! Settings are tables of labels and functions rather than a callback each: a panel has dozens, and each closure type
//! would add to the download.

use std::rc::Rc;

use pinhole_protocol::{BlockPlace, CheckedExperiment, Experiment, SpecError, table::RowsSummary};
use yew::prelude::*;

use crate::components::{
    field::{Choice, field_error, options, switch},
    format::{fixed, shortest},
    number_field::{NumberField, NumberRange},
};

/// Numeric setting of the experiment.
pub struct NumberSetting {
    pub label: &'static str,
    /// Dotted name of the setting, by which its error is found.
    pub field: &'static str,
    pub read: fn(&Experiment) -> Option<f64>,
    pub write: fn(&mut Experiment, f64),
    /// Text of the empty field, which stands for 0.
    pub empty: &'static str,
    /// Range that the check of the experiment accepts.
    pub range: NumberRange,
}

/// Setting that is a field of one of the four parts of an experiment: `count!("Epochs", schedule.epochs, 1, 10_000)` for
/// whole numbers, `real!("Dropout", network.dropout, NumberRange::real(0.0, 0.9))` for others.
macro_rules! count {
    ($label:literal, $noun:ident.$field:ident, $min:expr, $max:expr) => {
        $crate::builder::editor::NumberSetting {
            label: $label,
            field: concat!(stringify!($noun), ".", stringify!($field)),
            read: |experiment| Some(experiment.$noun.$field as f64),
            write: |experiment, value| experiment.$noun.$field = value as usize,
            empty: "",
            range: $crate::components::number_field::NumberRange::whole($min, $max),
        }
    };
}
macro_rules! real {
    ($label:literal, $noun:ident.$field:ident, $range:expr) => {
        $crate::builder::editor::NumberSetting {
            label: $label,
            field: concat!(stringify!($noun), ".", stringify!($field)),
            read: |experiment| Some(experiment.$noun.$field.into()),
            write: |experiment, value| experiment.$noun.$field = value as f32,
            empty: "",
            range: $range,
        }
    };
}
pub(crate) use {count, real};

/// Experiment with its error, if it has one, and the callback that receives edits.
pub struct Editor {
    pub experiment: Rc<Experiment>,
    pub checked: Result<CheckedExperiment, SpecError>,
    /// Summary of the open table's rows, if it is known.
    pub rows: Option<Rc<RowsSummary>>,
    on_edit: Callback<Experiment>,
}

impl Editor {
    /// Creates an editor; `on_edit` receives the edited experiment.
    pub fn new(experiment: Rc<Experiment>, rows: Option<Rc<RowsSummary>>, on_edit: Callback<Experiment>) -> Self {
        Self { checked: (*experiment).clone().check_with(rows.as_deref()), experiment, rows, on_edit }
    }

    /// Callback that edits the experiment by the value of a field.
    pub fn on<T: 'static>(&self, change: impl Fn(&mut Experiment, T) + 'static) -> Callback<T> {
        let (experiment, on_edit) = (self.experiment.clone(), self.on_edit.clone());
        Callback::from(move |value: T| {
            let mut edited = (*experiment).clone();
            change(&mut edited, value);
            on_edit.emit(edited);
        })
    }

    /// Error of the setting of that name.
    pub fn setting_error(&self, field: &str) -> Option<AttrValue> {
        self.error_where(|error| error.field == field && error.block.is_none())
    }

    /// Error of a block.
    pub fn block_error(&self, place: BlockPlace) -> Option<AttrValue> {
        self.error_where(|error| error.block == Some(place))
    }

    fn error_where(&self, matches: impl FnOnce(&SpecError) -> bool) -> Option<AttrValue> {
        self.checked.as_ref().err().filter(|error| matches(error)).map(|error| error.message.clone().into())
    }

    /// Renders the field of a numeric setting.
    pub fn number(&self, number: &NumberSetting) -> Html {
        let text = |value: f64| if number.range.is_whole { fixed(value, 0) } else { shortest(value as f32) };
        let value = (number.read)(&self.experiment).map(text);
        NumberField::new(number.label, value, number.range, self.on(number.write))
            .placeholder(number.empty)
            .checked(self.setting_error(number.field))
            .view()
    }

    /// Renders the fields of numeric settings, two per row.
    pub fn numbers(&self, numbers: &[NumberSetting]) -> Html {
        html! { <div class="pair">{ for numbers.iter().map(|number| self.number(number)) }</div> }
    }

    /// Renders a menu of `titles` for the setting named `field`; `set` receives the index of the selected one.
    pub fn menu(
        &self,
        label: &'static str,
        field: &str,
        titles: impl IntoIterator<Item = &'static str>,
        selected: usize,
        set: fn(&mut Experiment, usize),
    ) -> Html {
        let options = options(titles.into_iter().map(|title| (title, title)));
        Choice {
            label,
            name: label.into(),
            options,
            selected,
            error: self.setting_error(field),
            on_change: self.on(set),
        }
        .view()
    }

    /// Renders a checkbox for the setting named `field`.
    pub fn switch(&self, label: &'static str, field: &str, is_on: bool, set: fn(&mut Experiment, bool)) -> Html {
        html! {
            <>
                { switch(label, is_on, &self.on(set)) }
                { field_error(self.setting_error(field).as_ref()) }
            </>
        }
    }
}

/// Index of the title `present` in a menu. Kinds are compared by title, so that their numbers do not matter.
pub fn index_of(titles: impl IntoIterator<Item = &'static str>, present: &str) -> usize {
    titles.into_iter().position(|title| title == present).unwrap_or_default()
}

/// Asserts that the check of an experiment accepts the ends of a setting's range, unless they are excluded, and refuses
/// what lies beyond.
#[cfg(test)]
pub fn assert_range_is_checked(number: &NumberSetting, experiment: &Experiment) {
    let NumberRange { min, max, .. } = number.range;
    for value in [min - 1.0, min, min + 1e-3, max - 1e-3, max, max * 1.01 + 1.0] {
        // Not what the field refuses by itself, nor the largest number of a type.
        if number.range.can_hold(value) && value < 1e9 {
            let mut edited = experiment.clone();
            (number.write)(&mut edited, value);
            let checked = edited.check();
            assert_eq!(checked.is_ok(), number.range.contains(value), "{} {value}: {:?}", number.label, checked.err());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_field_edits_its_setting_and_has_its_error() {
        let edited = Rc::new(RefCell::new(Experiment::default()));
        let on_edit = {
            let edited = edited.clone();
            Callback::from(move |experiment| *edited.borrow_mut() = experiment)
        };
        let epochs = count!("Epochs", schedule.epochs, 1, 10_000);
        assert_eq!((epochs.field, (epochs.read)(&Experiment::default())), ("schedule.epochs", Some(5.0)));
        let editor = Editor::new(Rc::default(), None, on_edit.clone());
        editor.on(epochs.write).emit(-3.0);
        assert_eq!(edited.borrow().schedule.epochs, 0);
        let editor = Editor::new(edited.borrow().clone().into(), None, on_edit);
        assert!(editor.setting_error("schedule.epochs").is_some());
        assert!(editor.setting_error("schedule.batch_size").is_none());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_error_of_a_block_is_shown_at_the_block_alone() {
        let mut experiment = Experiment::default();
        super::super::blocks::Side::Encoder.add(&mut experiment.network, pinhole_protocol::BlockSpec::ALL[1].clone());
        let editor = Editor::new(experiment.into(), None, Callback::noop());
        assert!(editor.block_error(BlockPlace::Encoder(1)).is_some(), "a convolution after a dense block");
        assert!(editor.block_error(BlockPlace::Encoder(0)).is_none());
        assert!(editor.setting_error("network").is_none());
    }
}
