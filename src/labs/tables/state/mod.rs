//! State of the lab: the open table and the settings to train with, the detector, the scores, and the job in progress.
//!
//! A failure or a cancellation changes nothing in the engine. The lab does the same: it keeps a copy of its data from
//! the start of a job until the job succeeds.

mod choices;

use std::rc::Rc;

use pinhole_protocol::{
    Failure, FailureKind,
    table::{
        DetectorPlan, DetectorSummary, Dialect, LabelPlan, ScoredFile, TableActivity, TableEvent, TablePreview,
        TableProgress, TableSummary, ThresholdReport, UnmatchedColumns,
    },
};
use yew::prelude::*;

pub use self::choices::Choices;
use super::plan;
use crate::storage::{StorageState, TableSettings};

/// Question which columns of a file those of the detector are.
#[derive(Clone, Debug, PartialEq)]
pub struct UnmatchedQuestion {
    pub columns: Rc<UnmatchedColumns>,
    /// Sentence on why the engine has refused the last answer.
    pub refusal: Option<AttrValue>,
}

/// A job of the engine that was requested and is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Reads a table, from its first rows to its end.
    Reading,
    /// Trains a detector and scores the table with it.
    Training,
    /// Scores another file.
    Scoring,
    /// Reads a detector's file.
    OpeningDetector,
    /// Fits the baselines.
    Comparing,
    /// Trains the detector further.
    FineTuning,
    /// Fills missing cells of the scored table.
    Filling,
}

impl JobKind {
    /// The job that an activity of the engine belongs to; `None` for a query of the results, which changes no data.
    const fn from_activity(activity: TableActivity) -> Option<Self> {
        match activity {
            TableActivity::Reading => Some(Self::Reading),
            TableActivity::Training => Some(Self::Training),
            TableActivity::Scoring => Some(Self::Scoring),
            TableActivity::Comparing => Some(Self::Comparing),
            TableActivity::FineTuning => Some(Self::FineTuning),
            TableActivity::Filling => Some(Self::Filling),
            TableActivity::Searching | TableActivity::Exporting => None,
        }
    }

    /// True if the job can end early and keep what was trained so far.
    pub const fn can_stop(self) -> bool {
        matches!(self, Self::Training | Self::FineTuning)
    }

    /// True if the job can be cancelled.
    pub const fn can_cancel(self) -> bool {
        matches!(self, Self::Reading | Self::Scoring | Self::Comparing | Self::Filling)
    }
}

/// A label that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelCheck {
    pub label: LabelPlan,
    /// Its faults, a sentence each.
    pub warnings: Vec<String>,
}

/// Everything that a job may change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabData {
    /// The open table and its first rows.
    pub preview: Option<Rc<TablePreview>>,
    /// Summary of the whole table; `None` while it is read, and for one that was only scored.
    pub summary: Option<Rc<TableSummary>>,
    /// Settings of the next training.
    pub plan: Rc<DetectorPlan>,
    /// A person's choices for the open table; `None` without one.
    pub choices: Option<Choices>,
    pub detector: Option<Rc<DetectorSummary>>,
    /// Scores of the open table by the current detector.
    pub scored: Option<Rc<ScoredFile>>,
}

impl LabData {
    /// Settings to be stored under the open table's header.
    pub fn settings(&self) -> Option<&TableSettings> {
        self.choices.as_ref().map(|choices| &choices.settings)
    }

    /// Dialect that the open file is to be read with by the choices, if it is read with another.
    pub fn dialect_to_read(&self) -> Option<Dialect> {
        let dialect = self.choices.as_ref()?.dialect();
        self.preview.as_ref().filter(|preview| preview.dialect != dialect).map(|_| dialect)
    }

    /// Takes over the dialect that the whole file asked for.
    fn read_as(&mut self, dialect: &Dialect) {
        if let Some(preview) = self.preview.as_mut().filter(|preview| preview.dialect != *dialect) {
            Rc::make_mut(preview).dialect = dialect.clone();
        }
        if let Some(choices) = &mut self.choices {
            choices.guess_dialect(dialect);
        }
    }

    /// `plan` with columns and label as guessed, and the choices in place of guesses.
    fn plan_by_choices(&self, plan: &DetectorPlan) -> DetectorPlan {
        let summary = self.summary.as_deref();
        let guessed = summary.map_or_else(|| plan.clone(), |summary| plan::from_summary(plan, summary));
        self.choices.as_ref().map_or(guessed.clone(), |choices| choices.applied_to(&guessed, summary))
    }

    fn choose_dialect(&mut self, dialect: &Dialect) {
        if let (Some(choices), Some(preview)) = (&mut self.choices, &self.preview) {
            choices.choose_dialect(&preview.dialect, dialect);
        }
    }

