//! A chain of modules, `nn.Sequential`, and the form in which values pass from one module to the next.

use pinhole_protocol::GridShape;

use super::python::{Line, aligned, indented, shape};

/// Form in which PyTorch's modules read the values of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `[values]`.
    Vector(usize),
    /// `[channels, height, width]`.
    Picture(GridShape),
    /// `[steps, features]`.
    Sequence {
        /// Number of steps.
        steps: usize,
        /// Features per step.
        features: usize,
    },
    /// `[features, steps]`, a sequence as 1-D convolutions read it.
    ChannelsFirst {
        /// Features per step.
        features: usize,
        /// Number of steps.
        steps: usize,
    },
}

impl Form {
    /// Form of the network's input: a vector or a picture.
    pub fn of_input(input: GridShape) -> Self {
        if input.height == 1 && input.width == 1 { Self::Vector(input.channels) } else { Self::Picture(input) }
    }

    /// Shape without the axis of samples.
    pub fn dims(self) -> Vec<usize> {
        match self {
            Self::Vector(values) => vec![values],
            Self::Picture(GridShape { channels, height, width }) => vec![channels, height, width],
            Self::Sequence { steps, features } => vec![steps, features],
            Self::ChannelsFirst { features, steps } => vec![features, steps],
        }
    }
}

/// A module, with the form of its output if it differs from that of its input.
#[derive(Clone, Debug)]
struct Module {
    code: String,
    output: Option<Form>,
}

/// Modules of which each reads the output of the one before.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    modules: Vec<Module>,
    form: Form,
}

impl Chain {
    /// An empty chain that reads `form`.
    pub const fn new(form: Form) -> Self {
        Self { modules: Vec::new(), form }
    }

    /// Form of the last module's output.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Number of modules.
    pub const fn len(&self) -> usize {
        self.modules.len()
    }

    /// Appends a module.
    pub fn push(&mut self, code: impl Into<String>, form: Form) {
        let output = (form != self.form).then_some(form);
        self.modules.push(Module { code: code.into(), output });
        self.form = form;
    }

    /// Appends a module that keeps the form.
    pub fn push_same(&mut self, code: impl Into<String>) {
        self.push(code, self.form);
    }

    /// Flattens the values, those of a sequence step by step.
    pub fn read_as_vector(&mut self) {
        if let Form::ChannelsFirst { features, steps } = self.form
            && features > 1
        {
            self.push("Transpose()", Form::Sequence { steps, features });
        }
        if !matches!(self.form, Form::Vector(_)) {
            self.push("nn.Flatten()", Form::Vector(self.form.dims().iter().product()));
        }
    }

    /// Brings the values to pictures of `shape`.
    pub fn read_as_picture(&mut self, shape: GridShape) {
        let GridShape { channels, height, width } = shape;
        if let Form::ChannelsFirst { .. } = self.form {
            self.read_as_sequence(shape);
        }
        match self.form {
            Form::Vector(_) => {
                self.push(format!("nn.Unflatten(1, ({channels}, {height}, {width}))"), Form::Picture(shape));
            }
            Form::Sequence { .. } => self.push(format!("nn.Unflatten(1, (1, {height}))"), Form::Picture(shape)),
            Form::Picture(_) | Form::ChannelsFirst { .. } => {}
        }
    }

    /// Brings the values to sequences; of `shape`, the height is the number of steps and the width that of features.
    pub fn read_as_sequence(&mut self, shape: GridShape) {
        let GridShape { height: steps, width: features, .. } = shape;
        let form = Form::Sequence { steps, features };
        match self.form {
            Form::Vector(_) => self.push(format!("nn.Unflatten(1, ({steps}, {features}))"), form),
            Form::Picture(_) => self.push("nn.Flatten(1, 2)", form),
            Form::ChannelsFirst { .. } => self.push("Transpose()", form),
            Form::Sequence { .. } => {}
        }
    }

    /// Brings the values to channels-first sequences, as [`Chain::read_as_sequence`].
    pub fn read_as_channels_first(&mut self, shape: GridShape) {
        let GridShape { height: steps, width: features, .. } = shape;
        let form = Form::ChannelsFirst { features, steps };
        match self.form {
            Form::ChannelsFirst { .. } => {}
            Form::Vector(_) if features == 1 => self.push(format!("nn.Unflatten(1, (1, {steps}))"), form),
            Form::Vector(_) | Form::Picture(_) | Form::Sequence { .. } => {
                self.read_as_sequence(shape);
                self.push("Transpose()", form);
            }
        }
    }

    /// Lines of `name = nn.Sequential(…)`, with a comment where the shape changes.
    pub fn definition(&self, name: &str) -> Vec<String> {
        self.sequential(&format!("{name} = "), "")
    }

    /// As [`Chain::definition`], but a single module stands for itself.
    pub fn short_definition(&self, name: &str) -> Vec<String> {
        match self.modules.as_slice() {
            [module] => vec![format!("{name} = {}", module.code)],
            _ => self.definition(name),
        }
    }

    /// Lines of `nn.Sequential(…)` between `prefix` and `suffix`.
    pub fn sequential(&self, prefix: &str, suffix: &str) -> Vec<String> {
        if self.modules.is_empty() {
            return vec![format!("{prefix}nn.Sequential(){suffix}")];
        }
        let line = |module: &Module| Line {
            code: format!("{},", module.code),
            comment: module.output.map(|form| shape(&form.dims())),
        };
        let modules = indented(1, aligned(self.modules.iter().map(line).collect()));
        let open = format!("{prefix}nn.Sequential(");
        [vec![open], modules, vec![format!("){suffix}")]].concat()
    }
}
