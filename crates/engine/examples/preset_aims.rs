//! Trains every preset, or those named, with its own settings on the CPU, prints a table of what each reaches, and fails
//! if an aim is missed.

use std::process::ExitCode;

use pinhole_engine::{
    Compute, EngineError, Model,
    bench::presets::{TrainedPreset, train},
};
use pinhole_protocol::{AimBound, DevicePreference, Preset, TrainingStart, presets};

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    match pollster::block_on(train_all(&chosen)) {
        Ok(missed) if missed.is_empty() => ExitCode::SUCCESS,
        Ok(missed) => {
            eprintln!("missed: {}", missed.join(", "));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Trains the presets and prints their rows. Returns the names of those that miss an aim.
async fn train_all(chosen: &[String]) -> Result<Vec<&'static str>, EngineError> {
    let compute = Compute::start(DevicePreference::Cpu).await;
    // The first preset is the model that transfer and distillation start from.
    let mut current: Option<Model> = None;
    let mut missed = Vec::new();
    println!("| preset | steps | seconds | aim | reached |\n|---|---|---|---|---|");
    for (index, preset) in presets().into_iter().enumerate() {
        let is_chosen = chosen.is_empty() || chosen.iter().any(|name| name == preset.name);
        if !is_chosen && index > 0 {
            continue;
        }
        let start = (preset.start != TrainingStart::Fresh).then_some(current.as_ref()).flatten();
        let trained = Box::pin(train(&preset, start, &compute)).await?;
        if is_chosen {
            print_rows(&preset, &trained);
        }
        if is_chosen && trained.aims(&preset).iter().any(|(_, _, is_reached)| !is_reached) {
            missed.push(preset.name);
        }
        current.get_or_insert(trained.model);
    }
    Ok(missed)
}

fn print_rows(preset: &Preset, trained: &TrainedPreset) {
    for (aim, figure, is_reached) in trained.aims(preset) {
        let bound = match aim.bound {
            AimBound::AtMost => "at most",
            AimBound::AtLeast => "at least",
        };
        println!(
            "| {} | {} | {:.0} | {} ({:?}) {bound} {} | {figure:.4}{} |",
            preset.name,
            trained.steps,
            trained.duration.as_secs_f64(),
            aim.measure.label(),
            aim.figure,
            aim.value,
            if is_reached { "" } else { " (missed)" },
        );
    }
}
