//! Parsers of arguments that are more than a word or a number.

use std::str::FromStr;

use pinhole_protocol::{LearningRateSchedule, Optimiser, ReconstructionLoss};
use serde_json::Value;

/// New value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Dotted name of the setting, such as `schedule.batch_size`.
    pub name: String,
    /// The value, as in the experiment's JSON.
    pub value: Value,
}

impl FromStr for Setting {
    type Err = String;

    /// Parses `name=value`; a value that is no JSON is a string.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| format!("\"{text}\" sets nothing: write NAME=VALUE, such as network.dropout=0.2"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.into()));
        Ok(Self { name: name.into(), value })
    }
}

/// Returns the loss of that name, or a message with the known names.
pub fn parse_loss(text: &str) -> Result<ReconstructionLoss, String> {
    ReconstructionLoss::ALL.into_iter().find(|loss| loss.slug() == text).ok_or_else(|| {
        let known: Vec<_> = ReconstructionLoss::ALL.into_iter().map(ReconstructionLoss::slug).collect();
        format!("there is no loss \"{text}\": choose one of {}", known.join(", "))
    })
}

/// Parses the name of an optimiser, or `sgd:MOMENTUM`.
pub fn parse_optimiser(text: &str) -> Result<Optimiser, String> {
    match text.split_once(':') {
        None => match text {
            "adam" => Some(Optimiser::Adam),
            "adamw" => Some(Optimiser::AdamW),
            "sgd" => Some(Optimiser::Sgd { momentum: 0.0 }),
            "rmsprop" => Some(Optimiser::RmsProp),
            "lamb" => Some(Optimiser::Lamb),
            "lion" => Some(Optimiser::Lion),
            _ => None,
        },
        Some(("sgd", momentum)) => momentum.parse().ok().map(|momentum| Optimiser::Sgd { momentum }),
        Some(_) => None,
    }
    .ok_or_else(|| format!("there is no optimiser \"{text}\": choose adam, adamw, sgd, sgd:0.9, rmsprop, lamb or lion"))
}

/// Parses the name of a learning-rate schedule with its parameters, separated by colons.
pub fn parse_schedule(text: &str) -> Result<LearningRateSchedule, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let schedule = match parts[..] {
        ["constant"] => Some(LearningRateSchedule::Constant),
        ["cosine"] => Some(LearningRateSchedule::Cosine),
        ["exponential", factor] => factor.parse().ok().map(|factor| LearningRateSchedule::Exponential { factor }),
        ["restarts", epochs, factor] => pair(epochs, factor)
            .map(|(first_epochs, factor)| LearningRateSchedule::CosineRestarts { first_epochs, factor }),
        ["step", epochs, factor] => {
            pair(epochs, factor).map(|(every_epochs, factor)| LearningRateSchedule::Step { every_epochs, factor })
        }
        ["plateau", epochs, factor] => pair(epochs, factor)
            .map(|(patience_epochs, factor)| LearningRateSchedule::Plateau { factor, patience_epochs }),
        _ => None,
    };
    schedule.ok_or_else(|| {
        format!(
            "\"{text}\" is no schedule: write constant, cosine, restarts:2:2, step:5:0.5, exponential:0.9 or plateau:2:0.5 \
             (EPOCHS:FACTOR)"
        )
    })
}

fn pair<A: FromStr, B: FromStr>(first: &str, second: &str) -> Option<(A, B)> {
    Some((first.parse().ok()?, second.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_or_refused_in_words() {
        assert_eq!(parse_schedule("cosine"), Ok(LearningRateSchedule::Cosine));
        assert_eq!(parse_schedule("step:5:0.5"), Ok(LearningRateSchedule::Step { every_epochs: 5, factor: 0.5 }));
        let restarts = LearningRateSchedule::CosineRestarts { first_epochs: 3, factor: 2 };
        assert_eq!(parse_schedule("restarts:3:2"), Ok(restarts));
        let plateau = LearningRateSchedule::Plateau { factor: 0.1, patience_epochs: 4 };
        assert_eq!(parse_schedule("plateau:4:0.1"), Ok(plateau));
        assert_eq!(parse_schedule("exponential:0.9"), Ok(LearningRateSchedule::Exponential { factor: 0.9 }));
        assert!(parse_schedule("step:5").expect_err("no factor").contains("EPOCHS:FACTOR"));
    }

    #[test]
    fn optimisers_and_losses_are_read_or_refused_with_the_known_ones() {
        assert_eq!(parse_optimiser("sgd:0.9"), Ok(Optimiser::Sgd { momentum: 0.9 }));
        assert_eq!(parse_optimiser("lion"), Ok(Optimiser::Lion));
        assert!(parse_optimiser("adam:0.9").expect_err("no momentum to set").contains("adamw"));
        assert_eq!(parse_loss("bce"), Ok(ReconstructionLoss::BinaryCrossEntropy));
        assert!(parse_loss("l2").expect_err("another name").contains("mse"));
    }

    #[test]
    fn a_setting_is_json_or_a_word() {
        let setting = |text: &str| text.parse::<Setting>().map(|setting| setting.value);
        assert_eq!(setting("a.b=0.5"), Ok(Value::from(0.5)));
        assert_eq!(setting("a.b=lion"), Ok(Value::from("lion")));
        assert_eq!(setting("a.b=null"), Ok(Value::Null));
        assert!(setting("a.b").is_err());
    }
}
