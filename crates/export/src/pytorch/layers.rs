//! The modules of a layer: weights, normalisation, activation and dropout.

use pinhole_protocol::{
    Activation, CONV_KERNEL, CONV_PADDING, CONV_STRIDE, GridShape, LayerKind, LayerPlan, Normalisation,
};

use super::{
    chain::{Chain, Form},
    python::number,
};

impl Chain {
    /// Appends the modules of `layer`. `next` is the kind of the layer after it; `tied_to` is the module whose weight
    /// it shares. Returns the index of the module with the weights.
    pub(super) fn push_layer(&mut self, layer: &LayerPlan, next: Option<LayerKind>, tied_to: Option<&str>) -> usize {
        self.push_weights(layer, next, tied_to);
        let weights = self.len() - 1;
        self.push_normalisation(layer);
        if let Some(module) = activation(layer.activation) {
            self.push_same(module);
        }
        if layer.dropout > 0.0 {
            self.push_same(format!("nn.Dropout({})", number(layer.dropout)));
        }
        weights
    }

    fn push_weights(&mut self, layer: &LayerPlan, next: Option<LayerKind>, tied_to: Option<&str>) {
        let (input, output) = (layer.input, layer.output);
        match layer.kind {
            LayerKind::Dense => {
                self.read_as_vector();
                let module = match tied_to {
                    Some(other) => format!("Tied({other})"),
                    None => linear(input.len(), output.len()),
                };
                self.push(module, Form::Vector(output.len()));
            }
            LayerKind::Highway => {
                self.read_as_vector();
                self.push_same(format!("Highway({})", output.len()));
            }
            LayerKind::Residual => self.push_residual(output),
            LayerKind::Conv { .. } | LayerKind::ConvTranspose => {
                self.read_as_picture(input);
                self.push(convolution(layer), Form::Picture(output));
            }
            LayerKind::Conv1d { .. } | LayerKind::Conv1dTranspose => {
                self.read_as_channels_first(input);
                self.push(convolution(layer), channels_first(output));
            }
            LayerKind::MaxPool => self.push_max_pool(output),
            LayerKind::Resize => self.push_upsampling(layer, matches!(next, Some(LayerKind::Conv1d { .. }))),
            LayerKind::Rows => {
                self.read_as_picture(input);
                self.push("Rows()", sequence(output));
            }
            LayerKind::SequenceToPicture => {
                self.read_as_sequence(input);
                self.push(format!("SequenceToPicture({})", output.channels), Form::Picture(output));
            }
            LayerKind::Repeat => {
                self.read_as_vector();
                self.push(format!("Repeat({})", output.height), sequence(output));
            }
            LayerKind::LastStep => {
                self.read_as_sequence(input);
                self.push("LastStep()", Form::Vector(output.len()));
            }
            LayerKind::StepDense
            | LayerKind::Lstm
            | LayerKind::Gru
            | LayerKind::Positions
            | LayerKind::Transformer { .. } => {
                self.read_as_sequence(input);
                self.push(per_step(layer), sequence(output));
            }
        }
    }

    fn push_residual(&mut self, shape: GridShape) {
        let layer = if Form::of_input(shape) == Form::Vector(shape.channels) {
            self.read_as_vector();
            linear(shape.channels, shape.channels)
        } else {
            self.read_as_picture(shape);
            format!("nn.Conv2d({0}, {0}, {CONV_KERNEL}, padding={CONV_PADDING})", shape.channels)
        };
        self.push_same(format!("Residual({layer}, nn.ReLU(), {layer})"));
    }

    fn push_max_pool(&mut self, output: GridShape) {
        match self.form() {
            Form::ChannelsFirst { .. } => self.push("nn.MaxPool1d(2, ceil_mode=True)", channels_first(output)),
            _ => self.push("nn.MaxPool2d(2, ceil_mode=True)", Form::Picture(output)),
        }
    }

    fn push_upsampling(&mut self, layer: &LayerPlan, is_sequence: bool) {
        let GridShape { height, width, .. } = layer.output;
        if is_sequence {
            self.read_as_channels_first(layer.input);
            self.push(format!("nn.Upsample({height})"), channels_first(layer.output));
        } else {
            self.read_as_picture(layer.input);
            self.push(format!("nn.Upsample(({height}, {width}))"), Form::Picture(layer.output));
        }
    }

