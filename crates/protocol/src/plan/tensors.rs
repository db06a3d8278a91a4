//! The parameters of a network: names, PyTorch's shapes and initialisers, in the order of the engine's modules.

use super::{BottleneckPlan, CONV_KERNEL, LayerKind, LayerPlan, NetworkPlan, Part};
use crate::{GridShape, Normalisation};

/// Distribution of a tensor's initial values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initialiser {
    /// Uniform in -`bound` to `bound`.
    Uniform {
        /// Largest absolute value.
        bound: f32,
    },
    /// The same number everywhere.
    Constant(f32),
}

/// Plan of a tensor: a parameter, or a running statistic.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorPlan {
    /// Name in a model file, such as `encoder.0.weight`.
    pub name: String,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// Distribution of the initial values.
    pub initial: Initialiser,
    /// True if Burn stores the transpose: its dense layers are [in, out] where PyTorch's are [out, in].
    pub is_transposed: bool,
    /// True if it is trained; running statistics of batch normalisation are not.
    pub is_trained: bool,
}

impl TensorPlan {
    /// Number of values, saturating.
    pub fn len(&self) -> usize {
        self.shape.iter().fold(1, |product: usize, &side| product.saturating_mul(side))
    }

    /// Number of values in 64 bits: on wasm `len` saturates at 32 bits.
    fn count(&self) -> u64 {
        self.shape.iter().fold(1, |product: u64, &side| product.saturating_mul(side as u64))
    }

    /// True if it has no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl LayerPlan {
    /// Tensors of the layer, with names relative to it.
    pub fn tensors(&self) -> Vec<TensorPlan> {
        let mut tensors = Tensors::default();
        let (input, output) = (self.input, self.output);
        match self.kind {
            LayerKind::Dense if self.tied_to.is_some() => tensors.bias("bias", output.len(), input.len()),
            LayerKind::Dense => tensors.dense("", input.len(), output.len()),
            LayerKind::StepDense => tensors.dense("", input.width, output.width),
            LayerKind::Conv { .. } => tensors.conv("", [output.channels, input.channels], 2, output.channels),
            LayerKind::ConvTranspose => tensors.conv("", [input.channels, output.channels], 2, output.channels),
            LayerKind::Conv1d { .. } => tensors.conv("", [output.width, input.width], 1, output.width),
            LayerKind::Conv1dTranspose => tensors.conv("", [input.width, output.width], 1, output.width),
            LayerKind::Lstm => tensors.recurrent(4, input.width, output.width),
            LayerKind::Gru => tensors.recurrent(3, input.width, output.width),
            LayerKind::Transformer { hidden, .. } => tensors.transformer(output.width, hidden),
            LayerKind::Residual => tensors.residual(output),
            LayerKind::Highway => tensors.highway(output.len()),
            LayerKind::MaxPool
            | LayerKind::Resize
            | LayerKind::Positions
            | LayerKind::LastStep
            | LayerKind::Repeat
            | LayerKind::Rows
            | LayerKind::SequenceToPicture => {}
        }
        match self.normalisation {
            Normalisation::None => {}
            Normalisation::Batch => {
                tensors.scale("norm", self.channels());
                tensors.push("norm.running_mean", &[self.channels()], Initialiser::Constant(0.0)).is_trained = false;
                tensors.push("norm.running_var", &[self.channels()], Initialiser::Constant(1.0)).is_trained = false;
            }
            Normalisation::Layer | Normalisation::Group { .. } => tensors.scale("norm", self.channels()),
        }
        tensors.list
    }

    /// Number of trained parameters of the layer.
    pub fn parameters(&self) -> u64 {
        count_trained(&self.tensors())
    }
}

impl NetworkPlan {
    /// Returns every tensor with its full name, in the order of the engine's modules: encoder, bottleneck, log
    /// variance, codebook, decoder, head, regression head, discriminator, variance of the reconstruction.
    pub fn tensors(&self) -> Vec<TensorPlan> {
        let mut all = self.part_tensors(Part::Encoder);
        all.extend(self.part_tensors(Part::Bottleneck));
        if let Some(layer) = &self.log_variance {
            all.extend(named("bottleneck.log_variance", layer.tensors()));
        }
        if let BottleneckPlan::VectorQuantised { codes, dimension, .. } = self.bottleneck {
            let mut tensors = Tensors::default();
            // The authors' initialiser: uniform in ±1 / number of vectors.
            tensors.push("codebook", &[codes, dimension], Initialiser::Uniform { bound: 1.0 / codes.max(1) as f32 });
            all.extend(named("bottleneck", tensors.list));
        }
        all.extend(self.part_tensors(Part::Decoder));
        for (index, layer) in self.head.iter().enumerate() {
            all.extend(named(&format!("head.{index}"), layer.tensors()));
        }
        if let Some(layer) = &self.regression {
            all.extend(named("regression.0", layer.tensors()));
            let mut tensors = Tensors::default();
            // The attribute's mean and standard deviation in the training samples.
            tensors.push("mean", &[1], Initialiser::Constant(0.0)).is_trained = false;
            tensors.push("deviation", &[1], Initialiser::Constant(1.0)).is_trained = false;
            all.extend(named("regression", tensors.list));
        }
        for (index, layer) in self.discriminator.iter().enumerate() {
            all.extend(named(&format!("discriminator.{index}"), layer.tensors()));
        }
        if self.learnt_variance {
            let mut tensors = Tensors::default();
            // exp(-3) is about the mean squared error that training starts from.
            tensors.push("log_variance", &[1], Initialiser::Constant(-3.0));
            all.extend(named("output", tensors.list));
        }
        all
    }

