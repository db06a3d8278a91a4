//! Small experiments that train in moments.

// Tests that are programs of their own use parts of this module.
#![allow(dead_code)]

use pinhole_engine::{
    Compute, EngineError, Model,
    data::SampleSet,
    training::{RunAdvance, Start, StepLosses, TrainingRun},
};
use pinhole_protocol::{
    Activation, BottleneckSpec, CheckedExperiment, DataSpec, DevicePreference, EpochRecord, Experiment, GridShape,
    ImageSource, NetworkSpec, Schedule, TermLosses, TrainingEnd,
};

pub fn cpu() -> Compute {
    pollster::block_on(Compute::start(DevicePreference::Cpu))
}

/// Bright bars at every height and with a few widths: easy to learn, but impossible to copy through a code of 8.
pub fn bars(count: usize) -> SampleSet {
    let mut pixels = vec![0; count * 784];
    for (index, image) in pixels.chunks_mut(784).enumerate() {
        let (top, thick) = (index * 7 % 24, 2 + index % 3);
        image[top * 28..(top + thick) * 28].fill(230);
    }
    SampleSet::pictures("bars", GridShape::MNIST, pixels)
}

/// 784-16-8-16-784, for three epochs of batches of 16.
pub fn experiment() -> Experiment {
    Experiment {
        data: DataSpec { source: ImageSource::Opened, limit: None },
        network: NetworkSpec {
            encoder: NetworkSpec::dense_blocks(&[16]),
            bottleneck: BottleneckSpec::Dense { size: 8, activation: Activation::Linear },
            ..NetworkSpec::default()
        },
        schedule: Schedule { epochs: 3, batch_size: 16, learning_rate: 0.01, ..Schedule::default() },
        seed: 1,
        ..Experiment::default()
    }
}

pub fn checked(experiment: Experiment) -> CheckedExperiment {
    experiment.check().expect("the experiment is valid")
}

/// Everything that a run reported.
#[derive(Debug)]
pub struct RunLog {
    pub losses: Vec<f32>,
    pub terms: Vec<TermLosses>,
    pub warnings: Vec<&'static str>,
    pub epochs: Vec<EpochRecord>,
    pub end: TrainingEnd,
}

pub fn run_to_end(run: &mut TrainingRun) -> Result<RunLog, EngineError> {
    let (mut losses, mut epochs, mut warnings) = (StepLosses::default(), Vec::new(), Vec::new());
    loop {
        match pollster::block_on(run.advance())? {
            RunAdvance::BatchDone { losses: new_losses } => losses.extend(new_losses),
            RunAdvance::EpochDone(record) => epochs.push(record),
            RunAdvance::Warned(warning) => warnings.push(warning),
            RunAdvance::Ended(end) => {
                let StepLosses { total, terms } = losses;
                return Ok(RunLog { losses: total, terms, warnings, epochs, end });
            }
        }
    }
}

pub fn train(experiment: Experiment, images: &SampleSet) -> (RunLog, Model) {
    train_from(experiment, images, Start::Fresh)
}

pub fn train_from(experiment: Experiment, images: &SampleSet, start: Start) -> (RunLog, Model) {
    let mut run = TrainingRun::new(&cpu(), checked(experiment), images, start).expect("the run can start");
    let log = run_to_end(&mut run).expect("the CPU does not fail");
    (log, run.into_model("test".into()))
}

pub fn file(model: &Model) -> Vec<u8> {
    pollster::block_on(model.to_file()).expect("the CPU does not fail")
}

pub fn reconstruct(model: &Model, pixels: &[f32]) -> Vec<f32> {
    pollster::block_on(model.reconstruct(pixels)).expect("the CPU does not fail")
}
