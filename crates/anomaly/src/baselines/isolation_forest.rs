//! Isolation forest (Liu, Ting and Zhou 2008): rows that few random splits isolate are anomalies.
//!
//! A tree splits a sample of psi rows by random features at random values. With h(x) the path length of a row in a tree
//! and c(n) the mean path length of an unsuccessful search in a binary search tree of n nodes, the score of a row is
//!
//! ```text
//! s(x) = 2^(-E[h(x)] / c(psi)),   c(n) = 2 H(n - 1) - 2 (n - 1) / n,   H(i) = ln(i) + 0.5772...
//! ```

use rand::RngExt;
use rand_pcg::Pcg32;

use super::{BaselineError, NamedTensor, array};

/// Trees of a forest, as in the paper.
pub const TREES: usize = 100;
/// psi: most rows of a tree's sample, as in the paper.
const SAMPLE: usize = 256;
/// Greatest depth of a tree: log2 of the sample.
const DEPTH: usize = 8;
/// Node slots of a tree: as many as a full one has.
const NODES: usize = 2 * SAMPLE - 1;
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// A node. Children are adjacent and behind their parent, so that every path goes forward.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Node {
    /// Of an inner node, the split value: rows below go left. Of a leaf, the path length of a row that ends there.
    value: f32,
    feature: u32,
    /// Slot of the left child; 0 in a leaf.
    left: u16,
    /// Rows of the sample that reach the node.
    rows: u16,
}

/// Fits a forest tree by tree.
#[derive(Clone, Debug)]
pub struct IsolationForestFit<'a> {
    rows: &'a [f32],
    forest: IsolationForest,
    seed: u64,
    trees: usize,
}

/// Size of a forest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForestSize {
    /// Number of trees.
    pub trees: usize,
    /// Most rows of a tree's sample, at most 256: trees of few rows see a group of alike anomalies as a single row.
    pub sample: usize,
}

impl<'a> IsolationForestFit<'a> {
    /// A fit on row-major `rows`, before its first tree. The same rows and `seed` give the same forest.
    ///
    /// # Errors
    /// When there are no features, or fewer than two rows.
    ///
    /// # Panics
    /// When the values do not make whole rows.
    pub fn new(rows: &'a [f32], width: usize, seed: u64) -> Result<Self, BaselineError> {
        Self::with_size(rows, width, seed, ForestSize { trees: TREES, sample: SAMPLE })
    }

    /// As [`Self::new`], of another size.
    ///
    /// # Errors
    /// As [`Self::new`].
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn with_size(
        rows: &'a [f32],
        width: usize,
        seed: u64,
        ForestSize { trees, sample }: ForestSize,
    ) -> Result<Self, BaselineError> {
        if width == 0 {
            return Err(BaselineError::NoFeatures);
        }
        assert_eq!(rows.len() % width, 0, "rows are whole");
        let count = rows.len() / width;
        if count < 2 {
            return Err(BaselineError::TooFewRows { method: "The isolation forest", least: 2, rows: count });
        }
        let sample = count.min(sample).min(SAMPLE);
        let forest = IsolationForest { width, sample, nodes: Vec::with_capacity(trees * NODES) };
        Ok(Self { rows, forest, seed, trees })
    }

    /// Grows a tree. Returns true if more trees are to grow.
    pub fn advance(&mut self) -> bool {
        let tree = self.forest.trees();
        if tree < self.trees {
            let mut random = Pcg32::new(self.seed, tree as u64);
            let count = self.rows.len() / self.forest.width;
            let sample = sample(&mut random, count, self.forest.sample);
            self.forest.nodes.extend(grow(self.rows, self.forest.width, sample, &mut random));
        }
        self.forest.trees() < self.trees
    }

    /// The forest, after growing the remaining trees.
    pub fn finish(mut self) -> IsolationForest {
        while self.advance() {}
        self.forest
    }
}

/// `wanted` different indices below `count` (Floyd's algorithm, Bentley 1987).
fn sample(random: &mut Pcg32, count: usize, wanted: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::with_capacity(wanted);
    for last in count - wanted..count {
        let row = random.random_range(0..=last as u64) as usize;
        let row = if chosen.contains(&row) { last } else { row };
        chosen.push(row);
    }
    chosen
}

