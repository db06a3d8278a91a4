//! State of the lab: the experiment being edited, the current model and data, the phase of the run, the pipeline, and
//! what is looked at. The controller turns its changes into commands.

mod action;
mod model_report;
mod recovery;
mod run_progress;
mod view;

use std::{ops::RangeInclusive, rc::Rc};

use pinhole_protocol::{
    CodeOrigin, DataSpec, DataSummary, Event, Experiment, GridShape, ImageSource, ModelSummary, NetworkPlan, Preset,
    RunModels, TrainingEnd, TrainingPhase, TrainingStart, presets,
};
use yew::prelude::*;

pub use self::{
    action::LabAction,
    model_report::ModelReport,
    recovery::{Recovery, Restoration},
    run_progress::RunProgress,
    view::{StageMode, View, ViewTab, ViewWidth},
};
use super::{
    draw::{Pipeline, PipelineAction, Task},
    train::{TableSource, learns_from_rows},
};
use crate::{
    builder::{
        data_source,
        history::History,
        presets::{brings_data, preset_of, with_preset},
        shortcuts::UndoStep,
    },
    components::picture::is_picture,
    storage::StorageState,
};

/// Phase of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RunPhase {
    /// No run was started.
    #[default]
    Idle,
    /// A run is in progress.
    Active(TrainingPhase),
    /// The last run has ended.
    Ended(TrainingEnd),
}

impl RunPhase {
    /// True while a run is in progress.
    pub const fn is_active(&self) -> bool {
        matches!(self, Self::Active(_))
    }
}

/// Range of the side of a picture, in pixels.
const SIDES: RangeInclusive<usize> = 16..=64;

/// Name of the preset at the start: of the denoisers with a vector code, the best after 20 seconds on a CPU.
const FIRST_PRESET: &str = "conv-vector-denoiser";

/// Name of the preset that takes its place when rows are opened: the first one reads pictures only.
const FIRST_PRESET_OF_ROWS: &str = "dense-denoiser";

/// Experiment of a preset.
fn experiment_of(name: &str) -> Experiment {
    presets().into_iter().find(|preset| preset.name == name).map(|preset| preset.experiment).unwrap_or_default()
}

/// State of the lab.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    pub experiment: Rc<Experiment>,
    pub start: TrainingStart,
    pub model: Option<Rc<ModelSummary>>,
    pub opened: Option<Rc<DataSummary>>,
    pub table: TableSource,
    /// Networks of the last run, if the current model is one of two.
    pub run_models: Option<RunModels>,
    pub phase: RunPhase,
    /// Number of runs started that do not continue the current model.
    pub fresh_runs: usize,
    /// True during a search for a learning rate.
    pub is_searching: bool,
    pub view: View,
    /// Term of the control that has the focus or the pointer.
    pub explained: Option<&'static str>,
    /// Stop of the tour, if somebody is on it.
    pub tour: Option<usize>,
    pub pipeline: Pipeline,
    pub progress: RunProgress,
    pub report: ModelReport,
    pub recovery: Recovery,
    pub storage: StorageState,
    history: History<Draft>,
    /// True if the experiment of a link or model needs images that are not open yet; it then stays as it is when they
    /// are opened.
    awaits_images: bool,
    /// Data before a preset was chosen that brought its own.
    data_before_preset: Option<DataSpec>,
    /// Model of the current run, once the run has its samples.
    run: Option<Rc<ModelSummary>>,
    /// Active model that plan and task were taken from.
    followed: Option<Rc<ModelSummary>>,
    /// Plan of the active model's network.
    active_plan: Option<Rc<NetworkPlan>>,
}

/// Part of the state that edits change and undo restores.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    experiment: Rc<Experiment>,
    start: TrainingStart,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            experiment: experiment_of(FIRST_PRESET).into(),
            start: TrainingStart::default(),
            model: None,
            opened: None,
            table: TableSource::default(),
            run_models: None,
            phase: RunPhase::default(),
            fresh_runs: 0,
            is_searching: false,
            view: View::default(),
            explained: None,
            tour: None,
            pipeline: Pipeline::default(),
            progress: RunProgress::default(),
            report: ModelReport::default(),
            recovery: Recovery::default(),
            storage: StorageState::default(),
            history: History::default(),
            awaits_images: false,
            data_before_preset: None,
            run: None,
            followed: None,
            active_plan: None,
        }
    }
}

impl Reducible for Lab {
    type Action = LabAction;

