//! The experiment that the command line describes.

use anyhow::{Context as _, bail};
use pinhole_protocol::{EarlyStopping, Experiment, ImageSource, presets};

use crate::arguments::TrainArguments;

/// A preset or a JSON file, with the single settings that were given on the command line changed.
pub fn from_arguments(arguments: &TrainArguments) -> anyhow::Result<Experiment> {
    let mut experiment = start(arguments)?;
    let TrainArguments { images, data, limit, corrupt, latent, epochs, batch_size, learning_rate, .. } = arguments;
    if !images.is_empty() {
        experiment.data.source = ImageSource::Opened;
        // All of the files' images, where the generator's default is a number to make.
        experiment.data.limit = None;
    }
    if let Some(built_in) = data {
        experiment.data.source = (*built_in).into();
    }
    if limit.is_some() {
        experiment.data.limit = *limit;
    }
    if let Some(size) = latent {
        experiment.network.set_latent_size(*size);
    }
    let schedule = &mut experiment.schedule;
    set(&mut schedule.epochs, epochs.as_ref());
    set(&mut schedule.batch_size, batch_size.as_ref());
    set(&mut schedule.learning_rate, learning_rate.as_ref());
    set(&mut schedule.learning_rate_schedule, arguments.schedule.as_ref());
    set(&mut schedule.weight_decay, arguments.weight_decay.as_ref());
    set(&mut schedule.validation_share, arguments.validation.as_ref());
    if arguments.clip_norm.is_some() {
        schedule.gradient_clip_norm = arguments.clip_norm;
    }
    if let Some(patience_epochs) = arguments.patience {
        schedule.early_stopping = Some(EarlyStopping { patience_epochs });
    }
    set(&mut experiment.objective.corruption, corrupt.as_ref());
    if let Some(loss) = arguments.loss {
        experiment.objective.loss = loss.into();
    }
    set(&mut experiment.seed, arguments.seed.as_ref());
    Ok(experiment)
}

fn start(arguments: &TrainArguments) -> anyhow::Result<Experiment> {
    if let Some(path) = &arguments.experiment {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        return serde_json::from_str(&text).with_context(|| format!("{} is no experiment", path.display()));
    }
    let known = presets();
    if let Some(preset) = known.iter().find(|preset| preset.name == arguments.preset) {
        return Ok(preset.experiment.clone());
    }
    let names: Vec<_> = known.iter().map(|preset| preset.name).collect();
    bail!("there is no preset \"{}\": choose one of {}", arguments.preset, names.join(", "))
}

fn set<T: Clone>(setting: &mut T, given: Option<&T>) {
    if let Some(value) = given {
        setting.clone_from(value);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser as _;
    use pinhole_protocol::{Corruption, Noise};

    use super::*;
    use crate::arguments::{Arguments, Task};

    fn experiment(line: &str) -> anyhow::Result<Experiment> {
        let words = ["pinhole", "train", "--out", "m.safetensors"].into_iter().chain(line.split_whitespace());
        let Task::Train(arguments) = Arguments::try_parse_from(words)?.command else { panic!("a train line") };
        assert_eq!(arguments.out, PathBuf::from("m.safetensors"));
        from_arguments(&arguments)
    }

    #[test]
    fn options_change_single_settings_of_the_preset() {
        let changed = experiment(
            "--preset linear-code --images a.gz --corrupt gaussian:0.5 --epochs 3 --latent 8 --clip-norm 1 --patience 2 --seed 9",
        )
        .expect("a good line");
        let preset =
            presets().into_iter().find(|preset| preset.name == "linear-code").expect("it is listed").experiment;
        assert_eq!(changed.network.plan().expect("valid").code.len(), 8);
        assert_eq!(changed.network.encoder, preset.network.encoder);
        assert_eq!((changed.schedule.epochs, changed.schedule.batch_size), (3, preset.schedule.batch_size));
        assert_eq!(changed.objective.corruption, Corruption::new(Noise::Gaussian, 0.5));
        assert_eq!((changed.data.source, changed.data.limit), (ImageSource::Opened, None));
        assert_eq!(changed.schedule.early_stopping, Some(EarlyStopping { patience_epochs: 2 }));
        assert_eq!((changed.seed, changed.schedule.gradient_clip_norm), (9, Some(1.0)));
    }

    #[test]
    fn an_unknown_preset_is_refused_with_the_known_ones() {
        let error = experiment("--preset artikel").expect_err("no such preset").to_string();
        assert!(error.contains("artikel") && error.contains("conv-denoiser"), "{error}");
    }
}
