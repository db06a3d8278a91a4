//! Predictors as the arrays of a detector file.

use pinhole_table::preparation::PreparedCell;

use super::{
    ColumnPredictors,
    cell_coder::CellCoder,
    design::Design,
    normal_scores::NormalScores,
    predictor::{Predictor, Target},
    row_keys::RowKeys,
    tree::{Node, Tree},
};
use crate::baselines::{BaselineError, NamedTensor};

const BOUNDS: &str = "columns.bounds";
const BOUND_COUNTS: &str = "columns.bound_counts";
const MEDIANS: &str = "columns.medians";
const MISSING: &str = "columns.missing";
const KEYS: &str = "columns.keys";
const SHARE: &str = "columns.share";
/// Per predictor: its cell, the numbers of its trees and of its target's values, spread and usual surprise.
const PREDICTORS: &str = "columns.predictors";
/// Per cell: the number of points of its map to normal scores.
const MAP_COUNTS: &str = "columns.map_counts";
/// Points of the maps: number, score.
const MAPS: &str = "columns.maps";
/// Weights of a number's linear prediction, or the classes' shares.
const TARGETS: &str = "columns.targets";
/// Per tree: its numbers of nodes and shares.
const TREES: &str = "columns.trees";
/// Per node: left child, cell, threshold, classes, value.
const NODES: &str = "columns.nodes";
/// Per share: class, share.
const SHARES: &str = "columns.shares";

impl ColumnPredictors {
    /// Names of the arrays.
    pub const TENSORS: [&str; 13] = [
        BOUNDS,
        BOUND_COUNTS,
        MEDIANS,
        MISSING,
        KEYS,
        SHARE,
        MAP_COUNTS,
        MAPS,
        PREDICTORS,
        TARGETS,
        TREES,
        NODES,
        SHARES,
    ];

    /// The arrays. All whole numbers in them are below 2^24, which single precision holds exactly.
    pub fn to_tensors(&self) -> Vec<NamedTensor> {
        let table = |name, width: usize, values: Vec<f32>| NamedTensor {
            name,
            shape: vec![values.len() / width, width],
            values,
        };
        let list = |name, values: Vec<f32>| NamedTensor { name, shape: vec![values.len()], values };
        let trees = || self.predictors.iter().flat_map(|predictor| &predictor.trees);
        let (mut predictors, mut targets) = (Vec::new(), Vec::new());
        for predictor in &self.predictors {
            let (count, spread) = match &predictor.target {
                Target::Number { weights, spread } => {
                    targets.extend(weights);
                    (weights.len(), *spread)
                }
                Target::Classes(shares) => {
                    targets.extend(shares);
                    (shares.len(), 0.0)
                }
            };
            let counts = [predictor.cell, predictor.trees.len(), count].map(|count| count as f32);
            predictors.extend(counts);
            predictors.extend([spread, predictor.usual as f32]);
        }
        let nodes = trees().flat_map(|tree| &tree.nodes).flat_map(|node| {
            [node.left as f32, f32::from(node.cell), f32::from(node.threshold), f32::from(node.classes), node.value]
        });
        let shares = trees().flat_map(|tree| &tree.shares).flat_map(|&(class, share)| [f32::from(class), share]);
        let sizes = trees().flat_map(|tree| [tree.nodes.len() as f32, tree.shares.len() as f32]);
        let maps = || self.design.maps().iter().map(NormalScores::parts);
        let points =
            maps().flat_map(|(values, scores)| values.iter().zip(scores).flat_map(|(&value, &score)| [value, score]));
        let bounds = self.coder.bounds();
        vec![
            list(BOUNDS, bounds.concat()),
            list(BOUND_COUNTS, bounds.iter().map(|bounds| bounds.len() as f32).collect()),
            list(MEDIANS, self.coder.medians().iter().map(|&median| f32::from(median)).collect()),
            list(MISSING, self.coder.missing().to_vec()),
            list(KEYS, self.keys.keys().iter().map(|&key| key as f32).collect()),
            list(MAP_COUNTS, maps().map(|(values, _)| values.len() as f32).collect()),
            table(MAPS, 2, points.collect()),
            list(SHARE, vec![self.keys.share()]),
            table(PREDICTORS, 5, predictors),
            list(TARGETS, targets),
            table(TREES, 2, sizes.collect()),
            table(NODES, 5, nodes.collect()),
            table(SHARES, 2, shares.collect()),
        ]
    }

