//! Migration of experiments in files of format 1 to today's format.
//!
//! Format 1 had one kind of layer for a whole encoder (`{"dense": {"widths": [256]}}`, `{"conv": {"channels": [32]}}`)
//! in place of a list of blocks; and with a weight decay, its Adam was AdamW.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads a header whose experiment, at a JSON pointer, may be of format 1.
///
/// # Errors
/// When the JSON is no such header.
pub fn from_old_json<T: DeserializeOwned>(json: &str, experiment_at: &str) -> serde_json::Result<T> {
    let mut header: Value = serde_json::from_str(json)?;
    if let Some(experiment) = header.pointer_mut(experiment_at) {
        migrate_experiment(experiment);
    }
    serde_json::from_value(header)
}

/// Rewrites an experiment of format 1. One of today's format stays as it is, and so does anything else: deserialising
/// it tells what is wrong.
pub fn migrate_experiment(experiment: &mut Value) {
    if let Some(network) = object(experiment, "network") {
        if let Some(blocks) = network.get("encoder").and_then(blocks) {
            network.insert("encoder".into(), blocks);
        }
        if let Some(blocks) = network.get("decoder").and_then(blocks) {
            network.insert("decoder".into(), json!({ "blocks": blocks }));
        }
    }
    if let Some(schedule) = object(experiment, "schedule") {
        let decays = schedule.get("weight_decay").and_then(Value::as_f64).is_some_and(|decay| decay > 0.0);
        if decays && !schedule.contains_key("optimiser") {
            schedule.insert("optimiser".into(), "adam_w".into());
        }
    }
}

fn object<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Map<String, Value>> {
    value.get_mut(key)?.as_object_mut()
}

/// List of blocks that a kind of layer of format 1 stood for; `None` if it is no such kind.
fn blocks(layers: &Value) -> Option<Value> {
    let each = |sizes: &Value, block: fn(&Value) -> Value| Some(sizes.as_array()?.iter().map(block).collect());
    if let Some(widths) = layers.get("dense").and_then(|dense| dense.get("widths")) {
        return each(widths, |width| json!({ "dense": { "width": width } }));
    }
    let channels = layers.get("conv").and_then(|conv| conv.get("channels"))?;
    each(channels, |channels| json!({ "conv": { "channels": channels, "scaling": "stride" } }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BottleneckSpec, DecoderSpec, Experiment, NetworkSpec, Optimiser, Schedule};

    fn migrated(text: &str) -> Experiment {
        let mut value = serde_json::from_str(text).expect("the test's JSON is good");
        migrate_experiment(&mut value);
        serde_json::from_value(value).expect("it is of today's format now")
    }

    #[test]
    fn encoders_and_decoders_become_blocks() {
        let dense = migrated(
            r#"{"network":{"encoder":{"dense":{"widths":[300,100]}},"bottleneck":{"dense":{"size":9,"activation":"tanh"}},"decoder":{"dense":{"widths":[50]}}}}"#,
        );
        assert_eq!(dense.network.encoder, NetworkSpec::dense_blocks(&[300, 100]));
        assert_eq!(dense.network.decoder, DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[50])));
        assert_eq!(dense.network.bottleneck.size(), Some(9));
        let conv = migrated(
            r#"{"network":{"encoder":{"conv":{"channels":[32,64]}},"bottleneck":"direct","decoder":"mirror"}}"#,
        );
        assert_eq!(conv.network.encoder, NetworkSpec::conv_blocks(&[32, 64]));
        assert_eq!((conv.network.bottleneck, conv.network.decoder), (BottleneckSpec::Direct, DecoderSpec::Mirror));
    }

    #[test]
    fn no_hidden_layer_is_no_block() {
        assert_eq!(migrated(r#"{"network":{"encoder":{"dense":{"widths":[]}}}}"#).network.encoder, []);
    }

    #[test]
    fn decay_meant_adam_w() {
        assert_eq!(migrated(r#"{"schedule":{"weight_decay":0.01}}"#).schedule.optimiser, Optimiser::AdamW);
        assert_eq!(migrated(r#"{"schedule":{"weight_decay":0.0}}"#).schedule.optimiser, Optimiser::Adam);
        assert_eq!(migrated("{}"), Experiment::default());
    }

    #[test]
    fn an_experiment_of_todays_format_stays() {
        let schedule = Schedule { weight_decay: 0.01, ..Schedule::default() };
        for network in
            [NetworkSpec::default(), NetworkSpec { decoder: DecoderSpec::Blocks(vec![]), ..NetworkSpec::default() }]
        {
            let experiment = Experiment { network, schedule: schedule.clone(), ..Experiment::default() };
            let text = serde_json::to_string(&experiment).expect("plain data");
            assert_eq!(migrated(&text), experiment);
        }
    }

    #[test]
    fn anything_else_stays_as_it_is() {
        for text in ["3", "{\"network\":7}", r#"{"network":{"encoder":{"dense":{"widths":"wide"}}}}"#, "null"] {
            let mut value: Value = serde_json::from_str(text).expect("JSON");
            migrate_experiment(&mut value);
            assert_eq!(value, serde_json::from_str::<Value>(text).expect("JSON"));
        }
    }
}
