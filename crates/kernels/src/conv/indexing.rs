//! Indexing of a convolution's products, in WGSL: what a lane, a step or a column stands for. Coordinates may be
//! negative, so they are `i32`.
//!
//! The loop of a convolution of one channel 4x4 to 2x2, with a kernel of 3x3, stride 2 and padding 1, as the product's
//! code generator emits it around this indexing: lhs is the kernel, rhs the patches.
//!
//! ```wgsl
//! let lhs_lane0 = (row + 0u) * 9u;
//! let rhs_lane0 = (column + 0u) / 4u * 16u;
//! let rhs_lane0_y = i32((column + 0u) % 4u / 2u) * 2 - 1;
//! let rhs_lane0_x = i32((column + 0u) % 4u % 2u) * 2 - 1;
//! for (var k = first; k < last; k++) {
//! let lhs_step = k;
//! let rhs_step = (k) / 9u * 16u;
//! let rhs_step_y = i32((k) % 9u / 3u);
//! let rhs_step_x = i32((k) % 9u % 3u);
//! let lhs0 = lhs[lhs_lane0 + lhs_step];
//! let rhs0_is_inside = (u32((rhs_lane0_y + rhs_step_y)) < 4u) & (u32((rhs_lane0_x + rhs_step_x)) < 4u);
//! let rhs0_at = select(0u, rhs_lane0 + rhs_step + u32((rhs_lane0_y + rhs_step_y) * 4 + (rhs_lane0_x + rhs_step_x)), rhs0_is_inside);
//! let rhs0 = select(0.0, rhs[rhs0_at], rhs0_is_inside);
//! sum0_0 = fma(lhs0, rhs0, sum0_0);
//! }
//! let column0 = (column + 0u) / 4u * 4u + (column + 0u) % 4u;
//! output[(row + 0u) * 4u + column0] = sum0_0;
//! }
//! ```

use super::Convolution;
use crate::gpu::matmul::{Load, OperandIndexing, OutputIndexing};

/// Indexing of the operands of a convolution's products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ConvLoad {
    /// An operand that lies in memory as a matrix.
    Matrix(Load),
    /// Lanes are coarse positions of all samples; steps are fine channels and taps of the kernel: the fine value under
    /// the tap, 0 outside.
    Patches(Convolution),
    /// The transpose: lanes are fine channels and taps, steps are coarse positions.
    PatchesByPosition(Convolution),
    /// Lanes are channels, steps are positions of all samples: of [samples, channels, positions].
    Channels { channels: usize, positions: usize },
    /// Lanes are fine positions of the phase of this workgroup; steps are coarse channels and the taps that reach them.
    TransposedPatches(Convolution),
    /// The kernel that belongs to `TransposedPatches`: lanes are its fine channels, of [coarse channels, lanes, taps].
    Taps { lanes: usize, convolution: Convolution },
}

impl OperandIndexing for ConvLoad {
    fn is_contiguous_along_lanes(&self) -> bool {
        match self {
            Self::Matrix(load) => load.is_contiguous_along_lanes(),
            Self::PatchesByPosition(_) | Self::Channels { .. } => false,
            Self::Patches(_) | Self::TransposedPatches(_) | Self::Taps { .. } => true,
        }
    }

    fn lane(&self, lane: &str, index: &str) -> String {
        match self {
            Self::Matrix(load) => load.lane(lane, index),
            Self::Patches(convolution) => convolution.coarse_position(lane, index),
            Self::PatchesByPosition(convolution) => convolution.tap(lane, index),
            Self::Channels { positions, .. } => format!("let {lane} = ({index}) * {positions}u;\n"),
            Self::TransposedPatches(convolution) => convolution.position_in_phase(lane, index),
            Self::Taps { convolution, .. } => format!("let {lane} = ({index}) * {}u;\n", convolution.taps()),
        }
    }

