//! What a person explores beside the map: pushed numbers, walks, sums, drawn samples, and the question that is asked.

use std::rc::Rc;

use pinhole_protocol::{
    Floats,
    latent::{CodePrior, Interpolation, LatentCommand, Question, SampleDetails, SampleValues, VectorSet},
};

use super::Lab;
use crate::labs::latent::groups::Group;

/// Name of the column that holds the reconstruction errors.
const ERROR_COLUMN: &str = "Reconstruction error";

/// Most samples that are shown as the worst rebuilt.
const MAX_WORST: usize = 11;

/// Most samples that are drawn at once.
pub const MAX_DRAWN: usize = 10_000;

/// Settings by which new samples are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawSettings {
    pub prior: CodePrior,
    pub count: usize,
    pub seed: u64,
}

impl Default for DrawSettings {
    fn default() -> Self {
        Self { prior: CodePrior::Mixture, count: 40, seed: 1 }
    }
}

impl DrawSettings {
    /// Settings for codes that were pulled to a prior, or were not: then a mixture takes its place.
    pub(super) const fn fitted(self, has_prior: bool) -> Self {
        let prior = if has_prior { CodePrior::Prior } else { CodePrior::Mixture };
        Self { prior, ..self }
    }

    /// Command that draws by these settings; its number is still to be set.
    pub const fn command(self) -> LatentCommand {
        LatentCommand::Draw { request: 0, prior: self.prior, count: self.count, seed: self.seed }
    }
}

/// Job that waits until none is in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Measure the code.
    Measures { question: Question, with_more: bool },
    /// Draw samples.
    Draw(DrawSettings),
}

/// What a person explores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exploration {
    /// Code whose numbers were pushed away from those of sample A; `None` while none was.
    pub pushed: Option<Rc<Floats>>,
    /// Way from A to B.
    pub interpolation: Interpolation,
    /// Step of the walk from A to B that is looked at.
    pub step: Option<usize>,
    /// True while the walk is played.
    pub is_playing: bool,
    /// Groups a, b and c of a - b + c.
    pub sum: [Option<Group>; 3],
    /// Groups between which a direction leads.
    pub direction: [Option<Group>; 2],
    pub draw: DrawSettings,
    /// Question that was asked last.
    pub question: Option<Question>,
    /// True if all measures are shown.
    pub has_more: bool,
    /// Job that waits for another.
    pub wanted: Option<Wanted>,
    /// Samples with the greatest errors, greatest first, as far as they are described.
    pub worst: Vec<Rc<SampleDetails>>,
}

/// Change of what is explored.
pub enum ExploreAction {
    /// A latent number was pushed to this value.
    Push { dimension: usize, value: f32 },
    /// The numbers of sample A are taken again.
    ResetNumbers,
    /// The walk from A to B goes another way.
    Interpolate(Interpolation),
    /// A step of the walk is looked at.
    ShowStep(Option<usize>),
    /// The walk is played, or stands.
    Play(bool),
    /// A group of the sum was chosen.
    SetSum(usize, Option<Group>),
    /// An end of the direction was chosen.
    SetDirection(usize, Option<Group>),
    /// Samples are to be drawn otherwise.
    SetDraw(DrawSettings),
    /// A job is wanted, or waits no longer.
    Want(Option<Wanted>),
    /// A question was asked.
    Ask(Question),
    /// All measures are shown, or the deciding one alone.
    ShowMore(bool),
    /// One more of the worst samples is described.
    AddWorst(Rc<SampleDetails>),
}

impl Lab {
    /// Applies a change of what is explored.
    pub(super) fn explore(&mut self, action: ExploreAction) {
        match action {
            ExploreAction::Push { dimension, value } => self.push(dimension, value),
            ExploreAction::ResetNumbers => self.exploration.pushed = None,
            ExploreAction::Interpolate(interpolation) => self.exploration.interpolation = interpolation,
            ExploreAction::ShowStep(step) => self.exploration.step = step,
            ExploreAction::Play(is_playing) => self.exploration.is_playing = is_playing,
            ExploreAction::SetSum(index, group) => self.exploration.sum[index] = group,
            ExploreAction::SetDirection(index, group) => self.exploration.direction[index] = group,
            ExploreAction::SetDraw(draw) => self.exploration.draw = draw,
            ExploreAction::Want(wanted) => self.exploration.wanted = wanted,
            ExploreAction::Ask(question) => self.exploration.question = Some(question),
            ExploreAction::ShowMore(has_more) => self.exploration.has_more = has_more,
            ExploreAction::AddWorst(details) => self.exploration.worst.push(details),
        }
    }

