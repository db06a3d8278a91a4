//! An experiment in an address, and back.
//!
//! It is written as the browser's own JSON, only where it differs from the default experiment, and that in the letters
//! of base64url, which no mail program breaks. What a later version adds to the format is then the default, and most
//! links are shorter than a line.

use js_sys::{Array, JSON, Number, Object, Reflect};
use pinhole_protocol::Experiment;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

use crate::js_deserializer;

/// Longest text that is read: ten times what a deep network takes.
const MOST_LETTERS: usize = 20_000;

/// The experiment as text for an address; `None` for a seed too large for JSON.
pub fn write(experiment: &Experiment) -> Option<String> {
    let difference = difference(&value(experiment)?, &value(&Experiment::default())?);
    let json = String::from(JSON::stringify(&difference.unwrap_or_else(|| Object::new().into())).ok()?);
    let text = web_sys::window()?.btoa(&json).ok()?;
    Some(text.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// The experiment that a text holds, checked.
///
/// # Errors
/// Why it holds none, in one sentence for a person.
pub fn read(text: &str) -> Result<Experiment, String> {
    if text.len() > MOST_LETTERS {
        return Err("The link is too long to hold an experiment, so it was left aside: copy it again.".into());
    }
    let experiment = parse(text)
        .ok_or("The link holds no experiment that can be read: a part of it may be missing. Copy it again.")?;
    experiment.clone().check().map_err(|error| {
        format!(
            "The link's experiment cannot be trained, so it was left aside: {}.",
            error.message.trim_end_matches('.')
        )
    })?;
    Ok(experiment)
}

fn parse(text: &str) -> Option<Experiment> {
    let json = web_sys::window()?.atob(&text.replace('-', "+").replace('_', "/")).ok()?;
    let merged = merged(JSON::parse(&json).ok()?, &value(&Experiment::default())?)?;
    js_deserializer::decode(merged).ok()
}

/// The experiment as a tree of plain objects; what is absent is null, so that every object has all of its keys.
fn value(experiment: &Experiment) -> Option<JsValue> {
    experiment.serialize(&Serializer::new().serialize_missing_as_null(true)).ok()
}

/// What of a value is not as in another one; `None` if all is.
fn difference(value: &JsValue, other: &JsValue) -> Option<JsValue> {
    let Some((object, others)) = objects(value, other).filter(|(object, others)| have_same_keys(object, others)) else {
        let is_same = JSON::stringify(value).ok() == JSON::stringify(other).ok();
        return (!is_same).then(|| rounded(value));
    };
    let differing = Object::new();
    for key in Object::keys(&object).iter() {
        let [inner, other] = [&object, &others].map(|object| Reflect::get(object, &key).unwrap_or(JsValue::NULL));
        if let Some(difference) = difference(&inner, &other) {
            // A plain object takes any key.
            let _ = Reflect::set(&differing, &key, &difference);
        }
    }
    (Object::keys(&differing).length() > 0).then(|| differing.into())
}

/// A value whose missing parts are another one's; `None` where it has a part that the other lacks the place for.
fn merged(value: JsValue, other: &JsValue) -> Option<JsValue> {
    let Some((object, others)) = objects(&value, other) else { return Some(value) };
    if !Object::keys(&object).iter().all(|key| Reflect::has(&others, &key) == Ok(true)) {
        // Another one of several kinds, such as another bottleneck, is whole.
        return Some(value);
    }
    let whole = Object::assign(&Object::new(), &others);
    for key in Object::keys(&object).iter() {
        let inner = merged(Reflect::get(&object, &key).ok()?, &Reflect::get(&others, &key).ok()?)?;
        Reflect::set(&whole, &key, &inner).ok()?;
    }
    Some(whole.into())
}

/// Both as objects with keys, if both are.
fn objects(one: &JsValue, other: &JsValue) -> Option<(Object, Object)> {
    let keyed = |value: &JsValue| value.dyn_ref::<Object>().filter(|_| !Array::is_array(value)).cloned();
    Some((keyed(one)?, keyed(other)?))
}

fn have_same_keys(one: &Object, other: &Object) -> bool {
    let [one, other] = [one, other].map(|object| Object::keys(object).iter().collect::<Vec<_>>());
    one == other
}

/// A tree whose fractions have as few digits as tell one 32-bit float from its neighbours: 0.1, not 0.10000000149.
fn rounded(value: &JsValue) -> JsValue {
    if let Some(number) = value.as_f64() {
        return short(number).into();
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().map(|value| rounded(&value)).collect::<Array>().into();
    }
    let Some(object) = value.dyn_ref::<Object>() else { return value.clone() };
    let copy = Object::new();
    for key in Object::keys(object).iter() {
        let inner = Reflect::get(object, &key).unwrap_or(JsValue::NULL);
        // A plain object takes any key.
        let _ = Reflect::set(&copy, &key, &rounded(&inner));
    }
    copy.into()
}

fn short(number: f64) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    let read = |digits| {
        let text = Number::from(number).to_precision(digits).ok()?;
        text.as_string().and_then(|text| text.parse::<f64>().ok())
    };
    (1..=9).filter_map(read).find(|short| (*short as f32).to_bits() == (number as f32).to_bits()).unwrap_or(number)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use pinhole_protocol::{BottleneckSpec, Corruption, DecoderSpec, NetworkSpec, Noise, Normalisation, presets};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn there_and_back(experiment: &Experiment) -> String {
        let text = write(experiment).expect("it can be written");
        assert_eq!(read(&text).as_ref(), Ok(experiment));
        text
    }

    #[wasm_bindgen_test]
    fn every_preset_comes_back_from_its_link() {
        for preset in presets() {
            let text = there_and_back(&preset.experiment);
            assert!(text.len() < 600, "{} takes {} letters", preset.name, text.len());
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        }
        assert_eq!(there_and_back(&Experiment::default()), "e30", "all of the default goes without saying");
    }

    #[wasm_bindgen_test]
    fn everything_that_can_be_set_comes_back() {
        let mut experiment = Experiment { seed: (1 << 53) - 1, ..Experiment::default() };
        experiment.data.limit = None;
        experiment.network = NetworkSpec {
            bottleneck: BottleneckSpec::TopK { size: 20, active: 3 },
            decoder: DecoderSpec::Blocks(pinhole_protocol::BlockSpec::ALL[..1].to_vec()),
            normalisation: Normalisation::Group { groups: 2 },
            dropout: 0.15,
            ..NetworkSpec::default()
        };
        experiment.objective.corruption = Corruption { noise: Noise::Blur, level: 0.3, varied: true };
        experiment.schedule.learning_rate = 3.3e-5;
        experiment.schedule.gradient_clip_norm = Some(1e-10);
        experiment.schedule.moving_average = Some(0.999);
        there_and_back(&experiment);
    }

    #[wasm_bindgen_test]
    fn broken_links_are_refused_in_words() {
        let btoa = |json: &str| web_sys::window().and_then(|window| window.btoa(json).ok()).expect("a window");
        let whole = write(&presets()[3].experiment).expect("a link");
        let broken = [
            String::new(),
            "!".into(),
            "%7B%7D".into(),
            whole[..whole.len() / 2].into(),
            btoa("17"),
            btoa("[]"),
            btoa("{\"network\":7}"),
            btoa("{\"network\":{\"bottleneck\":{\"nowhere\":{}}}}"),
            btoa("{\"schedule\":{\"epochs\":\"many\"}}"),
            btoa("{\"schedule\":{\"epochs\":0}}"),
            "A".repeat(MOST_LETTERS + 1),
        ];
        for text in broken {
            let told = read(&text).expect_err(&text);
            assert!(told.ends_with('.') && told.len() > 40, "{told}");
        }
    }
}
