//! Operands of a product: how the values of lhs and rhs are indexed and loaded.

use crate::{Activation, gpu::derivative};

/// The indexing of an operand, in WGSL. A *lane* is a row of lhs or a column of rhs; at each step along k a lane has
/// one value.
pub(crate) trait OperandIndexing {
    /// True if neighbouring lanes are neighbours in memory, false if neighbouring steps are.
    fn is_contiguous_along_lanes(&self) -> bool;

    /// Declarations of what is computed once per lane, number `index`: variables that begin with `lane`.
    fn lane(&self, lane: &str, index: &str) -> String;

    /// Declarations of what is computed once per step, number `k`: variables that begin with `step`.
    fn step(&self, step: &str, k: &str) -> String;

    /// Index of a lane's value at a step, and the condition under which there is one; else the value is 0.
    fn index(&self, lane: &str, step: &str) -> (String, Option<String>);

    /// Declarations of `first` and `last`, the range of k, where it depends on the workgroup.
    fn step_range(&self) -> Option<String> {
        None
    }
}

/// Indexing of operands that lie in memory as a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Load {
    /// [lanes, k].
    Lanes { k: usize },
    /// [k, lanes].
    Steps { lanes: usize },
    /// [k, lanes], made of sequences of so many steps, where each step has the values of the one before it, and 0 in
    /// the first of a sequence.
    PreviousSteps { lanes: usize, sequence: usize },
}

impl OperandIndexing for Load {
    fn is_contiguous_along_lanes(&self) -> bool {
        !matches!(self, Self::Lanes { .. })
    }

    fn lane(&self, lane: &str, index: &str) -> String {
        match self {
            Self::Lanes { k } => format!("let {lane} = ({index}) * {k}u;\n"),
            Self::Steps { .. } | Self::PreviousSteps { .. } => format!("let {lane} = {index};\n"),
        }
    }

    fn step(&self, step: &str, k: &str) -> String {
        match self {
            Self::Lanes { .. } => format!("let {step} = {k};\n"),
            Self::Steps { lanes } => format!("let {step} = ({k}) * {lanes}u;\n"),
            Self::PreviousSteps { lanes, sequence } => {
                format!("let {step} = (({k}) - 1u) * {lanes}u; let {step}_has_previous = ({k}) % {sequence}u > 0u;\n")
            }
        }
    }

    fn index(&self, lane: &str, step: &str) -> (String, Option<String>) {
        let condition = matches!(self, Self::PreviousSteps { .. }).then(|| format!("{step}_has_previous"));
        (format!("{lane} + {step}"), condition)
    }
}

/// One of the two operands of a [product](super::Matmul).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Operand<I = Load> {
    pub indexing: I,
    /// The activation, where the operand is the gradient dy of its output y: as it is loaded it is multiplied by the
    /// derivative, which follows from y, in a buffer of its own that is indexed like dy.
    pub gradient_of: Option<Activation>,
}

impl<I> Operand<I> {
    /// An operand that is loaded as it is.
    pub const fn plain(indexing: I) -> Self {
        Self { indexing, gradient_of: None }
    }

    /// The gradient of the input of `activation`, loaded from that of its output.
    pub fn through_activation(activation: Activation, indexing: I) -> Self {
        Self { indexing, gradient_of: (activation != Activation::Linear).then_some(activation) }
    }
}

impl<I: OperandIndexing> Operand<I> {
    pub fn as_dyn(&self) -> Operand<&dyn OperandIndexing> {
        Operand { indexing: &self.indexing, gradient_of: self.gradient_of }
    }
}

impl Operand<&dyn OperandIndexing> {
    /// Declaration of `value`, the value of a lane at a step, from `buffer`; `start` is the start of this pair of the
    /// batch, to be added to the index.
    pub fn load(&self, value: &str, (buffer, start): (&str, &str), lane: &str, step: &str) -> String {
        let (index, condition) = self.indexing.index(lane, step);
        let Some(condition) = condition else {
            return format!("let {value} = {};\n", self.at(buffer, &format!("{start}{index}")));
        };
        let loaded = self.at(buffer, &format!("{value}_at"));
        format!(
            "let {value}_is_inside = {condition};
let {value}_at = select(0u, {start}{index}, {value}_is_inside);
let {value} = select(0.0, {loaded}, {value}_is_inside);
"
        )
    }

    fn at(&self, buffer: &str, index: &str) -> String {
        match self.gradient_of {
            Some(_) => format!("({buffer}[{index}] * derivative(y[{index}]))"),
            None => format!("{buffer}[{index}]"),
        }
    }

    /// The function `derivative` of the loaded values, if they need one.
    pub fn derivative(&self) -> Option<String> {
        let activation = self.gradient_of?;
        Some(format!("fn derivative(value: f32) -> f32 {{ return {}; }}\n", derivative(activation, "value")))
    }
}
