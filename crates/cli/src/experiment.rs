//! Construction of an experiment from command-line arguments.

use anyhow::{Context as _, bail};
use pinhole_protocol::{
    EarlyStopping, Experiment, ImageSource, Preset, Schedule, TrainingStart, migration::migrate_experiment, presets,
};

use crate::{
    arguments::{ExperimentArguments, FrozenPart, ScheduleArguments},
    settings,
};

/// Returns the preset or the experiment of the JSON file, changed by the other arguments.
pub fn from_arguments(arguments: &ExperimentArguments) -> anyhow::Result<Experiment> {
    let mut experiment = base_experiment(arguments)?;
    if !arguments.images.is_empty() {
        experiment.data.source = ImageSource::Opened;
        // The default limit is the number of generated images; of opened ones, all are used.
        experiment.data.limit = None;
    }
    set_if_given(&mut experiment.data.source, arguments.data.map(Into::into));
    if arguments.table.is_some() {
        experiment.data.source = ImageSource::TableRows;
        experiment.data.limit = None;
    }
    if arguments.limit.is_some() {
        experiment.data.limit = arguments.limit;
    }
    if let Some(size) = arguments.latent {
        experiment.network.set_latent_size(size);
    }
    change_schedule(&mut experiment.schedule, &arguments.schedule);
    set_if_given(&mut experiment.objective.corruption, arguments.corrupt);
    set_if_given(&mut experiment.objective.loss, arguments.loss);
    set_if_given(&mut experiment.seed, arguments.seed);
    settings::apply(&experiment, &arguments.set)
}

/// Returns the preset's training start; an experiment of a file starts with new weights.
pub fn preset_start(arguments: &ExperimentArguments) -> anyhow::Result<TrainingStart> {
    if arguments.experiment.is_some() { Ok(TrainingStart::Fresh) } else { Ok(preset(&arguments.preset)?.start) }
}

fn change_schedule(schedule: &mut Schedule, given: &ScheduleArguments) {
    set_if_given(&mut schedule.epochs, given.epochs);
    set_if_given(&mut schedule.batch_size, given.batch_size);
    set_if_given(&mut schedule.accumulated_batches, given.accumulate);
    set_if_given(&mut schedule.optimiser, given.optimiser);
    set_if_given(&mut schedule.learning_rate, given.learning_rate);
    set_if_given(&mut schedule.learning_rate_schedule, given.schedule);
    set_if_given(&mut schedule.warm_up_share, given.warm_up);
    set_if_given(&mut schedule.weight_decay, given.weight_decay);
    set_if_given(&mut schedule.gradient_clip_norm, given.clip_norm.map(Some));
    set_if_given(&mut schedule.gradient_clip_value, given.clip_value.map(Some));
    set_if_given(&mut schedule.moving_average, given.moving_average.map(Some));
    set_if_given(&mut schedule.validation_share, given.validation);
    set_if_given(
        &mut schedule.early_stopping,
        given.patience.map(|patience_epochs| Some(EarlyStopping { patience_epochs })),
    );
    schedule.gradient_checkpointing |= given.checkpointing;
    match given.freeze {
        Some(FrozenPart::Encoder) => schedule.part_rates.encoder = 0.0,
        Some(FrozenPart::Decoder) => schedule.part_rates.decoder = 0.0,
        None => {}
    }
}

fn base_experiment(arguments: &ExperimentArguments) -> anyhow::Result<Experiment> {
    let Some(path) = &arguments.experiment else { return Ok(preset(&arguments.preset)?.experiment) };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let read = |text| {
        let mut experiment = serde_json::from_str(text)?;
        migrate_experiment(&mut experiment);
        serde_json::from_value(experiment)
    };
    read(&text).with_context(|| format!("{} holds no experiment", path.display()))
}

fn preset(name: &str) -> anyhow::Result<Preset> {
    let known = presets();
    if let Some(preset) = known.iter().find(|preset| preset.name == name) {
        return Ok(preset.clone());
    }
    let names: Vec<_> = known.iter().map(|preset| preset.name).collect();
    bail!("there is no preset \"{name}\": choose one of {}", names.join(", "))
}

/// Sets `setting` if a value was given.
fn set_if_given<T>(setting: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *setting = value;
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser as _;
    use pinhole_protocol::{
        Augmentation, Corruption, LearningRateSchedule, Noise, Optimiser, PartRates, ReconstructionLoss,
    };

    use super::*;
    use crate::arguments::{Arguments, Task};

    fn experiment(line: &str) -> anyhow::Result<Experiment> {
        let words = ["pinhole", "train", "--out", "m.safetensors"].into_iter().chain(line.split_whitespace());
        let Task::Train(arguments) = Arguments::try_parse_from(words)?.command else { panic!("a train line") };
        assert_eq!(arguments.out, PathBuf::from("m.safetensors"));
        from_arguments(&arguments.experiment)
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
    fn options_and_named_settings_change_the_experiment() {
        let changed = experiment(
            "--loss huber --optimiser sgd:0.9 --schedule plateau:3:0.5 --warm-up 0.1 --clip-value 0.5 --accumulate 4 \
             --moving-average 0.99 --checkpointing --freeze encoder --set schedule.augmentation.shift_px=2 --set seed=4 \
             --seed 3",
        )
        .expect("a good line");
        assert_eq!(changed.objective.loss, ReconstructionLoss::Huber);
        let article = experiment("--preset article").expect("a good line");
        let expected = Schedule {
            optimiser: Optimiser::Sgd { momentum: 0.9 },
            learning_rate_schedule: LearningRateSchedule::Plateau { factor: 0.5, patience_epochs: 3 },
            warm_up_share: 0.1,
            gradient_clip_value: Some(0.5),
            accumulated_batches: 4,
            moving_average: Some(0.99),
            gradient_checkpointing: true,
            part_rates: PartRates { encoder: 0.0, decoder: 1.0 },
            augmentation: Augmentation { shift_px: 2.0, ..Augmentation::default() },
            ..article.schedule
        };
        assert_eq!(changed.schedule, expected);
        assert_eq!(changed.seed, 4, "a named setting comes last");
    }

    #[test]
    fn an_unknown_preset_is_refused_with_the_known_ones() {
        let error = experiment("--preset artikel").expect_err("no such preset").to_string();
        assert!(error.contains("artikel") && error.contains("conv-denoiser"), "{error}");
    }
}
