//! Encoder, bottleneck and decoder, composed into an autoencoder.

use burn::{
    module::{Module, Param},
    tensor::{Device, Gradients, Tensor},
};
use pinhole_protocol::{Activation, LayerPlan, NetworkPlan, Part};

use super::{
    bottleneck::{Bottleneck, Latent},
    layer::{Layer, activate, fused},
    regression::RegressionHead,
    sequential::Sequential,
    step_rng::Mode,
    weights::{self, NetworkWeights, initial_weights, zeros},
};
use crate::{EngineError, data::AttributeScale};

/// A network that maps its input to a short code and reconstructs it from that (Hinton and Salakhutdinov 2006).
///
/// Burn visits its tensors in the order of [`NetworkPlan::tensors`], which is the order of a model file too.
#[derive(Module, Debug)]
pub struct Autoencoder {
    encoder: Sequential,
    bottleneck: Bottleneck,
    decoder: Sequential,
    head: Sequential,
    regression: Option<RegressionHead>,
    discriminator: Sequential,
    output_logvar: Option<Param<Tensor<1>>>,
    /// Kept out of the decoder's last layer, so that a loss can read logits.
    #[module(skip)]
    output_activation: Activation,
}

/// Result of a forward pass over a batch.
#[derive(Clone, Debug)]
pub struct Forward {
    /// Code, the decoder's input: [samples, latent size].
    pub code: Tensor<2>,
    /// Tensors of the bottleneck that the objective reads.
    pub latent: Latent,
    /// Reconstruction before the output activation (of a sigmoid, its logits): [samples, values].
    pub logits: Tensor<2>,
    output_activation: Activation,
}

impl Forward {
    /// Reconstruction, [samples, values].
    pub fn reconstruction(&self) -> Tensor<2> {
        activate(self.output_activation, self.logits.clone())
    }

    /// The output activation, for a loss kernel that applies it to the logits; `None` if no kernel does.
    pub const fn fused_activation(&self) -> Option<pinhole_kernels::Activation> {
        fused(self.output_activation)
    }
}

impl Autoencoder {
    /// A network with the initial weights for `seed`, the same on every device.
    pub fn new(plan: &NetworkPlan, seed: u64, device: &Device) -> Self {
        Self::from_weights(plan, initial_weights(plan, seed), device)
    }

    /// A network with these weights, in the order of `plan`.
    pub fn from_weights(plan: &NetworkPlan, weights: NetworkWeights, device: &Device) -> Self {
        let last = plan.layers.iter().rposition(|layer| layer.parameters() > 0);
        let output_activation = last.map_or(Activation::Linear, |last| plan.layers[last].activation);
        let decoder: Vec<LayerPlan> = plan
            .layers
            .iter()
            .enumerate()
            .filter(|(_, layer)| layer.part == Part::Decoder)
            .map(|(index, layer)| if Some(index) == last { Layer::without_activation(layer) } else { *layer })
            .collect();
        let zeroed = Self {
            encoder: Sequential::new(plan.part(Part::Encoder), device),
            bottleneck: Bottleneck::new(plan, device),
            decoder: Sequential::new(decoder.iter(), device),
            head: Sequential::new(plan.head.iter(), device),
            regression: plan.regression.as_ref().map(|layer| RegressionHead::new(layer, device)),
            discriminator: Sequential::new(plan.discriminator.iter(), device),
            output_logvar: plan.learnt_variance.then(|| zeros([1], device)),
            output_activation,
        };
        zeroed.load(plan, weights)
    }

    /// The same network with other weights, in the order of `plan`; where `weights` is shorter, the rest stays.
    pub(crate) fn load(self, plan: &NetworkPlan, weights: NetworkWeights) -> Self {
        weights::load(self, plan, weights)
    }

