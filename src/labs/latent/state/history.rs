//! Maps of a run's epochs, bounded in number and memory.

use std::rc::Rc;

use pinhole_protocol::{Bytes, Floats, latent::Snapshot};

/// Most epochs that are kept; a longer run keeps every second one, then every fourth.
const MAX_EPOCHS: usize = 48;

/// Most positions that are kept, of 8 bytes each: 64 MB.
const MAX_POSITIONS: usize = 8_000_000;

/// Held-out codes after an epoch, as positions whose axes stay put.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// Finished epochs.
    pub number: usize,
    /// [horizontal, vertical] of each sample.
    pub positions: Rc<Floats>,
    /// Class of each sample; 255 without a label.
    pub labels: Rc<Bytes>,
}

impl Epoch {
    /// Number of samples.
    pub fn count(&self) -> usize {
        self.positions.0.len() / 2
    }
}

/// Maps of a run's epochs, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    epochs: Vec<Epoch>,
}

impl History {
    /// Adds the map of an epoch in place of those from it on, which a run that was resumed repeats. Returns true if some
    /// were dropped, so that indices are others now.
    pub fn push(&mut self, snapshot: &Snapshot) -> bool {
        let before = self.epochs.len();
        let is_alike = |known: &Epoch| known.positions.0.len() == snapshot.positions.0.len();
        self.epochs.retain(|known| known.number < snapshot.epoch && is_alike(known));
        let has_dropped = self.epochs.len() < before;
        // Classes are the same in all of a run's epochs.
        let known = self.epochs.last().map(|last| last.labels.clone()).filter(|labels| **labels == snapshot.labels);
        self.epochs.push(Epoch {
            number: snapshot.epoch,
            positions: Rc::new(snapshot.positions.clone()),
            labels: known.unwrap_or_else(|| Rc::new(snapshot.labels.clone())),
        });
        let most = (MAX_POSITIONS * 2 / snapshot.positions.0.len().max(1)).clamp(2, MAX_EPOCHS);
        has_dropped | self.thin(most)
    }

    /// Keeps every second epoch and the last one if there are more than `most`. Returns true if it did.
    fn thin(&mut self, most: usize) -> bool {
        let count = self.epochs.len();
        if count <= most {
            return false;
        }
        let mut index = 0;
        self.epochs.retain(|_| {
            index += 1;
            index % 2 == 1 || index == count
        });
        true
    }

    /// True if both have the same maps.
    pub fn is_alike(&self, other: &Self) -> bool {
        let same = |(one, two): (&Epoch, &Epoch)| Rc::ptr_eq(&one.positions, &two.positions);
        self.epochs.len() == other.epochs.len() && self.epochs.iter().zip(&other.epochs).all(same)
    }

    /// Forgets all epochs.
    pub fn clear(&mut self) {
        self.epochs.clear();
    }

    /// All epochs.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// Epoch of this index.
    pub fn get(&self, index: usize) -> Option<&Epoch> {
        self.epochs.get(index)
    }

    /// Index of the newest epoch.
    pub fn newest(&self) -> Option<usize> {
        self.epochs.len().checked_sub(1)
    }
}