    fn choose_plan(&mut self, plan: DetectorPlan) {
        if let Some(choices) = &mut self.choices {
            choices.choose_plan(&plan, self.summary.as_deref());
        }
        self.plan = plan.into();
    }

    fn take_up(&mut self, settings: TableSettings) {
        if let Some(choices) = &mut self.choices {
            choices.take_up(settings);
        }
        self.plan = Rc::new(self.plan_by_choices(&self.plan));
    }

    fn start_over(&mut self) {
        if let Some(choices) = &mut self.choices {
            choices.reset();
        }
        self.plan = Rc::new(self.plan_by_choices(&DetectorPlan::default()));
    }
}

/// State of the lab. Progress, which changes several times per second, is a state of the status line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lab {
    pub data: LabData,
    pub job: Option<JobKind>,
    /// Rows above the current threshold.
    pub flagged: u64,
    /// Question that a person is asked before a file is scored.
    pub unmatched: Option<UnmatchedQuestion>,
    /// Name of the file that is being opened.
    pub file_name: AttrValue,
    /// Number of files that were opened, readings with another dialect left out.
    pub opened_files: usize,
    /// The label that the engine checked last.
    pub label_check: Option<Rc<LabelCheck>>,
    /// State of the browser's storage.
    pub storage: StorageState,
    /// True from a request to read the open file with another dialect until it is opened.
    is_rereading: bool,
    /// True once the engine has started the job: from then on a refused command is another one.
    is_started: bool,
    /// The data from before the job.
    rollback: Option<Box<LabData>>,
}

/// A change of the lab's state.
pub enum LabAction {
    /// A job was requested.
    Start(JobKind),
    /// A file was sent to be read or scored.
    OpenFile { job: JobKind, name: AttrValue },
    /// The open file is to be read with another dialect, for a person's choice if there is one.
    Reread { choice: Option<Box<Dialect>> },
    /// A person has edited the settings.
    Plan(DetectorPlan),
    /// Choices for an earlier file with the same header were found.
    TakeUp(Box<TableSettings>),
    /// All choices for the open table are to be as guessed.
    StartOver,
    /// The browser's storage has reported its state.
    Storage(StorageState),
    /// The engine reported something about tables.
    Event(Box<TableEvent>),
    /// The engine refused a command, or a job failed.
    Failure(Failure),
    /// A new worker has started, which holds no table.
    Reset,
}

impl LabAction {
    /// The change that an event makes; `None` for the many events that only the results read.
    pub fn from_event(event: &TableEvent) -> Option<Self> {
        let concerns_lab = matches!(
            event,
            TableEvent::Opened(_)
                | TableEvent::UnmatchedColumns(_)
                | TableEvent::Scanned(_)
                | TableEvent::LabelChecked { .. }
                | TableEvent::Progress(_)
                | TableEvent::Cancelled
                | TableEvent::DetectorReady(_)
                | TableEvent::Scored(_)
                | TableEvent::Compared { .. }
                | TableEvent::Filled(_)
                | TableEvent::Threshold { .. }
        );
        concerns_lab.then(|| Self::Event(Box::new(event.clone())))
    }

    /// The change that a failure makes.
    pub fn from_failure(failure: &Failure) -> Self {
        Self::Failure(failure.clone())
    }
}

impl Reducible for Lab {
    type Action = LabAction;

    fn reduce(self: Rc<Self>, action: LabAction) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            LabAction::Start(job) => lab.start(job, false),
            LabAction::OpenFile { job, name } => {
                lab.file_name = name;
                lab.is_rereading = false;
                lab.start(job, false);
            }
            LabAction::Reread { choice } => {
                lab.file_name = lab.name().to_owned().into();
                lab.start(JobKind::Reading, false);
                lab.is_rereading = true;
                if let Some(dialect) = choice {
                    lab.data.choose_dialect(&dialect);
                }
            }
            LabAction::Plan(plan) => lab.data.choose_plan(plan),
            LabAction::TakeUp(settings) => lab.data.take_up(*settings),
            LabAction::StartOver => lab.data.start_over(),
            LabAction::Storage(state) => {
                lab.storage = lab.storage.followed_by(state, lab.job == Some(JobKind::Training));
            }
            LabAction::Event(event) => lab.on_event(*event),
            LabAction::Failure(Failure { kind, message }) => {
                // Another command may be refused meanwhile; the job goes on.
                let is_other = kind == FailureKind::State && lab.is_started;
                if let Some(question) = lab.unmatched.as_mut().filter(|_| kind == FailureKind::Setting) {
                    // A refused answer leaves its question.
                    question.refusal = Some(message.into());
                } else if !is_other {
                    lab.is_rereading = false;
                    lab.roll_back();
                }
            }
            LabAction::Reset => {
                let data = LabData { plan: lab.data.plan, ..LabData::default() };
                lab = Self { data, opened_files: lab.opened_files, storage: lab.storage, ..Self::default() };
            }
        }
        lab.into()
    }
}

