//! What the lab knows: the experiment being edited, the model and images in hand, and where a run stands.

use std::rc::Rc;

use pinhole_protocol::{
    DataSpec, DataSummary, EpochRecord, Experiment, ImageSource, ModelSummary, Preset, TrainingEnd, TrainingPhase,
    TrainingStart, presets,
};
use yew::prelude::*;

/// Where a run stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RunPhase {
    /// None was started.
    #[default]
    Idle,
    /// One is under way.
    Active(TrainingPhase),
    /// The last one ended so.
    Ended(TrainingEnd),
}

impl RunPhase {
    /// Whether a run is under way.
    pub const fn is_active(&self) -> bool {
        matches!(self, Self::Active(_))
    }
}

/// What the panel begins with: quick to train, and as much a denoiser as the page's own model.
const FIRST_PRESET: &str = "dense-denoiser";

/// The lab's state; what changes many times a second is kept where it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    pub experiment: Rc<Experiment>,
    pub start: TrainingStart,
    pub model: Option<Rc<ModelSummary>>,
    pub opened: Option<Rc<DataSummary>>,
    pub phase: RunPhase,
    /// Runs begun from new weights.
    pub fresh_runs: usize,
    /// What the run under way makes of the model in hand, once it has taken a step.
    run: Option<Rc<ModelSummary>>,
}

impl Default for Lab {
    fn default() -> Self {
        let preset = presets().into_iter().find(|preset| preset.name == FIRST_PRESET);
        Self {
            experiment: preset.map(|preset| preset.experiment).unwrap_or_default().into(),
            start: TrainingStart::default(),
            model: None,
            opened: None,
            phase: RunPhase::default(),
            fresh_runs: 0,
            run: None,
        }
    }
}

/// What happens to it.
pub enum LabAction {
    /// The experiment was edited.
    Edit(Experiment),
    /// Train on from the model in hand, or anew.
    StartFrom(TrainingStart),
    /// A run was asked for.
    Begin(TrainingStart),
    /// It has its images.
    Begun,
    /// An epoch of it is done.
    Epoch(EpochRecord),
    /// The run is at another phase.
    Phase(TrainingPhase),
    /// The run is over.
    End(TrainingEnd),
    /// There is another model in hand.
    Model(Rc<ModelSummary>),
    /// Images were opened.
    Opened(Rc<DataSummary>),
    /// The run could not begin, or its device is gone.
    Abandon,
}

impl Reducible for Lab {
    type Action = LabAction;

    fn reduce(self: Rc<Self>, action: LabAction) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            LabAction::Edit(experiment) => {
                // Only the same network can be trained on.
                if experiment.network != lab.experiment.network {
                    lab.start = TrainingStart::Fresh;
                }
                lab.experiment = experiment.into();
            }
            LabAction::StartFrom(start) => lab.start = start,
            LabAction::Begin(start) => {
                lab.fresh_runs += usize::from(start == TrainingStart::Fresh);
                lab.phase = RunPhase::Active(TrainingPhase::Preparing);
            }
            LabAction::Begun => lab.run = Some(lab.begun_run().into()),
            LabAction::Epoch(record) => {
                if let Some(run) = &mut lab.run {
                    Rc::make_mut(run).history.push(record);
                }
            }
            LabAction::Phase(phase) => lab.phase = RunPhase::Active(phase),
            LabAction::End(end) => {
                lab.phase = RunPhase::Ended(end);
                lab.start = TrainingStart::Fresh;
                // A run that was stopped before it had images changed nothing.
                lab.model = lab.run.take().or(lab.model);
            }
            LabAction::Model(model) => lab.model = Some(model),
            LabAction::Opened(summary) => {
                lab.opened = Some(summary);
                // Whoever opens images wants to use them, but a run under way keeps its own.
                if !lab.phase.is_active() {
                    let data = DataSpec { source: ImageSource::Opened, limit: None };
                    lab.experiment = Experiment { data, ..(*lab.experiment).clone() }.into();
                }
            }
            LabAction::Abandon => {
                lab.phase = RunPhase::Idle;
                lab.run = None;
            }
        }
        lab.into()
    }
}

