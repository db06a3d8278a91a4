//! Forward pass of rows in blocks of eight, and their reconstruction errors.

use pinhole_numerics::dense_rows::{LANES, Strips, TILE_ROWS, run_layer, squared_errors};
use pinhole_protocol::{NetworkPlan, Part};

use super::weights::LayerWeights;

/// Forward pass of a network, with memory for one block of [`LANES`] rows.
#[derive(Clone, Debug)]
pub struct ForwardPass {
    layers: Vec<PackedLayer>,
    width: usize,
    /// Values of the block before the first layer and after each layer, [values, rows].
    blocks: Vec<Vec<[f32; LANES]>>,
    /// Index of the code among the blocks.
    code: usize,
}

#[derive(Clone, Debug)]
struct PackedLayer {
    /// Weights [outputs, inputs] in strips of outputs.
    weight: Strips<TILE_ROWS>,
    bias: Vec<[f32; TILE_ROWS]>,
    has_relu: bool,
}

impl ForwardPass {
    /// Packs `weights`, one entry per layer of `plan`, which must be [supported](super::is_supported).
    pub fn new(plan: &NetworkPlan, weights: &[LayerWeights]) -> Self {
        let last = plan.layers.len().saturating_sub(1);
        let layers = plan.layers.iter().zip(weights).enumerate().map(|(index, (layer, weights))| {
            let mut weight = Strips::default();
            weight.of_rows(&weights.weight, layer.input.len());
            let mut bias = vec![[0.0; TILE_ROWS]; layer.output.len().div_ceil(TILE_ROWS)];
            for (index, &value) in weights.bias.iter().enumerate() {
                bias[index / TILE_ROWS][index % TILE_ROWS] = value;
            }
            PackedLayer { weight, bias, has_relu: index < last }
        });
        let widths = std::iter::once(plan.input.len()).chain(plan.layers.iter().map(|layer| layer.output.len()));
        Self {
            layers: layers.collect(),
            width: plan.input.len(),
            blocks: widths.map(|width| vec![[0.0; LANES]; width.next_multiple_of(TILE_ROWS)]).collect(),
            code: plan.layers.iter().filter(|layer| layer.part != Part::Decoder).count(),
        }
    }

    /// Number of values of a row.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Runs the network on at most [`LANES`] rows, row-major.
    pub fn run(&mut self, rows: &[f32]) {
        for (lane, row) in rows.chunks_exact(self.width).take(LANES).enumerate() {
            for (entry, &value) in self.blocks[0].iter_mut().zip(row) {
                entry[lane] = value;
            }
        }
        self.run_from(0);
    }

    /// Runs the decoder on at most [`LANES`] codes of `width` numbers, row-major.
    pub fn run_decoder(&mut self, codes: &[f32], width: usize) {
        for (lane, code) in codes.chunks_exact(width).take(LANES).enumerate() {
            for (entry, &value) in self.blocks[self.code].iter_mut().zip(code) {
                entry[lane] = value;
            }
        }
        self.run_from(self.code);
    }

    /// Runs the layers from `first` on.
    fn run_from(&mut self, first: usize) {
        for (index, layer) in self.layers.iter().enumerate().skip(first) {
            let (before, after) = self.blocks.split_at_mut(index + 1);
            layer.run(&before[index], &mut after[0]);
        }
    }

    /// Reconstruction of the last block, [values, rows].
    pub fn reconstruction(&self) -> &[[f32; LANES]] {
        &self.blocks[self.layers.len()][..self.width]
    }

    /// Input of the last block, [values, rows].
    pub fn input(&self) -> &[[f32; LANES]] {
        &self.blocks[0][..self.width]
    }

    /// Codes of the last block, [code size, rows].
    pub fn codes(&self) -> &[[f32; LANES]] {
        &self.blocks[self.code]
    }

    /// Sum of squared errors of each row of the last block.
    pub fn squared_errors(&self) -> [f64; LANES] {
        squared_errors(self.input(), self.reconstruction())
    }

    /// Adds the mean squared error of each row to its entry of `scores`.
    pub fn add_errors(&mut self, rows: &[f32], scores: &mut [f64]) {
        let width = self.width;
        for (rows, scores) in rows.chunks(LANES * width).zip(scores.chunks_mut(LANES)) {
            self.run(rows);
            for (score, error) in scores.iter_mut().zip(self.squared_errors()) {
                *score += error / width as f64;
            }
        }
    }
}

impl PackedLayer {
    fn run(&self, input: &[[f32; LANES]], output: &mut [[f32; LANES]]) {
        let floor = if self.has_relu { 0.0 } else { f32::NEG_INFINITY };
        run_layer(&self.weight, &self.bias, floor, input, output);
    }
}
