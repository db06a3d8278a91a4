//! What the code says of the probe, and how much of it is in use.

use pinhole_protocol::ValueHistogram;

use super::{
    histogram::value_histogram,
    reading::{Place, Read, Reading},
};
use crate::{
    measure::{choices, unit_divergence},
    network::{Autoencoder, Latent},
};

/// As many of a code's numbers as a chart can show.
const MOST: usize = 256;

/// Where the code stands in a reading.
pub(super) struct Code {
    values: Place,
    width: usize,
    kind: Kind,
}

enum Kind {
    Plain,
    Gaussian { mean: Place, log_variance: Place },
    Quantised { chosen: Place, codebook: Place, dimension: usize },
}

impl Code {
    /// Notes what is to be read of a code, [samples, numbers].
    pub fn note(network: &Autoencoder, code: burn::tensor::Tensor<2>, latent: Latent, reading: &mut Reading) -> Self {
        let [_, width] = code.dims();
        let kind = match (latent, network.bottleneck().codebook()) {
            (Latent::Gaussian { mean, log_variance }, _) => {
                Kind::Gaussian { mean: reading.note(mean), log_variance: reading.note(log_variance) }
            }
            (Latent::Quantised { chosen, .. }, Some(codebook)) => {
                let [_, dimension] = codebook.dims();
                Kind::Quantised { chosen: reading.note(chosen), codebook: reading.note(codebook), dimension }
            }
            (Latent::Plain | Latent::Quantised { .. }, _) => Kind::Plain,
        };
        Self { values: reading.note(code), width, kind }
    }

    /// The code's numbers over all samples.
    pub fn histogram(&self, read: &Read) -> ValueHistogram {
        value_histogram(read.values(self.values))
    }

    /// How much each number of the code is in use: the share of samples for which it is not 0; of a variational code its
    /// mean divergence in nats; of a codebook the share of all places that each vector fills. At most 256.
    pub fn in_use(&self, read: &Read) -> Vec<f32> {
        match self.kind {
            Kind::Plain => shares_of_columns(read.values(self.values), self.width, |value| f64::from(value != 0.0)),
            Kind::Gaussian { mean, log_variance } => {
                let divergences: Vec<f32> = read
                    .values(mean)
                    .iter()
                    .zip(read.values(log_variance))
                    .map(|(&mean, &log_variance)| unit_divergence(mean, log_variance) as f32)
                    .collect();
                shares_of_columns(&divergences, self.width, f64::from)
            }
            Kind::Quantised { chosen, codebook, dimension } => {
                let counts = choices(read.values(chosen), read.values(codebook), dimension);
                let all: u32 = counts.iter().sum();
                counts.into_iter().take(MOST).map(|count| count as f32 / all.max(1) as f32).collect()
            }
        }
    }
}

/// The mean of `what` over each column of rows of `width` values.
fn shares_of_columns(values: &[f32], width: usize, what: impl Fn(f32) -> f64) -> Vec<f32> {
    let rows = values.len() / width;
    (0..width.min(MOST))
        .map(|column| {
            let sum: f64 = values.iter().skip(column).step_by(width).map(|&value| what(value)).sum();
            (sum / rows as f64) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_columns() {
        let codes = [0.0, 1.0, -2.0, 0.0, 0.0, 3.0, 0.0, 5.0, 1.0, 0.0, 0.0, 1.0];
        assert_eq!(shares_of_columns(&codes, 3, |value| f64::from(value != 0.0)), [0.0, 0.5, 1.0]);
    }
}
