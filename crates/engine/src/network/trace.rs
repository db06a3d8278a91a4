//! A batch, followed layer by layer.

use burn::tensor::Tensor;

use super::{Autoencoder, Latent, Mode, activate};

/// What every layer made of a batch.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Outputs of the plan's layers from input to reconstruction, [samples, values] each.
    pub outputs: Vec<Tensor<2>>,
    /// What the decoder read: [samples, numbers of the code].
    pub code: Tensor<2>,
    /// What is known of the code beside its numbers.
    pub latent: Latent,
}

impl Autoencoder {
    /// Follows a batch of [samples, values]; nothing is random.
    pub fn trace(&self, batch: Tensor<2>) -> Trace {
        let mode = &mut Mode::Inference;
        let passed = self.encoder.outputs(&batch, mode);
        let encoded = passed.last().cloned().unwrap_or(batch);
        let narrowed = self.bottleneck.outputs(&encoded, mode);
        let (code, latent) = self.bottleneck.forward(encoded, mode);
        let mut decoded: Vec<_> = self.decoder_outputs(code.clone(), &passed, mode).collect();
        // The network keeps the last layer's activation to itself; layers after it only move values about.
        let last = self.decoder.layers().iter().rposition(|layer| layer.plan().parameters() > 0);
        for output in decoded.iter_mut().skip(last.unwrap_or(usize::MAX)) {
            *output = activate(self.output_activation, output.clone());
        }
        Trace { outputs: [passed, narrowed, decoded].concat(), code, latent }
    }
}
