//! Making more of few pictures.

use serde::{Deserialize, Serialize};

/// The most that each training picture is moved, evenly drawn for each one and each time; the target moves with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Augmentation {
    /// Shift in pixels, along rows and columns.
    pub shift_px: f32,
    /// Rotation in degrees, either way.
    pub rotation_degrees: f32,
    /// Elastic distortion (Simard et al. 2003): strength in pixels, smoothed over 4.
    pub elastic_px: f32,
}

impl Augmentation {
    /// Whether pictures stay as they are.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}
