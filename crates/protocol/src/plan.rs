//! The layers that a [`NetworkSpec`] makes: what the engine builds and the page draws.

use serde::{Deserialize, Serialize};

use crate::{Activation, BottleneckSpec, DecoderSpec, EncoderSpec, GridShape, NetworkSpec, SpecError};

/// Which part of the autoencoder a layer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Before the code.
    Encoder,
    /// Makes the code.
    Bottleneck,
    /// After the code.
    Decoder,
}

/// The weights a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// Fully connected; inputs that are feature maps are flattened (channel, row, column).
    Dense,
    /// 3x3 convolution, padding 1, stride 2.
    Conv,
    /// 3x3 transposed convolution, padding 1, stride 2; the output padding restores the mirrored layer's exact size.
    ConvTranspose,
}

/// One layer with weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerPlan {
    /// Encoder, bottleneck or decoder.
    pub part: Part,
    /// Kind of weights.
    pub kind: LayerKind,
    /// Shape of one input; a dense layer reads it flattened.
    pub input: GridShape,
    /// Shape of one output; a vector of n is n channels of 1x1.
    pub output: GridShape,
    /// What follows the weights.
    pub activation: Activation,
}

impl LayerPlan {
    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        match self.kind {
            LayerKind::Dense => self.input.len() * self.output.len() + self.output.len(),
            LayerKind::Conv | LayerKind::ConvTranspose => {
                self.input.channels * self.output.channels * CONV_KERNEL * CONV_KERNEL + self.output.channels
            }
        }
    }

    /// Biases: one for each output of a dense layer, one for each output channel of a convolution.
    pub const fn bias_len(&self) -> usize {
        match self.kind {
            LayerKind::Dense => self.output.len(),
            LayerKind::Conv | LayerKind::ConvTranspose => self.output.channels,
        }
    }

    /// Output padding (rows, columns) that makes a transposed convolution restore `output` from `input`.
    pub const fn output_padding(&self) -> [usize; 2] {
        // out = (in - 1) * stride - 2 * padding + kernel + output_padding, with stride 2, padding 1, kernel 3
        [self.output.height + 1 - 2 * self.input.height, self.output.width + 1 - 2 * self.input.width]
    }
}

/// Side of every convolution's kernel.
pub const CONV_KERNEL: usize = 3;
/// Step of every convolution.
pub const CONV_STRIDE: usize = 2;
/// Zeroes around the picture.
pub const CONV_PADDING: usize = 1;

/// Whether the code is smaller than the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// The code is smaller: the network has to summarise.
    Undercomplete,
    /// The code is as large or larger: unless something prevents it, the network can learn to copy.
    Overcomplete,
}

/// Every layer, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkPlan {
    /// Shape of an input.
    pub input: GridShape,
    /// Shape of the code.
    pub code: GridShape,
    /// Layers from input to reconstruction.
    pub layers: Vec<LayerPlan>,
    /// Share of each hidden layer's outputs that a training step drops.
    pub dropout: f32,
}

impl NetworkPlan {
    /// All weights and biases.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(LayerPlan::parameters).sum()
    }

    /// Layers of one part, in order.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &LayerPlan> {
        self.layers.iter().filter(move |layer| layer.part == part)
    }

    /// Most values that one sample holds in any single layer.
    pub fn widest(&self) -> usize {
        self.layers.iter().map(|layer| layer.output.len()).fold(self.input.len(), usize::max)
    }

    /// Whether the code is smaller than the input.
    pub const fn completeness(&self) -> Completeness {
        if self.code.len() < self.input.len() { Completeness::Undercomplete } else { Completeness::Overcomplete }
    }
}

