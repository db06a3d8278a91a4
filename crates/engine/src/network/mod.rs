//! Encoder, bottleneck and decoder: three things that compose into an autoencoder.

mod bottleneck;
mod chance;
mod layer;
mod stack;
mod trace;
mod weights;

#[cfg(test)]
mod tests;

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};
use pinhole_protocol::{Activation, LayerPlan, NetworkPlan, Part};

use weights::zeros;

pub use bottleneck::{Bottleneck, Latent};
pub use chance::{Chance, Mode};
use layer::fused;
pub use layer::{Layer, activate};
pub use stack::Stack;
pub use trace::Trace;
pub(crate) use weights::to_pytorch;
pub use weights::{NetworkWeights, initial_weights};

/// A network that squeezes its input through a narrow code and rebuilds it (Hinton and Salakhutdinov 2006).
///
/// Its tensors come in the order of [`NetworkPlan::tensors`], in which model files hold them too.
#[derive(Module, Debug)]
pub struct Autoencoder {
    encoder: Stack,
    bottleneck: Bottleneck,
    decoder: Stack,
    head: Stack,
    discriminator: Stack,
    output_log_variance: Option<Param<Tensor<1>>>,
    /// Kept out of the decoder's last layer, so that a loss can read logits.
    #[module(skip)]
    output_activation: Activation,
}

/// What a batch became on its way through.
#[derive(Clone, Debug)]
pub struct Passage {
    /// What the decoder read: [samples, numbers of the code].
    pub code: Tensor<2>,
    /// What the objective has to know of the code.
    pub latent: Latent,
    /// The reconstruction before the last activation: with a sigmoid at the end, its logits. [samples, values].
    pub logits: Tensor<2>,
    output_activation: Activation,
}

impl Passage {
    /// The reconstruction, [samples, values].
    pub fn reconstruction(&self) -> Tensor<2> {
        activate(self.output_activation, self.logits.clone())
    }

    /// The last activation, for a loss that applies it to the logits, if one can.
    pub const fn fused_activation(&self) -> Option<pinhole_kernels::Activation> {
        fused(self.output_activation)
    }
}

impl Autoencoder {
    /// A network with the weights that `seed` stands for, the same on every device.
    pub fn new(plan: &NetworkPlan, seed: u64, device: &Device) -> Self {
        Self::from_weights(plan, initial_weights(plan, seed), device)
    }

    /// A network with these weights.
    pub fn from_weights(plan: &NetworkPlan, weights: NetworkWeights, device: &Device) -> Self {
        let last = plan.layers.iter().rposition(|layer| layer.parameters() > 0);
        let output_activation = last.map_or(Activation::Linear, |last| plan.layers[last].activation);
        let decoder: Vec<LayerPlan> = plan
            .layers
            .iter()
            .enumerate()
            .filter(|(_, layer)| layer.part == Part::Decoder)
            .map(|(index, layer)| if Some(index) == last { Layer::linear(layer) } else { *layer })
            .collect();
        let empty = Self {
            encoder: Stack::new(plan.part(Part::Encoder), device),
            bottleneck: Bottleneck::new(plan, device),
            decoder: Stack::new(decoder.iter(), device),
            head: Stack::new(plan.head.iter(), device),
            discriminator: Stack::new(plan.discriminator.iter(), device),
            output_log_variance: plan.learnt_variance.then(|| zeros([1], device)),
            output_activation,
        };
        empty.load(plan, weights)
    }

    /// Sends a batch of [samples, values] all the way through.
    pub fn pass(&self, batch: Tensor<2>, mode: &mut Mode) -> Passage {
        let passed = self.encoder.outputs(&batch, mode);
        let encoded = passed.last().cloned().unwrap_or(batch);
        let (code, latent) = self.bottleneck.forward(encoded, mode);
        let logits = self.decoder_outputs(code.clone(), &passed, mode).last().unwrap_or_else(|| code.clone());
        Passage { code, latent, logits, output_activation: self.output_activation }
    }

    /// The code of each sample: [samples, numbers of the code].
    pub fn encode(&self, batch: Tensor<2>) -> Tensor<2> {
        let encoded = self.encoder.forward(batch, &mut Mode::Inference);
        self.bottleneck.forward(encoded, &mut Mode::Inference).0
    }

    /// What each code stands for. Skips, which a code alone cannot fill, are left at 0.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        activate(self.output_activation, self.decode_logits(codes))
    }

    /// As [`Autoencoder::decode`], before the last activation.
    pub fn decode_logits(&self, codes: Tensor<2>) -> Tensor<2> {
        self.decoder_outputs(codes.clone(), &[], &mut Mode::Inference).last().unwrap_or(codes)
    }

    /// The reconstruction of each sample.
    pub fn forward(&self, batch: Tensor<2>) -> Tensor<2> {
        self.pass(batch, &mut Mode::Inference).reconstruction()
    }

    /// The classifier's logits for each code, [samples, classes].
    pub fn classify(&self, codes: Tensor<2>) -> Tensor<2> {
        self.head.forward(codes, &mut Mode::Inference)
    }

    /// The discriminator's logit for each code, [samples, 1]: above 0 it takes it for a draw of the prior.
    pub fn discriminate(&self, codes: Tensor<2>) -> Tensor<2> {
        self.discriminator.forward(codes, &mut Mode::Inference)
    }

    /// The learnt logarithm of the variance of the reconstruction, one number.
    pub fn output_log_variance(&self) -> Option<Tensor<1>> {
        self.output_log_variance.as_ref().map(Param::val)
    }

    /// What comes before the code.
    pub const fn encoder(&self) -> &Stack {
        &self.encoder
    }

    /// What makes the code.
    pub const fn bottleneck(&self) -> &Bottleneck {
        &self.bottleneck
    }

    /// What comes after the code. Its last layer leaves the reconstruction's activation to the network.
    pub const fn decoder(&self) -> &Stack {
        &self.decoder
    }

    /// Tells an adversarial code from its prior.
    pub const fn discriminator(&self) -> &Stack {
        &self.discriminator
    }

    /// What every layer of the decoder makes of the code; `passed` are the encoder's outputs, for skips.
    fn decoder_outputs<'a>(
        &'a self,
        code: Tensor<2>,
        passed: &'a [Tensor<2>],
        mode: &'a mut Mode,
    ) -> impl Iterator<Item = Tensor<2>> + 'a {
        self.decoder.layers().iter().scan(code, move |values, layer| {
            let tied = layer.plan().tied_to.and_then(|index| self.dense_weight(index));
            let input = match layer.plan().skip_from {
                Some(from) => join(values.clone(), passed.get(from), layer.plan()),
                None => values.clone(),
            };
            *values = layer.forward(input, tied, mode);
            Some(values.clone())
        })
    }

    /// The weight of layer `index`, counted from the first of the encoder.
    fn dense_weight(&self, index: usize) -> Option<Tensor<2>> {
        let encoder = self.encoder.layers();
        encoder.get(index).or_else(|| self.bottleneck.layers().get(index - encoder.len()))?.dense_weight()
    }
}

/// Feature maps of the decoder and, after them, those handed over by the encoder.
fn join(values: Tensor<2>, skipped: Option<&Tensor<2>>, layer: &LayerPlan) -> Tensor<2> {
    let [samples, width] = values.dims();
    let skipped =
        skipped.cloned().unwrap_or_else(|| Tensor::zeros([samples, layer.input.len() - width], &values.device()));
    // Channels come first in a row of values, so that maps are joined by joining rows.
    Tensor::cat(vec![values, skipped], 1)
}
