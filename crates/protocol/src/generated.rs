//! Pictures that a decoder makes from codes that belong to no input.

use serde::{Deserialize, Serialize};

use crate::{BottleneckPlan, Bytes, Floats, GridShape, NetworkPlan};

/// Origin of codes that belong to no input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeOrigin {
    /// Draws of the prior that training pulls the codes to.
    Prior,
    /// A grid over the plane of a code of two numbers, as wide as the codes of held-out samples.
    Plane,
}

impl CodeOrigin {
    /// Origin of new codes for a network; `None` if its code neither has a prior nor is a plane.
    pub const fn of(plan: &NetworkPlan) -> Option<Self> {
        match plan.bottleneck {
            _ if plan.code.len() == 2 => Some(Self::Plane),
            BottleneckPlan::Variational | BottleneckPlan::Adversarial { .. } => Some(Self::Prior),
            BottleneckPlan::Plain | BottleneckPlan::VectorQuantised { .. } | BottleneckPlan::TopK { .. } => None,
        }
    }
}

/// Pictures decoded from codes that belong to no input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneratedPictures {
    /// Origin of the codes.
    pub origin: CodeOrigin,
    /// Shape of each picture.
    pub shape: GridShape,
    /// Number of pictures.
    pub count: usize,
    /// Pictures per row. On a plane the first number of the code grows to the right, the second upwards.
    pub columns: usize,
    /// The codes, one after the other.
    pub codes: Floats,
    /// Grey or colour bytes, one picture after the other.
    pub pixels: Bytes,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    #[test]
    fn presets_with_a_prior_or_a_plane_generate() {
        let origin = |name: &str| {
            let preset = presets().into_iter().find(|preset| preset.name == name).expect("it is listed");
            CodeOrigin::of(&preset.experiment.network.plan().expect("a preset is valid"))
        };
        assert_eq!(["vae", "beta-vae", "adversarial"].map(origin), [Some(CodeOrigin::Prior); 3]);
        assert_eq!(origin("plane"), Some(CodeOrigin::Plane));
        assert_eq!(["article", "vq-vae", "top-k", "u-net-denoiser"].map(origin), [None; 4]);
    }
}
