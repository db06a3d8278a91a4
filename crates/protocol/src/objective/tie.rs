//! Tied latent numbers: numbers of the code that stand for a known property of the samples.

use serde::{Deserialize, Serialize};

/// A latent number, or a group of consecutive ones, tied to a property of the samples by a term of the objective
/// ([`crate::Term::Tying`]). Samples whose property is missing add nothing to the term, so a few known ones suffice
/// (semi-supervised: Locatello et al., "Disentangling Factors of Variations Using Few Labels", ICLR 2020).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Index of the latent number, or of the first of the group, from 0.
    pub latent: usize,
    /// The property.
    pub target: TieTarget,
}

/// Property of the samples that latent numbers are tied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieTarget {
    /// The label, or a domain that serves as the label: a group of one number per class, whose softmax is the
    /// probability of each class.
    Label {
        /// Number of classes, at least 2.
        classes: usize,
    },
    /// A numeric attribute, by its name: one number, which equals the attribute in standard deviations from its mean.
    Attribute(String),
}

impl Tie {
    /// Indices of the tied latent numbers.
    pub const fn latents(&self) -> std::ops::Range<usize> {
        let count = match self.target {
            TieTarget::Label { classes } => classes,
            TieTarget::Attribute(_) => 1,
        };
        self.latent..self.latent.saturating_add(count)
    }

    /// Name of the attribute; `None` for a label.
    pub fn attribute(&self) -> Option<&str> {
        match &self.target {
            TieTarget::Attribute(name) => Some(name),
            TieTarget::Label { .. } => None,
        }
    }
}
