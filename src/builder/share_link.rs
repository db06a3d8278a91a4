//! Encoding of an experiment in a link, and decoding.
//!
//! The link holds the difference to the default experiment as JSON in base64url, which mail programs do not break.
//! Fields that a later version adds then have their defaults, and most links are shorter than a line.

use js_sys::{Array, JSON, Number, Object, Reflect};
use pinhole_protocol::Experiment;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

use crate::js_deserializer;

/// Length of the longest text that is decoded: ten times that of a deep network.
const MAX_LENGTH: usize = 20_000;

/// Encodes an experiment for an address; `None` if its seed is too large for JSON.
pub fn encode(experiment: &Experiment) -> Option<String> {
    let difference = difference(&to_js(experiment)?, &to_js(&Experiment::default())?);
    let json = String::from(JSON::stringify(&difference.unwrap_or_else(|| Object::new().into())).ok()?);
    let text = web_sys::window()?.btoa(&json).ok()?;
    Some(text.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// Experiment as indented JSON, as `pinhole train --experiment` reads it; `None` as for [`encode`].
pub fn json(experiment: &Experiment) -> Option<String> {
    let indent = JsValue::from(2);
    let text = JSON::stringify_with_replacer_and_space(&rounded(&to_js(experiment)?), &JsValue::NULL, &indent);
    Some(String::from(text.ok()?))
}

/// Decodes and checks an experiment.
///
/// # Errors
/// One sentence for a person: the text is too long or damaged, or the experiment cannot be trained.
pub fn decode(text: &str) -> Result<Experiment, String> {
    if text.len() > MAX_LENGTH {
        return Err("The link is too long to hold an experiment, so it was ignored: copy it again.".into());
    }
    let experiment = parse(text)
        .ok_or("The link holds no experiment that can be read: a part of it may be missing. Copy it again.")?;
    experiment.clone().check().map_err(|error| {
        format!("The link's experiment cannot be trained, so it was ignored: {}.", error.message.trim_end_matches('.'))
    })?;
    Ok(experiment)
}

fn parse(text: &str) -> Option<Experiment> {
    let json = web_sys::window()?.atob(&text.replace('-', "+").replace('_', "/")).ok()?;
    let merged = merged(JSON::parse(&json).ok()?, &to_js(&Experiment::default())?)?;
    js_deserializer::decode(merged).ok()
}

/// Experiment as plain objects; absent values are null, so that each object has all of its keys.
fn to_js(experiment: &Experiment) -> Option<JsValue> {
    experiment.serialize(&Serializer::new().serialize_missing_as_null(true)).ok()
}

/// Part of a value that differs from another value; `None` if they are equal.
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

/// Value with its missing parts taken from `other`; `None` if JavaScript refuses an access.
fn merged(value: JsValue, other: &JsValue) -> Option<JsValue> {
    let Some((object, others)) = objects(&value, other) else { return Some(value) };
    if !Object::keys(&object).iter().all(|key| Reflect::has(&others, &key) == Ok(true)) {
        // Another variant of an enum, such as another bottleneck, is complete by itself.
        return Some(value);
    }
    let complete = Object::assign(&Object::new(), &others);
    for key in Object::keys(&object).iter() {
        let inner = merged(Reflect::get(&object, &key).ok()?, &Reflect::get(&others, &key).ok()?)?;
        Reflect::set(&complete, &key, &inner).ok()?;
    }
    Some(complete.into())
}

/// Both values as objects, if neither is an array or a primitive.
fn objects(one: &JsValue, other: &JsValue) -> Option<(Object, Object)> {
    let keyed = |value: &JsValue| value.dyn_ref::<Object>().filter(|_| !Array::is_array(value)).cloned();
    Some((keyed(one)?, keyed(other)?))
}

fn have_same_keys(one: &Object, other: &Object) -> bool {
    let [one, other] = [one, other].map(|object| Object::keys(object).iter().collect::<Vec<_>>());
    one == other
}

/// Value whose fractions have the fewest digits that identify the 32-bit float: 0.1, not 0.10000000149.
fn rounded(value: &JsValue) -> JsValue {
    if let Some(number) = value.as_f64() {
        return shortest(number).into();
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

fn shortest(number: f64) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    let parsed = |digits| {
        let text = Number::from(number).to_precision(digits).ok()?;
        text.as_string().and_then(|text| text.parse::<f64>().ok())
    };
    (1..=9).filter_map(parsed).find(|short| (*short as f32).to_bits() == (number as f32).to_bits()).unwrap_or(number)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use pinhole_protocol::{BottleneckSpec, Corruption, DecoderSpec, NetworkSpec, Noise, Normalisation, presets};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn round_trip(experiment: &Experiment) -> String {
        let text = encode(experiment).expect("it can be written");
        assert_eq!(decode(&text).as_ref(), Ok(experiment));
        text
    }

    #[wasm_bindgen_test]
    fn every_preset_comes_back_from_its_link() {
        for preset in presets() {
            let text = round_trip(&preset.experiment);
            assert!(text.len() < 600, "{} takes {} letters", preset.name, text.len());
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        }
        assert_eq!(round_trip(&Experiment::default()), "e30", "the default experiment is the empty difference");
    }

    #[wasm_bindgen_test]
    fn every_setting_comes_back_from_its_link() {
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
        round_trip(&experiment);
    }

    #[wasm_bindgen_test]
    fn broken_links_are_refused_with_a_sentence() {
        let btoa = |json: &str| web_sys::window().and_then(|window| window.btoa(json).ok()).expect("a window");
        let whole = encode(&presets()[3].experiment).expect("a link");
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
            "A".repeat(MAX_LENGTH + 1),
        ];
        for text in broken {
            let message = decode(&text).expect_err(&text);
            assert!(message.ends_with('.') && message.len() > 40, "{message}");
        }
    }
}
