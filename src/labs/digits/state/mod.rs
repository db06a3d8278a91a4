//! State of the lab: the experiment being edited, the current model and data, and the phase of the run.

use std::{ops::RangeInclusive, rc::Rc};

use pinhole_protocol::{
    DataSummary, EpochRecord, Experiment, GridShape, ImageSource, ModelSummary, Preset, RunModels, TrainingEnd,
    TrainingPhase, TrainingStart, presets, table::RowsSummary,
};
use yew::prelude::*;

use super::table_source::{TableSource, learns_from_rows};
use crate::{
    builder::{
        data_source,
        history::{History, Typing},
        presets::{preset_of, with_preset},
        shortcuts::UndoStep,
    },
    components::picture::is_picture,
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

/// Name of the preset at the start: it trains quickly, and is a denoiser as the ready-made model is.
const FIRST_PRESET: &str = "dense-denoiser";

/// State of the lab; what changes many times per second is kept in the components that show it.
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
    history: History<Draft>,
    /// True if the experiment of a link or model needs images that are not open yet; it then stays as it is when they
    /// are opened.
    awaits_images: bool,
    /// Model of the current run, once the run has its samples.
    run: Option<Rc<ModelSummary>>,
}

/// Part of the state that edits change and undo restores.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    experiment: Rc<Experiment>,
    start: TrainingStart,
}

impl Default for Lab {
    fn default() -> Self {
        let preset = presets().into_iter().find(|preset| preset.name == FIRST_PRESET);
        Self {
            experiment: preset.map(|preset| preset.experiment).unwrap_or_default().into(),
            start: TrainingStart::default(),
            model: None,
            opened: None,
            table: TableSource::default(),
            run_models: None,
            phase: RunPhase::default(),
            fresh_runs: 0,
            is_searching: false,
            history: History::default(),
            awaits_images: false,
            run: None,
        }
    }
}

/// Change of the state.
pub enum LabAction {
    /// Replaces the experiment by an edited one.
    Edit(Experiment),
    /// Takes the network, objective and schedule of a preset.
    ChoosePreset(Preset),
    /// Opens the experiment of a link or of the current model.
    OpenExperiment(Experiment),
    /// Undoes or redoes an edit.
    UndoOrRedo(UndoStep),
    /// Sets the state of typing.
    SetTyping(Typing),
    /// Sets the start of training.
    SetStart(TrainingStart),
    /// Starts a run.
    StartRun(TrainingStart),
    /// The run has its samples.
    RunStarted,
    /// The run has finished an epoch.
    EpochFinished(EpochRecord),
    /// Sets the phase of the run.
    SetPhase(TrainingPhase),
    /// The run has ended.
    RunEnded(TrainingEnd),
    /// Sets the networks of the last run and which of them is the current model.
    SetRunModels(RunModels),
    /// Sets the current model.
    SetModel(Rc<ModelSummary>),
    /// Images were opened.
    ImagesOpened(Rc<DataSummary>),
    /// A table is being opened to be trained on.
    RequestTable,
    /// A command failed, which may have been the opening of a table.
    CancelTable,
    /// The rows of the table have changed.
    TableChanged,
    /// The engine has described the rows.
    TableDescribed(Result<RowsSummary, String>),
    /// A search for a learning rate has started or ended.
    SetSearching(bool),
    /// The run could not start, or its device was lost.
    AbandonRun,
}

impl Reducible for Lab {
    type Action = LabAction;

    fn reduce(self: Rc<Self>, action: LabAction) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            LabAction::Edit(experiment) => lab.edit(experiment),
            LabAction::ChoosePreset(preset) => {
                let experiment = with_preset(&lab.experiment, &preset, lab.opened.is_some());
                lab.edit_all(Draft { experiment: experiment.into(), start: preset.start });
            }
            LabAction::OpenExperiment(experiment) => {
                lab.awaits_images = experiment.data.source == ImageSource::Opened && lab.opened.is_none();
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
            LabAction::StartRun(start) => {
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
                lab.opened = Some(summary);
                // Opened images become the data, except during a run.
                let asks_for_opened = lab.experiment.data.source == ImageSource::Opened;
                let is_awaited = std::mem::take(&mut lab.awaits_images) && asks_for_opened;
                if !lab.phase.is_active() && !is_awaited {
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
                lab.phase = RunPhase::Idle;
                lab.run = None;
            }
        }
        lab.into()
    }
}

impl Lab {
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
