//! From the parts that a person chose to the layers that they make.

mod checks;
mod decoder;
mod encoder;
mod mirror;

use super::{BottleneckPlan, Form, LayerKind, LayerPlan, NetworkPlan, Part};
use crate::{Activation, BlockSpec, BottleneckSpec, GridShape, NetworkSpec, Normalisation, SpecError};

impl NetworkSpec {
    /// Lays out the layers.
    ///
    /// # Errors
    /// The first thing that does not fit, with the reason and the nearest that does.
    pub fn plan(&self) -> Result<NetworkPlan, SpecError> {
        checks::check_input(self.input)?;
        checks::check_depth(self)?;
        let mut layout = Layout::new(self);
        layout.encoder()?;
        let (bottleneck, log_variance) = layout.bottleneck().map_err(about_code)?;
        let code = layout.next;
        layout.decoder()?;
        layout.finish()?;
        let vector = |part, input: usize, output: usize, activation| LayerPlan {
            part,
            activation,
            ..plain(LayerKind::Dense, vector_shape(input), vector_shape(output))
        };
        let head = self.head.map(|head| {
            if head.classes < 2 {
                return Err(SpecError::new("network.head", "a classifier needs at least 2 classes to tell apart"));
            }
            Ok(vector(Part::Head, code.len(), head.classes, Activation::Linear))
        });
        let discriminator = match self.bottleneck {
            BottleneckSpec::Adversarial { hidden: 0, .. } => return Err(about_code(checks::zero_width())),
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
            discriminator,
            learnt_variance: self.learnt_variance,
        };
        checks::check_plan(self, &plan)?;
        Ok(plan)
    }
}

/// A vector of so many values.
pub(super) const fn vector_shape(values: usize) -> GridShape {
    GridShape { channels: values, height: 1, width: 1 }
}

/// What an input of this shape is.
const fn form_of(input: GridShape) -> Form {
    if input.height == 1 && input.width == 1 { Form::Vector } else { Form::Picture }
}

/// A sequence of so many steps of so many features.
pub(super) const fn sequence_shape(steps: usize, features: usize) -> GridShape {
    GridShape { channels: 1, height: steps, width: features }
}

/// What a layer refuses, said of the bottleneck that asked for it.
fn about_code(error: SpecError) -> SpecError {
    SpecError { field: "network.bottleneck", ..error }
}

const fn plain(kind: LayerKind, input: GridShape, output: GridShape) -> LayerPlan {
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

/// One block of the encoder as it was laid out, to lead back from.
struct Passed {
    block: BlockSpec,
    before: (GridShape, Form),
    after: (GridShape, Form),
    /// Of its last layer.
    layer: usize,
}

/// Layers so far, and what the next one reads.
struct Layout<'a> {
    spec: &'a NetworkSpec,
    layers: Vec<LayerPlan>,
    next: GridShape,
    form: Form,
    part: Part,
    /// Index of the block that is being laid out.
    block: Option<usize>,
    passed: Vec<Passed>,
}

impl<'a> Layout<'a> {
    fn new(spec: &'a NetworkSpec) -> Self {
        let form = form_of(spec.input);
        Self { spec, layers: Vec::new(), next: spec.input, form, part: Part::Encoder, block: None, passed: Vec::new() }
    }

    /// What the first layer finds.
    const fn input(&self) -> (GridShape, Form) {
        (self.spec.input, form_of(self.spec.input))
    }

    /// A layer with nothing after it.
    fn push(&mut self, kind: LayerKind, output: GridShape, form: Form) -> Result<&mut LayerPlan, SpecError> {
        checks::check_width(output)?;
        let layer = LayerPlan { part: self.part, block: self.block, ..plain(kind, self.next, output) };
        (self.next, self.form) = (output, form);
        Ok(self.layers.push_mut(layer))
    }

    /// A layer with the network's activation and, where that means something, its normalisation.
    fn push_hidden(&mut self, kind: LayerKind, output: GridShape, form: Form) -> Result<&mut LayerPlan, SpecError> {
        let NetworkSpec { activation, normalisation, .. } = *self.spec;
        let layer = self.push(kind, output, form)?;
        layer.activation = activation;
        if is_normalised(kind) {
            layer.normalisation = normalisation;
        }
        Ok(layer)
    }

    /// Brings pictures and vectors to a sequence.
    fn read_as_sequence(&mut self) -> Result<(), SpecError> {
        let GridShape { channels, height, width } = self.next;
        match self.form {
            Form::Sequence => {}
            Form::Vector => (self.next, self.form) = (sequence_shape(channels, 1), Form::Sequence),
            Form::Picture if channels == 1 => self.form = Form::Sequence,
            Form::Picture => {
                self.push(LayerKind::Rows, sequence_shape(height, channels * width), Form::Sequence)?;
            }
        }
        Ok(())
    }

    fn bottleneck(&mut self) -> Result<(BottleneckPlan, Option<LayerPlan>), SpecError> {
        let is_recurrent = self.passed.last().is_some_and(|passed| passed.block.is_recurrent());
        let spec = &self.spec.bottleneck;
        if spec.size().is_some() && is_recurrent {
            self.push(LayerKind::LastStep, vector_shape(self.next.width), Form::Vector)?;
        }
        self.part = Part::Bottleneck;
        let encoded = self.next;
        if let Some(size) = spec.size() {
            self.push(LayerKind::Dense, vector_shape(size), Form::Vector)?.activation = spec.activation();
        }
        Ok(match *spec {
            BottleneckSpec::Dense { .. } | BottleneckSpec::Direct => (BottleneckPlan::Plain, None),
            BottleneckSpec::Variational { size } => {
                let layer =
                    LayerPlan { part: Part::Bottleneck, ..plain(LayerKind::Dense, encoded, vector_shape(size)) };
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
        let places = match self.form {
            Form::Picture => {
                self.push(
                    LayerKind::Conv { stride: 1 },
                    GridShape { channels: dimension, height, width },
                    Form::Picture,
                )?;
                height * width
            }
            Form::Sequence => {
                self.push(LayerKind::StepDense, sequence_shape(height, dimension), Form::Sequence)?;
                height
            }
            Form::Vector if channels.is_multiple_of(dimension) && !self.passed.is_empty() => channels / dimension,
            Form::Vector => {
                let nearest = channels.div_ceil(dimension) * dimension;
                return refuse(format!(
                    "codebook vectors of {dimension} numbers do not divide the encoder's {channels}: let its last block have {nearest}",
                ));
            }
        };
        Ok(BottleneckPlan::VectorQuantised { codes, dimension, places })
    }

    /// Activation of the last layer, dropout of all before, skips and ties.
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
            self.tie()?;
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
