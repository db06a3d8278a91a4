//! Labelled field for a number, which reads a point or a comma in any language.
//!
//! It is a text field with the role and the keys of a number field: a browser's own one follows the browser's language,
//! drops the comma of `0,002` in an English one, and hides a text that it cannot read.

mod draft;
mod range;
mod text;

use std::{
    cell::RefCell,
    rc::Rc,
    sync::atomic::{AtomicU32, Ordering},
};

use web_sys::HtmlInputElement;
use yew::prelude::*;

pub use self::range::NumberRange;
use self::{
    draft::{FieldSetting, FieldState},
    text::{NumberText, read_number},
};
use super::{
    field::described_error,
    format::{fixed, shortest},
};

/// Field for a number: a value with a `view`, as the other fields are.
pub struct NumberField(NumberInputProps);

impl NumberField {
    /// Creates a field that shows `value`, or is empty without one; `on_change` receives the number entered, which is in
    /// `range`.
    pub fn new<T: ToString>(
        label: &'static str,
        value: Option<T>,
        range: NumberRange,
        on_change: Callback<f64>,
    ) -> Self {
        let value = value.map(|value| value.to_string().into()).unwrap_or_default();
        let setting = FieldSetting { value, range, is_checked: false, can_be_empty: false };
        let name = label.into();
        Self(NumberInputProps { label, name, setting, placeholder: "", error: None, is_refused: false, on_change })
    }

    /// Sets the accessible name, where it is not the label.
    pub fn name(mut self, name: impl Into<AttrValue>) -> Self {
        self.0.name = name.into();
        self
    }

    /// Sets the text that an empty field shows; emptying it emits 0.
    pub const fn placeholder(mut self, placeholder: &'static str) -> Self {
        self.0.placeholder = placeholder;
        self.0.setting.can_be_empty = !placeholder.is_empty();
        self
    }

    /// Emits numbers out of range too: the check of the experiment refuses them, so that nobody trains with the number
    /// before. `error` is its sentence, if it is shown at the field.
    pub fn checked(mut self, error: Option<AttrValue>) -> Self {
        self.0.setting.is_checked = true;
        self.0.error = error;
        self
    }

    /// Marks the field as invalid where the sentence of the check stands elsewhere and may be about its number, though that
    /// is in range.
    pub const fn refused(mut self, is_refused: bool) -> Self {
        self.0.is_refused = is_refused;
        self
    }

    /// Renders the field. A number is emitted while it is typed as soon as it is complete and in range, and at the latest
    /// when Enter is pressed or the field is left.
    pub fn view(self) -> Html {
        html! { <NumberInput ..self.0 /> }
    }
}

/// Properties of [`NumberInput`].
#[derive(Clone, Properties, PartialEq)]
pub struct NumberInputProps {
    label: &'static str,
    name: AttrValue,
    setting: FieldSetting,
    placeholder: &'static str,
    error: Option<AttrValue>,
    is_refused: bool,
    on_change: Callback<f64>,
}

/// The field with the text that is being typed.
#[component]
pub fn NumberInput(props: &NumberInputProps) -> Html {
    static FIELDS: AtomicU32 = AtomicU32::new(0);
    let id = use_state(|| format!("number-error-{}", FIELDS.fetch_add(1, Ordering::Relaxed)));
    let state = use_mut_ref(FieldState::default);
    let update = use_force_update();
    let NumberInputProps { label, name, setting, placeholder, error, is_refused, .. } = props;
    state.borrow_mut().follow(name, setting);
    let events = FieldEvents { state: state.clone(), props: props.clone(), update };
    let oninput = events.on(|event: InputEvent| value_of(&event), FieldState::type_text);
    let onchange = events.on(|event: Event| value_of(&event), FieldState::commit);
    let onblur = events.on(|event: FocusEvent| value_of(&event), FieldState::leave);
    let onkeydown = Callback::from(move |event: KeyboardEvent| events.step(&event));
    let state = state.borrow();
    let message = state.refusal(setting).or_else(|| error.clone());
    let is_invalid = message.is_some() || *is_refused || FieldState::is_value_refused(setting);
    let NumberRange { min, max, is_whole, .. } = setting.range;
    let end = |end: f64| end.is_finite().then(|| number_text(end, is_whole));
    let now = match read_number(&setting.value, is_whole) {
        NumberText::Number(_) => Some(setting.value.clone()),
        _ => None,
    };
    let description = setting.range.description().replacen('a', "A", 1);
    html! {
        <label class="field">
            <span class="field-name">{ *label }</span>
            <input type="text" role="spinbutton" inputmode={if is_whole { "numeric" } else { "decimal" }} aria-label={name.clone()}
                aria-valuemin={end(min)} aria-valuemax={end(max)} aria-valuenow={now} title={description}
                placeholder={*placeholder} value={state.text(setting)} autocomplete="off" spellcheck="false"
                aria-invalid={is_invalid.then_some("true")}
                aria-describedby={message.is_some().then(|| (*id).clone())}
                {oninput} {onchange} {onblur} {onkeydown} />
            { described_error(Some(id.as_str()), message.as_ref()) }
        </label>
    }
}

/// State and properties that the handlers of a field's events share. They act at once, not in a later update, as the history of edits has to
/// know which of them were made while typing.
#[derive(Clone)]
struct FieldEvents {
    state: Rc<RefCell<FieldState>>,
    props: NumberInputProps,
    update: UseForceUpdateHandle,
}

impl FieldEvents {
    /// Callback that passes the field's text to `act` and emits the number that it returns.
    fn on<E: 'static>(
        &self,
        text: fn(E) -> String,
        act: fn(&mut FieldState, String, &FieldSetting) -> Option<f64>,
    ) -> Callback<E> {
        let events = self.clone();
        Callback::from(move |event: E| {
            let number = act(&mut events.state.borrow_mut(), text(event), &events.props.setting);
            events.emit(number);
        })
    }

    /// Steps at an arrow key, as a browser's number field does.
    fn step(&self, event: &KeyboardEvent) {
        let direction = match event.key().as_str() {
            "ArrowUp" => 1.0,
            "ArrowDown" => -1.0,
            _ => return,
        };
        if event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        let (text, setting) = (value_of(event), &self.props.setting);
        let show = |number| number_text(number, setting.range.is_whole);
        let number = self.state.borrow_mut().step(&text, direction, setting, show);
        self.emit(number);
    }

    fn emit(&self, number: Option<f64>) {
        if let Some(number) = number {
            self.props.on_change.emit(number);
        }
        self.update.force_update();
    }
}

fn value_of(event: &impl TargetCast) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}

fn number_text(number: f64, is_whole: bool) -> String {
    if is_whole { fixed(number, 0) } else { shortest(number as f32) }
}
