//! State of the lab: the open table and the settings to train with, the detector, the scores, and the job in progress.
//!
//! A failure or a cancellation changes nothing in the engine. The lab does the same: it keeps a copy of its data from
//! the start of a job until the job succeeds.

use std::rc::Rc;

use pinhole_protocol::{
    Failure, FailureKind,
    table::{
        DetectorPlan, DetectorSummary, ScoredFile, TableActivity, TableEvent, TablePreview, TableProgress,
        TableSummary, ThresholdReport,
    },
};
use yew::prelude::*;

use super::plan;

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
            TableActivity::Searching | TableActivity::Exporting => None,
        }
    }

    /// True if the job can end early and keep what was trained so far.
    pub const fn can_stop(self) -> bool {
        matches!(self, Self::Training | Self::FineTuning)
    }

    /// True if the job can be cancelled.
    pub const fn can_cancel(self) -> bool {
        matches!(self, Self::Reading | Self::Scoring | Self::Comparing)
    }
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
    pub detector: Option<Rc<DetectorSummary>>,
    /// Scores of the open table by the current detector.
    pub scored: Option<Rc<ScoredFile>>,
}

/// State of the lab. Progress, which changes several times per second, is a state of the status line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lab {
    pub data: LabData,
    pub job: Option<JobKind>,
    /// Rows above the current threshold.
    pub flagged: u64,
    /// Name of the file that is being opened.
    pub file_name: AttrValue,
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
    /// The settings were edited.
    Plan(DetectorPlan),
    /// The engine reported something about tables.
    Event(Box<TableEvent>),
    /// The engine refused a command, or a job failed.
    Failure(FailureKind),
    /// A new worker has started, which holds no table.
    Reset,
}

impl LabAction {
    /// The change that an event makes; `None` for the many events that only the results read.
    pub fn from_event(event: &TableEvent) -> Option<Self> {
        let concerns_lab = matches!(
            event,
            TableEvent::Opened(_)
                | TableEvent::Scanned(_)
                | TableEvent::Progress(_)
                | TableEvent::Cancelled
                | TableEvent::DetectorReady(_)
                | TableEvent::Scored(_)
                | TableEvent::Compared { .. }
                | TableEvent::Threshold { .. }
        );
        concerns_lab.then(|| Self::Event(Box::new(event.clone())))
    }

    /// The change that a failure makes.
    pub const fn from_failure(failure: &Failure) -> Self {
        Self::Failure(failure.kind)
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
                lab.start(job, false);
            }
            LabAction::Plan(plan) => lab.data.plan = plan.into(),
            LabAction::Event(event) => lab.on_event(*event),
            LabAction::Failure(kind) => {
                // Another command may be refused meanwhile; the job goes on.
                let is_other = kind == FailureKind::State && lab.is_started;
                if !is_other {
                    lab.roll_back();
                }
            }
            LabAction::Reset => {
                lab = Self { data: LabData { plan: lab.data.plan, ..LabData::default() }, ..Self::default() }
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

    /// True if this progress changes nothing here: the job is known to have started.
    pub fn ignores_progress(&self, progress: &TableProgress) -> bool {
        self.is_started || JobKind::from_activity(progress.activity).is_none()
    }

    fn on_event(&mut self, event: TableEvent) {
        match event {
            TableEvent::Opened(preview) => {
                let job = self.job.filter(|job| *job == JobKind::Scoring).unwrap_or(JobKind::Reading);
                self.start(job, true);
                self.data.preview = Some(Rc::new(*preview));
                self.data.summary = None;
                self.data.scored = None;
            }
            TableEvent::Scanned(summary) => {
                self.data.plan = plan::from_summary(&self.data.plan, &summary).into();
                self.data.summary = Some(Rc::new(*summary));
                if self.job == Some(JobKind::Reading) {
                    self.finish();
                }
            }
            TableEvent::Progress(progress) => {
                if let Some(job) = JobKind::from_activity(progress.activity).filter(|_| !self.is_started) {
                    self.start(self.job.unwrap_or(job), true);
                }
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
            TableEvent::Compared { .. } => self.finish(),
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
        self.rollback = None;
    }

    fn roll_back(&mut self) {
        if let Some(before) = self.rollback.take() {
            // Edits made during the job are kept if they are of the same table.
            let is_same_table = before.summary == self.data.summary;
            let plan = if is_same_table { self.data.plan.clone() } else { before.plan.clone() };
            self.data = LabData { plan, ..*before };
        }
        self.finish();
    }
}

#[cfg(test)]
mod tests;
