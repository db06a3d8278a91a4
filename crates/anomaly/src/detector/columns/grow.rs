//! Growing of an extremely randomised tree (Geurts, Ernst and Wehenkel 2006): each node tries a few random cells at a
//! random threshold each, and keeps the best.

use rand::RngExt;
use rand_pcg::Pcg32;

use super::tree::{Node, Tree};

/// Fewest rows of a leaf.
const MIN_LEAF: usize = 4;
/// Most classes of a target.
const MAX_CLASSES: usize = 256;

/// Labels of the rows that a tree predicts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Labels<'a> {
    /// Normal score of each row.
    Scores(&'a [f32]),
    /// Class of each row, below the number.
    Classes(&'a [u8], usize),
}

/// Rows to grow from, as codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    /// Code of each row, cell by cell: [cells, rows].
    pub codes: &'a [Vec<u8>],
    pub labels: Labels<'a>,
}

/// Grows trees that predict one cell from the others.
#[derive(Clone, Debug)]
pub(super) struct Grower {
    /// Cells that may be split, in any order.
    inputs: Vec<u16>,
    /// Cells that a node tries.
    tries: usize,
    /// Codes and labels of a node's rows, side by side: a split reads them many times.
    codes: Vec<u8>,
    scores: Vec<f32>,
    classes: Vec<u8>,
}

impl Grower {
    /// A grower that splits `inputs`, so many per node.
    pub const fn new(inputs: Vec<u16>, tries: usize) -> Self {
        Self { inputs, tries, codes: Vec::new(), scores: Vec::new(), classes: Vec::new() }
    }

    /// A tree of these rows (indices), which are reordered.
    pub fn grow(&mut self, rows: Rows<'_>, members: &mut [u32], random: &mut Pcg32) -> Tree {
        let mut tree = Tree { nodes: vec![Node::default()], shares: Vec::new() };
        let mut pending = vec![(0, 0..members.len())];
        while let Some((index, range)) = pending.pop() {
            let here = &mut members[range.clone()];
            let Some((cell, threshold)) = self.split(rows, here, random) else {
                tree.nodes[index] = leaf(rows.labels, here, &mut tree.shares);
                continue;
            };
            let middle = range.start + partition(here, &rows.codes[usize::from(cell)], threshold);
            let left = tree.nodes.len();
            tree.nodes[index] = Node { left: left as u32, cell, threshold, ..Node::default() };
            tree.nodes.extend([Node::default(); 2]);
            pending.extend([(left, range.start..middle), (left + 1, middle..range.end)]);
        }
        tree
    }

    /// The best of the tried splits; `None` of rows that are too few, or alike.
    fn split(&mut self, rows: Rows<'_>, here: &[u32], random: &mut Pcg32) -> Option<(u16, u8)> {
        if here.len() < 2 * MIN_LEAF || !self.gather_labels(rows.labels, here) {
            return None;
        }
        let mut best: Option<(f64, u16, u8)> = None;
        let mut tried = 0;
        for next in 0..self.inputs.len() {
            let other = next + random.random_range(0..(self.inputs.len() - next) as u32) as usize;
            self.inputs.swap(next, other);
            let cell = self.inputs[next];
            let (low, high) = self.gather_codes(&rows.codes[usize::from(cell)], here);
            if low == high {
                continue;
            }
            let threshold = low + random.random_range(0..u32::from(high - low)) as u8;
            let purity = match rows.labels {
                Labels::Scores(_) => purity_of_scores(&self.codes, threshold, &self.scores),
                Labels::Classes(_, count) => purity_of_classes(&self.codes, threshold, &self.classes, count),
            };
            if purity.is_some_and(|purity| best.is_none_or(|(best, ..)| purity > best)) {
                best = purity.map(|purity| (purity, cell, threshold));
            }
            tried += 1;
            if tried >= self.tries {
                break;
            }
        }
        best.map(|(_, cell, threshold)| (cell, threshold))
    }

