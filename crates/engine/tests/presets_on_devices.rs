//! One step of every preset from the same weights: what WebGPU makes of it is what the CPU makes of it.

mod common;

use common::{checked, cpu};
use pinhole_engine::{
    Compute, Model,
    data::{self, SampleSet},
    network::{NetworkWeights, initial_weights},
    training::{Advance, Start, TrainingRun},
};
use pinhole_protocol::{
    DataSpec, DeviceKind, DevicePreference, Experiment, ImageSource, Optimiser, Preset, Schedule, presets,
};

const SAMPLES: usize = 24;

/// A preset cut down to one step. Adam's first step is the gradient's sign times the rate, whatever its size: noise in
/// gradients of almost 0 would show in full. Plain descent moves a weight by its gradient.
fn one_step(preset: &Preset) -> Experiment {
    let experiment = preset.experiment.clone();
    Experiment {
        data: DataSpec { source: ImageSource::Opened, limit: None },
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

fn stepped(preset: &Preset, digits: &SampleSet, compute: &Compute) -> NetworkWeights {
    let article = Experiment { seed: 9, ..Experiment::default() };
    let old = Model::untrained("old".into(), checked(article), compute);
    let experiment = checked(one_step(preset));
    let plan = experiment.plan().clone();
    let start = Start::new(preset.start, Some(&old)).expect("there is a model");
    let mut run = TrainingRun::new(compute, experiment, digits, start).expect("the run can start");
    while run.step() == 0 {
        let advance = pollster::block_on(run.advance()).expect("the device works");
        assert!(!matches!(advance, Advance::Ended(_)), "{}: ended before its step", preset.name);
    }
    let model = run.model("stepped".into());
    pollster::block_on(model.network().read_weights(&plan)).expect("the device works")
}

fn largest(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(0.0, |most, value| most.max(value.abs()))
}

#[test]
fn every_preset_takes_the_same_first_step_on_both() {
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
        let begun = initial_weights(&plan, preset.experiment.seed);
        let [ours, theirs] = [&cpu(), &gpu].map(|compute| stepped(&preset, &digits, compute));
        for (((tensor, begun), ours), theirs) in plan.tensors().iter().zip(&begun).zip(&ours).zip(&theirs) {
            let apart = largest(ours.iter().zip(theirs).map(|(ours, theirs)| ours - theirs));
            let size = largest(ours.iter().copied());
            let moved = largest(ours.iter().zip(begun).map(|(ours, begun)| ours - begun));
            // Weights of about 1 are rounded to 6e-8, whatever moves them.
            let is_close = apart <= 1e-3 * size && apart <= 2e-3 * moved + 1e-6;
            if !is_close {
                failures.push(format!("{} {}: {apart:e} apart of {size:e}, moved {moved:e}", preset.name, tensor.name));
            }
        }
        println!("{}", preset.name);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
