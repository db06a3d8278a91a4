//! Text of a number field while it is edited, and what becomes of it.

use yew::AttrValue;

use super::{
    range::NumberRange,
    text::{NumberText, read_number},
};

/// Largest number of characters of a refused text that its sentence repeats.
const MAX_REPEATED: usize = 24;

/// Properties of a field that decide on a text.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSetting {
    /// The number that applies, as text; empty without one.
    pub value: AttrValue,
    pub range: NumberRange,
    /// True if numbers out of range are emitted, as their user refuses them with a sentence of its own.
    pub is_checked: bool,
    /// True if an emptied field stands for 0.
    pub can_be_empty: bool,
}

/// Reason why a text is not applied.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Refusal {
    Unreadable,
    Unfinished,
    NotWhole,
    OutOfRange,
    TooLarge,
    Ambiguous,
}

/// Text that differs from the field's value.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    text: String,
    /// Number before typing began; `None` if it is not known.
    before: Option<f64>,
    /// Number emitted last since.
    emitted: Option<f64>,
    refusal: Option<Refusal>,
}

impl Draft {
    /// Number that the field's user has.
    fn known(&self) -> Option<f64> {
        self.emitted.or(self.before)
    }

    /// Returns what is to be emitted so that `number` applies, or without one the number before: `1` applied while `1e-3`
    /// was typed, but nobody meant it if the text ends as `1e-`.
    fn apply(&mut self, number: Option<f64>) -> Option<f64> {
        let wanted = number.or_else(|| self.emitted.and(self.before))?;
        let is_new = self.known() != Some(wanted);
        self.emitted = Some(wanted);
        is_new.then_some(wanted)
    }
}

/// State of a field. While it is focused, it shows what was typed, whatever becomes of its value; a refused text stays
/// until the value changes.
#[derive(Debug, Default)]
pub struct FieldState {
    draft: Option<Draft>,
    is_focused: bool,
    /// The setting when the field was last rendered.
    rendered: Option<(AttrValue, FieldSetting)>,
}

impl FieldState {
    /// Follows the setting of that name: a text that was left belongs to the value before.
    pub fn follow(&mut self, name: &AttrValue, setting: &FieldSetting) {
        if let Some((name_before, before)) = &self.rendered {
            let is_other = name != name_before || setting.range != before.range;
            if is_other || (!self.is_focused && setting.value != before.value) {
                self.draft = None;
            }
        }
        self.rendered = Some((name.clone(), setting.clone()));
    }

    /// True if the number that applies is one that its user refuses.
    pub fn is_value_refused(setting: &FieldSetting) -> bool {
        match read_number(&setting.value, setting.range.is_whole) {
            NumberText::Number(number) | NumberText::Decimals(number) => !setting.range.contains(number),
            _ => false,
        }
    }

    /// Text that the field shows.
    pub fn text(&self, setting: &FieldSetting) -> AttrValue {
        self.draft.as_ref().map_or_else(|| setting.value.clone(), |draft| draft.text.clone().into())
    }

    /// Sentence on why the text is not applied, and what to enter instead.
    pub fn refusal(&self, setting: &FieldSetting) -> Option<AttrValue> {
        let draft = self.draft.as_ref()?;
        let is_long = draft.text.chars().count() > MAX_REPEATED;
        let text: String = draft.text.trim().chars().take(MAX_REPEATED).chain(is_long.then_some('…')).collect();
        let range = setting.range.description();
        let sentence = match draft.refusal? {
            Refusal::Unreadable => format!("enter {range}: “{text}” cannot be read as one"),
            Refusal::Unfinished => format!("enter {range}: “{text}” is unfinished"),
            Refusal::NotWhole => format!("enter {range}: “{text}” is not whole"),
            Refusal::OutOfRange => format!("enter {range}: “{text}” is out of range"),
            Refusal::TooLarge => format!("enter {range}: “{text}” is too large"),
            Refusal::Ambiguous => {
                format!("enter {} or {}: “{text}” can mean either", text.replace(',', "."), text.replace(',', ""))
            }
        };
        let rest = if setting.value.is_empty() { String::new() } else { format!("; {} still applies", setting.value) };
        Some((sentence + &rest).into())
    }

    /// Takes a text that is being typed. Returns a number to emit: one that is in range, as `0` may be the beginning of
    /// `0.001`, or the number before if the text is no number any more.
    pub fn type_text(&mut self, text: String, setting: &FieldSetting) -> Option<f64> {
        self.is_focused = true;
        let (number, refusal) = match read_number(&text, setting.range.is_whole) {
            NumberText::Number(number) => (Some(number).filter(|number| setting.range.contains(*number)), None),
            NumberText::Decimals(_) | NumberText::Unfinished => (None, None),
            NumberText::Ambiguous { .. } => (None, Some(Refusal::Ambiguous)),
            NumberText::Unreadable => (None, Some(Refusal::Unreadable)),
        };
        let draft = self.draft(setting);
        (draft.text, draft.refusal) = (text, refusal);
        draft.apply(number)
    }

