//! Changes of the lab's state.

use std::rc::Rc;

use pinhole_protocol::{
    DataSummary, EpochRecord, Experiment, ModelSummary, NamedFile, Preset, RunModels, TrainingEnd, TrainingPhase,
    TrainingStart, table::RowsSummary,
};
use web_sys::File;

use super::View;
use crate::{
    builder::{history::Typing, shortcuts::UndoStep},
    labs::digits::draw::PipelineAction,
    storage::StorageState,
};

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
    /// Sets the id under which the current model's run is stored.
    SetRunId(Option<Rc<str>>),
    /// A run was stored in the browser, or not.
    SetStorage(StorageState),
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
    /// Changes the pipeline.
    Pipeline(PipelineAction),
    /// Changes what is looked at.
    SetView(View),
    /// Explains a term of the glossary.
    Explain(&'static str),
    /// Goes to a stop of the tour, or leaves it.
    SetTourStop(Option<usize>),
    /// Measurements are requested.
    RequestMeasurements,
    /// A model file is sent to the engine.
    SendModel(Rc<NamedFile>),
    /// The ready-made model was fetched.
    SetReadyMade(Rc<NamedFile>),
    /// Images were read and sent to the engine.
    SetImages {
        images: Vec<File>,
        /// Indices of those whose pictures are left as they are.
        as_is: Vec<usize>,
    },
    /// Sets the seed of the pictures that are generated.
    SetGenerationSeed(u64),
    /// The run goes on in a new worker, from its start or from a checkpoint.
    ResumeRun(TrainingStart),
    /// The worker is gone, with its model and data.
    WorkerLost,
}
