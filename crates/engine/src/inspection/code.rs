//! Histogram and usage of the code.

use burn::tensor::Tensor;
use pinhole_protocol::ValueHistogram;

use super::{
    batched_read::{BatchedRead, ReadValues, TensorIndex},
    histogram::value_histogram,
};
use crate::{
    measure::{unit_kl_divergence_nats, usage_counts},
    network::{Autoencoder, Latent},
};

/// Most numbers of a code that a chart shows.
const MAX_SHOWN: usize = 256;

/// The tensors of the code in a batched read.
pub(super) struct CodeTensors {
    values: TensorIndex,
    width: usize,
    kind: Kind,
}

enum Kind {
    Plain,
    Gaussian { mu: TensorIndex, logvar: TensorIndex },
    Quantised { z_q: TensorIndex, codebook: TensorIndex, dimension: usize },
}

impl CodeTensors {
    /// Adds the tensors of a code [samples, latent size] to a batched read.
    pub fn add(network: &Autoencoder, code: Tensor<2>, latent: Latent, batch: &mut BatchedRead) -> Self {
        let [_, width] = code.dims();
        let kind = match (latent, network.bottleneck().codebook()) {
            (Latent::Gaussian { mu, logvar }, _) => Kind::Gaussian { mu: batch.add(mu), logvar: batch.add(logvar) },
            (Latent::Quantised { z_q, .. }, Some(codebook)) => {
                let [_, dimension] = codebook.dims();
                Kind::Quantised { z_q: batch.add(z_q), codebook: batch.add(codebook), dimension }
            }
            (Latent::Plain | Latent::Quantised { .. }, _) => Kind::Plain,
        };
        Self { values: batch.add(code), width, kind }
    }

    /// Histogram of all numbers of all codes.
    pub fn histogram(&self, read: &ReadValues) -> ValueHistogram {
        value_histogram(read.values(self.values))
    }

    /// Usage of each number of the code: the share of samples for which it is not 0; of a variational code its mean KL
    /// divergence in nats; of a codebook the share of uses of each vector. At most 256 values.
    pub fn usage(&self, read: &ReadValues) -> Vec<f32> {
        match self.kind {
            Kind::Plain => column_means(read.values(self.values), self.width, |value| f64::from(value != 0.0)),
            Kind::Gaussian { mu, logvar } => {
                let divergences: Vec<f32> = read
                    .values(mu)
                    .iter()
                    .zip(read.values(logvar))
                    .map(|(&mu, &logvar)| unit_kl_divergence_nats(mu, logvar) as f32)
                    .collect();
                column_means(&divergences, self.width, f64::from)
            }
            Kind::Quantised { z_q, codebook, dimension } => {
                let counts = usage_counts(read.values(z_q), read.values(codebook), dimension);
                let total: u32 = counts.iter().sum();
                counts.into_iter().take(MAX_SHOWN).map(|count| count as f32 / total.max(1) as f32).collect()
            }
        }
    }
}

/// Mean of `map` over each column of rows of `width` values, at most 256 columns.
fn column_means(values: &[f32], width: usize, map: impl Fn(f32) -> f64) -> Vec<f32> {
    let rows = values.len() / width;
    (0..width.min(MAX_SHOWN))
        .map(|column| {
            let sum: f64 = values.iter().skip(column).step_by(width).map(|&value| map(value)).sum();
            (sum / rows as f64) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_taken_by_column() {
        let codes = [0.0, 1.0, -2.0, 0.0, 0.0, 3.0, 0.0, 5.0, 1.0, 0.0, 0.0, 1.0];
        assert_eq!(column_means(&codes, 3, |value| f64::from(value != 0.0)), [0.0, 0.5, 1.0]);
    }
}