    /// Takes a text that is finished, as Enter was pressed or the field is left. Returns a number to emit.
    pub fn commit(&mut self, text: String, setting: &FieldSetting) -> Option<f64> {
        if self.draft.is_none() && text == *setting.value {
            return None;
        }
        let range = setting.range;
        let draft = self.draft(setting);
        let (number, refusal) = match read_number(&text, range.is_whole) {
            _ if text.trim().is_empty() => (setting.can_be_empty.then_some(0.0), None),
            NumberText::Number(number) | NumberText::Decimals(number) => {
                if range.contains(number) || (setting.is_checked && range.can_hold(number)) {
                    (Some(number), None)
                } else if range.is_whole && number.is_finite() && number.fract() != 0.0 {
                    (None, Some(Refusal::NotWhole))
                } else if range.is_too_large(number) {
                    (None, Some(Refusal::TooLarge))
                } else {
                    (None, Some(Refusal::OutOfRange))
                }
            }
            NumberText::Unfinished => (None, Some(Refusal::Unfinished)),
            NumberText::Ambiguous { .. } => (None, Some(Refusal::Ambiguous)),
            NumberText::Unreadable => (None, Some(Refusal::Unreadable)),
        };
        (draft.text, draft.refusal) = (text, refusal);
        let emitted = draft.apply(number);
        if refusal.is_none() {
            self.draft = None;
        }
        emitted
    }

    /// Commits the text of a field that is left.
    pub fn leave(&mut self, text: String, setting: &FieldSetting) -> Option<f64> {
        let number = self.commit(text, setting);
        self.is_focused = false;
        number
    }

    /// Steps from the number in the text, or else from the value, up (`direction` 1) or down (-1); `show` writes a number.
    /// Returns the number to emit.
    pub fn step(
        &mut self,
        text: &str,
        direction: f64,
        setting: &FieldSetting,
        show: impl Fn(f64) -> String,
    ) -> Option<f64> {
        self.is_focused = true;
        let draft = self.draft(setting);
        let from = match read_number(text, setting.range.is_whole) {
            NumberText::Number(number) | NumberText::Decimals(number) if number.is_finite() => number,
            _ => draft.known().unwrap_or_default(),
        };
        let number = setting.range.step(from, direction);
        (draft.text, draft.refusal) = (show(number), None);
        draft.apply(Some(number))
    }