    fn reduce(self: Rc<Self>, action: LabAction) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            LabAction::Edit(experiment) => lab.edit(experiment),
            LabAction::ChoosePreset(preset) => lab.choose_preset(&preset),
            LabAction::OpenExperiment(experiment) => {
                lab.awaits_images = experiment.data.source == ImageSource::Opened && lab.opened.is_none();
                lab.data_before_preset = None;
                if experiment != *lab.experiment {
                    // A link to a preset starts as the preset does.
                    let start = preset_of(&experiment).map(|preset| preset.start).unwrap_or_default();
                    lab.edit_all(Draft { experiment: experiment.into(), start });
                }
            }
            LabAction::UndoOrRedo(step) => {
                let present = lab.draft();
                let draft = match step {
                    UndoStep::Undo => lab.history.undo(&present),
                    UndoStep::Redo => lab.history.redo(&present),
                };
                if let Some(draft) = draft {
                    lab.put(draft);
                }
            }
            LabAction::SetTyping(typing) => lab.history.set_typing(typing),
            LabAction::SetStart(start) => lab.edit_all(Draft { start, ..lab.draft() }),
            LabAction::SetRunId(id) => lab.recovery.set_run_id(id),
            LabAction::SetStorage(state) => lab.storage = lab.storage.followed_by(state, lab.phase.is_active()),
            LabAction::StartRun(start) => {
                lab.storage = StorageState::Works;
                lab.recovery.begin_run(lab.experiment.clone(), start);
                lab.pipeline.reduce(PipelineAction::BeginRun(start == TrainingStart::Continue));
                lab.fresh_runs += usize::from(start != TrainingStart::Continue);
                lab.phase = RunPhase::Active(TrainingPhase::Preparing);
            }
            LabAction::RunStarted => {
                lab.run = Some(lab.started_run().into());
                lab.run_models = None;
            }
            LabAction::EpochFinished(record) => {
                if let Some(run) = &mut lab.run {
                    Rc::make_mut(run).history.push(record);
                }
            }
            LabAction::SetPhase(phase) => lab.phase = RunPhase::Active(phase),
            LabAction::RunEnded(end) => {
                lab.phase = RunPhase::Ended(end);
                lab.start = TrainingStart::Fresh;
                // A run that was stopped before it had samples leaves the current model.
                lab.model = lab.run.take().or(lab.model);
            }
            LabAction::SetRunModels(models) => lab.run_models = Some(models),
            LabAction::SetModel(model) => {
                lab.model = Some(model);
                lab.run_models = None;
            }
            LabAction::ImagesOpened(summary) => {
                // A switch that leaves pictures as they are opens the same files again.
                let is_again = lab.opened.as_ref().is_some_and(|opened| opened.is_of_the_same_pictures(&summary));
                lab.opened = Some(summary);
                // Opened images become the data, except during a run.
                let asks_for_opened = lab.experiment.data.source == ImageSource::Opened;
                let is_awaited = std::mem::take(&mut lab.awaits_images) && asks_for_opened;
                if !lab.phase.is_active() && !is_awaited && !is_again {
                    lab.use_opened();
                }
            }
            LabAction::RequestTable => lab.table.request(),
            LabAction::CancelTable => lab.table.cancel_request(),
            LabAction::TableChanged => lab.table.invalidate(),
            LabAction::TableDescribed(description) => {
                // A run keeps the rows that it started with.
                if lab.table.set_description(description, &lab.experiment) && !lab.phase.is_active() {
                    lab.use_rows();
                }
            }
            LabAction::SetSearching(is_searching) => lab.is_searching = is_searching,
            LabAction::AbandonRun => {
                lab.recovery.end_run();
                lab.phase = RunPhase::Idle;
                lab.run = None;
            }
            LabAction::Pipeline(action) => lab.pipeline.reduce(action),
            LabAction::SetView(view) => lab.view = view,
            LabAction::Explain(term) => lab.explained = Some(term),
            LabAction::SetTourStop(stop) => lab.tour = stop,
            LabAction::RequestMeasurements => lab.report.is_measuring = true,
            LabAction::SendModel(file) => lab.recovery.send_model(file),
            LabAction::SetReadyMade(file) => lab.recovery.set_ready_made(file),
            LabAction::SetImages { images, as_is } => lab.recovery.set_images(images, as_is),
            LabAction::SetGenerationSeed(seed) => lab.report.seed = seed,
            LabAction::ResumeRun(start) => {
                lab.recovery.resume_run(start);
                lab.phase = RunPhase::Active(TrainingPhase::Preparing);
            }
            LabAction::WorkerLost => {
                lab.pipeline.reduce(PipelineAction::ModelLost);
                lab.report.forget_model();
            }
        }
        lab.follow_model();
        lab.into()
    }
}

impl Lab {
    /// Takes an event of the engine into all that shows such events as they come. Returns true if that is visible: most
    /// of a run's progress is not.
    pub fn receive(&mut self, event: &Event, now_ms: f64) -> bool {
        self.recovery.receive(event);
        let is_progress_visible = self.progress.receive(event, now_ms);
        let is_pipeline_changed = self.pipeline.receive(event);
        let is_report_changed = self.report.receive(event);
        is_progress_visible || is_pipeline_changed || is_report_changed
    }

