//! Panel of the dialect: every guess about how the file is read, to be changed there.

use std::rc::Rc;

use pinhole_protocol::table::{DecimalMark, Dialect, FileFormat, TablePreview, TextEncoding};
use yew::prelude::*;

use super::{
    fields::{grouped_menu, menu, text_field},
    plan::parse_list,
};
use crate::components::{
    field::switch,
    number_field::{NumberField, NumberRange},
};

/// A character, or none in that role, and its title in the menu.
type CharacterOption = (Option<&'static str>, &'static str);

const DELIMITERS: [CharacterOption; 5] = [
    (Some(","), "Comma ,"),
    (Some(";"), "Semicolon ;"),
    (Some("\t"), "Tab"),
    (Some("|"), "Bar |"),
    (Some(" "), "Space"),
];
const QUOTES: [CharacterOption; 3] = [(Some("\""), "Double \""), (Some("'"), "Single '"), (None, "None")];
const ESCAPES: [CharacterOption; 2] = [(None, "Doubled quote"), (Some("\\"), "Backslash \\")];
const THOUSANDS: [CharacterOption; 7] = [
    (None, "None"),
    (Some(","), "Comma ,"),
    (Some("."), "Point ."),
    (Some("'"), "Apostrophe '"),
    (Some(" "), "Space"),
    (Some("\u{a0}"), "No-break space"),
    (Some("\u{202f}"), "Narrow space"),
];
const COMMENTS: [CharacterOption; 5] = [
    (None, "None"),
    (Some("#"), "Hash #"),
    (Some("%"), "Percent %"),
    (Some("!"), "Exclamation !"),
    (Some("/"), "Slash /"),
];
const MARKS: [(DecimalMark, &str); 2] = [(DecimalMark::Point, "Point 3.14"), (DecimalMark::Comma, "Comma 3,14")];

/// The panel, folded away: most guesses are right.
pub fn view(preview: &TablePreview, is_locked: bool, on_change: &Callback<Dialect>) -> Html {
    let dialect = &preview.dialect;
    let panel = Panel { dialect: Rc::new(dialect.clone()), on_change: on_change.clone() };
    // The cells of a workbook have no delimiters.
    let is_text = preview.origin.as_ref().is_none_or(|origin| origin.format == FileFormat::Archive);
    let description = match &preview.origin {
        Some(origin) if !is_text => origin.format.label().to_owned(),
        _ => short_description(dialect),
    };
    html! {
        <details class="more">
            <summary>{ "How this file is read" }<span class="hint">{ description }</span></summary>
            <fieldset class="field-grid" disabled={is_locked} aria-label="How this file is read">
                if is_text {
                    { panel.text() }
                }
                { panel.rows() }
                { panel.numbers() }
            </fieldset>
            <p class="hint">{ "Every change is read at once, from the beginning of the file." }</p>
        </details>
    }
}

/// The guesses that matter most, in a few words.
fn short_description(dialect: &Dialect) -> String {
    let delimiter = match option_index(&DELIMITERS, Some(&dialect.delimiter)) {
        // The title without the character after it.
        Some(index) => DELIMITERS[index].1.split(' ').next().unwrap_or_default().to_lowercase(),
        None => "another character".to_owned(),
    };
    let header = if dialect.has_header { "header" } else { "no header" };
    let decimal = if dialect.decimal == DecimalMark::Comma { ", decimal comma" } else { "" };
    format!("{}, {delimiter}, {header}{decimal}", dialect.encoding.label())
}

fn option_index(options: &[CharacterOption], character: Option<&str>) -> Option<usize> {
    options.iter().position(|(known, _)| *known == character)
}

struct Panel {
    dialect: Rc<Dialect>,
    on_change: Callback<Dialect>,
}

