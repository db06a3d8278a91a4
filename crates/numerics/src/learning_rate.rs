//! Factors on a base learning rate over the steps of a run, as PyTorch's schedulers have them.

use std::f64::consts::PI;

/// Cosine annealing without restarts (Loshchilov and Hutter 2017): 1 at `share` 0 of the steps, 0 at 1.
pub fn cosine(share: f64) -> f64 {
    0.5 * (1.0 + (PI * share).cos())
}

/// Cosine annealing with warm restarts: the first cycle has `first_cycle_steps` steps, each later one `factor` times as
/// many as the one before (T_0 and T_mult of PyTorch's `CosineAnnealingWarmRestarts`).
pub fn cosine_restarts(mut step: usize, first_cycle_steps: usize, factor: usize) -> f64 {
    let mut cycle_steps = first_cycle_steps;
    if factor == 1 {
        return cosine((step % cycle_steps) as f64 / cycle_steps as f64);
    }
    while step >= cycle_steps {
        step -= cycle_steps;
        cycle_steps = cycle_steps.saturating_mul(factor);
    }
    cosine(step as f64 / cycle_steps as f64)
}

/// `factor` to the power of `times`: step decay where `times` is whole, exponential decay where it grows with every
/// step.
pub fn decay(factor: f32, times: f64) -> f64 {
    f64::from(factor).powf(times)
}

/// Linear warm-up (Goyal et al. 2017): rises to 1 over `share` of all `steps`.
pub fn warm_up(share: f32, step: usize, steps: usize) -> f64 {
    let warm_up_steps = f64::from(share) * steps as f64;
    ((step + 1) as f64 / warm_up_steps.max(1.0)).min(1.0)
}

/// Number of reductions that a plateau has caused: `losses` (one per epoch) went `patience_epochs` epochs without a new
/// best since the last best or the last reduction, as PyTorch's `ReduceLROnPlateau` with a threshold of 0.
pub fn plateau_reductions(losses: impl Iterator<Item = f32>, patience_epochs: usize) -> usize {
    let (mut best, mut epochs_without_best, mut reductions) = (f32::INFINITY, 0, 0);
    for loss in losses {
        if loss < best {
            (best, epochs_without_best) = (loss, 0);
            continue;
        }
        epochs_without_best += 1;
        if epochs_without_best == patience_epochs {
            reductions += 1;
            epochs_without_best = 0;
        }
    }
    reductions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosine_falls_from_1_to_0() {
        assert!((cosine(0.0) - 1.0).abs() < 1e-12 && (cosine(0.5) - 0.5).abs() < 1e-12 && cosine(1.0).abs() < 1e-12);
    }

    #[test]
    fn cycles_of_equal_length_restart_each_time() {
        for (step, expected) in [(0, 1.0), (10, 0.5), (20, 1.0), (2_000_000, 1.0)] {
            assert!((cosine_restarts(step, 20, 1) - expected).abs() < 1e-9, "step {step}");
        }
    }

    #[test]
    fn later_cycles_are_longer() {
        for (step, expected) in [(9, cosine(0.9)), (10, 1.0), (20, 0.5), (30, 1.0)] {
            assert!((cosine_restarts(step, 10, 2) - expected).abs() < 1e-12, "step {step}");
        }
    }

    #[test]
    fn a_plateau_is_counted_anew_after_each_reduction() {
        assert_eq!(plateau_reductions([1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5].into_iter(), 2), 2);
    }
}
