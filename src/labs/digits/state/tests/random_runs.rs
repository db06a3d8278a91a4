//! Property test: whatever a person does, in whatever order the engine answers, some things always hold.

use pinhole_protocol::{
    Bytes, Corruption, DenoisedPicture, EpochRecord, Failure, FailureKind, Floats, Measure, Measurement, NamedFile,
    Noise, Picture, Progress, Quality,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::super::*;
use crate::{
    fixtures::{progress, vector_code},
    labs::digits::{
        controller::events::action_of,
        draw::{CodeEdit, ShownModel},
    },
};

/// Steps of each walk.
const STEPS: usize = 400;
/// Walks, each from another seed.
const WALKS: u64 = 40;

/// Random numbers: a linear congruential generator (Knuth, MMIX), good enough to choose steps.
struct Choices(u64);

impl Choices {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

/// The lab with what its engine is doing.
struct Walk {
    lab: Rc<Lab>,
    choices: Choices,
    epoch: usize,
    has_samples: bool,
    now_ms: f64,
}

impl Walk {
    fn act(&mut self, action: LabAction) {
        self.lab = self.lab.clone().reduce(action);
    }

    /// As the controller does.
    fn receive(&mut self, event: &Event) {
        self.now_ms += 100.0;
        let mut lab = (*self.lab).clone();
        lab.receive(event, self.now_ms);
        self.lab = Rc::new(lab);
        if let Some(action) = action_of(event, &self.lab) {
            self.act(action);
        }
        if let Event::ModelReady(model) = event {
            self.act(LabAction::SetModel(Rc::new((**model).clone())));
        }
    }

    /// Something that a person does, which the page allows now.
    fn person(&mut self) {
        let is_active = self.lab.phase.is_active();
        let choice = self.choices.below(14);
        let number = self.choices.below(1_000);
        match choice {
            0 => self.act(LabAction::Pipeline(PipelineAction::SetBrush(number as f32))),
            1 => {
                let corruption = Corruption::new(Noise::ALL[number % Noise::ALL.len()], 0.3);
                self.act(LabAction::Pipeline(PipelineAction::SetCorruption(corruption)));
            }
            2 => self.act(LabAction::Pipeline(PipelineAction::EditCode(CodeEdit::Set(number % 4, 1.0)))),
            3 => self.act(LabAction::Pipeline(PipelineAction::EditCode(CodeEdit::Reset))),
            4 => self.act(LabAction::Pipeline(PipelineAction::ShowModel(ShownModel::ReadyMade))),
            5 => self.act(LabAction::Pipeline(PipelineAction::ChooseEpoch(number % 9))),
            6 => self.act(LabAction::Pipeline(PipelineAction::ShowClean(None))),
            7 => self.act(LabAction::RequestMeasurements),
            8 => {
                let tab = ViewTab::ALL[number % 4];
                self.act(LabAction::SetView(View { tab, is_shown: true, ..self.lab.view }));
            }
            9 if !is_active => {
                let preset = presets().swap_remove(number % presets().len());
                self.act(LabAction::ChoosePreset(preset));
            }
            10 if !is_active => {
                let mut edited = (*self.lab.experiment).clone();
                edited.network.set_latent_size(1 + number);
                self.act(LabAction::Edit(edited));
            }
            11 if !is_active => self.act(LabAction::UndoOrRedo(UndoStep::Undo)),
            12 if !is_active => {
                let file = NamedFile { name: number.to_string(), bytes: Bytes(vec![0]) };
                self.act(LabAction::SendModel(file.into()));
                let experiment = presets().swap_remove(number % presets().len()).experiment;
                let model = ModelSummary { name: number.to_string(), experiment, history: Vec::new() };
                self.receive(&Event::ModelReady(Box::new(model)));
                self.assert_no_trace_of_the_last_model();
            }
            13 if !is_active => {
                self.act(LabAction::StartRun(self.lab.start));
                (self.has_samples, self.epoch) = (false, 0);
            }
            _ => {}
        }
    }

    fn assert_no_trace_of_the_last_model(&self) {
        assert!(self.lab.pipeline.epochs.is_empty(), "the strip is of another model");
        assert!(self.lab.report.measurements.is_empty() && self.lab.report.generated.is_none());
        assert_eq!(self.lab.pipeline.shown_model(), ShownModel::Yours);
    }

    /// Something that the engine says.
    fn engine(&mut self) {
        let choice = self.choices.below(10);
        let epoch = self.epoch.max(1);
        match choice {
            0 => self.receive(&denoised_event()),
            1 => self.answer(),
            2 => self.receive(&Event::Measured(vec![measurement()])),
            3 if self.lab.phase.is_active() && !self.has_samples => {
                self.has_samples = true;
                self.receive(&Event::TrainingStarted { train_images: 1, validation_images: 0 });
                assert!(self.lab.report.measurements.is_empty(), "they are of the last model");
            }
            4 | 5 if self.has_samples => {
                self.epoch += 1;
                self.receive(&Event::EpochDone(EpochRecord { epoch, train_loss: 0.1, validation_loss: None }));
            }
            6 if self.has_samples => self.receive(&Event::Progress(Progress { epoch, ..progress(epoch, vec![0.5]) })),
            7 if self.has_samples => self.receive(&Event::Checkpoint(Bytes(vec![1]))),
            8 if self.lab.phase.is_active() => {
                self.has_samples = false;
                self.receive(&Event::TrainingEnded(TrainingEnd::Stopped));
            }
            9 => {
                let failure = Failure { kind: FailureKind::State, message: "no".into() };
                self.receive(&Event::Failed(failure));
            }
            _ => {}
        }
    }

    /// The engine's answer about the picture in sight.
    fn answer(&mut self) {
        if self.lab.pipeline.epochs.is_due() {
            self.act(LabAction::Pipeline(PipelineAction::Requested));
        }
        let comparison = self.lab.can_denoise().then(|| Rc::new(comparison()));
        self.act(LabAction::Pipeline(PipelineAction::ShowDenoised(Rc::new(picture()), comparison)));
    }

    fn assert_invariants(&self) {
        let lab = &self.lab;
        assert_eq!(lab.phase.is_active(), lab.is_training(), "one truth on whether a run is in progress");
        assert!(lab.run.is_none() || lab.phase.is_active(), "no model of a run without the run");
        let run = lab.recovery.restoration().run;
        assert_eq!(run.is_some(), lab.phase.is_active(), "a run in progress has its experiment");
        if let Some((experiment, _)) = run {
            assert_eq!(experiment, lab.experiment, "nobody edits the experiment of a run in progress");
        }
        let pipeline = &lab.pipeline;
        assert!(pipeline.output().is_none() || pipeline.has_model(), "no output without a model");
        assert_eq!(pipeline.code.is_some(), pipeline.comparison().is_some(), "a code for every output");
        assert!(pipeline.edited_code().is_none() || pipeline.code.is_some());
        if let Some(model) = lab.active_model() {
            assert_eq!(pipeline.task, Task::of(&model.experiment), "the words are of the active model");
        }
        assert!(ViewTab::ALL.iter().filter(|tab| lab.view.shows(**tab)).count() <= 2);
    }
}

fn picture() -> Picture {
    Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; 784]) }
}

fn comparison() -> DenoisedPicture {
    let quality = Quality { mse: 0.1, psnr_db: 10.0, ssim: 0.5 };
    DenoisedPicture {
        shape: GridShape::MNIST,
        noisy: Floats(vec![0.5; 784]),
        code: vector_code(&[0.0, 1.0, 2.0]),
        denoised: Floats(vec![0.5; 784]),
        noisy_quality: quality,
        denoised_quality: quality,
        hidden_mse: None,
        class_probabilities: Floats(Vec::new()),
        reference: None,
    }
}

fn denoised_event() -> Event {
    Event::Denoised { request: 1, clean: picture(), comparison: None }
}

fn measurement() -> Measurement {
    Measurement { measure: Measure::ReconstructionError, value: 0.01, reference: None, samples: 10 }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_must_hold_holds_on_every_walk() {
    for seed in 0..WALKS {
        let mut walk = Walk { lab: Rc::default(), choices: Choices(seed), epoch: 0, has_samples: false, now_ms: 0.0 };
        for _ in 0..STEPS {
            if walk.choices.below(2) == 0 {
                walk.person();
            } else {
                walk.engine();
            }
            walk.assert_invariants();
        }
    }
}