impl Panel {
    fn callback<T: 'static>(&self, change: impl Fn(&mut Dialect, T) + 'static) -> Callback<T> {
        let (dialect, on_change) = (self.dialect.clone(), self.on_change.clone());
        Callback::from(move |value| {
            let mut changed = (*dialect).clone();
            change(&mut changed, value);
            if changed != *dialect {
                on_change.emit(changed);
            }
        })
    }

    /// A menu of characters; a current one that is not among them is added as it is.
    fn character_menu(
        &self,
        label: &'static str,
        options: &'static [CharacterOption],
        current: Option<&str>,
        set: fn(&mut Dialect, Option<String>),
    ) -> Html {
        let known = option_index(options, current);
        let mut titles: Vec<AttrValue> = options.iter().map(|(_, title)| AttrValue::from(*title)).collect();
        if known.is_none() {
            titles.push(current.unwrap_or_default().to_owned().into());
        }
        let on_select = self.callback(move |dialect, index: usize| {
            if let Some((character, _)) = options.get(index) {
                set(dialect, character.map(str::to_owned));
            }
        });
        menu(label, titles, known.unwrap_or(options.len()), &on_select)
    }

    fn text(&self) -> Html {
        let dialect = &*self.dialect;
        let groups = TextEncoding::ALL.chunk_by(|one, other| one.script() == other.script());
        let titles = |group: &[TextEncoding]| group.iter().map(|encoding| encoding.title().into()).collect();
        let encodings = groups.map(|group| (group[0].script(), titles(group)));
        let encoding = TextEncoding::ALL.iter().position(|encoding| *encoding == dialect.encoding).unwrap_or_default();
        let on_encoding = self.callback(|dialect, index: usize| dialect.encoding = TextEncoding::ALL[index]);
        html! {
            <>
                { grouped_menu("Encoding", encodings, encoding, &on_encoding) }
                { self.character_menu("Delimiter", &DELIMITERS, Some(&dialect.delimiter), |dialect, character| {
                    dialect.delimiter = character.unwrap_or_default();
                }) }
                { self.character_menu("Quote", &QUOTES, dialect.quote.as_deref(), |dialect, character| dialect.quote = character) }
                { self.character_menu("Escape", &ESCAPES, dialect.escape.as_deref(), |dialect, character| dialect.escape = character) }
            </>
        }
    }

    fn rows(&self) -> Html {
        let on_header = self.callback(|dialect, on| dialect.has_header = on);
        let on_skip = self.callback(|dialect, rows: f64| dialect.preamble_rows = rows as usize);
        let on_names = self.callback(|dialect, rows: f64| dialect.header_rows = rows as usize);
        let on_units = self.callback(|dialect, rows: f64| dialect.units_rows = rows as usize);
        let comment = self.dialect.comment.as_deref();
        html! {
            <>
                { NumberField::new("Rows to skip", Some(self.dialect.preamble_rows), NumberRange::whole_from(0), on_skip).view() }
                { switch("Header row", self.dialect.has_header, &on_header) }
                if self.dialect.has_header {
                    { NumberField::new("Rows of names", Some(self.dialect.header_rows), NumberRange::whole(1, 10), on_names).view() }
                }
                { NumberField::new("Rows of units", Some(self.dialect.units_rows), NumberRange::whole(0, 10), on_units).view() }
                { self.character_menu("Remarks begin with", &COMMENTS, comment, |dialect, character| dialect.comment = character) }
            </>
        }
    }

    fn numbers(&self) -> Html {
        let dialect = &*self.dialect;
        let mark = MARKS.iter().position(|(mark, _)| *mark == dialect.decimal).unwrap_or_default();
        // What a person chooses for the file holds for all columns that can be read so.
        let on_mark = self.callback(|dialect, index: usize| {
            dialect.decimal = MARKS[index].0;
            dialect.columns.iter_mut().for_each(|column| column.number = None);
        });
        let on_day = self.callback(|dialect, on| {
            dialect.day_first = on;
            dialect.columns.iter_mut().for_each(|column| column.day_first = None);
        });
        let on_markers = self.callback(|dialect, text: String| dialect.missing_markers = parse_list(&text));
        html! {
            <>
                { menu("Decimal mark", MARKS.map(|(_, title)| AttrValue::from(title)), mark, &on_mark) }
                { self.character_menu("Thousands sign", &THOUSANDS, dialect.thousands.as_deref(), |dialect, character| {
                    dialect.thousands = character;
                    dialect.columns.iter_mut().for_each(|column| column.number = None);
                }) }
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
    fn a_dialect_is_described_in_a_few_words() {
        assert_eq!(short_description(&Dialect::default()), "utf-8, comma, header");
        let dialect =
            Dialect { delimiter: "\t".into(), has_header: false, decimal: DecimalMark::Comma, ..Dialect::default() };
        assert_eq!(short_description(&dialect), "utf-8, tab, no header, decimal comma");
        assert_eq!(
            short_description(&Dialect { delimiter: "~".into(), ..dialect }),
            "utf-8, another character, no header, decimal comma"
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_changes_are_emitted() {
        let emitted = Rc::new(RefCell::new(Vec::new()));
        let on_change = {
            let emitted = emitted.clone();
            Callback::from(move |dialect: Dialect| emitted.borrow_mut().push(dialect))
        };
        let panel = Panel { dialect: Rc::default(), on_change };
        let on_header = panel.callback(|dialect, on| dialect.has_header = on);
        on_header.emit(true);
        assert!(emitted.borrow().is_empty());
        on_header.emit(false);
        assert!(!emitted.borrow()[0].has_header);
    }
}