    /// Pushes one number, the others staying where they are.
    fn push(&mut self, dimension: usize, value: f32) {
        let Some(walks) = self.answers.walks() else { return };
        let mut code = self.exploration.pushed.as_ref().map_or_else(|| walks.code.0.clone(), |pushed| pushed.0.clone());
        if let Some(number) = code.get_mut(dimension) {
            *number = value;
        }
        self.exploration.pushed = Some(Rc::new(Floats(code)));
        // What is pushed is looked at.
        self.exploration.step = None;
        self.exploration.is_playing = false;
    }

    /// Forgets what belongs to the chosen samples.
    pub(super) fn leave_chosen(&mut self) {
        self.exploration.pushed = None;
        self.exploration.step = None;
        self.exploration.is_playing = false;
    }

    /// Index of the next of the worst samples to be described.
    pub fn next_worst(&self) -> Option<usize> {
        let vectors = self.vectors.as_deref().filter(|vectors| !vectors.are_coordinates)?;
        worst(vectors).get(self.exploration.worst.len()).copied()
    }
}

impl Exploration {
    /// What stays when other vectors are opened: settings.
    pub(super) fn for_other_vectors(&self) -> Self {
        let Self { interpolation, draw, .. } = *self;
        Self { interpolation, draw, ..Self::default() }
    }
}

/// Indices of the vectors with the greatest errors, greatest first.
fn worst(vectors: &VectorSet) -> Vec<usize> {
    let errors = vectors.columns.iter().find(|column| column.name == ERROR_COLUMN).map(|column| &column.values);
    let Some(SampleValues::Numbers(errors)) = errors else { return Vec::new() };
    let mut indices: Vec<usize> = (0..errors.0.len()).filter(|index| errors.0[*index].is_finite()).collect();
    let descending = |one: &usize, other: &usize| errors.0[*other].total_cmp(&errors.0[*one]);
    if indices.len() > MAX_WORST {
        indices.select_nth_unstable_by(MAX_WORST, descending);
        indices.truncate(MAX_WORST);
    }
    indices.sort_by(descending);
    indices
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::latent::{SampleColumn, Walks};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::latent::state::{Answer, Chosen, LabAction, Purpose, tests::vectors};

    fn walked() -> Rc<Lab> {
        let walks = Walks { code: Floats(vec![1.0, -2.0]), dimensions: Vec::new(), width: 2 };
        let lab = Rc::new(Lab { vectors: Some(Rc::new(vectors(2))), ..Lab::default() });
        lab.reduce(LabAction::Answer(Purpose::Walks, Some(Answer::Walks(Rc::new(walks)))))
    }

    fn push(dimension: usize, value: f32) -> LabAction {
        LabAction::Explore(ExploreAction::Push { dimension, value })
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn numbers_are_pushed_one_by_one_and_reset() {
        let lab = walked().reduce(push(1, 3.0)).reduce(push(0, 0.5)).reduce(push(7, 9.0));
        assert_eq!(lab.exploration.pushed.as_deref(), Some(&Floats(vec![0.5, 3.0])));
        assert_eq!(lab.clone().reduce(LabAction::Explore(ExploreAction::ResetNumbers)).exploration.pushed, None);
        let other = lab.reduce(LabAction::Choose(Chosen { a: Some(1), b: None }));
        assert_eq!(other.exploration.pushed, None, "another sample has numbers of its own");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_worst_samples_are_those_of_the_greatest_errors() {
        let mut vectors = vectors(2);
        assert!(worst(&vectors).is_empty(), "no errors are known");
        let errors = [0.1, f32::NAN, 0.7, 0.3];
        let values = SampleValues::Numbers(Floats(errors.to_vec()));
        vectors.columns.push(SampleColumn { name: ERROR_COLUMN.into(), values });
        assert_eq!(worst(&vectors), [2, 3, 0]);
        let many: Vec<f32> = (0..1_000).map(|index| (index * 7 % 1_000) as f32).collect();
        vectors.columns[1].values = SampleValues::Numbers(Floats(many));
        let worst = worst(&vectors);
        assert_eq!((worst.len(), worst[0] * 7 % 1_000, worst[10] * 7 % 1_000), (11, 999, 989));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_prior_is_drawn_from_where_there_is_one() {
        let settings = DrawSettings { count: 7, ..DrawSettings::default() };
        let priors = [true, false].map(|has_prior| settings.fitted(has_prior).prior);
        assert_eq!(priors, [CodePrior::Prior, CodePrior::Mixture]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn settings_outlive_the_vectors() {
        let draw = DrawSettings { count: 7, ..DrawSettings::default() };
        let lab = walked().reduce(LabAction::Explore(ExploreAction::SetDraw(draw))).reduce(push(0, 1.0));
        let lab = lab.reduce(LabAction::Reset);
        assert_eq!((lab.exploration.draw.count, &lab.exploration.pushed), (7, &None));
    }
}