impl NetworkSpec {
    /// Lays out the layers.
    ///
    /// # Errors
    /// When a width is 0, the picture is too small for the convolutions, or the parts do not fit each other.
    pub fn plan(&self) -> Result<NetworkPlan, SpecError> {
        let mut layers = Layers { next: self.input, list: Vec::new() };
        match &self.encoder {
            EncoderSpec::Dense { widths } => layers.dense(Part::Encoder, widths, self.activation)?,
            EncoderSpec::Conv { channels } => layers.conv(channels, self.activation)?,
        }
        let encoded = layers.next;
        if let BottleneckSpec::Dense { size, activation } = self.bottleneck {
            layers.dense(Part::Bottleneck, &[size], activation)?;
        }
        let code = layers.next;
        match (&self.decoder, &self.encoder) {
            (DecoderSpec::Dense { widths }, _) => layers.dense_decoder(widths, self)?,
            (DecoderSpec::Mirror, EncoderSpec::Dense { widths }) => {
                let hidden: Vec<usize> = widths.iter().rev().copied().collect();
                // A direct bottleneck is the last hidden layer itself: it is not repeated on the way up.
                let from = usize::from(self.bottleneck == BottleneckSpec::Direct && !hidden.is_empty());
                layers.dense_decoder(&hidden[from..], self)?;
            }
            (DecoderSpec::Mirror, EncoderSpec::Conv { .. }) => layers.mirror_conv(encoded, self)?,
        }
        if layers.list.is_empty() {
            return Err(SpecError::new("network", "the network has no layer: add a width, or a code"));
        }
        Ok(NetworkPlan { input: self.input, code, layers: layers.list, dropout: self.dropout })
    }
}

/// Layers so far, and the shape that the next one reads.
struct Layers {
    next: GridShape,
    list: Vec<LayerPlan>,
}

impl Layers {
    fn push(
        &mut self,
        part: Part,
        kind: LayerKind,
        output: GridShape,
        activation: Activation,
    ) -> Result<(), SpecError> {
        if output.is_empty() {
            return Err(SpecError::new("network", "a layer of width 0 lets nothing through: make it at least 1"));
        }
        self.list.push(LayerPlan { part, kind, input: self.next, output, activation });
        self.next = output;
        Ok(())
    }

    fn dense(&mut self, part: Part, widths: &[usize], activation: Activation) -> Result<(), SpecError> {
        widths.iter().try_for_each(|&width| {
            self.push(part, LayerKind::Dense, GridShape { channels: width, height: 1, width: 1 }, activation)
        })
    }

    fn dense_decoder(&mut self, hidden: &[usize], spec: &NetworkSpec) -> Result<(), SpecError> {
        self.dense(Part::Decoder, hidden, spec.activation)?;
        self.push(Part::Decoder, LayerKind::Dense, spec.input, spec.output_activation)
    }

    fn conv(&mut self, channels: &[usize], activation: Activation) -> Result<(), SpecError> {
        for &channels in channels {
            let GridShape { height, width, .. } = self.next;
            if height < 2 || width < 2 {
                return Err(SpecError::new(
                    "network",
                    "too many convolutions: each halves the picture, and nothing is left to halve. Remove one",
                ));
            }
            let output =
                GridShape { channels, height: height.div_ceil(CONV_STRIDE), width: width.div_ceil(CONV_STRIDE) };
            self.push(Part::Encoder, LayerKind::Conv, output, activation)?;
        }
        Ok(())
    }