impl Lab {
    /// Name of the open table; empty without one.
    pub fn name(&self) -> &str {
        self.data.preview.as_ref().map_or("", |preview| &preview.name)
    }

    /// Faults of the chosen label, a sentence each.
    pub fn label_warnings(&self) -> &[String] {
        let check = self.label_check.as_ref().filter(|check| self.data.plan.label.as_ref() == Some(&check.label));
        check.map_or(&[], |check| &check.warnings)
    }

    /// The plan whose label the engine is to check, if it is another than that of `before`.
    pub fn plan_to_check(&self, before: &Self) -> Option<&DetectorPlan> {
        let (old, new) = (&before.data.plan, &self.data.plan);
        let is_same_table = match (&before.data.summary, &self.data.summary) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            _ => false,
        };
        let is_checked = is_same_table
            && (Rc::ptr_eq(old, new)
                || (old.label == new.label && old.entity == new.entity && old.columns == new.columns));
        let has_values = new.label.as_ref().is_some_and(|label| !label.anomalous_values.is_empty());
        (self.data.summary.is_some() && has_values && !is_checked).then_some(&**new)
    }

    /// True if this progress changes nothing here: the job is known to have started.
    pub fn ignores_progress(&self, progress: &TableProgress) -> bool {
        self.is_started || JobKind::from_activity(progress.activity).is_none()
    }

    fn on_event(&mut self, event: TableEvent) {
        match event {
            TableEvent::UnmatchedColumns(columns) => {
                self.start(JobKind::Scoring, true);
                self.unmatched = Some(UnmatchedQuestion { columns: Rc::new(columns), refusal: None });
            }
            TableEvent::Opened(preview) => {
                self.unmatched = None;
                let job = self.job.filter(|job| *job == JobKind::Scoring).unwrap_or(JobKind::Reading);
                self.start(job, true);
                if !std::mem::take(&mut self.is_rereading) {
                    self.opened_files += 1;
                    self.data.choices = Some(Choices::new(&preview));
                }
                self.data.preview = Some(Rc::new(*preview));
                self.data.summary = None;
                self.data.scored = None;
            }
            TableEvent::Scanned(summary) => {
                self.data.read_as(&summary.dialect);
                self.data.summary = Some(Rc::new(*summary));
                self.data.plan = Rc::new(self.data.plan_by_choices(&self.data.plan));
                if self.job == Some(JobKind::Reading) {
                    self.finish();
                }
            }
            TableEvent::Progress(progress) => {
                if let Some(job) = JobKind::from_activity(progress.activity).filter(|_| !self.is_started) {
                    self.start(self.job.unwrap_or(job), true);
                }
            }
            TableEvent::LabelChecked { label, warnings } => {
                self.label_check = Some(Rc::new(LabelCheck { label, warnings }));
            }
            TableEvent::Cancelled => self.roll_back(),
            TableEvent::DetectorReady(detector) => {
                self.data.detector = Some(Rc::new(*detector));
                if matches!(self.job, Some(JobKind::Training | JobKind::FineTuning)) {
                    // The detector stays even if scoring fails.
                    self.rollback = Some(Box::new(LabData { scored: None, ..self.data.clone() }));
                } else {
                    self.finish();
                }
                // The results already show the effect of fine-tuning: they stay until its scores arrive.
                if self.job != Some(JobKind::FineTuning) {
                    self.data.scored = None;
                }
            }
            TableEvent::Scored(scored) => {
                self.flagged = scored.threshold.flagged;
                self.data.scored = Some(Rc::new(*scored));
                self.finish();
            }
            TableEvent::Compared { .. } | TableEvent::Filled(_) => self.finish(),
            TableEvent::Threshold { report: ThresholdReport { flagged, .. }, .. } => self.flagged = flagged,
            _ => {}
        }
    }

    fn start(&mut self, job: JobKind, is_started: bool) {
        if self.rollback.is_none() {
            self.rollback = Some(Box::new(self.data.clone()));
        }
        self.job = Some(job);
        self.is_started = is_started;
    }

    fn finish(&mut self) {
        self.job = None;
        self.is_started = false;
        self.unmatched = None;
        self.rollback = None;
    }

    fn roll_back(&mut self) {
        if let Some(before) = self.rollback.take() {
            // Edits made during the job are kept if they are of the same table.
            let is_same_table = before.summary == self.data.summary;
            let edited = if is_same_table { &self.data } else { &*before };
            let (plan, choices) = (edited.plan.clone(), edited.choices.clone());
            self.data = LabData { plan, choices, ..*before };
        }
        self.finish();
    }
}

#[cfg(test)]
mod tests;
