//! Settings of an experiment by their dotted names.

use anyhow::{Context as _, bail};
use pinhole_protocol::Experiment;
use serde_json::Value;

use crate::arguments::Setting;

/// Returns the experiment with these settings changed, in order.
pub fn apply(experiment: &Experiment, settings: &[Setting]) -> anyhow::Result<Experiment> {
    let mut json = serde_json::to_value(experiment).context("the experiment cannot be written as JSON")?;
    for Setting { name, value } in settings {
        *find_setting(&mut json, name)? = value.clone();
        // Parsed after each setting, so that an error can name it.
        let changed: Experiment =
            serde_json::from_value(json).with_context(|| format!("{value} is no value for {name}"))?;
        json = serde_json::to_value(changed).context("the experiment cannot be written as JSON")?;
    }
    Ok(serde_json::from_value(json)?)
}

/// Returns the value at a dotted path of field names and indices.
fn find_setting<'a>(json: &'a mut Value, name: &str) -> anyhow::Result<&'a mut Value> {
    let mut place = json;
    for step in name.split('.') {
        let known: Vec<String> = place.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect();
        let next = match place {
            Value::Object(fields) => fields.get_mut(step),
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get_mut(index)),
            _ => None,
        };
        place = match next {
            Some(next) => next,
            None if known.is_empty() => bail!("there is no setting {name}: the value above \"{step}\" has no fields"),
            None => bail!("there is no setting {name}: in place of \"{step}\" there are {}", known.join(", ")),
        };
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::{BlockSpec, Optimiser};

    use super::*;

    fn changed(settings: &[&str]) -> anyhow::Result<Experiment> {
        let settings: Vec<Setting> = settings.iter().map(|text| text.parse().expect("a setting")).collect();
        apply(&Experiment::default(), &settings)
    }

    #[test]
    fn every_setting_can_be_reached() {
        let experiment = changed(&[
            "network.dropout=0.25",
            "schedule.optimiser=lion",
            "schedule.part_rates.encoder=0",
            "network.encoder.0.dense.width=100",
            "schedule.early_stopping={\"patience_epochs\":3}",
        ])
        .expect("good settings");
        assert_eq!((experiment.network.dropout, experiment.schedule.optimiser), (0.25, Optimiser::Lion));
        assert_eq!(experiment.schedule.part_rates.encoder.to_bits(), 0);
        assert_eq!(experiment.network.encoder, [BlockSpec::Dense { width: 100 }]);
        assert_eq!(experiment.schedule.early_stopping.map(|stopping| stopping.patience_epochs), Some(3));
    }

    #[test]
    fn an_unknown_setting_is_refused_with_the_known_ones() {
        let refused = |setting| format!("{:#}", changed(&[setting]).expect_err("no such setting"));
        assert!(refused("schedule.optimizer=lion").contains("optimiser"), "the known names");
        assert!(refused("seed.more=1").contains("seed.more"));
        assert!(refused("schedule.epochs=many").contains("no value for schedule.epochs"));
    }
}