    /// Appends the normalisation. Layer normalisation over all values of a sample is PyTorch's group normalisation with
    /// one group. PyTorch's running variance of a batch normalisation counts n / (n - 1) times a batch's variance.
    fn push_normalisation(&mut self, layer: &LayerPlan) {
        let channels = layer.channels();
        let is_vector = layer.output.height * layer.output.width == 1;
        if layer.normalisation != Normalisation::None
            && !is_vector
            && let Form::Vector(_) = self.form()
        {
            // A dense layer makes a picture, or a sequence, which counts as one channel.
            self.read_as_picture(layer.output);
        }
        let axes = if matches!(self.form(), Form::Picture(_)) { 2 } else { 1 };
        match layer.normalisation {
            Normalisation::None => {}
            Normalisation::Batch => self.push_same(format!("nn.BatchNorm{axes}d({channels})")),
            Normalisation::Layer => self.push_same(format!("nn.GroupNorm(1, {channels})")),
            Normalisation::Group { groups } => self.push_same(format!("nn.GroupNorm({groups}, {channels})")),
        }
    }
}

const fn sequence(shape: GridShape) -> Form {
    Form::Sequence { steps: shape.height, features: shape.width }
}

const fn channels_first(shape: GridShape) -> Form {
    Form::ChannelsFirst { features: shape.width, steps: shape.height }
}

/// `nn.Linear`.
pub(super) fn linear(inputs: usize, outputs: usize) -> String {
    format!("nn.Linear({inputs}, {outputs})")
}

/// A convolution of pictures or of sequences, or a transposed one.
fn convolution(layer: &LayerPlan) -> String {
    let (input, output) = (layer.input, layer.output);
    let module = |name: &str, inputs: usize, outputs: usize, options: String| {
        format!("nn.{name}({inputs}, {outputs}, {CONV_KERNEL}, {options}padding={CONV_PADDING}")
    };
    let strided = |stride: usize| if stride == 1 { String::new() } else { format!("stride={stride}, ") };
    match layer.kind {
        LayerKind::Conv { stride } => module("Conv2d", input.channels, output.channels, strided(stride)) + ")",
        LayerKind::Conv1d { stride } => module("Conv1d", input.width, output.width, strided(stride)) + ")",
        LayerKind::ConvTranspose => {
            let padding = match layer.output_padding() {
                [0, 0] => String::new(),
                [rows, columns] if rows == columns => format!(", output_padding={rows}"),
                [rows, columns] => format!(", output_padding=({rows}, {columns})"),
            };
            module("ConvTranspose2d", input.channels, output.channels, strided(CONV_STRIDE)) + &padding + ")"
        }
        _ => {
            let padding = match output.height + 1 - CONV_STRIDE * input.height {
                0 => String::new(),
                steps => format!(", output_padding={steps}"),
            };
            module("ConvTranspose1d", input.width, output.width, strided(CONV_STRIDE)) + &padding + ")"
        }
    }
}

/// A layer that reads every step of a sequence.
fn per_step(layer: &LayerPlan) -> String {
    let (inputs, outputs) = (layer.input.width, layer.output.width);
    match layer.kind {
        LayerKind::Lstm => format!("LSTM({inputs}, {outputs}, batch_first=True)"),
        LayerKind::Gru => format!("GRU({inputs}, {outputs}, batch_first=True)"),
        LayerKind::Transformer { heads, hidden } => {
            format!("nn.TransformerEncoderLayer({outputs}, {heads}, {hidden}, dropout=0.0, batch_first=True)")
        }
        LayerKind::Positions => "PositionalEncoding()".into(),
        _ => linear(inputs, outputs),
    }
}

/// The module of an activation; `None` for the identity.
pub(super) const fn activation(activation: Activation) -> Option<&'static str> {
    match activation {
        Activation::Linear => None,
        Activation::Relu => Some("nn.ReLU()"),
        Activation::LeakyRelu => Some("nn.LeakyReLU()"),
        Activation::Gelu => Some("nn.GELU()"),
        Activation::Silu => Some("nn.SiLU()"),
        Activation::Elu => Some("nn.ELU()"),
        Activation::Tanh => Some("nn.Tanh()"),
        Activation::Sigmoid => Some("nn.Sigmoid()"),
    }
}