/// A tree, padded to [`NODES`].
fn grow(rows: &[f32], width: usize, mut sample: Vec<usize>, random: &mut Pcg32) -> Vec<Node> {
    let mut nodes = vec![Node::default(); NODES];
    let mut used = 1;
    let mut pending = vec![(0, 0, 0..sample.len())];
    while let Some((slot, depth, range)) = pending.pop() {
        let here = &mut sample[range.clone()];
        nodes[slot].rows = here.len() as u16;
        let split = if depth < DEPTH { choose_split(rows, width, here, random) } else { None };
        let Some((feature, value)) = split else {
            nodes[slot].value = (depth as f64 + mean_path_length(here.len())) as f32;
            continue;
        };
        here.sort_by_key(|row| rows[row * width + feature] >= value);
        let middle = range.start + here.partition_point(|row| rows[row * width + feature] < value);
        nodes[slot] = Node { value, feature: feature as u32, left: used as u16, ..nodes[slot] };
        pending.push((used, depth + 1, range.start..middle));
        pending.push((used + 1, depth + 1, middle..range.end));
        used += 2;
    }
    nodes
}

/// A random feature that is not constant in these rows, and a random value within its range; `None` if all rows are
/// equal.
fn choose_split(rows: &[f32], width: usize, here: &[usize], random: &mut Pcg32) -> Option<(usize, f32)> {
    let start = random.random_range(0..width as u64) as usize;
    let range = |feature: usize| {
        here.iter()
            .map(|row| rows[row * width + feature])
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    // A few draws find a feature that varies in most tables; then each is tried in turn.
    let draws: [usize; 8] = std::array::from_fn(|_| random.random_range(0..width as u64) as usize);
    let (feature, (low, high)) = draws
        .into_iter()
        .chain((0..width).map(|step| (start + step) % width))
        .map(|feature| (feature, range(feature)))
        .find(|(_, (low, high))| low < high)?;
    let value = (f64::from(low) + (f64::from(high) - f64::from(low)) * random.random::<f64>()) as f32;
    // Rounding must not leave a side empty.
    Some((feature, if value > low && value <= high { value } else { high }))
}

/// c(n) = 2 H(n - 1) - 2 (n - 1) / n: mean path length in a tree of so many rows.
fn mean_path_length(rows: usize) -> f64 {
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let n = rows as f64;
            2.0 * ((n - 1.0).ln() + EULER_GAMMA) - 2.0 * (n - 1.0) / n
        }
    }
}

/// A fitted forest.
#[derive(Clone, Debug, PartialEq)]
pub struct IsolationForest {
    width: usize,
    sample: usize,
    /// [`NODES`] per tree.
    nodes: Vec<Node>,
}

impl IsolationForest {
    fn trees(&self) -> usize {
        self.nodes.len() / NODES
    }

    /// s(x) = 2^(-E[h(x)] / c(psi)): above 0.5 for rows that are isolated sooner than most, below 1.
    ///
    /// # Panics
    /// When the row has another number of features than the forest.
    pub fn score(&self, row: &[f32]) -> f64 {
        assert_eq!(row.len(), self.width, "a row has as many features as the forest");
        let length: f64 = self.nodes.chunks_exact(NODES).map(|tree| f64::from(path_length(tree, row))).sum();
        let mean = length / self.trees() as f64;
        (-mean / mean_path_length(self.sample)).exp2()
    }

    /// Writes the share of each feature in isolating the row (they sum to 1). Returns the score.
    ///
    /// A split that leaves the row among m of n rows has log2(n / m) bits of information; its excess over the one bit
    /// of an even split is credited to its feature. A heuristic near DIFFI (Carletti, Terzi and Susto 2023). If no
    /// split has more than one bit, all shares are equal.
    ///
    /// # Panics
    /// When `row` or `shares` has another number of values than the forest has features.
    pub fn explain(&self, row: &[f32], shares: &mut [f32]) -> f64 {
        assert_eq!(shares.len(), self.width, "each feature has a share");
        let mut excess_bits = vec![0.0; self.width];
        for tree in self.nodes.chunks_exact(NODES) {
            let mut node = &tree[0];
            while node.left != 0 {
                let child = &tree[child(node, row)];
                let bits = (f64::from(node.rows) / f64::from(child.rows.max(1))).log2();
                excess_bits[node.feature as usize] += (bits - 1.0).max(0.0);
                node = child;
            }
        }
        let sum: f64 = excess_bits.iter().sum();
        for (share, bits) in shares.iter_mut().zip(excess_bits) {
            *share = if sum > 0.0 { bits / sum } else { 1.0 / self.width as f64 } as f32;
        }
        self.score(row)
    }

    /// Arrays of a detector file.
    pub fn to_tensors(&self) -> Vec<NamedTensor> {
        let shape = vec![self.trees(), NODES];
        let nodes = |name, value: fn(&Node) -> f32| NamedTensor {
            name,
            shape: shape.clone(),
            values: self.nodes.iter().map(value).collect(),
        };
        // Slots, rows and features are small whole numbers, which f32 holds exactly.
        vec![
            NamedTensor { name: "forest.sample", shape: vec![1], values: vec![self.sample as f32] },
            nodes("forest.value", |node| node.value),
            nodes("forest.feature", |node| node.feature as f32),
            nodes("forest.left", |node| f32::from(node.left)),
            nodes("forest.rows", |node| f32::from(node.rows)),
        ]
    }

