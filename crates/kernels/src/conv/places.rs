//! What a lane or a step of a convolution's product stands for, in WGSL. Numbers may be negative, so they are `i32`.

use super::Convolution;

impl Convolution {
    /// Fine places of a sample.
    pub(crate) const fn fine_places(&self) -> usize {
        self.fine[1] * self.fine[2]
    }

    /// Coarse places of a sample.
    pub(crate) const fn coarse_places(&self) -> usize {
        self.coarse[1] * self.coarse[2]
    }

    /// Places of the kernel.
    pub(crate) const fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Kinds of fine places: those of one kind are reached by the same taps.
    pub(crate) const fn phases(&self) -> usize {
        self.stride[0] * self.stride[1]
    }

    /// Fine rows and columns of one phase; the last ones may be outside.
    pub(crate) const fn phase(&self) -> [usize; 2] {
        [self.fine[1].div_ceil(self.stride[0]), self.fine[2].div_ceil(self.stride[1])]
    }

    /// A coarse place, of all samples: the pixel under the kernel's first tap.
    pub(crate) fn coarse_place(&self, name: &str, index: &str) -> String {
        let ([_, _, columns], [stride_y, stride_x], [above, left]) = (self.coarse, self.stride, self.padding);
        let (places, sample) = (self.coarse_places(), self.fine[0] * self.fine_places());
        format!(
            "let {name} = ({index}) / {places}u * {sample}u;
let {name}_y = i32(({index}) % {places}u / {columns}u) * {stride_y} - {above};
let {name}_x = i32(({index}) % {places}u % {columns}u) * {stride_x} - {left};
"
        )
    }

    /// A fine channel and a tap.
    pub(crate) fn tap(&self, name: &str, index: &str) -> String {
        let (taps, [_, columns], pixels) = (self.taps(), self.kernel, self.fine_places());
        format!(
            "let {name} = ({index}) / {taps}u * {pixels}u;
let {name}_y = i32(({index}) % {taps}u / {columns}u);
let {name}_x = i32(({index}) % {taps}u % {columns}u);
"
        )
    }

    /// The pixel under a tap at a place, and whether there is one.
    pub(crate) fn pixel(&self, place: &str, tap: &str) -> (String, String) {
        let [_, height, width] = self.fine;
        let (y, x) = (format!("({place}_y + {tap}_y)"), format!("({place}_x + {tap}_x)"));
        (
            format!("{place} + {tap} + u32({y} * {width} + {x})"),
            // A negative number is a huge one without its sign.
            format!("(u32({y}) < {height}u) & (u32({x}) < {width}u)"),
        )
    }

    /// The phase of this workgroup, its taps, and the steps of the product.
    pub(crate) fn phase_and_range(&self) -> String {
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

    /// A fine place that has the workgroup's phase, of all samples.
    pub(crate) fn place_in_phase(&self, name: &str, index: &str) -> String {
        let [rows, columns] = self.phase();
        let [stride_y, stride_x] = self.stride;
        let places = rows * columns;
        format!(
            "let {name}_sample = ({index}) / {places}u;
let {name} = {name}_sample * {}u;
let {name}_y = i32(({index}) % {places}u / {columns}u * {stride_y}u + phase_y);
let {name}_x = i32(({index}) % {places}u % {columns}u * {stride_x}u + phase_x);
",
            self.coarse[0] * self.coarse_places()
        )
    }

    /// A coarse channel and a tap that reaches the phase.
    pub(crate) fn tap_of_phase(&self, name: &str, index: &str) -> String {
        let ([stride_y, stride_x], [_, columns], places) = (self.stride, self.kernel, self.coarse_places());
        format!(
            "let {name}_channel = ({index}) / taps;
let {name}_y = ({index}) % taps / taps_x * {stride_y}u + tap_y;
let {name}_x = ({index}) % taps % taps_x * {stride_x}u + tap_x;
let {name}_tap = {name}_y * {columns}u + {name}_x;
let {name}_source = {name}_channel * {places}u;
"
        )
    }

    /// The coarse place from which a tap reaches a fine one, and whether there is one.
    pub(crate) fn source(&self, place: &str, tap: &str) -> (String, String) {
        let ([stride_y, stride_x], [above, left], [_, rows, columns]) = (self.stride, self.padding, self.coarse);
        let y = format!("({place}_y + {above} - i32({tap}_y))");
        let x = format!("({place}_x + {left} - i32({tap}_x))");
        (
            format!("{place} + {tap}_source + u32({y}) / {stride_y}u * {columns}u + u32({x}) / {stride_x}u"),
            format!("(u32({y}) < {}u) & (u32({x}) < {}u)", rows * stride_y, columns * stride_x),
        )
    }
}
