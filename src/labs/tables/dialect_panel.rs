//! Every guess about how the file is read, and the way to change it.

use std::rc::Rc;

use pinhole_protocol::table::{DecimalMark, Dialect, TextEncoding};
use yew::prelude::*;

use super::{
    fields::{menu, text_field},
    plan::read_list,
};
use crate::components::field::{NumberField, switch};

/// A character, or none of that role, and what the menu says.
type Sign = (Option<&'static str>, &'static str);

const DELIMITERS: [Sign; 5] = [
    (Some(","), "Comma ,"),
    (Some(";"), "Semicolon ;"),
    (Some("\t"), "Tab"),
    (Some("|"), "Bar |"),
    (Some(" "), "Space"),
];
const QUOTES: [Sign; 3] = [(Some("\""), "Double \""), (Some("'"), "Single '"), (None, "None")];
const ESCAPES: [Sign; 2] = [(None, "Doubled quote"), (Some("\\"), "Backslash \\")];
const THOUSANDS: [Sign; 7] = [
    (None, "None"),
    (Some(","), "Comma ,"),
    (Some("."), "Point ."),
    (Some("'"), "Apostrophe '"),
    (Some(" "), "Space"),
    (Some("\u{a0}"), "No-break space"),
    (Some("\u{202f}"), "Narrow space"),
];
const MARKS: [(DecimalMark, &str); 2] = [(DecimalMark::Point, "Point 3.14"), (DecimalMark::Comma, "Comma 3,14")];

/// The panel, folded away: most guesses are right.
pub fn view(dialect: &Dialect, is_locked: bool, on_change: &Callback<Dialect>) -> Html {
    let panel = Panel { dialect: Rc::new(dialect.clone()), on_change: on_change.clone() };
    html! {
        <details class="more">
            <summary>{ "How this file is read" }<span class="hint">{ in_short(dialect) }</span></summary>
            <fieldset class="field-grid" disabled={is_locked} aria-label="How this file is read">
                { panel.text() }
                { panel.rows() }
                { panel.numbers() }
            </fieldset>
            <p class="hint">{ "Every change is read at once, from the beginning of the file." }</p>
        </details>
    }
}

/// The guesses that matter most, in a few words.
fn in_short(dialect: &Dialect) -> String {
    let delimiter = match place(&DELIMITERS, Some(&dialect.delimiter)) {
        // The name, without the sign after it.
        Some(index) => DELIMITERS[index].1.split(' ').next().unwrap_or_default().to_lowercase(),
        None => "another sign".to_owned(),
    };
    let header = if dialect.has_header { "header" } else { "no header" };
    let decimal = if dialect.decimal == DecimalMark::Comma { ", decimal comma" } else { "" };
    format!("{}, {delimiter}, {header}{decimal}", dialect.encoding.label())
}

fn place(signs: &[Sign], sign: Option<&str>) -> Option<usize> {
    signs.iter().position(|(known, _)| *known == sign)
}

struct Panel {
    dialect: Rc<Dialect>,
    on_change: Callback<Dialect>,
}

impl Panel {
    fn on<T: 'static>(&self, change: impl Fn(&mut Dialect, T) + 'static) -> Callback<T> {
        let (dialect, on_change) = (self.dialect.clone(), self.on_change.clone());
        Callback::from(move |value| {
            let mut changed = (*dialect).clone();
            change(&mut changed, value);
            if changed != *dialect {
                on_change.emit(changed);
            }
        })
    }

    /// A menu of signs; one that is not among them is shown as it is.
    fn sign(
        &self,
        label: &'static str,
        signs: &'static [Sign],
        now: Option<&str>,
        set: fn(&mut Dialect, Option<String>),
    ) -> Html {
        let known = place(signs, now);
        let mut titles: Vec<AttrValue> = signs.iter().map(|(_, title)| AttrValue::from(*title)).collect();
        if known.is_none() {
            titles.push(now.unwrap_or_default().to_owned().into());
        }
        let tell = self.on(move |dialect, index: usize| {
            if let Some((sign, _)) = signs.get(index) {
                set(dialect, sign.map(str::to_owned));
            }
        });
        menu(label, titles, known.unwrap_or(signs.len()), &tell)
    }

    fn text(&self) -> Html {
        let dialect = &*self.dialect;
        let encodings = TextEncoding::ALL.map(|encoding| AttrValue::from(encoding.label()));
        let encoding = TextEncoding::ALL.iter().position(|encoding| *encoding == dialect.encoding).unwrap_or_default();
        let on_encoding = self.on(|dialect, index: usize| dialect.encoding = TextEncoding::ALL[index]);
        html! {
            <>
                { menu("Encoding", encodings, encoding, &on_encoding) }
                { self.sign("Delimiter", &DELIMITERS, Some(&dialect.delimiter), |dialect, sign| {
                    dialect.delimiter = sign.unwrap_or_default();
                }) }
                { self.sign("Quote", &QUOTES, dialect.quote.as_deref(), |dialect, sign| dialect.quote = sign) }
                { self.sign("Escape", &ESCAPES, dialect.escape.as_deref(), |dialect, sign| dialect.escape = sign) }
            </>
        }
    }

    fn rows(&self) -> Html {
        let on_header = self.on(|dialect, on| dialect.has_header = on);
        let on_skip = self.on(|dialect, rows: f64| dialect.preamble_rows = rows as usize);
        html! {
            <>
                { NumberField::new("Rows to skip", Some(self.dialect.preamble_rows), on_skip).whole().view() }
                { switch("Header row", self.dialect.has_header, &on_header) }
            </>
        }
    }

    fn numbers(&self) -> Html {
        let dialect = &*self.dialect;
        let mark = MARKS.iter().position(|(mark, _)| *mark == dialect.decimal).unwrap_or_default();
        let on_mark = self.on(|dialect, index: usize| dialect.decimal = MARKS[index].0);
        let on_day = self.on(|dialect, on| dialect.day_first = on);
        let on_markers = self.on(|dialect, text: String| dialect.missing_markers = read_list(&text));
        html! {
            <>
                { menu("Decimal mark", MARKS.map(|(_, title)| AttrValue::from(title)), mark, &on_mark) }
                { self.sign("Thousands sign", &THOUSANDS, dialect.thousands.as_deref(), |dialect, sign| dialect.thousands = sign) }
                { text_field("Missing markers", dialect.missing_markers.join(", "), "such as -200, n.a.", &on_markers) }
                { switch("Day first", dialect.day_first, &on_day) }
            </>
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_dialect_is_told_in_short() {
        assert_eq!(in_short(&Dialect::default()), "utf-8, comma, header");
        let dialect =
            Dialect { delimiter: "\t".into(), has_header: false, decimal: DecimalMark::Comma, ..Dialect::default() };
        assert_eq!(in_short(&dialect), "utf-8, tab, no header, decimal comma");
        assert_eq!(
            in_short(&Dialect { delimiter: "~".into(), ..dialect }),
            "utf-8, another sign, no header, decimal comma"
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_changes_are_told() {
        let told = Rc::new(RefCell::new(Vec::new()));
        let on_change = {
            let told = told.clone();
            Callback::from(move |dialect: Dialect| told.borrow_mut().push(dialect))
        };
        let panel = Panel { dialect: Rc::default(), on_change };
        let on_header = panel.on(|dialect, on| dialect.has_header = on);
        on_header.emit(true);
        assert!(told.borrow().is_empty());
        on_header.emit(false);
        assert!(!told.borrow()[0].has_header);
    }
}
