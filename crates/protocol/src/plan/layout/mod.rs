//! Layout of a network: from blocks and bottleneck to layers with shapes.

mod checks;
mod decoder;
mod encoder;
mod mirror;

use super::{BottleneckPlan, LayerKind, LayerPlan, NetworkPlan, Part, ShapeKind};
use crate::{Activation, BlockSpec, BottleneckSpec, GridShape, NetworkSpec, Normalisation, SpecError};

impl NetworkSpec {
    /// Returns the plan of the network: its layers with their shapes.
    ///
    /// # Errors
    /// For the first setting that cannot be laid out, with the reason and, where there is one, the nearest
    /// that can.
    pub fn plan(&self) -> Result<NetworkPlan, SpecError> {
        checks::check_input(self.input)?;
        checks::check_depth(self)?;
        let mut layout = Layout::new(self);
        layout.encoder()?;
        let (bottleneck, log_variance) = layout.bottleneck().map_err(at_bottleneck)?;
        let code = layout.next;
        layout.decoder()?;
        layout.finish()?;
        let vector = |part, input: usize, output: usize, activation| LayerPlan {
            part,
            activation,
            ..plain_layer(LayerKind::Dense, vector_shape(input), vector_shape(output))
        };
        let head = self.head.map(|head| {
            if head.classes < 2 {
                return Err(SpecError::new("network.head", "a classifier needs at least 2 classes to tell apart"));
            }
            Ok(vector(Part::Head, code.len(), head.classes, Activation::Linear))
        });
        let regression = self.regression.as_ref().map(|_| vector(Part::Regression, code.len(), 1, Activation::Linear));
        let discriminator = match self.bottleneck {
            BottleneckSpec::Adversarial { hidden: 0, .. } => return Err(at_bottleneck(checks::zero_width())),
            BottleneckSpec::Adversarial { size, hidden, .. } => vec![
                vector(Part::Discriminator, size, hidden, Activation::LeakyRelu),
                vector(Part::Discriminator, hidden, hidden, Activation::LeakyRelu),
                vector(Part::Discriminator, hidden, 1, Activation::Linear),
            ],
            _ => Vec::new(),
        };
        let plan = NetworkPlan {
            input: self.input,
            code,
            bottleneck,
            layers: layout.layers,
            log_variance,
            head: head.transpose()?.into_iter().collect(),
            regression,
            discriminator,
            learnt_variance: self.learnt_variance,
        };
        checks::check_plan(self, &plan)?;
        Ok(plan)
    }
}

/// Shape of a vector.
pub(super) const fn vector_shape(values: usize) -> GridShape {
    GridShape { channels: values, height: 1, width: 1 }
}

/// Kind of an input of this shape.
const fn shape_kind_of(input: GridShape) -> ShapeKind {
    if input.height == 1 && input.width == 1 { ShapeKind::Vector } else { ShapeKind::Picture }
}

/// Shape of a sequence.
pub(super) const fn sequence_shape(steps: usize, features: usize) -> GridShape {
    GridShape { channels: 1, height: steps, width: features }
}

/// Attributes an error about a layer to the bottleneck.
fn at_bottleneck(error: SpecError) -> SpecError {
    SpecError { field: "network.bottleneck", ..error }
}

/// A layer of the encoder without block, activation, normalisation and dropout.
const fn plain_layer(kind: LayerKind, input: GridShape, output: GridShape) -> LayerPlan {
    LayerPlan {
        part: Part::Encoder,
        block: None,
        kind,
        input,
        output,
        activation: Activation::Linear,
        normalisation: Normalisation::None,
        dropout: 0.0,
        tied_to: None,
        skip_from: None,
    }
}

/// A block of the encoder after its layout, for the mirrored decoder.
struct EncodedBlock {
    block: BlockSpec,
    input: (GridShape, ShapeKind),
    output: (GridShape, ShapeKind),
    /// Index of its last layer.
    last_layer: usize,
}

/// State of a layout: the layers so far, and the input of the next one.
struct Layout<'a> {
    spec: &'a NetworkSpec,
    layers: Vec<LayerPlan>,
    /// Shape of the next layer's input.
    next: GridShape,
    /// Kind of the next layer's input.
    shape_kind: ShapeKind,
    part: Part,
    /// Index of the current block.
    block: Option<usize>,
    encoded_blocks: Vec<EncodedBlock>,
}

impl<'a> Layout<'a> {
    fn new(spec: &'a NetworkSpec) -> Self {
        let shape_kind = shape_kind_of(spec.input);
        Self {
            spec,
            layers: Vec::new(),
            next: spec.input,
            shape_kind,
            part: Part::Encoder,
            block: None,
            encoded_blocks: Vec::new(),
        }
    }

    /// Shape and kind of the network's input.
    const fn input(&self) -> (GridShape, ShapeKind) {
        (self.spec.input, shape_kind_of(self.spec.input))
    }

    /// Appends a layer without activation and normalisation.
    fn push(&mut self, kind: LayerKind, output: GridShape, shape_kind: ShapeKind) -> Result<&mut LayerPlan, SpecError> {
        checks::check_width(output)?;
        let layer = LayerPlan { part: self.part, block: self.block, ..plain_layer(kind, self.next, output) };
        (self.next, self.shape_kind) = (output, shape_kind);
        Ok(self.layers.push_mut(layer))
    }

