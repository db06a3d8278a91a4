//! A projection in progress.

use std::rc::Rc;

use super::{
    ProjectedVectors, ProjectionSettings,
    pca::{Pca, PcaFit},
    start,
    tsne::{self, Tsne},
    umap::Umap,
};
use crate::{LatentError, Vectors, neighbours::NeighbourSearch};

/// Principal components that a projection reports, at most.
const COMPONENTS: usize = 32;
/// Standard deviation across of the start of t-SNE, as in scikit-learn, and of UMAP, whose maps are some 10 wide.
const TSNE_DEVIATION: f32 = 1e-4;
const UMAP_DEVIATION: f32 = 2.5;

/// Part of a projection's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectionStage {
    /// Search of each vector's neighbours.
    Neighbours,
    /// Layout; positions are there, and change.
    Layout,
}

/// A projection in progress: the same vectors, settings and seed give the same map on every machine.
#[derive(Debug)]
pub struct ProjectionRun {
    vectors: Rc<Vectors>,
    settings: ProjectionSettings,
    seed: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Principal components, which are the map or its start.
    Components(Box<PcaFit>),
    /// Neighbours of the vectors, and the positions from which their layout starts.
    Neighbours(Box<NeighbourSearch>, Vec<f32>),
    Tsne(Box<Tsne>),
    Umap(Box<Umap>),
    Done(Vec<f32>, Option<Pca>),
}

impl ProjectionRun {
    /// Begins a projection.
    ///
    /// # Errors
    /// When the settings do not fit the vectors: see [`ProjectionSettings::check`].
    pub fn new(vectors: Rc<Vectors>, settings: ProjectionSettings, seed: u64) -> Result<Self, LatentError> {
        settings.check(&vectors)?;
        let state = match settings {
            ProjectionSettings::Raw { across, up } => {
                State::Done(vectors.rows().flat_map(|row| [row[across], row[up]]).collect(), None)
            }
            ProjectionSettings::Pca => State::Components(Box::new(PcaFit::new(&vectors, COMPONENTS)?)),
            ProjectionSettings::Tsne { .. } | ProjectionSettings::Umap { .. } => {
                State::Components(Box::new(PcaFit::new(&vectors, 2)?))
            }
        };
        Ok(Self { vectors, settings, seed, state })
    }

    /// Does some milliseconds of work, if any is left.
    pub fn advance(&mut self) {
        match &mut self.state {
            State::Components(fit) if !fit.is_done() => fit.advance(&self.vectors),
            State::Components(fit) => {
                let pca = fit.clone().finish();
                self.state = self.after_components(pca);
            }
            State::Neighbours(search, _) if !search.is_done() => search.advance(),
            State::Neighbours(..) => self.begin_layout(),
            State::Tsne(tsne) => {
                tsne.advance();
                if is_complete(tsne.progress()) {
                    self.state = State::Done(tsne.positions().to_vec(), None);
                }
            }
            State::Umap(umap) => {
                umap.advance();
                if is_complete(umap.progress()) {
                    self.state = State::Done(umap.positions().to_vec(), None);
                }
            }
            State::Done(..) => {}
        }
    }

    /// The map of PCA, or the search that a layout from there needs.
    fn after_components(&self, pca: Pca) -> State {
        let positions = pca.positions(&self.vectors);
        let last = self.vectors.len() - 1;
        let (neighbours, deviation) = match self.settings {
            ProjectionSettings::Tsne { perplexity, .. } => (tsne::neighbours_of(perplexity), TSNE_DEVIATION),
            ProjectionSettings::Umap { neighbours, .. } => (neighbours - 1, UMAP_DEVIATION),
            ProjectionSettings::Raw { .. } | ProjectionSettings::Pca => return State::Done(positions, Some(pca)),
        };
        let search = NeighbourSearch::new(Rc::clone(&self.vectors), neighbours.min(last), self.seed)
            .expect("the settings, which were checked, leave one neighbour or more");
        State::Neighbours(Box::new(search), start::scaled(&positions, deviation, self.seed))
    }

    /// The layout follows the search, which is done.
    fn begin_layout(&mut self) {
        let State::Neighbours(search, start) = std::mem::replace(&mut self.state, State::Done(Vec::new(), None)) else {
            return;
        };
        self.state = match self.settings {
            ProjectionSettings::Umap { min_dist, .. } => {
                State::Umap(Box::new(Umap::new(search.finish(), min_dist, &start, self.seed)))
            }
            ProjectionSettings::Tsne { perplexity, iterations } => {
                State::Tsne(Box::new(Tsne::new(search.finish(), perplexity, iterations, start)))
            }
            ProjectionSettings::Raw { .. } | ProjectionSettings::Pca => State::Done(start, None),
        };
    }

    /// The part of the work that is being done.
    pub const fn stage(&self) -> ProjectionStage {
        match (&self.state, self.settings) {
            (State::Neighbours(..), _)
            | (State::Components(_), ProjectionSettings::Tsne { .. } | ProjectionSettings::Umap { .. }) => {
                ProjectionStage::Neighbours
            }
            _ => ProjectionStage::Layout,
        }
    }

    /// Units of the stage's work that are done, and those in all: steps, vectors or epochs.
    pub fn progress(&self) -> (usize, usize) {
        match &self.state {
            // The start of a layout is a small part of its first stage.
            State::Components(_) if self.stage() == ProjectionStage::Neighbours => (0, self.vectors.len()),
            State::Components(fit) => fit.progress(),
            State::Neighbours(search, _) => search.progress(),
            State::Tsne(tsne) => tsne.progress(),
            State::Umap(umap) => umap.progress(),
            State::Done(..) => (1, 1),
        }
    }

    /// Position [horizontal, vertical] of each vector so far; empty before the layout.
    pub fn positions(&self) -> Vec<f32> {
        match &self.state {
            State::Components(_) | State::Neighbours(..) => Vec::new(),
            State::Tsne(tsne) => tsne.positions().to_vec(),
            State::Umap(umap) => umap.positions().to_vec(),
            State::Done(positions, _) => positions.clone(),
        }
    }

    /// True once there is nothing left to do.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, State::Done(..))
    }

    /// The map so far, which is the whole one if [`Self::is_done`]; `None` before there are positions.
    pub fn finish(self) -> Option<ProjectedVectors> {
        let positions = self.positions();
        let pca = match self.state {
            State::Components(_) | State::Neighbours(..) => return None,
            State::Tsne(_) | State::Umap(_) => None,
            State::Done(_, pca) => pca,
        };
        Some(ProjectedVectors { vectors: self.vectors, settings: self.settings, seed: self.seed, positions, pca })
    }
}

/// True if all units are done.
const fn is_complete((done, total): (usize, usize)) -> bool {
    done >= total
}
