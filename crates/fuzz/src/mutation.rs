//! Inputs made of other inputs.

use rand::{Rng, RngExt as _, seq::IndexedRandom as _};
use serde_json::{Map, Value, json};

use crate::Format;

/// Most mutations of one input.
const MAX_MUTATIONS: usize = 4;
/// Bytes of a tensor file before its header: the header's length.
const LENGTH_BYTES: usize = 8;

/// Bytes that readers of text and numbers often misread.
const TOKENS: [&[u8]; 28] = [
    b"\0",
    b"\"",
    b"'",
    b"\\",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"-0",
    b"1e999",
    b"NaN",
    b"-inf",
    b"1,5",
    b"1.234,5",
    b"9007199254740993",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\x1f\x8b\x08",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\xff\xff\xff\xff\x7f",
];

/// Returns an input made of one of the seeds.
pub fn mutate(random: &mut impl Rng, seeds: &[Vec<u8>], format: Format) -> Vec<u8> {
    let mut input = seeds.choose(random).cloned().unwrap_or_default();
    for _ in 0..random.random_range(1..=MAX_MUTATIONS) {
        input = match format {
            Format::Bytes => mutate_bytes(random, input, seeds),
            Format::Json => mutate_json(random, &input).unwrap_or(input),
            // Most inputs should still be tensor files.
            Format::TensorFile if random.random_ratio(1, 8) => mutate_bytes(random, input, seeds),
            Format::TensorFile => mutate_header(random, &input).unwrap_or(input),
        };
    }
    input
}

fn mutate_bytes(random: &mut impl Rng, mut input: Vec<u8>, seeds: &[Vec<u8>]) -> Vec<u8> {
    let end = input.len();
    let at = random.random_range(0..=end);
    // Short pieces more often than long ones.
    let length = random.random_range(0..=end - at).min(1 << random.random_range(0..12));
    let piece = at..at + length;
    match random.random_range(0..7) {
        0 if at < end => input[at] ^= 1 << random.random_range(0..8),
        1 if at < end => input[at] = random.random(),
        2 => drop(input.drain(piece)),
        3 => input.extend_from_within(piece),
        4 => input.truncate(at),
        5 => {
            let other = seeds.choose(random).map_or(&[][..], Vec::as_slice);
            let from = random.random_range(0..=other.len());
            input.splice(piece, other[from..].iter().copied());
        }
        _ => {
            let token = *TOKENS.choose(random).expect("there are tokens");
            let is_replaced = random.random();
            input.splice(if is_replaced { piece } else { at..at }, token.iter().copied());
        }
    }
    input
}

fn mutate_json(random: &mut impl Rng, input: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(input).ok()?;
    mutate_value(random, &mut value);
    serde_json::to_vec(&value).ok()
}

/// Mutates the header of a tensor file, and in a third of all cases a JSON text that is one of its strings, such as an
/// experiment.
fn mutate_header(random: &mut impl Rng, input: &[u8]) -> Option<Vec<u8>> {
    let (length, rest) = input.split_first_chunk::<LENGTH_BYTES>()?;
    let (header, values) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let mut header: Value = serde_json::from_slice(header).ok()?;
    let metadata = header.get_mut("__metadata__").and_then(Value::as_object_mut);
    match metadata.filter(|_| random.random_ratio(2, 3)) {
        Some(metadata) => {
            let texts: Vec<&mut Value> = metadata.values_mut().collect();
            let index = random.random_range(0..texts.len().max(1));
            let text = texts.into_iter().nth(index)?;
            *text = String::from_utf8(mutate_json(random, text.as_str()?.as_bytes())?).ok()?.into();
        }
        None => mutate_value(random, &mut header),
    }
    let header = serde_json::to_vec(&header).ok()?;
    Some([&(header.len() as u64).to_le_bytes(), &header[..], values].concat())
}