    /// Appends a layer with the network's activation and, if the kind has one, its normalisation.
    fn push_hidden(
        &mut self,
        kind: LayerKind,
        output: GridShape,
        shape_kind: ShapeKind,
    ) -> Result<&mut LayerPlan, SpecError> {
        let NetworkSpec { activation, normalisation, .. } = *self.spec;
        let layer = self.push(kind, output, shape_kind)?;
        layer.activation = activation;
        if is_normalised(kind) {
            layer.normalisation = normalisation;
        }
        Ok(layer)
    }

    /// Brings a picture or a vector to a sequence.
    fn read_as_sequence(&mut self) -> Result<(), SpecError> {
        let GridShape { channels, height, width } = self.next;
        match self.shape_kind {
            ShapeKind::Sequence => {}
            ShapeKind::Vector => (self.next, self.shape_kind) = (sequence_shape(channels, 1), ShapeKind::Sequence),
            ShapeKind::Picture if channels == 1 => self.shape_kind = ShapeKind::Sequence,
            ShapeKind::Picture => {
                self.push(LayerKind::Rows, sequence_shape(height, channels * width), ShapeKind::Sequence)?;
            }
        }
        Ok(())
    }

    fn bottleneck(&mut self) -> Result<(BottleneckPlan, Option<LayerPlan>), SpecError> {
        let is_recurrent = self.encoded_blocks.last().is_some_and(|encoded| encoded.block.is_recurrent());
        let spec = &self.spec.bottleneck;
        if spec.size().is_some() && is_recurrent {
            self.push(LayerKind::LastStep, vector_shape(self.next.width), ShapeKind::Vector)?;
        }
        self.part = Part::Bottleneck;
        let encoded = self.next;
        if let Some(size) = spec.size() {
            self.push(LayerKind::Dense, vector_shape(size), ShapeKind::Vector)?.activation = spec.activation();
        }
        Ok(match *spec {
            BottleneckSpec::Dense { .. } | BottleneckSpec::Direct => (BottleneckPlan::Plain, None),
            BottleneckSpec::Variational { size } => {
                let layer =
                    LayerPlan { part: Part::Bottleneck, ..plain_layer(LayerKind::Dense, encoded, vector_shape(size)) };
                (BottleneckPlan::Variational, Some(layer))
            }
            BottleneckSpec::VectorQuantised { codes, dimension } => (self.quantise(codes, dimension)?, None),
            BottleneckSpec::Adversarial { prior, .. } => (BottleneckPlan::Adversarial { prior }, None),
            BottleneckSpec::TopK { size, active } => {
                if active == 0 || active > size {
                    return Err(SpecError::new(
                        "network.bottleneck",
                        format!("keep 1 to {size} numbers of a code of {size}"),
                    ));
                }
                (BottleneckPlan::TopK { active }, None)
            }
        })
    }

    fn quantise(&mut self, codes: usize, dimension: usize) -> Result<BottleneckPlan, SpecError> {
        let refuse = |message: String| Err(SpecError::new("network.bottleneck", message));
        if codes < 2 || dimension == 0 {
            return refuse("a codebook needs at least 2 vectors of at least 1 number".into());
        }
        let GridShape { channels, height, width } = self.next;
        let places = match self.shape_kind {
            ShapeKind::Picture => {
                self.push(
                    LayerKind::Conv { stride: 1 },
                    GridShape { channels: dimension, height, width },
                    ShapeKind::Picture,
                )?;
                height * width
            }
            ShapeKind::Sequence => {
                self.push(LayerKind::StepDense, sequence_shape(height, dimension), ShapeKind::Sequence)?;
                height
            }
            ShapeKind::Vector if channels.is_multiple_of(dimension) && !self.encoded_blocks.is_empty() => {
                channels / dimension
            }
            ShapeKind::Vector => {
                let nearest = channels.div_ceil(dimension) * dimension;
                return refuse(format!(
                    "codebook vectors of {dimension} numbers do not divide the encoder's {channels}: let its last block have {nearest}",
                ));
            }
        };
        Ok(BottleneckPlan::VectorQuantised { codes, dimension, places })
    }

    /// Sets the activation of the last layer, the dropout of all previous ones, and ties weights.
    fn finish(&mut self) -> Result<(), SpecError> {
        let Some(last) = self.layers.iter().rposition(|layer| !layer.tensors().is_empty()) else {
            return Err(SpecError::new("network", "the network has no layer: add a width, or a code"));
        };
        for layer in &mut self.layers[..last] {
            if !layer.tensors().is_empty() {
                layer.dropout = self.spec.dropout;
            }
        }
        self.layers[last].activation = self.spec.output_activation;
        self.layers[last].normalisation = Normalisation::None;
        if self.spec.tied {
            self.tie_weights()?;
        }
        Ok(())
    }
}

const fn is_normalised(kind: LayerKind) -> bool {
    matches!(
        kind,
        LayerKind::Dense
            | LayerKind::Conv { .. }
            | LayerKind::ConvTranspose
            | LayerKind::Conv1d { .. }
            | LayerKind::Conv1dTranspose
    )
}