impl Lab {
    /// The model of a run that begins now: the fields cannot be edited while it goes on.
    fn begun_run(&self) -> ModelSummary {
        let history = match (self.start, &self.model) {
            (TrainingStart::Continue, Some(model)) => model.history.clone(),
            _ => Vec::new(),
        };
        ModelSummary { name: "Trained here".into(), experiment: (*self.experiment).clone(), history }
    }

    /// Whether the model in hand has the network being edited, so that it can be trained on.
    pub fn can_continue(&self) -> bool {
        self.model.as_ref().is_some_and(|model| model.experiment.network == self.experiment.network)
    }
}

/// The preset that the experiment is, data and seed aside.
pub fn preset_of(experiment: &Experiment) -> Option<Preset> {
    presets().into_iter().find(|preset| *experiment == with_preset(experiment, preset))
}

/// The experiment with everything but its data and seed taken from the preset.
pub fn with_preset(experiment: &Experiment, preset: &Preset) -> Experiment {
    Experiment { data: experiment.data.clone(), seed: experiment.seed, ..preset.experiment.clone() }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_preset_is_known_by_all_but_data_and_seed() {
        for preset in presets() {
            let mut experiment = with_preset(&Experiment::default(), &preset);
            experiment.data.source = ImageSource::Digits8x8;
            experiment.seed = 7;
            assert_eq!(preset_of(&experiment).map(|known| known.name), Some(preset.name));
            assert_eq!(with_preset(&experiment, &preset), experiment);
            experiment.schedule.epochs += 1;
            assert_eq!(preset_of(&experiment), None);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn another_network_cannot_be_trained_on() {
        let model = ModelSummary { name: "m".into(), experiment: Experiment::default(), history: Vec::new() };
        let lab = Rc::new(Lab::default()).reduce(LabAction::Model(model.into()));
        let lab = lab.reduce(LabAction::StartFrom(TrainingStart::Continue));
        assert!(lab.can_continue());
        let mut edited = Experiment::default();
        edited.schedule.epochs = 9;
        let lab = lab.reduce(LabAction::Edit(edited.clone()));
        assert_eq!(lab.start, TrainingStart::Continue);
        edited.network.set_latent_size(3);
        let lab = lab.reduce(LabAction::Edit(edited));
        assert_eq!(lab.start, TrainingStart::Fresh);
        assert!(!lab.can_continue());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_model_in_hand_is_what_was_trained() {
        let record = EpochRecord { epoch: 1, train_loss: 0.1, validation_loss: None };
        let begin = || Rc::new(Lab::default()).reduce(LabAction::Begin(TrainingStart::Fresh));
        let stopped_early = begin().reduce(LabAction::End(TrainingEnd::Stopped));
        assert_eq!(stopped_early.model, None);
        let trained = begin().reduce(LabAction::Begun).reduce(LabAction::Epoch(record));
        assert_eq!(trained.model, None, "not before the run has ended");
        let ended = trained.reduce(LabAction::End(TrainingEnd::Finished));
        assert_eq!(ended.model.as_ref().map(|model| model.history.clone()), Some(vec![record]));
        assert!(ended.can_continue());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_first_preset_exists() {
        assert_eq!(preset_of(&Lab::default().experiment).map(|preset| preset.name), Some(FIRST_PRESET));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn curves_go_only_for_new_weights() {
        let lab = Rc::new(Lab::default()).reduce(LabAction::Begin(TrainingStart::Continue));
        assert_eq!(lab.fresh_runs, 0);
        assert!(lab.phase.is_active());
        let lab = lab.reduce(LabAction::End(TrainingEnd::Stopped)).reduce(LabAction::Begin(TrainingStart::Fresh));
        assert_eq!(lab.fresh_runs, 1);
    }
}
