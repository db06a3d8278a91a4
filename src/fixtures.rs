//! Values that tests of several modules share.

use pinhole_protocol::{Floats, GridShape, LatentCode, Progress, TrainingPhase};

/// Progress of a run of two epochs and 200 steps, in its first epoch.
pub fn progress(step: usize, recent_losses: Vec<f32>) -> Progress {
    Progress {
        phase: TrainingPhase::Running,
        epoch: 1,
        epochs: 2,
        step,
        steps: 200,
        recent_losses,
        images_per_s: 1.0,
        remaining_s: 1.0,
        learning_rate: 0.001,
        recent_terms: Vec::new(),
        gradient_norm: 1.0,
    }
}

/// Code of a vector bottleneck.
pub fn vector_code(values: &[f32]) -> LatentCode {
    let shape = GridShape { channels: values.len(), height: 1, width: 1 };
    LatentCode { shape, values: Floats(values.to_vec()), deviations: Floats(Vec::new()), indices: Vec::new() }
}
