//! Optimisers.

use serde::{Deserialize, Serialize};

/// An optimiser with the usual constants of its paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimiser {
    /// Adam (Kingma and Ba 2015): beta 0.9 and 0.999, epsilon 1e-8. Weight decay is added to the gradient.
    #[default]
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    AdamW,
    /// Stochastic gradient descent with PyTorch's momentum.
    Sgd {
        /// Momentum, from 0 (none) to below 1.
        momentum: f32,
    },
    /// RMSProp (Tieleman and Hinton 2012): alpha 0.99, epsilon 1e-8.
    RmsProp,
    /// LAMB (You et al. 2020), for large batches.
    Lamb,
    /// Lion (Chen et al. 2023): beta 0.9 and 0.99; needs about a tenth of Adam's learning rate.
    Lion,
}

impl Optimiser {
    /// One of each kind with usual settings, in the order of menus.
    pub const ALL: [Self; 6] =
        [Self::Adam, Self::AdamW, Self::Sgd { momentum: 0.9 }, Self::RmsProp, Self::Lamb, Self::Lion];

    /// Name for display.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Adam => "Adam",
            Self::AdamW => "AdamW",
            Self::Sgd { .. } => "SGD with momentum",
            Self::RmsProp => "RMSProp",
            Self::Lamb => "LAMB",
            Self::Lion => "Lion",
        }
    }

    /// Number of values of optimiser state per weight.
    pub const fn moments(self) -> usize {
        match self {
            Self::Adam | Self::AdamW | Self::Lamb | Self::RmsProp => 2,
            Self::Sgd { .. } | Self::Lion => 1,
        }
    }
}