    /// Copies the labels of a node's rows. Returns false if they are alike.
    fn gather_labels(&mut self, labels: Labels<'_>, here: &[u32]) -> bool {
        match labels {
            Labels::Scores(scores) => {
                self.scores.clear();
                self.scores.extend(here.iter().map(|&row| scores[row as usize]));
                let first = self.scores[0].to_bits();
                self.scores.iter().any(|score| score.to_bits() != first)
            }
            Labels::Classes(classes, _) => {
                self.classes.clear();
                self.classes.extend(here.iter().map(|&row| classes[row as usize]));
                let first = self.classes[0];
                self.classes.iter().any(|&class| class != first)
            }
        }
    }

    /// Copies a cell's codes of a node's rows. Returns the least and the greatest.
    fn gather_codes(&mut self, codes: &[u8], here: &[u32]) -> (u8, u8) {
        self.codes.clear();
        self.codes.extend(here.iter().map(|&row| codes[row as usize]));
        self.codes.iter().fold((u8::MAX, 0), |(low, high), &code| (low.min(code), high.max(code)))
    }
}

/// Sum over both sides of the squared sum by the number of rows: the greater, the less is left to tell. `None` if a side
/// is too small.
fn purity_of_scores(codes: &[u8], threshold: u8, scores: &[f32]) -> Option<f64> {
    let (mut left_rows, mut left, mut all) = (0_u32, 0.0_f32, 0.0_f32);
    for (&code, &score) in codes.iter().zip(scores) {
        let is_left = code <= threshold;
        left_rows += u32::from(is_left);
        left += if is_left { score } else { 0.0 };
        all += score;
    }
    let right_rows = codes.len() as u32 - left_rows;
    let right = all - left;
    (left_rows.min(right_rows) as usize >= MIN_LEAF)
        .then(|| f64::from(left * left / left_rows as f32 + right * right / right_rows as f32))
}

/// Sum over both sides of the classes' squared numbers by the number of rows (Gini). `None` if a side is too small.
fn purity_of_classes(codes: &[u8], threshold: u8, classes: &[u8], count: usize) -> Option<f64> {
    let mut sides = [[0_u32; MAX_CLASSES]; 2];
    for (&code, &class) in codes.iter().zip(classes) {
        sides[usize::from(code <= threshold)][usize::from(class)] += 1;
    }
    let rows = sides.map(|side| side[..count].iter().sum::<u32>());
    let squares = |side: &[u32; MAX_CLASSES]| side[..count].iter().map(|&rows| f64::from(rows).powi(2)).sum::<f64>();
    (rows[0].min(rows[1]) as usize >= MIN_LEAF)
        .then(|| squares(&sides[0]) / f64::from(rows[0]) + squares(&sides[1]) / f64::from(rows[1]))
}

/// Moves the rows that go left to the front. Returns their number.
fn partition(here: &mut [u32], codes: &[u8], threshold: u8) -> usize {
    let mut left = 0;
    for index in 0..here.len() {
        if codes[here[index] as usize] <= threshold {
            here.swap(index, left);
            left += 1;
        }
    }
    left
}

fn leaf(labels: Labels<'_>, here: &[u32], shares: &mut Vec<(u8, f32)>) -> Node {
    let rows = here.len().max(1) as f32;
    match labels {
        Labels::Scores(scores) => {
            Node { value: here.iter().map(|&row| scores[row as usize]).sum::<f32>() / rows, ..Node::default() }
        }
        Labels::Classes(classes, _) => {
            let mut own: Vec<u8> = here.iter().map(|&row| classes[row as usize]).collect();
            own.sort_unstable();
            let first = shares.len();
            shares.extend(own.chunk_by(u8::eq).map(|alike| (alike[0], alike.len() as f32 / rows)));
            Node { value: first as f32, classes: (shares.len() - first) as u8, ..Node::default() }
        }
    }
}
