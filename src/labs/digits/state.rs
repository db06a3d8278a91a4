//! What the lab knows: the experiment being edited, the model and images in hand, and where a run stands.

use std::{ops::RangeInclusive, rc::Rc};

use pinhole_protocol::{
    DataSummary, EpochRecord, Experiment, GridShape, ImageSource, ModelSummary, Preset, RunModels, TrainingEnd,
    TrainingPhase, TrainingStart, presets, table::RowsSummary,
};
use yew::prelude::*;

use super::table::{Table, is_of_rows};
use crate::{
    builder::{
        history::{History, Typing},
        keys::Step,
        presets::{preset_of, with_preset},
        samples,
    },
    components::picture::is_picture,
};

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

/// Pixels that a side of a picture may have.
const SIDES: RangeInclusive<usize> = 16..=64;

/// What the panel begins with: quick to train, and as much a denoiser as the page's own model.
const FIRST_PRESET: &str = "dense-denoiser";

/// The lab's state; what changes many times a second is kept where it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    pub experiment: Rc<Experiment>,
    pub start: TrainingStart,
    pub model: Option<Rc<ModelSummary>>,
    pub opened: Option<Rc<DataSummary>>,
    pub table: Table,
    /// The networks that the last run left, where the model in hand is one of two.
    pub run_models: Option<RunModels>,
    pub phase: RunPhase,
    /// Runs begun from new weights.
    pub fresh_runs: usize,
    /// Whether learning rates are being tried: the engine is busy.
    pub is_searching: bool,
    history: History<Draft>,
    /// Whether a link or a model's experiment asks for images that are yet to be opened: it says what to make of them.
    awaits_images: bool,
    /// What the run under way makes of the model in hand, once it has taken a step.
    run: Option<Rc<ModelSummary>>,
}

/// What an edit changes, and undo brings back.
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
            table: Table::default(),
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

/// What happens to it.
pub enum LabAction {
    /// The experiment was edited.
    Edit(Experiment),
    /// A preset was chosen.
    Choose(Preset),
    /// A link was opened that holds this, or it is the model's in hand.
    Link(Experiment),
    /// An edit is taken back, or done again.
    Step(Step),
    /// A field is being written into, or no longer.
    Type(Typing),
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
    /// The run has left a choice of networks, or another of them is in hand.
    RunModels(RunModels),
    /// There is another model in hand.
    Model(Rc<ModelSummary>),
    /// Images were opened.
    Opened(Rc<DataSummary>),
    /// A table is opened to be learnt from.
    WantTable,
    /// The engine could not do what was asked, which may have been that.
    GiveUpTable,
    /// The table's rows are other ones to a network.
    ChangeTable,
    /// The engine said what they are.
    DescribeTable(Result<RowsSummary, String>),
    /// A search for a learning rate begins or ends.
    Search(bool),
    /// The run could not begin, or its device is gone.
    Abandon,
}

impl Reducible for Lab {
    type Action = LabAction;

    fn reduce(self: Rc<Self>, action: LabAction) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            LabAction::Edit(experiment) => lab.edit(experiment),
            LabAction::Choose(preset) => {
                let experiment = with_preset(&lab.experiment, &preset, lab.opened.is_some());
                lab.edit_all(Draft { experiment: experiment.into(), start: preset.start });
            }
            LabAction::Link(experiment) => {
                lab.awaits_images = experiment.data.source == ImageSource::Opened && lab.opened.is_none();
                if experiment != *lab.experiment {
                    // A link to a preset starts as the preset does.
                    let start = preset_of(&experiment).map(|preset| preset.start).unwrap_or_default();
                    lab.edit_all(Draft { experiment: experiment.into(), start });
                }
            }
            LabAction::Step(step) => {
                let present = lab.draft();
                let draft = match step {
                    Step::Undo => lab.history.undo(&present),
                    Step::Redo => lab.history.redo(&present),
                };
                if let Some(draft) = draft {
                    lab.put(draft);
                }
            }
            LabAction::Type(typing) => lab.history.set_typing(typing),
            LabAction::StartFrom(start) => lab.edit_all(Draft { start, ..lab.draft() }),
            LabAction::Begin(start) => {
                lab.fresh_runs += usize::from(start != TrainingStart::Continue);
                lab.phase = RunPhase::Active(TrainingPhase::Preparing);
            }
            LabAction::Begun => {
                lab.run = Some(lab.begun_run().into());
                lab.run_models = None;
            }
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
            LabAction::RunModels(models) => lab.run_models = Some(models),
            LabAction::Model(model) => {
                lab.model = Some(model);
                lab.run_models = None;
            }
            LabAction::Opened(summary) => {
                lab.opened = Some(summary);
                // Whoever opens images wants to use them, but a run under way keeps its own.
                let asks_for_opened = lab.experiment.data.source == ImageSource::Opened;
                let is_awaited = std::mem::take(&mut lab.awaits_images) && asks_for_opened;
                if !lab.phase.is_active() && !is_awaited {
                    lab.use_opened();
                }
            }
            LabAction::WantTable => lab.table.want(),
            LabAction::GiveUpTable => lab.table.give_up(),
            LabAction::ChangeTable => lab.table.change(),
            LabAction::DescribeTable(told) => {
                // A run under way keeps its own rows.
                if lab.table.describe(told, &lab.experiment) && !lab.phase.is_active() {
                    lab.use_rows();
                }
            }
            LabAction::Search(is_searching) => lab.is_searching = is_searching,
            LabAction::Abandon => {
                lab.phase = RunPhase::Idle;
                lab.run = None;
            }
        }
        lab.into()
    }
}

