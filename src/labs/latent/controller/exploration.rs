//! Exploration beside the map: the requests that follow from what a person pushes, walks, adds, draws and asks.

use std::rc::Rc;

use pinhole_protocol::latent::{CodePoint, DecodedContent, LatentCommand, Question};

use super::Controller;
use crate::labs::latent::{
    groups,
    state::{DrawSettings, ExploreAction, JobKind, Lab, LabAction, Purpose, Wanted},
};

/// Decoded samples along a slider.
const SLIDER_STEPS: usize = 9;

/// Decoded samples on the way from A to B: every fourth stands in the strip, all of them in the animation.
pub const WALK_STEPS: usize = 41;

/// Decoded samples along a direction, the place itself in the middle.
const DIRECTION_STEPS: usize = 11;

/// Nearest codes that are shown.
pub const NEAREST: usize = 6;

impl Controller {
    /// Changes what is explored.
    pub fn explore(&self, action: ExploreAction) {
        self.dispatch(LabAction::Explore(action));
    }

    /// Asks a question, and for the measures that answer it if they are not known.
    pub fn ask_question(&self, question: Question) {
        self.explore(ExploreAction::Ask(question));
        let lab = self.lab();
        let known = lab.measures[question as usize].as_deref();
        let with_more = lab.exploration.has_more;
        if known.is_none_or(|known| with_more && known.more.is_empty()) {
            self.want(Wanted::Measures { question, with_more });
        }
    }

    /// Shows all measures, or the deciding one alone.
    pub fn show_more(&self, has_more: bool) {
        self.explore(ExploreAction::ShowMore(has_more));
        let question = self.lab().exploration.question.unwrap_or_default();
        self.ask_question(question);
    }

    /// Draws samples as they are set, once no other job is in progress.
    pub fn draw(&self, settings: DrawSettings) {
        self.explore(ExploreAction::SetDraw(settings));
        self.want(Wanted::Draw(settings));
    }

    /// Draws samples into a file.
    pub fn export_drawn(&self) {
        let DrawSettings { prior, count, seed } = self.lab().exploration.draw;
        self.start(JobKind::Exporting, LatentCommand::ExportDrawn { prior, count, seed });
    }

    /// Trains with drawn samples and without.
    pub fn augment(&self) {
        let DrawSettings { prior, count, seed } = self.lab().exploration.draw;
        self.start(JobKind::Augmenting, LatentCommand::Augment { prior, count, seed });
    }

    fn want(&self, wanted: Wanted) {
        self.explore(ExploreAction::Want(Some(wanted)));
    }

    /// Sends the requests that follow from a change of the state.
    pub(super) fn follow_exploration(&self, before: &Lab, after: &Lab) {
        self.follow_wanted(after);
        if after.decoding_obstacle().is_some() || after.vectors.is_none() {
            return;
        }
        self.follow_numbers(before, after);
        self.follow_walk(before, after);
        self.follow_groups(before, after);
        self.follow_worst(before, after);
    }

    /// Starts the job that waits once none is in progress.
    fn follow_wanted(&self, lab: &Lab) {
        let Some(wanted) = lab.exploration.wanted.filter(|_| lab.job.is_none() && lab.vectors.is_some()) else {
            return;
        };
        self.explore(ExploreAction::Want(None));
        match wanted {
            Wanted::Measures { question, with_more } => {
                self.start(JobKind::Measuring, LatentCommand::Measure { question, with_more });
            }
            Wanted::Draw(settings) => {
                self.dispatch(LabAction::Start(JobKind::Drawing));
                self.ask(Purpose::Drawn, settings.command());
            }
        }
    }

