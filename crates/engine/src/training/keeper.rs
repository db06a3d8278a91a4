//! Weights worth keeping: the best so far, and the last that were surely sound.

use crate::network::Autoencoder;

/// Keeps snapshots. They share the network's buffers until the next step replaces those.
#[derive(Debug)]
pub(super) struct Keeper {
    best: Option<(f32, Autoencoder)>,
    /// Gave a finite loss.
    sound: Autoencoder,
    /// Came out of finite losses, but gave none yet: a step can end in weights that are no numbers.
    untried: Autoencoder,
    epochs_without_improvement: usize,
}

impl Keeper {
    pub fn new(start: Autoencoder) -> Self {
        Self { best: None, sound: start.clone(), untried: start, epochs_without_improvement: 0 }
    }

    /// Notes losses that were read, and the network after the last of them. Answers whether all were finite.
    pub fn note_losses(&mut self, losses: &[f32], now: impl FnOnce() -> Autoencoder) -> bool {
        let all_finite = losses.iter().all(|loss| loss.is_finite());
        if losses.first().is_some_and(|loss| loss.is_finite()) {
            let next = if all_finite { now() } else { self.untried.clone() };
            self.sound = std::mem::replace(&mut self.untried, next);
        }
        all_finite
    }

    /// Notes an epoch's score, the lower the better.
    pub fn note_epoch(&mut self, score: f32, now: impl FnOnce() -> Autoencoder) {
        if self.best.as_ref().is_none_or(|(best, _)| score < *best) {
            self.best = Some((score, now()));
            self.epochs_without_improvement = 0;
        } else {
            self.epochs_without_improvement += 1;
        }
    }

    /// Epochs since the best one.
    pub const fn epochs_without_improvement(&self) -> usize {
        self.epochs_without_improvement
    }

    /// The best epoch's weights; `None` before an epoch is over.
    pub fn best(&self) -> Option<&Autoencoder> {
        self.best.as_ref().map(|(_, network)| network)
    }

    /// The last weights that gave a finite loss.
    pub const fn sound(&self) -> &Autoencoder {
        &self.sound
    }
}