impl Lab {
    /// The experiment becomes another one, which can be undone.
    fn edit(&mut self, experiment: Experiment) {
        // Only the same network can be trained on.
        let is_another = experiment.network != self.experiment.network;
        let start = if self.start == TrainingStart::Continue && is_another { TrainingStart::Fresh } else { self.start };
        self.edit_all(Draft { experiment: experiment.into(), start });
    }

    fn edit_all(&mut self, draft: Draft) {
        let before = self.draft();
        if draft != before {
            self.history.edited(&before);
            self.put(draft);
        }
    }

    fn draft(&self) -> Draft {
        Draft { experiment: self.experiment.clone(), start: self.start }
    }

    fn put(&mut self, Draft { experiment, start }: Draft) {
        (self.experiment, self.start) = (experiment, start);
    }

    /// Learns from the opened images, in their own shape where networks take it.
    fn use_opened(&mut self) {
        let mut edited = (*self.experiment).clone();
        let takes = |shape: GridShape| {
            [1, 3].contains(&shape.channels) && SIDES.contains(&shape.height) && SIDES.contains(&shape.width)
        };
        samples::choose(&mut edited, ImageSource::Opened, None);
        if let Some(shape) = self.opened.as_ref().map(|opened| opened.shape).filter(|shape| takes(*shape)) {
            edited.network.input = shape;
        }
        self.edit(edited);
    }

    /// Learns from the table's rows, at the width that they have.
    fn use_rows(&mut self) {
        let width = self.table.rows().map(|rows| rows.width);
        let mut edited = (*self.experiment).clone();
        if is_of_rows(&edited) {
            samples::suit(&mut edited, width);
        } else {
            samples::choose(&mut edited, ImageSource::TableRows, width);
        }
        self.edit(edited);
    }

    /// Whether an edit can be taken back, and done again.
    pub const fn steps(&self) -> (bool, bool) {
        self.history.steps()
    }

    /// The model of a run that begins now: the fields cannot be edited while it goes on.
    fn begun_run(&self) -> ModelSummary {
        let history = match (self.start, &self.model) {
            (TrainingStart::Continue, Some(model)) => model.history.clone(),
            _ => Vec::new(),
        };
        ModelSummary { name: "Trained here".into(), experiment: (*self.experiment).clone(), history }
    }

    /// The model in training, or the one in hand: what the engine looks into.
    pub fn model_at_work(&self) -> Option<Rc<ModelSummary>> {
        self.run.clone().or_else(|| self.model.clone())
    }

    /// What that model reads. Until a run has its samples, the engine may change from the model in hand to the run's at
    /// any moment: if either reads rows, no drawing can be sent.
    pub fn input_at_work(&self) -> GridShape {
        let now = self.model_at_work().map_or(GridShape::MNIST, |model| model.experiment.network.input);
        let coming = self.experiment.network.input;
        if self.phase.is_active() && !is_picture(coming) { coming } else { now }
    }
}

#[cfg(test)]
mod tests;
