//! Augmentation of training pictures.

use serde::{Deserialize, Serialize};

/// Bounds of the random transformation of each training picture, drawn uniformly per picture and epoch; the target is
/// transformed alike. 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Augmentation {
    /// Largest shift in pixels along each axis, 0 to 32.
    pub shift_px: f32,
    /// Largest rotation in degrees in either direction, 0 to 180.
    pub rotation_degrees: f32,
    /// Largest displacement of an elastic distortion in pixels, 0 to 32 (Simard et al. 2003; smoothed over 4 pixels).
    pub elastic_px: f32,
}

impl Augmentation {
    /// True if pictures are not changed.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}
