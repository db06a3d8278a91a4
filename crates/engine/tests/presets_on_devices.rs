//! One training step of every preset on WebGPU and on the CPU, from the same weights: the results agree.

#[path = "engine/common/mod.rs"]
mod common;

use common::{checked, cpu};
use pinhole_engine::{
    Compute, Model,
    data::{self, SampleSet},
    network::{NetworkWeights, initial_weights},
    training::{RunAdvance, Start, TrainingRun},
};
use pinhole_protocol::{
    DataSpec, DeviceKind, DevicePreference, Experiment, ImageSource, Optimiser, Preset, Schedule, presets,
};

const SAMPLES: usize = 24;

/// A preset's experiment, shortened to one step of SGD, which moves a weight by its gradient. Adam's first step is the
/// sign of the gradient times the learning rate, so that rounding of a gradient near 0 would show in full.
fn one_step(preset: &Preset) -> Experiment {
    let experiment = preset.experiment.clone();
    Experiment {
        data: DataSpec { source: ImageSource::Strokes, limit: None },
        schedule: Schedule {
            epochs: 1,
            batch_size: SAMPLES,
            validation_share: 0.0,
            optimiser: Optimiser::Sgd { momentum: 0.0 },
            learning_rate: 0.5,
            ..experiment.schedule
        },
        ..experiment
    }
}

/// The weights after one step.
fn weights_after_step(preset: &Preset, digits: &SampleSet, compute: &Compute) -> NetworkWeights {
    let article = Experiment { seed: 9, ..Experiment::default() };
    let current = Model::untrained("current".into(), checked(article), compute);
    let experiment = checked(one_step(preset));
    let plan = experiment.plan().clone();
    let start = Start::new(preset.start, Some(&current)).expect("there is a current model");
    let mut run = TrainingRun::new(compute, experiment, digits, start).expect("the run can start");
    while run.step() == 0 {
        let advance = pollster::block_on(run.advance()).expect("the device works");
        assert!(!matches!(advance, RunAdvance::Ended(_)), "{}: ended before its step", preset.name);
    }
    let model = run.model("stepped".into());
    pollster::block_on(model.network().read_weights(&plan)).expect("the device works")
}

fn max_abs(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(0.0, |largest, value| largest.max(value.abs()))
}

#[test]
fn every_preset_takes_the_same_first_step_on_webgpu_and_cpu() {
    let gpu = pollster::block_on(Compute::start(DevicePreference::WebGpu));
    if gpu.info().kind != DeviceKind::WebGpu {
        println!("SKIP no adapter for WebGPU: {}", gpu.info().fallback_reason.as_deref().unwrap_or("no reason given"));
        return;
    }
    println!("adapter: {}", gpu.info().name);
    let digits = data::strokes(3, SAMPLES);
    let mut failures = Vec::new();
    for preset in presets() {
        let plan = preset.experiment.network.plan().expect("presets are valid");
        let initial = initial_weights(&plan, preset.experiment.seed);
        let [expected, found] = [&cpu(), &gpu].map(|compute| weights_after_step(&preset, &digits, compute));
        for (((tensor, initial), expected), found) in plan.tensors().iter().zip(&initial).zip(&expected).zip(&found) {
            let difference = max_abs(expected.iter().zip(found).map(|(cpu, gpu)| cpu - gpu));
            let size = max_abs(expected.iter().copied());
            let moved = max_abs(expected.iter().zip(initial).map(|(cpu, initial)| cpu - initial));
            // Weights of about 1 are rounded to 6e-8, however small the step.
            let is_close = difference <= 1e-3 * size && difference <= 2e-3 * moved + 1e-6;
            if !is_close {
                failures.push(format!("{} {}: {difference:e} of {size:e}, moved {moved:e}", preset.name, tensor.name));
            }
        }
        println!("{}", preset.name);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
