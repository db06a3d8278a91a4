//! Where an operand's values are.

use crate::{Activation, conv::Convolution};

/// One of the two operands of a [product](super::Product). A *lane* is a row of the first or a column of the second; at
/// each step along the inner dimension a lane has one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Operand {
    pub load: Load,
    /// It is a gradient of an activation's result: as it is loaded it is multiplied by the derivative, which follows from
    /// the result, in a buffer of its own that lies like the gradient's.
    pub gradient_of: Option<Activation>,
}

/// How a lane's value is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Load {
    /// A lane's values follow one another.
    Lanes { inner: usize },
    /// A step's values follow one another.
    Steps { lanes: usize },
    /// As `Steps`, of sequences with so many steps, and each step has the values of the one before it; 0 in a sequence's
    /// first.
    StepsBefore { lanes: usize, sequence: usize },
    /// Lanes are coarse places of all samples; steps are fine channels and taps of the kernel: the pixel
    /// under the tap, 0 outside.
    Patches(Convolution),
    /// Lanes are fine channels and taps, steps are coarse places.
    PatchesByPlace(Convolution),
    /// Lanes are channels, steps are places of all samples: of [samples, channels, places].
    Channels { channels: usize, places: usize },
    /// Lanes are fine places of the phase of this workgroup; steps are coarse channels and the taps that reach them.
    Reached(Convolution),
    /// The kernel that belongs to `Reached`: lanes are its second channels, of [channels, lanes, taps].
    Taps { lanes: usize, convolution: Convolution },
}

impl Operand {
    pub const fn plain(load: Load) -> Self {
        Self { load, gradient_of: None }
    }

    /// The gradient before `activation`.
    pub const fn before(activation: Activation, load: Load) -> Self {
        let gradient_of = match activation {
            Activation::Linear => None,
            _ => Some(activation),
        };
        Self { load, gradient_of }
    }

    /// Whether neighbouring lanes lie together, rather than neighbouring steps.
    pub const fn is_wide(&self) -> bool {
        !matches!(self.load, Load::Lanes { .. } | Load::Channels { .. } | Load::PatchesByPlace(_))
    }

    /// What is worked out once for a lane, number `index`, into variables that begin with `lane`.
    pub fn lane(&self, lane: &str, index: &str) -> String {
        match self.load {
            Load::Lanes { inner } => format!("let {lane} = ({index}) * {inner}u;\n"),
            Load::Steps { .. } | Load::StepsBefore { .. } => format!("let {lane} = {index};\n"),
            Load::Patches(convolution) => convolution.coarse_place(lane, index),
            Load::PatchesByPlace(convolution) => convolution.tap(lane, index),
            Load::Channels { places, .. } => format!("let {lane} = ({index}) * {places}u;\n"),
            Load::Reached(convolution) => convolution.place_in_phase(lane, index),
            Load::Taps { convolution, .. } => format!("let {lane} = ({index}) * {}u;\n", convolution.taps()),
        }
    }

    /// What is worked out once for a step, number `k`, into variables that begin with `step`.
    pub fn step(&self, step: &str, k: &str) -> String {
        match self.load {
            Load::Lanes { .. } => format!("let {step} = {k};\n"),
            Load::Steps { lanes } => format!("let {step} = ({k}) * {lanes}u;\n"),
            Load::StepsBefore { lanes, sequence } => {
                format!("let {step} = (({k}) - 1u) * {lanes}u; let {step}_follows = ({k}) % {sequence}u > 0u;\n")
            }
            Load::Patches(convolution) => convolution.tap(step, k),
            Load::PatchesByPlace(convolution) => convolution.coarse_place(step, k),
            Load::Channels { channels, places } => {
                format!("let {step} = (({k}) / {places}u) * {}u + ({k}) % {places}u;\n", channels * places)
            }
            Load::Reached(convolution) => convolution.tap_of_phase(step, k),
            Load::Taps { lanes, convolution } => {
                let taps = convolution.taps();
                let tap = convolution.tap_of_phase(step, k);
                format!("{tap}let {step} = {step}_channel * {}u + {step}_tap;\n", lanes * taps)
            }
        }
    }

    /// The value of a lane at a step becomes `value`, from `buffer`; `start` is where this pair of the batch begins.
    pub fn load(&self, value: &str, (buffer, start): (&str, &str), lane: &str, step: &str) -> String {
        let (place, is_inside) = match self.load {
            Load::Patches(convolution) => convolution.pixel(lane, step),
            Load::PatchesByPlace(convolution) => convolution.pixel(step, lane),
            Load::Reached(convolution) => convolution.source(lane, step),
            Load::StepsBefore { .. } => (format!("{lane} + {step}"), format!("{step}_follows")),
            Load::Lanes { .. } | Load::Steps { .. } | Load::Channels { .. } | Load::Taps { .. } => {
                return format!("let {value} = {};\n", self.at(buffer, &format!("{start}{lane} + {step}")));
            }
        };
        let found = self.at(buffer, &format!("{value}_at"));
        format!(
            "let {value}_is_inside = {is_inside};
let {value}_at = select(0u, {place}, {value}_is_inside);
let {value} = select(0.0, {found}, {value}_is_inside);
"
        )
    }

    fn at(&self, buffer: &str, place: &str) -> String {
        match self.gradient_of {
            Some(_) => format!("({buffer}[{place}] * derivative(activated[{place}]))"),
            None => format!("{buffer}[{place}]"),
        }
    }
}
