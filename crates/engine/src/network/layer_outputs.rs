//! The outputs of all layers for one batch.

use burn::tensor::Tensor;

use super::{autoencoder::Autoencoder, bottleneck::Latent, layer::activate, step_rng::Mode};

/// The outputs of all layers for one batch.
#[derive(Clone, Debug)]
pub struct LayerOutputs {
    /// Output of each layer of the plan from input to reconstruction, [samples, values] each.
    pub outputs: Vec<Tensor<2>>,
    /// Code, the decoder's input: [samples, latent size].
    pub code: Tensor<2>,
    /// Tensors of the bottleneck that the objective reads.
    pub latent: Latent,
}

impl Autoencoder {
    /// Traces a batch of [samples, values] in inference mode.
    pub fn layer_outputs(&self, batch: Tensor<2>) -> LayerOutputs {
        let mode = &mut Mode::Inference;
        let encoder_outputs = self.encoder().layer_outputs(&batch, mode);
        let encoded = encoder_outputs.last().cloned().unwrap_or(batch);
        let bottleneck_outputs = self.bottleneck().layer_outputs(&encoded, mode);
        let (code, latent) = self.bottleneck().forward(encoded, mode);
        let mut decoder_outputs: Vec<_> = self.decoder_outputs(code.clone(), &encoder_outputs, mode).collect();
        // The decoder's last layer with weights leaves its activation to the network; the layers after it only move
        // values.
        let last = self.decoder().layers().iter().rposition(|layer| layer.plan().parameters() > 0);
        for output in decoder_outputs.iter_mut().skip(last.unwrap_or(usize::MAX)) {
            *output = activate(self.output_activation(), output.clone());
        }
        LayerOutputs { outputs: [encoder_outputs, bottleneck_outputs, decoder_outputs].concat(), code, latent }
    }
}