    /// Follows the active model, if it is another one: its plan, its task, and whether it makes pictures of its own.
    fn follow_model(&mut self) {
        let model = self.active_model();
        let is_same = match (&self.followed, &model) {
            (Some(followed), Some(model)) => Rc::ptr_eq(followed, model),
            (followed, model) => followed.is_none() && model.is_none(),
        };
        if is_same {
            return;
        }
        self.active_plan = model.as_ref().and_then(|model| model.experiment.network.plan().ok()).map(Rc::new);
        self.view.is_generative = self.active_plan.as_deref().and_then(CodeOrigin::of).is_some();
        if let Some(model) = &model {
            self.pipeline.set_task(Task::of(&model.experiment));
        }
        self.followed = model;
    }

    /// True from the start of a run to its end.
    pub fn is_training(&self) -> bool {
        self.recovery.is_training()
    }

    /// True if drawings can be sent through the model.
    pub fn can_denoise(&self) -> bool {
        self.pipeline.has_model() && is_picture(self.active_input())
    }

    /// Takes a preset. Data that the preset before has brought along go with it.
    fn choose_preset(&mut self, preset: &Preset) {
        let mut edited = (*self.experiment).clone();
        if preset_of(&edited).is_some_and(|before| brings_data(&before, &edited.data)) {
            edited.data = self.data_before_preset.take().unwrap_or_default();
        }
        let experiment = with_preset(&edited, preset, self.opened.is_some());
        if experiment.data != edited.data {
            self.data_before_preset = Some(edited.data);
        }
        self.edit_all(Draft { experiment: experiment.into(), start: preset.start });
    }

    /// Replaces the experiment, which can be undone.
    fn edit(&mut self, experiment: Experiment) {
        // Only the same network can be trained further.
        let is_another = experiment.network != self.experiment.network;
        let start = if self.start == TrainingStart::Continue && is_another { TrainingStart::Fresh } else { self.start };
        self.edit_all(Draft { experiment: experiment.into(), start });
    }

    fn edit_all(&mut self, draft: Draft) {
        let before = self.draft();
        if draft != before {
            self.history.record(&before);
            self.put(draft);
        }
    }

    fn draft(&self) -> Draft {
        Draft { experiment: self.experiment.clone(), start: self.start }
    }

    fn put(&mut self, Draft { experiment, start }: Draft) {
        (self.experiment, self.start) = (experiment, start);
    }

    /// Sets the opened images as data, in their own shape if networks accept it.
    fn use_opened(&mut self) {
        let mut edited = (*self.experiment).clone();
        let is_accepted = |shape: GridShape| {
            [1, 3].contains(&shape.channels) && SIDES.contains(&shape.height) && SIDES.contains(&shape.width)
        };
        data_source::set_source(&mut edited, ImageSource::Opened, None);
        if let Some(shape) = self.opened.as_ref().map(|opened| opened.shape).filter(|shape| is_accepted(*shape)) {
            edited.network.input = shape;
        }
        self.edit(edited);
    }

    /// Sets the rows of the table as data, with their width as the network's input.
    fn use_rows(&mut self) {
        let width = self.table.rows().map(|rows| rows.width);
        let mut edited = (*self.experiment).clone();
        if preset_of(&edited).is_some_and(|preset| preset.name == FIRST_PRESET) {
            edited = experiment_of(FIRST_PRESET_OF_ROWS);
        }
        if learns_from_rows(&edited) {
            data_source::adapt(&mut edited, width);
        } else {
            data_source::set_source(&mut edited, ImageSource::TableRows, width);
        }
        self.edit(edited);
    }

    /// True if there is an edit to undo, and true if there is one to redo.
    pub const fn can_undo_redo(&self) -> (bool, bool) {
        self.history.can_undo_redo()
    }

    /// Summary of the model of a run that starts now. The experiment cannot be edited during the run.
    fn started_run(&self) -> ModelSummary {
        let history = match (self.start, &self.model) {
            (TrainingStart::Continue, Some(model)) => model.history.clone(),
            _ => Vec::new(),
        };
        ModelSummary { name: "Yours".into(), experiment: (*self.experiment).clone(), history }
    }

    /// Model in training, or else the current one.
    pub fn active_model(&self) -> Option<Rc<ModelSummary>> {
        self.run.clone().or_else(|| self.model.clone())
    }

    /// Plan of the active model's network.
    pub fn active_plan(&self) -> Option<&NetworkPlan> {
        self.active_plan.as_deref()
    }

    /// Input shape of the active model. Until a run has its samples, the engine may change from the current model to
    /// that of the run at any moment: if either reads rows, no drawing may be sent.
    pub fn active_input(&self) -> GridShape {
        let present = self.active_model().map_or(GridShape::MNIST, |model| model.experiment.network.input);
        let next = self.experiment.network.input;
        if self.phase.is_active() && !is_picture(next) { next } else { present }
    }
}

#[cfg(test)]
mod tests;
