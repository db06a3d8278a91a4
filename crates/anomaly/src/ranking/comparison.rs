//! Result of comparing the methods.

use pinhole_protocol::table::{LinearVerdict, MethodResult};

/// The detector beside the baselines, on the same rows.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Every method, the detector's own first.
    pub methods: Vec<MethodResult>,
    /// True in `is_enough` if PCA does as well as the autoencoder.
    pub verdict: LinearVerdict,
}
