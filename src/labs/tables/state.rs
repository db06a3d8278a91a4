//! What the lab knows: the table in hand and how to learn from it, the detector and the scores, and what is under way.
//!
//! The engine promises that a failure or a cancellation leaves everything in hand as it was. So does this: what was in
//! hand when work began is kept until it ends well.

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

/// What was asked of the engine and is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A file is read, from its first rows to its end.
    Reading,
    /// A detector is trained, and the table scored with it.
    Training,
    /// Another file is scored.
    Scoring,
    /// A detector's file is read.
    OpeningDetector,
    /// The other methods are fitted.
    Comparing,
    /// The detector is trained on.
    FineTuning,
}

impl Work {
    /// What the engine's own news tell of; `None`: a question of the results, which changes nothing in hand.
    const fn of(activity: TableActivity) -> Option<Self> {
        match activity {
            TableActivity::Reading => Some(Self::Reading),
            TableActivity::Training => Some(Self::Training),
            TableActivity::Scoring => Some(Self::Scoring),
            TableActivity::Comparing => Some(Self::Comparing),
            TableActivity::FineTuning => Some(Self::FineTuning),
            TableActivity::Searching | TableActivity::Exporting => None,
        }
    }

    /// Whether it can be ended early with what was learned so far.
    pub const fn can_stop(self) -> bool {
        matches!(self, Self::Training | Self::FineTuning)
    }

    /// Whether it can be given up.
    pub const fn can_cancel(self) -> bool {
        matches!(self, Self::Reading | Self::Scoring | Self::Comparing)
    }
}

/// All that work may change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    /// The file and its first rows.
    pub preview: Option<Rc<TablePreview>>,
    /// The file read to its end; `None` while it is read, and for one that was only scored.
    pub summary: Option<Rc<TableSummary>>,
    /// How to find odd rows in it.
    pub plan: Rc<DetectorPlan>,
    pub detector: Option<Rc<DetectorSummary>>,
    /// The scores of the table in hand by the detector in hand.
    pub scored: Option<Rc<ScoredFile>>,
}

/// The lab's state; what changes many times a second is kept where it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lab {
    pub hand: Hand,
    pub work: Option<Work>,
    /// Rows above the threshold that is in force now.
    pub flagged: u64,
    /// The name of the file that is being opened.
    pub opening: AttrValue,
    /// Whether the engine has begun with the work: only then is a refusal meant for something else.
    is_begun: bool,
    /// What was in hand before.
    before: Option<Box<Hand>>,
}

/// What happens to it.
pub enum LabAction {
    /// Work was asked for.
    Begin(Work),
    /// A file is to be read or scored.
    Offer { work: Work, name: AttrValue },
    /// The plan was edited.
    Plan(DetectorPlan),
    /// The engine told something about tables.
    Hear(Box<TableEvent>),
    /// The engine could not do something.
    Fail(FailureKind),
    /// Another worker knows of nothing.
    Forget,
}

impl LabAction {
    /// What the lab has to know of an event; `None` for the many that only the results read.
    pub fn of(event: &TableEvent) -> Option<Self> {
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
        concerns_lab.then(|| Self::Hear(Box::new(event.clone())))
    }

    /// What the lab has to know of a failure.
    pub const fn of_failure(failure: &Failure) -> Self {
        Self::Fail(failure.kind)
    }
}

impl Reducible for Lab {
    type Action = LabAction;

    fn reduce(self: Rc<Self>, action: LabAction) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            LabAction::Begin(work) => lab.begin(work, false),
            LabAction::Offer { work, name } => {
                lab.opening = name;
                lab.begin(work, false);
            }
            LabAction::Plan(plan) => lab.hand.plan = plan.into(),
            LabAction::Hear(event) => lab.hear(*event),
            LabAction::Fail(kind) => {
                // A question asked meanwhile may be refused too; the work goes on.
                let is_other = kind == FailureKind::State && lab.is_begun;
                if !is_other {
                    lab.give_up();
                }
            }
            LabAction::Forget => {
                lab = Self { hand: Hand { plan: lab.hand.plan, ..Hand::default() }, ..Self::default() }
            }
        }
        lab.into()
    }
}

impl Lab {
    /// The table's name.
    pub fn name(&self) -> &str {
        self.hand.preview.as_ref().map_or("", |preview| &preview.name)
    }

    /// Whether an event would change nothing: progress of work that is known.
    pub fn knows(&self, progress: &TableProgress) -> bool {
        self.is_begun || Work::of(progress.activity).is_none()
    }

    fn hear(&mut self, event: TableEvent) {
        match event {
            TableEvent::Opened(preview) => {
                let work = self.work.filter(|work| *work == Work::Scoring).unwrap_or(Work::Reading);
                self.begin(work, true);
                self.hand.preview = Some(Rc::new(*preview));
                self.hand.summary = None;
                self.hand.scored = None;
            }
            TableEvent::Scanned(summary) => {
                self.hand.plan = plan::of_summary(&self.hand.plan, &summary).into();
                self.hand.summary = Some(Rc::new(*summary));
                if self.work == Some(Work::Reading) {
                    self.end();
                }
            }
            TableEvent::Progress(progress) => {
                if let Some(work) = Work::of(progress.activity).filter(|_| !self.is_begun) {
                    self.begin(self.work.unwrap_or(work), true);
                }
            }
            TableEvent::Cancelled => self.give_up(),
            TableEvent::DetectorReady(detector) => {
                self.hand.detector = Some(Rc::new(*detector));
                if matches!(self.work, Some(Work::Training | Work::FineTuning)) {
                    // From here on it stays, whatever becomes of the scores.
                    self.before = Some(Box::new(Hand { scored: None, ..self.hand.clone() }));
                } else {
                    self.end();
                }
                // The results already tell what fine-tuning did: they stay until its scores come.
                if self.work != Some(Work::FineTuning) {
                    self.hand.scored = None;
                }
            }
            TableEvent::Scored(scored) => {
                self.flagged = scored.threshold.flagged;
                self.hand.scored = Some(Rc::new(*scored));
                self.end();
            }
            TableEvent::Compared { .. } => self.end(),
            TableEvent::Threshold { report: ThresholdReport { flagged, .. }, .. } => self.flagged = flagged,
            _ => {}
        }
    }

    fn begin(&mut self, work: Work, is_begun: bool) {
        if self.before.is_none() {
            self.before = Some(Box::new(self.hand.clone()));
        }
        self.work = Some(work);
        self.is_begun = is_begun;
    }

    fn end(&mut self) {
        self.work = None;
        self.is_begun = false;
        self.before = None;
    }

    fn give_up(&mut self) {
        if let Some(before) = self.before.take() {
            // Settings edited meanwhile are the person's, as long as they are about the same table.
            let is_same_table = before.summary == self.hand.summary;
            let plan = if is_same_table { self.hand.plan.clone() } else { before.plan.clone() };
            self.hand = Hand { plan, ..*before };
        }
        self.end();
    }
}

#[cfg(test)]
mod tests;