    /// The draft, which begins with the setting's value.
    fn draft(&mut self, setting: &FieldSetting) -> &mut Draft {
        self.draft.get_or_insert_with(|| {
            let before = match read_number(&setting.value, setting.range.is_whole) {
                NumberText::Number(number) | NumberText::Decimals(number) => Some(number),
                _ => setting.can_be_empty.then_some(0.0),
            };
            Draft { before, ..Draft::default() }
        })
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn rate(value: &'static str) -> FieldSetting {
        FieldSetting {
            value: value.into(),
            range: NumberRange::above(0.0, 1000.0),
            is_checked: true,
            can_be_empty: false,
        }
    }

    fn clip_norm(value: &'static str) -> FieldSetting {
        FieldSetting { range: NumberRange::real(0.0, f64::INFINITY), ..rate(value) }
    }

    fn epochs(value: &'static str) -> FieldSetting {
        FieldSetting { range: NumberRange::whole(1, 10_000), ..rate(value) }
    }

    /// Numbers emitted while a text is typed character by character.
    fn typed(text: &str, setting: &FieldSetting) -> Vec<f64> {
        let mut state = FieldState::default();
        let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
        ends.filter_map(|end| state.type_text(text[..end].into(), setting)).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn half_a_number_is_not_emitted_while_typing() {
        assert_eq!(typed("0,002", &rate("0.001")), [0.002]);
        assert_eq!(typed("0.0", &rate("0.001")), [0.0; 0]);
        assert_eq!(typed("1e-3", &rate("0.5")), [1.0, 0.5, 0.001]);
        assert_eq!(typed("12", &epochs("5")), [1.0, 12.0]);
        assert_eq!(typed("10,000", &epochs("5")), [1.0, 10.0, 5.0, 10_000.0]);
        assert_eq!(typed("1.5", &epochs("5")), [1.0, 5.0]);
        assert_eq!(typed("-3", &epochs("5")), [0.0; 0]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_text_that_ends_as_no_number_leaves_the_number_before() {
        for text in ["1e-", "1,5,0", "1,", "1,500"] {
            assert_eq!(typed(text, &rate("0.5")).last(), Some(&0.5), "{text}");
        }
        let optional = FieldSetting { can_be_empty: true, ..rate("") };
        assert_eq!(typed("1e", &optional), [1.0, 0.0], "0 stands for none");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_number_is_emitted_once_and_then_written_as_the_page_does() {
        let mut state = FieldState::default();
        assert_eq!(state.type_text("0,002".into(), &rate("0.001")), Some(0.002));
        assert_eq!(state.text(&rate("0.002")), "0,002", "as typed");
        assert_eq!(state.commit("0,002".into(), &rate("0.001")), None, "emitted before");
        assert_eq!(state.text(&rate("0.002")), "0.002");
        assert_eq!(state.leave("0.002".into(), &rate("0.002")), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_typed_stays_while_the_value_changes() {
        let mut state = FieldState::default();
        let name = AttrValue::from("Rate");
        state.follow(&name, &rate("0.001"));
        state.type_text("1e-".into(), &rate("0.001"));
        state.follow(&name, &rate("0.5"));
        assert_eq!(state.text(&rate("0.5")), "1e-");
        assert_eq!(state.refusal(&rate("0.5")), None, "it may become a number");
        assert_eq!(state.leave("1e-".into(), &rate("0.5")), None);
        assert_eq!(
            state.refusal(&rate("0.5")).as_deref(),
            Some("enter a number above 0, up to 1,000: “1e-” is unfinished; 0.5 still applies")
        );
        state.follow(&name, &rate("0.25"));
        assert_eq!((state.text(&rate("0.25")), state.refusal(&rate("0.25"))), ("0.25".into(), None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_setting_in_the_same_field_has_its_own_text() {
        let mut state = FieldState::default();
        state.follow(&"Epochs per step".into(), &epochs("10"));
        state.type_text("x".into(), &epochs("10"));
        state.follow(&"Epochs of patience".into(), &epochs("10"));
        assert_eq!(state.text(&epochs("10")), "10");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_refused_text_has_a_sentence_and_stays() {
        let strict = FieldSetting { range: NumberRange::PERCENT, is_checked: false, ..rate("5") };
        for (text, setting, sentence) in [
            (
                "1,5,0",
                &rate("0.001"),
                "enter a number above 0, up to 1,000: “1,5,0” cannot be read as one; 0.001 still applies",
            ),
            ("1,500", &rate("0.001"), "enter 1.500 or 1500: “1,500” can mean either; 0.001 still applies"),
            ("1.5", &epochs("5"), "enter a whole number from 1 to 10,000: “1.5” is not whole; 5 still applies"),
            ("-3", &epochs("5"), "enter a whole number from 1 to 10,000: “-3” is out of range; 5 still applies"),
            ("101", &strict, "enter a number from 0 to 100: “101” is out of range; 5 still applies"),
            ("1e999", &rate(""), "enter a number above 0, up to 1,000: “1e999” is out of range"),
            (
                "1e99",
                &rate("0.001"),
                "enter a number above 0, up to 1,000: “1e99” is out of range; 0.001 still applies",
            ),
            ("1e99", &clip_norm(""), "enter a number from 0: “1e99” is too large"),
            ("0,", &rate(""), "enter a number above 0, up to 1,000: “0,” is unfinished"),
        ] {
            let mut state = FieldState::default();
            assert_eq!(state.commit(text.into(), setting), None, "{text}");
            assert_eq!(state.refusal(setting).as_deref(), Some(sentence));
            assert_eq!(state.text(setting), text);
        }
        let mut state = FieldState::default();
        state.commit("a page of text that somebody pasted".into(), &rate(""));
        assert!(state.refusal(&rate("")).is_some_and(|sentence| sentence.contains("“a page of text that some…”")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_checked_number_out_of_range_is_emitted_when_it_is_finished() {
        let mut state = FieldState::default();
        assert_eq!(state.type_text("2000".into(), &rate("0.001")), None);
        assert_eq!(state.commit("2000".into(), &rate("0.001")), Some(2000.0));
        assert_eq!(state.refusal(&rate("2000")), None, "the check has its own sentence");
        assert!(FieldState::is_value_refused(&rate("2000")) && !FieldState::is_value_refused(&rate("1000")));
        assert!(!FieldState::is_value_refused(&clip_norm("")), "none");
        assert_eq!(state.commit("0".into(), &epochs("5")), Some(0.0));
        assert_eq!(state.commit("10.0".into(), &epochs("5")), Some(10.0));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_emptied_field_stands_for_zero_or_keeps_its_value() {
        let optional = |value| FieldSetting { can_be_empty: true, ..rate(value) };
        assert_eq!(FieldState::default().commit(" ".into(), &optional("0.5")), Some(0.0));
        assert_eq!(FieldState::default().commit(" ".into(), &optional("")), None);
        let mut state = FieldState::default();
        state.type_text(String::new(), &rate("0.5"));
        assert_eq!(state.commit(String::new(), &rate("0.5")), None);
        assert_eq!(state.text(&rate("0.5")), "0.5");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn arrows_step_from_the_text_before_the_value_follows() {
        let mut state = FieldState::default();
        let show = |number: f64| number.to_string();
        assert_eq!(state.step("5", 1.0, &epochs("5"), show), Some(6.0));
        assert_eq!(state.step("6", 1.0, &epochs("5"), show), Some(7.0));
        assert_eq!(state.text(&epochs("5")), "7");
        assert_eq!(state.leave("7".into(), &epochs("7")), None, "emitted before");
        assert_eq!(state.step("1", -1.0, &epochs("1"), show), None, "the least");
        assert_eq!(state.step("x", 1.0, &epochs("5"), show), Some(2.0), "from the last number emitted");
    }
}