    fn part_tensors(&self, part: Part) -> Vec<TensorPlan> {
        self.part(part)
            .enumerate()
            .flat_map(|(index, layer)| named(&format!("{}.{index}", part.slug()), layer.tensors()))
            .collect()
    }
}

/// Number of trained parameters, in 64 bits: wasm's `usize` has 32, and an error states the true size.
pub(super) fn count_trained(tensors: &[TensorPlan]) -> u64 {
    tensors.iter().filter(|tensor| tensor.is_trained).map(TensorPlan::count).fold(0, u64::saturating_add)
}

fn named(prefix: &str, tensors: Vec<TensorPlan>) -> Vec<TensorPlan> {
    tensors.into_iter().map(|tensor| TensorPlan { name: format!("{prefix}.{}", tensor.name), ..tensor }).collect()
}

/// PyTorch's default for weights and biases: uniform in ±1/sqrt(fan-in) (He et al. 2015 with a = √5).
fn by_fan_in(fan_in: usize) -> Initialiser {
    Initialiser::Uniform { bound: 1.0 / (fan_in.max(1) as f32).sqrt() }
}

#[derive(Default)]
struct Tensors {
    list: Vec<TensorPlan>,
}

impl Tensors {
    fn push(&mut self, name: impl Into<String>, shape: &[usize], initial: Initialiser) -> &mut TensorPlan {
        let tensor =
            TensorPlan { name: name.into(), shape: shape.to_vec(), initial, is_transposed: false, is_trained: true };
        self.list.push_mut(tensor)
    }

    fn bias(&mut self, name: impl Into<String>, outputs: usize, fan_in: usize) {
        self.push(name, &[outputs], by_fan_in(fan_in));
    }

    /// A dense layer; `prefix` is empty or ends in a dot.
    fn dense(&mut self, prefix: &str, inputs: usize, outputs: usize) {
        self.push(format!("{prefix}weight"), &[outputs, inputs], by_fan_in(inputs)).is_transposed = true;
        self.bias(format!("{prefix}bias"), outputs, inputs);
    }

    /// A convolution over `axes` axes; PyTorch reads the fan-in off the second dimension, transposed or not.
    fn conv(&mut self, prefix: &str, channels: [usize; 2], axes: usize, outputs: usize) {
        let kernel = [CONV_KERNEL; 2];
        let shape: Vec<usize> = channels.into_iter().chain(kernel.into_iter().take(axes)).collect();
        let fan_in = shape[1..].iter().fold(1, |product: usize, &side| product.saturating_mul(side));
        self.push(format!("{prefix}weight"), &shape, by_fan_in(fan_in));
        self.bias(format!("{prefix}bias"), outputs, fan_in);
    }

    /// A recurrent layer as PyTorch's: the gates' matrices are stacked, [gates * units, inputs].
    fn recurrent(&mut self, gates: usize, inputs: usize, units: usize) {
        let rows = gates.saturating_mul(units);
        self.push("weight_ih_l0", &[rows, inputs], by_fan_in(units));
        self.push("weight_hh_l0", &[rows, units], by_fan_in(units));
        self.push("bias_ih_l0", &[rows], by_fan_in(units));
        self.push("bias_hh_l0", &[rows], by_fan_in(units));
    }

    fn transformer(&mut self, width: usize, hidden: usize) {
        // Glorot and Bengio 2010, as PyTorch has it for the three projections as one matrix.
        let glorot = Initialiser::Uniform { bound: (6.0 / (4.0 * width.max(1) as f32)).sqrt() };
        let in_proj = [width.saturating_mul(3), width];
        self.push("self_attn.in_proj_weight", &in_proj, glorot).is_transposed = true;
        self.push("self_attn.in_proj_bias", &in_proj[..1], Initialiser::Constant(0.0));
        self.push("self_attn.out_proj.weight", &[width, width], by_fan_in(width)).is_transposed = true;
        self.push("self_attn.out_proj.bias", &[width], Initialiser::Constant(0.0));
        self.dense("linear1.", width, hidden);
        self.dense("linear2.", hidden, width);
        self.scale("norm1", width);
        self.scale("norm2", width);
    }

    fn residual(&mut self, shape: GridShape) {
        let is_vector = shape.height == 1 && shape.width == 1;
        for name in ["first.", "second."] {
            if is_vector {
                self.dense(name, shape.channels, shape.channels);
            } else {
                self.conv(name, [shape.channels; 2], 2, shape.channels);
            }
        }
    }

    fn highway(&mut self, width: usize) {
        self.dense("transform.", width, width);
        self.push("gate.weight", &[width, width], by_fan_in(width)).is_transposed = true;
        // The transform gate is nearly closed at first, so that a deep stack begins near the identity (section 2.2).
        self.push("gate.bias", &[width], Initialiser::Constant(-1.0));
    }

    /// Scale and shift of a normalisation.
    fn scale(&mut self, name: &str, channels: usize) {
        self.push(format!("{name}.weight"), &[channels], Initialiser::Constant(1.0));
        self.push(format!("{name}.bias"), &[channels], Initialiser::Constant(0.0));
    }
}
