//! Keys of the rows that trained, from which follows which trees saw a row.

use pinhole_numerics::random::mix;

use crate::detector::feature_table::FeatureTable;

/// Bits of a key: what single precision holds exactly, as a detector file stores floats.
const KEY_BITS: u32 = 24;
/// A row that occurs more often in training is usual, and may vouch for itself.
const MAX_COPIES: usize = 3;

/// Keys of the rows that trained, and the share of them that each tree saw. Whether a tree saw a row follows from the
/// row's key alone: a row is recognised in any file and at any place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RowKeys {
    /// Ascending.
    keys: Vec<u32>,
    /// Share of the rows that a tree is grown on.
    share: f32,
}

impl RowKeys {
    /// Keys of rows of which each tree sees a share.
    pub fn of_rows(rows: &FeatureTable, share: f32) -> Self {
        let mut all: Vec<u32> = (0..rows.len()).map(|row| key_of(rows.row(row))).collect();
        all.sort_unstable();
        let few = all.chunk_by(u32::eq).filter(|copies| copies.len() <= MAX_COPIES).map(|copies| copies[0]);
        Self { keys: few.collect(), share }
    }

    /// From the parts of a file.
    pub const fn from_parts(keys: Vec<u32>, share: f32) -> Self {
        Self { keys, share }
    }

    /// The keys, ascending.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Share of the rows that a tree is grown on.
    pub const fn share(&self) -> f32 {
        self.share
    }

    /// Key of a row that trained; `None` for a new one.
    pub fn find(&self, row: &[f32]) -> Option<u32> {
        let key = key_of(row);
        self.keys.binary_search(&key).is_ok().then_some(key)
    }
}

/// True if the tree of this number is grown on the row of this key.
pub(super) fn is_seen(key: u32, tree: usize, share: f32) -> bool {
    let draw = mix(u64::from(key) | ((tree as u64 + 1) << 32)) >> 40;
    (draw as f32) < share * (1 << 24) as f32
}

/// Key of a row: its features' bits, mixed.
pub(super) fn key_of(row: &[f32]) -> u32 {
    let hash = row.iter().fold(0_u64, |hash, value| mix(hash ^ u64::from(value.to_bits())));
    (hash >> (64 - KEY_BITS)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_sees_its_share_and_copies_vouch_for_themselves() {
        let seen = (0..10_000).filter(|&key| is_seen(key, 3, 0.65)).count();
        assert!((6_300..6_700).contains(&seen), "{seen}");
        let values = [vec![1.0], vec![2.0; 4], vec![3.0; 2]].concat();
        let keys = RowKeys::of_rows(&FeatureTable::plain(values, 1), 0.5);
        assert_eq!(keys.keys().len(), 2);
        assert!(keys.find(&[1.0]).is_some() && keys.find(&[3.0]).is_some());
        assert!(keys.find(&[2.0]).is_none() && keys.find(&[4.0]).is_none());
    }
}