    /// A forest from the arrays of [`Self::to_tensors`], for rows of `width` features.
    ///
    /// # Errors
    /// When an array is missing, has another shape, holds NaN, or has a node that refers to itself or backwards.
    pub fn from_tensors(tensors: &[NamedTensor], width: usize) -> Result<Self, BaselineError> {
        let sample = array(tensors, "forest.sample", &[1])?[0] as usize;
        if !(2..=SAMPLE).contains(&sample) {
            return Err(BaselineError::Damaged { part: "forest.sample" });
        }
        let read = |name| array(tensors, name, &[TREES, NODES]);
        let (values, features) = (read("forest.value")?, read("forest.feature")?);
        let (lefts, rows) = (read("forest.left")?, read("forest.rows")?);
        let nodes: Vec<Node> = (0..TREES * NODES)
            .map(|index| Node {
                value: values[index],
                feature: features[index] as u32,
                left: lefts[index] as u16,
                rows: rows[index] as u16,
            })
            .collect();
        for (slot, node) in nodes.iter().enumerate().map(|(index, node)| (index % NODES, node)) {
            let left = usize::from(node.left);
            if node.feature as usize >= width {
                return Err(BaselineError::Damaged { part: "forest.feature" });
            }
            // Forward only: every path ends.
            if left != 0 && (left <= slot || left + 1 >= NODES) {
                return Err(BaselineError::Damaged { part: "forest.left" });
            }
        }
        Ok(Self { width, sample, nodes })
    }
}

fn child(node: &Node, row: &[f32]) -> usize {
    usize::from(node.left) + usize::from(row[node.feature as usize] >= node.value)
}

/// h(x): path length of the leaf that the row reaches.
fn path_length(tree: &[Node], row: &[f32]) -> f32 {
    let mut node = &tree[0];
    while node.left != 0 {
        node = &tree[child(node, row)];
    }
    node.value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cloud around 0 in three dimensions, by whole-number arithmetic.
    fn cloud(rows: u64) -> Vec<f32> {
        (0..rows * 3).map(|i| (i.wrapping_mul(2_654_435_761) % 1_000_003 % 2001) as f32 / 1000.0 - 1.0).collect()
    }

    fn forest(rows: &[f32], width: usize, seed: u64) -> IsolationForest {
        IsolationForestFit::new(rows, width, seed).expect("enough rows").finish()
    }

    #[test]
    fn rows_far_out_are_anomalies_and_their_feature_has_the_share() {
        let forest = forest(&cloud(1000), 3, 0);
        let mut shares = [0.0; 3];
        let anomalous = forest.explain(&[0.0, 9.0, 0.0], &mut shares);
        let normal = forest.score(&[0.0; 3]);
        assert!(anomalous > 0.5 && anomalous > normal + 0.05, "{anomalous} beside {normal}");
        assert!(shares[1] > 0.5 && (shares.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{shares:?}");
    }

    #[test]
    fn the_seed_decides_the_forest() {
        let rows = cloud(300);
        assert_eq!(forest(&rows, 3, 5), forest(&rows, 3, 5));
        assert_ne!(forest(&rows, 3, 5), forest(&rows, 3, 6));
    }

    #[test]
    fn the_mean_path_length_is_the_papers() {
        assert_eq!((mean_path_length(1), mean_path_length(2)), (0.0, 1.0));
        assert!((mean_path_length(256) - 10.244_770_9).abs() < 1e-6);
    }

    #[test]
    fn equal_rows_make_equal_scores() {
        let forest = forest(&[1.0; 20], 2, 0);
        let score = forest.score(&[1.0, 1.0]);
        assert!(score.is_finite() && score.to_bits() == forest.score(&[7.0, 1.0]).to_bits());
    }

    #[test]
    fn files_hold_the_whole_forest() {
        let forest = forest(&cloud(50), 3, 1);
        let mut tensors = forest.to_tensors();
        assert_eq!(IsolationForest::from_tensors(&tensors, 3), Ok(forest));
        assert!(IsolationForest::from_tensors(&tensors, 1).is_err());
        tensors[3].values[5] = 2.0;
        assert_eq!(IsolationForest::from_tensors(&tensors, 3), Err(BaselineError::Damaged { part: "forest.left" }));
    }

    #[test]
    fn too_few_rows_are_refused() {
        assert!(IsolationForestFit::new(&[1.0, 2.0], 2, 0).is_err());
    }
}
