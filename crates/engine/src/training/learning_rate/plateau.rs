//! Detection of plateaus of the loss, as in PyTorch's `ReduceLROnPlateau`.

use pinhole_protocol::EpochRecord;

/// Number of times the rate is reduced after `history`: each time `patience_epochs` epochs pass without a new best
/// score since the last best or the last reduction.
pub(super) fn reductions(history: &[EpochRecord], patience_epochs: usize) -> usize {
    let (mut best, mut epochs_without_improvement, mut reductions) = (f32::INFINITY, 0, 0);
    for score in history.iter().map(EpochRecord::selection_loss) {
        if score < best {
            (best, epochs_without_improvement) = (score, 0);
            continue;
        }
        epochs_without_improvement += 1;
        if epochs_without_improvement == patience_epochs {
            reductions += 1;
            epochs_without_improvement = 0;
        }
    }
    reductions
}
