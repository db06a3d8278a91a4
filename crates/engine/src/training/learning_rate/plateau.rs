//! When a loss has stopped falling.

use pinhole_protocol::EpochRecord;

/// How often `history` went `patience_epochs` epochs without a new best since the last best or the last time.
pub(super) fn cuts(history: &[EpochRecord], patience_epochs: usize) -> usize {
    let (mut best, mut stale, mut cuts) = (f32::INFINITY, 0, 0);
    for score in history.iter().map(EpochRecord::selection_loss) {
        if score < best {
            (best, stale) = (score, 0);
            continue;
        }
        stale += 1;
        if stale == patience_epochs {
            cuts += 1;
            stale = 0;
        }
    }
    cuts
}