    /// The walks of sample A's numbers, and the code whose numbers were pushed.
    fn follow_numbers(&self, before: &Lab, after: &Lab) {
        if before.chosen.a != after.chosen.a {
            self.forget(Purpose::Nearest);
            match after.chosen.a {
                Some(a) => {
                    let command = LatentCommand::Walk { request: 0, around: CodePoint::Sample(a), steps: SLIDER_STEPS };
                    self.ask(Purpose::Walks, command);
                }
                None => self.forget(Purpose::Walks),
            }
        }
        if is_other(before.exploration.pushed.as_ref(), after.exploration.pushed.as_ref()) {
            match &after.exploration.pushed {
                Some(code) => {
                    self.ask(
                        Purpose::Pushed,
                        LatentCommand::Decode { request: 0, at: CodePoint::Code((**code).clone()) },
                    );
                }
                None => self.forget(Purpose::Pushed),
            }
        }
        let chosen = after.answers.sample(Purpose::ChosenA);
        if is_other(before.answers.sample(Purpose::ChosenA), chosen)
            && let Some(details) = chosen
            && matches!(details.sample, Some(DecodedContent::Pictures { .. }))
        {
            let indices = details.nearest.iter().take(NEAREST).map(|near| near.index).collect();
            self.ask(Purpose::Nearest, LatentCommand::Show { request: 0, indices });
        }
    }

    /// The walk from A to B.
    fn follow_walk(&self, before: &Lab, after: &Lab) {
        let walk = |lab: &Lab| lab.chosen.a.zip(lab.chosen.b).map(|ends| (ends, lab.exploration.interpolation));
        if walk(before) == walk(after) {
            return;
        }
        match walk(after) {
            Some(((a, b), interpolation)) => self.ask(
                Purpose::Interpolation,
                LatentCommand::Interpolate {
                    request: 0,
                    from: CodePoint::Sample(a),
                    to: CodePoint::Sample(b),
                    interpolation,
                    steps: WALK_STEPS,
                },
            ),
            None => self.forget(Purpose::Interpolation),
        }
    }

    /// The sum of means, and the walk along a direction. A group may be the chosen samples or the selection, which change.
    fn follow_groups(&self, before: &Lab, after: &Lab) {
        let is_regrouped =
            before.chosen != after.chosen || is_other(before.selection.as_ref(), after.selection.as_ref());
        let (old, new) = (&before.exploration, &after.exploration);
        if old.sum != new.sum || (is_regrouped && new.sum[0].is_some()) {
            match groups::terms(after, &new.sum) {
                terms if terms.is_empty() => self.forget(Purpose::Combination),
                terms => self.ask(Purpose::Combination, LatentCommand::Combine { request: 0, terms }),
            }
        }
        if old.direction != new.direction || (is_regrouped && new.direction.iter().all(Option::is_some)) {
            match direction(after) {
                Some(command) => self.ask(Purpose::Direction, command),
                None => self.forget(Purpose::Direction),
            }
        }
    }

    /// The worst samples, one description after the other, once there is a map.
    fn follow_worst(&self, before: &Lab, after: &Lab) {
        let described = after.answers.sample(Purpose::Worst);
        let is_described = is_other(before.answers.sample(Purpose::Worst), described);
        if let Some(details) = described.filter(|_| is_described) {
            self.explore(ExploreAction::AddWorst(details.clone()));
        }
        let is_due = (is_described && described.is_some()) || (before.map.is_none() && after.map.is_some());
        if let Some(index) = self.lab().next_worst().filter(|_| is_due) {
            self.ask(Purpose::Worst, LatentCommand::Describe { request: 0, index });
        }
    }
}

/// Walk around A along the direction between the chosen groups; `None` unless there are both, and A.
fn direction(lab: &Lab) -> Option<LatentCommand> {
    let [Some(from), Some(to)] = &lab.exploration.direction else { return None };
    let (from, to) = (groups::indices(lab, from), groups::indices(lab, to));
    let around = CodePoint::Sample(lab.chosen.a?);
    let has_both = !from.is_empty() && !to.is_empty();
    has_both.then_some(LatentCommand::WalkDirection { request: 0, around, from, to, steps: DIRECTION_STEPS })
}

/// True if they are not the same value in memory.
fn is_other<T: ?Sized>(one: Option<&Rc<T>>, other: Option<&Rc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => !Rc::ptr_eq(one, other),
        (None, None) => false,
        _ => true,
    }
}