    /// Reads the arrays, for rows of these cells.
    ///
    /// # Errors
    /// When an array is missing or damaged.
    pub fn from_tensors(tensors: &[NamedTensor], cells: Vec<PreparedCell>) -> Result<Self, BaselineError> {
        let mut bounds = Reader::new(tensors, BOUNDS, 1)?;
        let counts = Reader::new(tensors, BOUND_COUNTS, 1)?.rest();
        let bounds: Vec<Vec<f32>> =
            counts.iter().map(|&count| bounds.take(count as usize).map(<[f32]>::to_vec)).collect::<Result<_, _>>()?;
        let medians = Reader::new(tensors, MEDIANS, 1)?.rest().iter().map(|&median| median as u8).collect();
        let keys: Vec<u32> = Reader::new(tensors, KEYS, 1)?.rest().iter().map(|&key| key as u32).collect();
        let share = Reader::new(tensors, SHARE, 1)?.take(1)?[0];
        let missing = Reader::new(tensors, MISSING, 1)?.rest().to_vec();
        let coder =
            CellCoder::from_parts(cells, bounds, medians, missing).ok_or(BaselineError::Damaged { part: BOUNDS })?;
        let design = read_design(tensors, &coder)?;
        let predictors = read_predictors(tensors, &coder, &design)?;
        Ok(Self { coder, design, keys: RowKeys::from_parts(keys, share), predictors })
    }
}

fn read_design(tensors: &[NamedTensor], coder: &CellCoder) -> Result<Design, BaselineError> {
    let damaged = || BaselineError::Damaged { part: MAPS };
    let counts = Reader::new(tensors, MAP_COUNTS, 1)?.rest();
    let mut points = Reader::new(tensors, MAPS, 2)?;
    let map = |&count: &f32| {
        let points = points.take(count as usize)?;
        let [values, scores] = [0, 1].map(|place| points.chunks_exact(2).map(|pair| pair[place]).collect());
        NormalScores::from_parts(values, scores).ok_or_else(damaged)
    };
    let maps: Vec<NormalScores> = counts.iter().map(map).collect::<Result<_, _>>()?;
    if maps.len() != coder.cells().len() {
        return Err(damaged());
    }
    Ok(Design::from_maps(maps, coder))
}

fn read_predictors(
    tensors: &[NamedTensor],
    coder: &CellCoder,
    design: &Design,
) -> Result<Vec<Predictor>, BaselineError> {
    let [mut targets, mut trees] = [Reader::new(tensors, TARGETS, 1)?, Reader::new(tensors, TREES, 2)?];
    let [mut nodes, mut shares] = [Reader::new(tensors, NODES, 5)?, Reader::new(tensors, SHARES, 2)?];
    let mut read = |line: &[f32]| -> Result<Predictor, BaselineError> {
        let [cell, count, values] = [line[0], line[1], line[2]].map(|number| number as usize);
        if cell >= coder.cells().len() {
            return Err(BaselineError::Damaged { part: PREDICTORS });
        }
        let classes = coder.classes(cell);
        let target = targets.take(values)?;
        let target = if let Some(classes) = classes {
            (target.len() == classes).then(|| Target::Classes(target.to_vec()))
        } else {
            let is_whole = target.len() == if design.width() == 0 { 0 } else { design.width() + 1 };
            is_whole.then(|| Target::Number { weights: target.to_vec(), spread: line[3].max(1e-6) })
        };
        let tree = |_| -> Result<Tree, BaselineError> {
            let sizes = trees.take(1)?.to_vec();
            let tree = Tree {
                nodes: nodes.take(sizes[0] as usize)?.chunks_exact(5).map(node).collect(),
                shares: shares.take(sizes[1] as usize)?.chunks_exact(2).map(|pair| (pair[0] as u8, pair[1])).collect(),
            };
            tree.is_sound(coder.cells().len(), classes).then_some(tree).ok_or(BaselineError::Damaged { part: NODES })
        };
        Ok(Predictor {
            cell,
            target: target.ok_or(BaselineError::Damaged { part: TARGETS })?,
            trees: (0..count).map(tree).collect::<Result<_, _>>()?,
            usual: f64::from(line[4]),
        })
    };
    Reader::new(tensors, PREDICTORS, 5)?.rest().chunks_exact(5).map(&mut read).collect()
}

fn node(values: &[f32]) -> Node {
    Node {
        left: values[0] as u32,
        cell: values[1] as u16,
        threshold: values[2] as u8,
        classes: values[3] as u8,
        value: values[4],
    }
}

/// Reads an array from its start, so many lines at a time.
struct Reader<'a> {
    name: &'static str,
    width: usize,
    values: &'a [f32],
}

impl<'a> Reader<'a> {
    fn new(tensors: &'a [NamedTensor], name: &'static str, width: usize) -> Result<Self, BaselineError> {
        let tensor = tensors.iter().find(|tensor| tensor.name == name).ok_or(BaselineError::Damaged { part: name })?;
        let is_sound = tensor.values.len().is_multiple_of(width) && tensor.values.iter().all(|value| value.is_finite());
        is_sound.then_some(Self { name, width, values: &tensor.values }).ok_or(BaselineError::Damaged { part: name })
    }

    fn take(&mut self, lines: usize) -> Result<&'a [f32], BaselineError> {
        let end = lines.checked_mul(self.width).filter(|&end| end <= self.values.len());
        let end = end.ok_or(BaselineError::Damaged { part: self.name })?;
        let (taken, rest) = self.values.split_at(end);
        self.values = rest;
        Ok(taken)
    }

    const fn rest(self) -> &'a [f32] {
        self.values
    }
}
