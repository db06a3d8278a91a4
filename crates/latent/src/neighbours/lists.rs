//! Bounded lists of the nearest of some vectors.

/// Key of an empty place: farther than every vector.
const EMPTY: u64 = u64::MAX;

/// The `k` nearest vectors found so far for each of `count`: heaps of keys, the farthest first. A key is the squared
/// distance, the index and one bit that is set until the entry was compared with the others.
#[derive(Clone, Debug)]
pub struct NearestLists {
    k: usize,
    keys: Vec<u64>,
}

impl NearestLists {
    /// Empty lists.
    pub fn new(count: usize, k: usize) -> Self {
        Self { k, keys: vec![EMPTY; count * k] }
    }

    /// Squared distance that a further vector must be below; NaN, which nothing is above, while a place is empty.
    #[inline]
    pub fn limit(&self, list: usize) -> f32 {
        f32::from_bits((self.keys[list * self.k] >> 32) as u32)
    }

    /// Adds a vector if it is near enough and not there yet. Returns true if it was added.
    #[inline]
    pub fn push(&mut self, list: usize, index: u32, square: f32) -> bool {
        let keys = &mut self.keys[list * self.k..(list + 1) * self.k];
        let key = u64::from(square.to_bits()) << 32 | u64::from(index) << 1 | 1;
        if key >= keys[0] || keys.iter().any(|&other| other as u32 >> 1 == index && other != EMPTY) {
            return false;
        }
        let mut place = 0;
        loop {
            let (left, right) = (2 * place + 1, 2 * place + 2);
            let child = if right < keys.len() && keys[right] > keys[left] { right } else { left };
            if child >= keys.len() || keys[child] <= key {
                break;
            }
            keys[place] = keys[child];
            place = child;
        }
        keys[place] = key;
        true
    }

    /// Index of each entry, and whether it is new, in any order.
    pub fn entries(&self, list: usize) -> impl Iterator<Item = (u32, bool)> {
        let keys = &self.keys[list * self.k..(list + 1) * self.k];
        keys.iter().filter(|&&key| key != EMPTY).map(|&key| (key as u32 >> 1, key & 1 == 1))
    }

    /// Makes those entries old whose index is in `compared`. The order of the keys stays.
    pub fn make_old(&mut self, list: usize, compared: &[u32]) {
        for key in &mut self.keys[list * self.k..(list + 1) * self.k] {
            if *key != EMPTY && compared.contains(&(*key as u32 >> 1)) {
                *key &= !1;
            }
        }
    }

    /// Indices and squared distances of each list, nearest first.
    pub fn sorted(mut self) -> impl Iterator<Item = (u32, f32)> {
        for keys in self.keys.chunks_exact_mut(self.k) {
            keys.sort_unstable_by_key(|&key| key & !1);
        }
        self.keys.into_iter().map(|key| (key as u32 >> 1, f32::from_bits((key >> 32) as u32)))
    }
}

/// Up to `size` indices for each of some lists, drawn fairly from all that were offered.
#[derive(Clone, Debug)]
pub struct FairSamples {
    size: usize,
    /// Random rank and index of each, sorted within a list.
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl FairSamples {
    /// Empty lists.
    pub fn new(count: usize, size: usize) -> Self {
        Self { size, keys: vec![0; count * size], counts: vec![0; count] }
    }

    /// Empties the lists.
    pub fn clear(&mut self) {
        self.counts.fill(0);
    }

    /// Offers an index with its random rank; the least ranks stay.
    #[inline]
    pub fn offer(&mut self, list: usize, index: u32, rank: u32) {
        let keys = &mut self.keys[list * self.size..(list + 1) * self.size];
        let count = self.counts[list] as usize;
        let key = u64::from(rank) << 32 | u64::from(index);
        if count == self.size && key >= keys[count - 1] || keys[..count].iter().any(|&other| other as u32 == index) {
            return;
        }
        let mut place = if count == self.size { count - 1 } else { count };
        while place > 0 && keys[place - 1] > key {
            keys[place] = keys[place - 1];
            place -= 1;
        }
        keys[place] = key;
        self.counts[list] = (count + 1).min(self.size) as u32;
    }

    /// Writes the indices of a list.
    pub fn read(&self, list: usize, indices: &mut Vec<u32>) {
        indices.clear();
        let keys = &self.keys[list * self.size..][..self.counts[list] as usize];
        indices.extend(keys.iter().map(|&key| key as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_stay() {
        let mut lists = NearestLists::new(2, 3);
        for (index, square) in [(4, 4.0), (1, 1.0), (9, 9.0), (1, 1.0), (2, 2.0), (8, 8.0), (0, 0.0)] {
            lists.push(1, index, square);
        }
        assert_eq!(lists.limit(1).to_bits(), 2.0_f32.to_bits());
        lists.make_old(1, &[2]);
        let mut entries: Vec<(u32, bool)> = lists.entries(1).collect();
        entries.sort_unstable();
        assert_eq!(entries, [(0, true), (1, true), (2, false)]);
        assert_eq!(lists.entries(0).count(), 0);
        assert_eq!(lists.sorted().skip(3).collect::<Vec<_>>(), [(0, 0.0), (1, 1.0), (2, 2.0)]);
    }

    #[test]
    fn samples_are_those_of_least_rank() {
        let mut samples = FairSamples::new(1, 2);
        for (index, rank) in [(7, 30), (5, 10), (7, 30), (6, 20), (3, 40)] {
            samples.offer(0, index, rank);
        }
        let mut indices = Vec::new();
        samples.read(0, &mut indices);
        assert_eq!(indices, [5, 6]);
    }
}