    fn step(&self, step: &str, k: &str) -> String {
        match self {
            Self::Matrix(load) => load.step(step, k),
            Self::Patches(convolution) => convolution.tap(step, k),
            Self::PatchesByPosition(convolution) => convolution.coarse_position(step, k),
            Self::Channels { channels, positions } => {
                format!("let {step} = (({k}) / {positions}u) * {}u + ({k}) % {positions}u;\n", channels * positions)
            }
            Self::TransposedPatches(convolution) => convolution.tap_of_phase(step, k),
            Self::Taps { lanes, convolution } => {
                let taps = convolution.taps();
                let tap = convolution.tap_of_phase(step, k);
                format!("{tap}let {step} = {step}_channel * {}u + {step}_tap;\n", lanes * taps)
            }
        }
    }

    fn index(&self, lane: &str, step: &str) -> (String, Option<String>) {
        let (index, condition) = match self {
            Self::Matrix(load) => return load.index(lane, step),
            Self::Patches(convolution) => convolution.fine_index(lane, step),
            Self::PatchesByPosition(convolution) => convolution.fine_index(step, lane),
            Self::TransposedPatches(convolution) => convolution.coarse_index(lane, step),
            Self::Channels { .. } | Self::Taps { .. } => return (format!("{lane} + {step}"), None),
        };
        (index, Some(condition))
    }

    fn step_range(&self) -> Option<String> {
        match self {
            Self::TransposedPatches(convolution) => Some(convolution.phase_and_range()),
            _ => None,
        }
    }
}

/// Indexing of the outputs of a convolution's products: rows are channels, columns are positions of all samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ConvOutput {
    /// Coarse positions: [samples, channels, positions].
    Channels { channels: usize, positions: usize },
    /// Fine positions, a phase of the stride per workgroup along z.
    Phases { channels: usize, convolution: Convolution },
}

impl OutputIndexing for ConvOutput {
    fn phases(&self) -> usize {
        match self {
            Self::Channels { .. } => 1,
            Self::Phases { convolution, .. } => convolution.phases(),
        }
    }

    fn column(&self, name: &str, column: &str) -> String {
        match self {
            Self::Channels { channels, positions } => {
                let sample = channels * positions;
                format!("let {name} = ({column}) / {positions}u * {sample}u + ({column}) % {positions}u;\n")
            }
            Self::Phases { channels, convolution } => {
                let [_, height, width] = convolution.fine;
                let position = convolution.position_in_phase(&format!("{name}_at"), column);
                format!(
                    "{position}let {name}_inside = ({name}_at_y < {height}) & ({name}_at_x < {width});\n\
                     let {name} = {name}_at_sample * {}u + u32({name}_at_y * {width} + {name}_at_x);\n",
                    channels * height * width
                )
            }
        }
    }

    fn index(&self, row: &str, column: &str, _n: usize) -> (String, Option<String>) {
        let (positions, condition) = match self {
            Self::Channels { positions, .. } => (*positions, None),
            Self::Phases { convolution, .. } => (convolution.fine_positions(), Some(format!("{column}_inside"))),
        };
        (format!("({row}) * {positions}u + {column}"), condition)
    }
}

impl Convolution {
    /// Fine positions of a sample.
    const fn fine_positions(&self) -> usize {
        self.fine[1] * self.fine[2]
    }

    /// Coarse positions of a sample.
    pub(super) const fn coarse_positions(&self) -> usize {
        self.coarse[1] * self.coarse[2]
    }

    /// Number of phases: kinds of fine positions, each reached by taps of its own.
    const fn phases(&self) -> usize {
        self.stride[0] * self.stride[1]
    }

    /// Fine rows and columns of one phase; the last ones may be outside.
    pub(super) const fn phase_size(&self) -> [usize; 2] {
        [self.fine[1].div_ceil(self.stride[0]), self.fine[2].div_ceil(self.stride[1])]
    }

    /// Declarations of a coarse position, counted over all samples: the fine position under the kernel's first tap.
    fn coarse_position(&self, name: &str, index: &str) -> String {
        let ([_, _, columns], [stride_y, stride_x], [above, left]) = (self.coarse, self.stride, self.padding);
        let (positions, sample) = (self.coarse_positions(), self.fine[0] * self.fine_positions());
        format!(
            "let {name} = ({index}) / {positions}u * {sample}u;
let {name}_y = i32(({index}) % {positions}u / {columns}u) * {stride_y} - {above};
let {name}_x = i32(({index}) % {positions}u % {columns}u) * {stride_x} - {left};
"
        )
    }