    /// Reads all weights in one awaited transaction: Burn's own recorder reads tensor by tensor and synchronously,
    /// which a browser's GPU does not allow.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn read_weights(&self, plan: &NetworkPlan) -> Result<NetworkWeights, EngineError> {
        // Burn keeps the last update of a batch normalisation's running statistics aside; `valid` applies it.
        weights::read_weights(&self.valid(), plan).await
    }

    /// Reads the gradients of all tensors, laid out as the weights; 0 for a tensor that has none.
    ///
    /// # Errors
    /// When the device fails.
    pub(crate) async fn read_gradients(
        &self,
        plan: &NetworkPlan,
        gradients: &Gradients,
    ) -> Result<NetworkWeights, EngineError> {
        weights::read_gradients(self, plan, gradients).await
    }

    /// Code, latent tensors and logits of a batch [samples, values], in training or inference mode.
    pub fn forward_with_mode(&self, batch: Tensor<2>, mode: &mut Mode) -> Forward {
        let encoder_outputs = self.encoder.layer_outputs(&batch, mode);
        let encoded = encoder_outputs.last().cloned().unwrap_or(batch);
        let (code, latent) = self.bottleneck.forward(encoded, mode);
        let logits = self.decoder_outputs(code.clone(), &encoder_outputs, mode).last().unwrap_or_else(|| code.clone());
        Forward { code, latent, logits, output_activation: self.output_activation }
    }

    /// Code of each sample, [samples, latent size]; of a variational bottleneck its mean.
    pub fn encode(&self, batch: Tensor<2>) -> Tensor<2> {
        let encoded = self.encoder.forward(batch, &mut Mode::Inference);
        self.bottleneck.forward(encoded, &mut Mode::Inference).0
    }

    /// Reconstruction of each code, [samples, values]. Skip connections, which need the encoder, read zeros.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        activate(self.output_activation, self.decode_logits(codes))
    }

    /// [`Autoencoder::decode`] before the output activation.
    pub fn decode_logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.decoder_outputs(codes.clone(), &[], &mut Mode::Inference).last().unwrap_or(codes)
    }

    /// Reconstruction of each sample in inference mode, [samples, values].
    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        self.forward_with_mode(batch, &mut Mode::Inference).reconstruction()
    }

    /// Logits of the classifier on the code, [samples, classes].
    pub fn classify(&self, codes: Tensor<2>) -> Tensor<2> {
        self.head.forward(codes, &mut Mode::Inference)
    }

    /// The regression on the code, if the network has one.
    pub const fn regression(&self) -> Option<&RegressionHead> {
        self.regression.as_ref()
    }

    /// The same network, whose regression predicts an attribute of this scale.
    #[must_use]
    pub(crate) fn with_regression_scale(self, scale: AttributeScale) -> Self {
        Self { regression: self.regression.map(|head| head.with_scale(scale)), ..self }
    }

    /// Logit of the discriminator for each code, [samples, 1]: above 0 it predicts a sample of the prior.
    pub fn discriminate(&self, codes: Tensor<2>) -> Tensor<2> {
        self.discriminator.forward(codes, &mut Mode::Inference)
    }

    /// Learnt log variance of the reconstruction, `[1]`.
    pub fn output_logvar(&self) -> Option<Tensor<1>> {
        self.output_logvar.as_ref().map(Param::val)
    }

    /// The layers before the bottleneck.
    pub const fn encoder(&self) -> &Sequential {
        &self.encoder
    }

    /// The bottleneck, which makes the code.
    pub const fn bottleneck(&self) -> &Bottleneck {
        &self.bottleneck
    }

    /// The layers after the code. The last one with weights leaves its activation to the network.
    pub const fn decoder(&self) -> &Sequential {
        &self.decoder
    }

    /// The classifier of codes against samples of the prior (of an adversarial autoencoder); else without layers.
    pub const fn discriminator(&self) -> &Sequential {
        &self.discriminator
    }

    /// Activation that is applied to the decoder's output.
    pub(super) const fn output_activation(&self) -> Activation {
        self.output_activation
    }

    /// Output of every layer of the decoder; skip connections read `encoder_outputs`, or zeros where that is empty.
    pub(super) fn decoder_outputs<'a>(
        &'a self,
        code: Tensor<2>,
        encoder_outputs: &'a [Tensor<2>],
        mode: &'a mut Mode,
    ) -> impl Iterator<Item = Tensor<2>> + 'a {
        self.decoder.layers().iter().scan(code, move |values, layer| {
            let tied = layer.plan().tied_to.and_then(|index| self.dense_weight(index));
            let input = match layer.plan().skip_from {
                Some(from) => concat_skip(values.clone(), encoder_outputs.get(from), layer.plan()),
                None => values.clone(),
            };
            *values = layer.forward(input, tied, mode);
            Some(values.clone())
        })
    }

    /// Weight [inputs, outputs] of layer `index`, counted from the first of the encoder.
    fn dense_weight(&self, index: usize) -> Option<Tensor<2>> {
        let encoder = self.encoder.layers();
        encoder.get(index).or_else(|| self.bottleneck.layers().get(index - encoder.len()))?.dense_weight()
    }
}

/// Feature maps of the decoder and, after them, those of the skip connection (zeros without one).
fn concat_skip(values: Tensor<2>, skipped: Option<&Tensor<2>>, layer: &LayerPlan) -> Tensor<2> {
    let [samples, width] = values.dims();
    let skipped =
        skipped.cloned().unwrap_or_else(|| Tensor::zeros([samples, layer.input.len() - width], &values.device()));
    // Channels come first in a row of values, so that joining rows joins channels.
    Tensor::cat(vec![values, skipped], 1)
}