fn mutate_value(random: &mut impl Rng, root: &mut Value) {
    let count = count(root);
    let other = nth(root, &mut random.random_range(0..count)).cloned().unwrap_or_default();
    let Some(value) = nth(root, &mut random.random_range(0..count)) else { return };
    if random.random_ratio(1, 8) {
        *value = other;
        return;
    }
    match value {
        Value::Array(elements) => mutate_array(random, elements),
        Value::Object(fields) => mutate_object(random, fields, other),
        Value::Bool(is_set) => *is_set = !*is_set,
        Value::String(text) => {
            let new = ["", "\0", "\u{202e}\"<script>", "none", "-1", "a\r\nb"].choose(random).expect("there are some");
            *text = if random.random() { (*new).to_owned() } else { text.repeat(random.random_range(0..40)) };
        }
        Value::Number(_) | Value::Null => *value = number(random),
    }
}

fn mutate_array(random: &mut impl Rng, elements: &mut Vec<Value>) {
    if elements.is_empty() {
        return elements.push(number(random));
    }
    let index = random.random_range(0..elements.len());
    match random.random_range(0..4) {
        0 => drop(elements.remove(index)),
        1 => elements.clear(),
        2 => elements.rotate_left(index),
        _ => {
            let copies = vec![elements[index].clone(); random.random_range(1..60)];
            elements.splice(index..index, copies);
        }
    }
}

fn mutate_object(random: &mut impl Rng, fields: &mut Map<String, Value>, other: Value) {
    let keys: Vec<String> = fields.keys().cloned().collect();
    match (keys.choose(random), random.random_range(0..3)) {
        (Some(key), 0) => drop(fields.remove(key)),
        (Some(key), 1) => drop(fields.insert(key.clone(), other)),
        _ => drop(fields.insert("unknown".into(), other)),
    }
}

/// A number that checks forget.
fn number(random: &mut impl Rng) -> Value {
    let extremes = [
        json!(0),
        json!(-1),
        json!(1),
        json!(2),
        json!(0.5),
        json!(-0.0),
        json!(1e-320),
        json!(1e308),
        json!(3.4e38),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(u32::MAX),
        json!(1_u64 << 53),
        json!(255),
        json!(256),
        json!(65_536),
    ];
    extremes.choose(random).cloned().unwrap_or_default()
}

/// Number of values within a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// The `index`th value within a value, depth first; `index` is what remains of it.
fn nth<'a>(value: &'a mut Value, index: &mut usize) -> Option<&'a mut Value> {
    if *index == 0 {
        return Some(value);
    }
    *index -= 1;
    match value {
        Value::Array(elements) => elements.iter_mut().find_map(|element| nth(element, index)),
        Value::Object(fields) => fields.values_mut().find_map(|field| nth(field, index)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use pinhole_numerics::random::{Stream, generator};

    use super::*;

    #[test]
    fn mutated_json_is_json_and_differs() {
        let seed = br#"{"a": [1, {"b": "text"}], "c": null, "d": true}"#.to_vec();
        let mut random = generator(0, Stream::Sample, 0);
        let inputs: Vec<Vec<u8>> =
            (0..200).map(|_| mutate(&mut random, std::slice::from_ref(&seed), Format::Json)).collect();
        assert!(inputs.iter().all(|input| serde_json::from_slice::<Value>(input).is_ok()));
        let different: std::collections::HashSet<_> = inputs.iter().collect();
        assert!(different.len() > 100, "{} different ones", different.len());
    }

    #[test]
    fn every_value_within_a_value_is_found() {
        let mut value = json!([1, { "a": [2, 3] }]);
        assert_eq!(count(&value), 6);
        let found: Vec<Value> = (0..6).filter_map(|index| nth(&mut value, &mut { index }).cloned()).collect();
        assert_eq!(found, [value.clone(), json!(1), json!({ "a": [2, 3] }), json!([2, 3]), json!(2), json!(3)]);
    }

    #[test]
    fn the_length_before_a_mutated_header_is_its_own() {
        let header = br#"{"__metadata__": {"experiment": "{\"seed\": 1}"}}"#;
        let seed = [&(header.len() as u64).to_le_bytes()[..], header, &[7; 12]].concat();
        let mut random = generator(0, Stream::Sample, 1);
        for _ in 0..100 {
            let Some(input) = mutate_header(&mut random, &seed) else { continue };
            let (length, rest) = input.split_first_chunk().expect("a length");
            let (header, values) = rest.split_at(u64::from_le_bytes(*length) as usize);
            assert!(serde_json::from_slice::<Value>(header).is_ok());
            assert_eq!(values, [7; 12]);
        }
    }
}
