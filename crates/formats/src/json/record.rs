//! One JSON record as cells.

use indexmap::IndexMap;
use serde_json::value::RawValue;

/// Deepest structure whose fields become columns of their own.
const MAX_DEPTH: usize = 8;

/// Fields of a record by name, in their order. Fields of a structure are named with it: `place.city`.
pub(super) type Cells = IndexMap<String, String>;

/// Members of an object, unparsed.
pub(super) type Members<'a> = IndexMap<String, &'a RawValue>;

/// Parses a record.
///
/// # Errors
/// When it is no JSON object.
pub(super) fn parse(bytes: &[u8]) -> Result<Cells, serde_json::Error> {
    let mut cells = Cells::new();
    add_members(members(bytes)?, "", 0, &mut cells);
    Ok(cells)
}

/// Members of an object.
///
/// # Errors
/// When it is no JSON object.
pub(super) fn members(bytes: &[u8]) -> Result<Members<'_>, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// Parses a row: an array of values.
///
/// # Errors
/// When it is no JSON array.
pub(super) fn parse_row(bytes: &[u8]) -> Result<Vec<String>, serde_json::Error> {
    let values: Vec<&RawValue> = serde_json::from_slice(bytes)?;
    Ok(values.into_iter().map(cell).collect())
}

fn add_members(members: Members<'_>, prefix: &str, depth: usize, cells: &mut Cells) {
    for (name, value) in members {
        let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match serde_json::from_str::<Members<'_>>(value.get()) {
            Ok(inner) if depth < MAX_DEPTH && !inner.is_empty() => add_members(inner, &name, depth + 1, cells),
            _ => {
                cells.insert(name, cell(value));
            }
        }
    }
}

/// Text of a value: a number with all its digits, a text without quotes, nothing for `null`, a list as JSON.
pub(super) fn cell(value: &RawValue) -> String {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()),
        Some(b'n') => String::new(),
        _ => text.to_owned(),
    }
}

/// The text with `null` for the `NaN` and `Infinity` that Python writes, which JSON does not have; `None` if there are
/// none.
pub(super) fn without_nan(bytes: &[u8]) -> Option<Vec<u8>> {
    const WORDS: [&[u8]; 3] = [b"NaN", b"-Infinity", b"Infinity"];
    let mut cleaned = Vec::with_capacity(bytes.len());
    let (mut position, mut is_string, mut is_changed) = (0, false, false);
    while let Some(&byte) = bytes.get(position) {
        let word = WORDS.iter().find(|word| !is_string && bytes[position..].starts_with(word));
        if let Some(word) = word {
            cleaned.extend_from_slice(b"null");
            position += word.len();
            is_changed = true;
            continue;
        }
        cleaned.push(byte);
        position += 1;
        if is_string && byte == b'\\' {
            cleaned.extend(bytes.get(position));
            position += 1;
        } else if byte == b'"' {
            is_string = !is_string;
        }
    }
    is_changed.then_some(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_become_columns_and_numbers_keep_their_digits() {
        let text =
            br#"{"id": 123456789012345678, "place": {"city": "Ko\u0308ln", "at": [1, 2]}, "x": null, "ok": true}"#;
        let cells: Vec<(String, String)> = parse(text).expect("JSON").into_iter().collect();
        let expected = [
            ("id", "123456789012345678"),
            ("place.city", "Ko\u{308}ln"),
            ("place.at", "[1, 2]"),
            ("x", ""),
            ("ok", "true"),
        ];
        assert_eq!(cells, expected.map(|(name, cell)| (name.to_owned(), cell.to_owned())));
        assert!(parse(b"[1]").is_err());
        assert_eq!(parse_row(b"[1.50, \"a\", null]").expect("JSON"), ["1.50", "a", ""]);
    }

    #[test]
    fn python_s_nan_is_missing() {
        let cleaned = without_nan(br#"{"a": NaN, "b": -Infinity, "NaN": "NaN \" NaN"}"#).expect("there are some");
        assert_eq!(String::from_utf8_lossy(&cleaned), r#"{"a": null, "b": null, "NaN": "NaN \" NaN"}"#);
        assert_eq!(without_nan(b"{}"), None);
    }
}