    /// Declarations of a fine channel and a tap of the kernel.
    fn tap(&self, name: &str, index: &str) -> String {
        let (taps, [_, columns], positions) = (self.taps(), self.kernel, self.fine_positions());
        format!(
            "let {name} = ({index}) / {taps}u * {positions}u;
let {name}_y = i32(({index}) % {taps}u / {columns}u);
let {name}_x = i32(({index}) % {taps}u % {columns}u);
"
        )
    }

    /// Index of the fine value under a tap at a coarse position, and the condition under which there is one.
    fn fine_index(&self, position: &str, tap: &str) -> (String, String) {
        let [_, height, width] = self.fine;
        let (y, x) = (format!("({position}_y + {tap}_y)"), format!("({position}_x + {tap}_x)"));
        (
            format!("{position} + {tap} + u32({y} * {width} + {x})"),
            // As u32, a negative number is larger than any size.
            format!("(u32({y}) < {height}u) & (u32({x}) < {width}u)"),
        )
    }

    /// Declarations of the phase of this workgroup, the taps that reach it, and the range of k.
    fn phase_and_range(&self) -> String {
        let ([stride_y, stride_x], [above, left], [rows, columns]) = (self.stride, self.padding, self.kernel);
        format!(
            "let phase_y = group.z / {stride_x}u;
let phase_x = group.z % {stride_x}u;
let tap_y = (phase_y + {above}u) % {stride_y}u;
let tap_x = (phase_x + {left}u) % {stride_x}u;
let taps_x = ({columns}u - tap_x + {stride_x}u - 1u) / {stride_x}u;
let taps = ({rows}u - tap_y + {stride_y}u - 1u) / {stride_y}u * taps_x;
let first = 0u;
let last = {}u * taps;
",
            self.coarse[0]
        )
    }

    /// Declarations of a fine position of the workgroup's phase, counted over all samples.
    fn position_in_phase(&self, name: &str, index: &str) -> String {
        let [rows, columns] = self.phase_size();
        let [stride_y, stride_x] = self.stride;
        let positions = rows * columns;
        format!(
            "let {name}_sample = ({index}) / {positions}u;
let {name} = {name}_sample * {}u;
let {name}_y = i32(({index}) % {positions}u / {columns}u * {stride_y}u + phase_y);
let {name}_x = i32(({index}) % {positions}u % {columns}u * {stride_x}u + phase_x);
",
            self.coarse[0] * self.coarse_positions()
        )
    }

    /// Declarations of a coarse channel and a tap that reaches the phase.
    fn tap_of_phase(&self, name: &str, index: &str) -> String {
        let ([stride_y, stride_x], [_, columns], positions) = (self.stride, self.kernel, self.coarse_positions());
        format!(
            "let {name}_channel = ({index}) / taps;
let {name}_y = ({index}) % taps / taps_x * {stride_y}u + tap_y;
let {name}_x = ({index}) % taps % taps_x * {stride_x}u + tap_x;
let {name}_tap = {name}_y * {columns}u + {name}_x;
let {name}_source = {name}_channel * {positions}u;
"
        )
    }

    /// Index of the coarse value that a tap carries to a fine position, and the condition under which there is one.
    fn coarse_index(&self, position: &str, tap: &str) -> (String, String) {
        let ([stride_y, stride_x], [above, left], [_, rows, columns]) = (self.stride, self.padding, self.coarse);
        let y = format!("({position}_y + {above} - i32({tap}_y))");
        let x = format!("({position}_x + {left} - i32({tap}_x))");
        (
            format!("{position} + {tap}_source + u32({y}) / {stride_y}u * {columns}u + u32({x}) / {stride_x}u"),
            format!("(u32({y}) < {}u) & (u32({x}) < {}u)", rows * stride_y, columns * stride_x),
        )
    }
}