    /// Transposed convolutions through the encoder's shapes backwards, after a dense layer back to feature maps if the
    /// code is a vector.
    fn mirror_conv(&mut self, encoded: GridShape, spec: &NetworkSpec) -> Result<(), SpecError> {
        let upwards: Vec<GridShape> =
            self.list.iter().filter(|layer| layer.kind == LayerKind::Conv).map(|layer| layer.input).rev().collect();
        let is_vector = spec.bottleneck != BottleneckSpec::Direct;
        if is_vector {
            let activation = if upwards.is_empty() { spec.output_activation } else { spec.activation };
            self.push(Part::Decoder, LayerKind::Dense, encoded, activation)?;
        }
        let last = upwards.len().saturating_sub(1);
        for (index, output) in upwards.into_iter().enumerate() {
            let activation = if index == last { spec.output_activation } else { spec.activation };
            self.push(Part::Decoder, LayerKind::ConvTranspose, output, activation)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(plan: &NetworkPlan) -> Vec<usize> {
        std::iter::once(plan.input.len()).chain(plan.layers.iter().map(|layer| layer.output.len())).collect()
    }

    #[test]
    fn the_article_is_an_hourglass() {
        let plan = NetworkSpec::default().plan().expect("the default is valid");
        assert_eq!(sizes(&plan), [784, 256, 64, 256, 784]);
        assert_eq!(plan.parameters(), 784 * 256 + 256 + 256 * 64 + 64 + 64 * 256 + 256 + 256 * 784 + 784);
        assert_eq!(plan.completeness(), Completeness::Undercomplete);
    }

    #[test]
    fn convolutions_come_back_to_the_size_they_left() {
        for side in [28, 27, 9, 5] {
            let spec = NetworkSpec {
                input: GridShape { channels: 1, height: side, width: side + 1 },
                encoder: EncoderSpec::Conv { channels: vec![32, 64] },
                bottleneck: BottleneckSpec::Direct,
                ..NetworkSpec::default()
            };
            let plan = spec.plan().expect("two halvings fit");
            let up: Vec<_> = plan.part(Part::Decoder).collect();
            assert_eq!(up.last().expect("a decoder").output, spec.input);
            for layer in up {
                let [rows, columns] = layer.output_padding();
                assert_eq!((layer.input.height - 1) * 2 - 2 + 3 + rows, layer.output.height);
                assert_eq!((layer.input.width - 1) * 2 - 2 + 3 + columns, layer.output.width);
            }
        }
    }

    #[test]
    fn a_conv_code_of_feature_maps_is_overcomplete() {
        let spec = NetworkSpec {
            encoder: EncoderSpec::Conv { channels: vec![32, 64] },
            bottleneck: BottleneckSpec::Direct,
            ..NetworkSpec::default()
        };
        assert_eq!(spec.plan().expect("valid").completeness(), Completeness::Overcomplete);
    }

    #[test]
    fn a_vector_code_returns_through_feature_maps() {
        let spec = NetworkSpec { encoder: EncoderSpec::Conv { channels: vec![8, 16] }, ..NetworkSpec::default() };
        let plan = spec.plan().expect("valid");
        assert_eq!(sizes(&plan), [784, 8 * 14 * 14, 16 * 7 * 7, 64, 16 * 7 * 7, 8 * 14 * 14, 784]);
    }

    #[test]
    fn a_latent_size_narrows_any_network() {
        let mut conv = NetworkSpec {
            encoder: EncoderSpec::Conv { channels: vec![32, 64] },
            bottleneck: BottleneckSpec::Direct,
            ..NetworkSpec::default()
        };
        conv.set_latent_size(10);
        let plan = conv.plan().expect("valid");
        assert_eq!((plan.code.len(), plan.completeness()), (10, Completeness::Undercomplete));
        let mut dense = NetworkSpec::default();
        dense.set_latent_size(7);
        assert_eq!(dense.bottleneck, BottleneckSpec::Dense { size: 7, activation: Activation::Relu });
    }

    #[test]
    fn impossible_networks_are_refused_in_words() {
        let zero = NetworkSpec { encoder: EncoderSpec::Dense { widths: vec![0] }, ..NetworkSpec::default() };
        assert!(zero.plan().expect_err("width 0").to_string().contains("width 0"));
        let deep = NetworkSpec { encoder: EncoderSpec::Conv { channels: vec![4; 9] }, ..NetworkSpec::default() };
        assert!(deep.plan().expect_err("nine halvings").to_string().contains("too many convolutions"));
    }
}
