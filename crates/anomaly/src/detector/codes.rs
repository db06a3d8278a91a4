//! Codes of rows: what the network of an ensemble makes of them, and rows that it makes of codes.

use pinhole_numerics::dense_rows::LANES;

use super::ensemble::Ensemble;

/// Rows that the network of an ensemble has encoded and reconstructed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EncodedRows {
    /// Codes, [rows, latent size].
    pub codes: Vec<f32>,
    /// Reconstructions on the scale of prepared rows, [rows, features].
    pub reconstructions: Vec<f32>,
    /// Mean squared error of each row on the network's scale; a missing cell adds nothing.
    pub errors: Vec<f32>,
}

impl Ensemble {
    /// Numbers of a code.
    pub const fn latent_size(&self) -> usize {
        self.network.experiment().plan().code.len()
    }

    /// Encodes prepared rows, whose missing cells are NaN.
    pub fn encode(&self, rows: &[f32]) -> EncodedRows {
        let (width, latent_size) = (self.network.width(), self.latent_size());
        let scaled = self.inlier_scaler.scale(&self.filled(rows));
        let mut forward = self.network.scorer();
        let mut encoded = EncodedRows::default();
        for (block, prepared) in scaled.chunks(LANES * width).zip(rows.chunks(LANES * width)) {
            forward.run(block);
            for (lane, (row, prepared)) in block.chunks_exact(width).zip(prepared.chunks_exact(width)).enumerate() {
                encoded.codes.extend(forward.codes()[..latent_size].iter().map(|lanes| lanes[lane]));
                let start = encoded.reconstructions.len();
                encoded.reconstructions.extend(forward.reconstruction().iter().map(|lanes| lanes[lane]));
                let reconstruction = &encoded.reconstructions[start..];
                let errors = row.iter().zip(reconstruction).zip(prepared).filter(|(_, value)| !value.is_nan());
                let sum: f64 = errors.map(|((value, rebuilt), _)| f64::from(value - rebuilt).powi(2)).sum();
                encoded.errors.push((sum / width as f64) as f32);
            }
        }
        encoded.reconstructions = self.inlier_scaler.unscale(&encoded.reconstructions);
        encoded
    }

    /// Rows of codes, on the scale of prepared rows, [codes, features].
    pub fn decode(&self, codes: &[f32]) -> Vec<f32> {
        let latent_size = self.latent_size();
        let mut forward = self.network.scorer();
        let mut rows = Vec::with_capacity(codes.len() / latent_size * self.network.width());
        for block in codes.chunks(LANES * latent_size) {
            forward.run_decoder(block, latent_size);
            for lane in 0..block.len() / latent_size {
                rows.extend(forward.reconstruction().iter().map(|lanes| lanes[lane]));
            }
        }
        self.inlier_scaler.unscale(&rows)
    }
}
