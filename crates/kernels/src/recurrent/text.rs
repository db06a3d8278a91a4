//! The text of the kernels that go through time.

use std::fmt::Write as _;

use super::Cell;
use crate::{
    Activation,
    gpu::{apply, bindings, lanes},
};

/// The most threads of a workgroup: WebGPU's bound.
const MOST_THREADS: usize = 256;
/// With fewer, most lanes of a graphics processor would have nothing to do.
const FEWEST_THREADS: usize = 16;

/// Some samples' way through all steps, by one workgroup; every thread works out some units of each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sweep {
    cell: Cell,
    samples: usize,
    steps: usize,
    units: usize,
    /// Samples of a workgroup: each weight is loaded once for all of them.
    share: usize,
    /// Units that a thread works out at once, `threads` apart: each state is loaded once for all of them.
    reach: usize,
    threads: usize,
}

impl Sweep {
    /// From the first step to the last. A thread has a sum for each gate of a unit, which is enough to do with a state.
    pub fn forward(cell: Cell, sizes: [usize; 3]) -> Self {
        Self::new(cell, sizes, 1)
    }

    /// From the last step to the first. A thread has one sum a unit.
    pub fn backward(cell: Cell, [samples, steps, units]: [usize; 3]) -> Self {
        let widest = lanes(samples).min(units / FEWEST_THREADS);
        let reach = [4, 2].into_iter().find(|&reach| reach <= widest).unwrap_or(1);
        Self::new(cell, [samples, steps, units], reach)
    }

    fn new(cell: Cell, [samples, steps, units]: [usize; 3], reach: usize) -> Self {
        let threads = units.div_ceil(reach).next_power_of_two().min(MOST_THREADS);
        Self { cell, samples, steps, units, share: lanes(samples), reach, threads }
    }

    pub const fn workgroup(&self) -> [u32; 2] {
        [self.threads as u32, 1]
    }

    pub const fn workgroups(&self) -> [u32; 3] {
        [self.samples.div_ceil(self.share) as u32, 1, 1]
    }

    /// `each` of the workgroup's samples, one after another.
    fn of_each_sample(&self, each: impl Fn(usize) -> String) -> String {
        (0..self.share).map(each).collect()
    }

    /// A kernel that does `unit` for every unit, in every one of `step`; what a step has written, the next may read.
    fn text(&self, declarations: &str, step: &str, unit: &str) -> String {
        let Self { samples, steps, units, share, reach, threads, .. } = *self;
        let rows = self.of_each_sample(|s| {
            format!("let row{s} = min(group.x * {share}u + {s}u, {}u) * {steps}u + step;\n", samples - 1)
        });
        format!(
            "{declarations}
fn sigmoid(z: f32) -> f32 {{ return {}; }}
fn squash(z: f32) -> f32 {{ return {}; }}
@compute @workgroup_size({threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {{
for (var count = 0u; count < {steps}u; count++) {{
let step = {step};
{rows}for (var unit = thread; unit < {units}u; unit += {}u) {{
{unit}}}
storageBarrier();
}}
}}
",
            apply(Activation::Sigmoid, "z"),
            apply(Activation::Tanh, "z"),
            threads * reach,
        )
    }

    /// `statement` for sample `s`, if there is one.
    fn where_it_is(&self, s: usize, statement: &str) -> String {
        let Self { samples, share, .. } = *self;
        if samples.is_multiple_of(share) {
            format!("{statement}\n")
        } else {
            format!("if (group.x * {share}u + {s}u < {samples}u) {{ {statement} }}\n")
        }
    }
}

/// From the first step to the last. `weight` is [units, gates x units].
pub(super) fn forward(sweep: &Sweep) -> String {
    let Sweep { cell, units, .. } = *sweep;
    let (gates, mut unit) = (0..cell.gates(), String::new());
    for gate in gates.clone() {
        let _ = writeln!(unit, "let bias{gate} = bias[{}u + unit];", gate * units);
        unit += &sweep.of_each_sample(|s| format!("var sum{gate}_{s} = bias{gate}; "));
    }
    let _ = writeln!(unit, "\nif (step > 0u) {{ for (var k = 0u; k < {units}u; k++) {{");
    unit += &sweep.of_each_sample(|s| format!("let state{s} = states[(row{s} - 1u) * {units}u + k];\n"));
    for gate in gates.clone() {
        let _ = writeln!(unit, "let weight{gate} = weight[k * {}u + {}u + unit];", cell.gates() * units, gate * units);
        unit += &sweep.of_each_sample(|s| format!("sum{gate}_{s} = fma(weight{gate}, state{s}, sum{gate}_{s});\n"));
    }
    unit += "} }\n";
    unit += &sweep.of_each_sample(|s| {
        let sums: Vec<_> = gates.clone().map(|gate| format!("sum{gate}_{s}")).collect();
        let width = cell.gates();
        sweep.where_it_is(s, &format!("advance(row{s}, step, unit, vec{width}<f32>({}));", sums.join(", ")))
    });
    let names = ["said", "weight", "bias", "states", "kept"];
    let declarations = bindings(names.into_iter()) + &advance(cell, units);
    sweep.text(&declarations, "count", &unit)
}

/// A unit's step, from what its state says to the gates.
fn advance(cell: Cell, units: usize) -> String {
    let (gates, kept) = (cell.gates() * units, cell.kept() * units);
    let [second, third, fourth] = [units, 2 * units, 3 * units];
    match cell {
        Cell::Lstm => format!(
            "fn advance(row: u32, step: u32, unit: u32, remembered: vec4<f32>) {{
let at = row * {gates}u + unit;
let write = sigmoid(said[at] + remembered.x);
let forget = sigmoid(said[at + {second}u] + remembered.y);
let candidate = squash(said[at + {third}u] + remembered.z);
let output = sigmoid(said[at + {fourth}u] + remembered.w);
let to = row * {kept}u + unit;
var cell = write * candidate;
if (step > 0u) {{ cell += forget * kept[to - {units}u]; }}
kept[to] = write;
kept[to + {second}u] = forget;
kept[to + {third}u] = candidate;
kept[to + {fourth}u] = output;
kept[to + {}u] = cell;
states[row * {units}u + unit] = output * squash(cell);
}}
",
            4 * units
        ),
        Cell::Gru => format!(
            "fn advance(row: u32, step: u32, unit: u32, remembered: vec3<f32>) {{
let at = row * {gates}u + unit;
let reset = sigmoid(said[at] + remembered.x);
let renew = sigmoid(said[at + {second}u] + remembered.y);
let candidate = squash(said[at + {third}u] + reset * remembered.z);
let to = row * {kept}u + unit;
kept[to] = reset;
kept[to + {second}u] = renew;
kept[to + {third}u] = candidate;
kept[to + {fourth}u] = remembered.z;
var before = 0.0;
if (step > 0u) {{ before = states[(row - 1u) * {units}u + unit]; }}
states[row * {units}u + unit] = candidate + renew * (before - candidate);
}}
"
        ),
    }
}

/// From the last step to the first. What the next step hands back comes through the weight from the gradient of what the
/// state said to it, in `source`, and beside the weight in `carried`.
pub(super) fn backward(sweep: &Sweep) -> String {
    let Sweep { cell, steps, units, .. } = *sweep;
    let gates = cell.gates() * units;
    let (names, source): (&[_], _) = match cell {
        Cell::Lstm => (&["gradient", "weight", "kept", "carried", "said"], "said"),
        Cell::Gru => (&["gradient", "weight", "kept", "carried", "said", "states", "remembered"], "remembered"),
    };
    let (reach, mut unit) = (0..sweep.reach, String::new());
    for n in reach.clone() {
        let _ = writeln!(unit, "let unit{n} = min(unit + {}u, {}u);", n * sweep.threads, units - 1);
        unit += &sweep.of_each_sample(|s| format!("var sum{n}_{s} = gradient[row{s} * {units}u + unit{n}];\n"));
    }
    let _ = writeln!(unit, "if (count > 0u) {{ for (var k = 0u; k < {gates}u; k++) {{");
    unit += &sweep.of_each_sample(|s| format!("let gate{s} = {source}[(row{s} + 1u) * {gates}u + k];\n"));
    for n in reach.clone() {
        let _ = writeln!(unit, "let weight{n} = weight[k * {units}u + unit{n}];");
        unit += &sweep.of_each_sample(|s| format!("sum{n}_{s} = fma(weight{n}, gate{s}, sum{n}_{s});\n"));
    }
    unit += "} }\n";
    for n in reach {
        let _ = writeln!(unit, "if (unit + {}u < {units}u) {{", n * sweep.threads);
        unit +=
            &sweep.of_each_sample(|s| sweep.where_it_is(s, &format!("go_back(row{s}, step, unit{n}, sum{n}_{s});")));
        unit += "}\n";
    }
    let declarations = bindings(names.iter().copied()) + &go_back(cell, steps, units);
    sweep.text(&declarations, &format!("{}u - count", steps - 1), &unit)
}

/// A unit's step back, from the gradient of its state as far as it came through the weight.
fn go_back(cell: Cell, steps: usize, units: usize) -> String {
    let (gates, kept) = (cell.gates() * units, cell.kept() * units);
    let [second, third, fourth] = [units, 2 * units, 3 * units];
    let is_last = format!("step + 1u == {steps}u");
    match cell {
        Cell::Lstm => format!(
            "fn go_back(row: u32, step: u32, unit: u32, state: f32) {{
let at = row * {kept}u + unit;
let write = kept[at];
let forget = kept[at + {second}u];
let candidate = kept[at + {third}u];
let output = kept[at + {fourth}u];
let squashed = squash(kept[at + {}u]);
let place = row / {steps}u * {units}u + unit;
var cell = state * output * (1.0 - squashed * squashed);
if (!({is_last})) {{ cell += carried[place]; }}
carried[place] = cell * forget;
var before = 0.0;
if (step > 0u) {{ before = kept[at - {units}u]; }}
let to = row * {gates}u + unit;
said[to] = cell * candidate * write * (1.0 - write);
said[to + {second}u] = cell * before * forget * (1.0 - forget);
said[to + {third}u] = cell * write * (1.0 - candidate * candidate);
said[to + {fourth}u] = state * squashed * output * (1.0 - output);
}}
",
            4 * units
        ),
        Cell::Gru => format!(
            "fn go_back(row: u32, step: u32, unit: u32, through_weight: f32) {{
let at = row * {kept}u + unit;
let reset = kept[at];
let renew = kept[at + {second}u];
let candidate = kept[at + {third}u];
let recalled = kept[at + {fourth}u];
let place = row / {steps}u * {units}u + unit;
var state = through_weight;
if (!({is_last})) {{ state += carried[place]; }}
carried[place] = state * renew;
var before = 0.0;
if (step > 0u) {{ before = states[(row - 1u) * {units}u + unit]; }}
let of_candidate = state * (1.0 - renew) * (1.0 - candidate * candidate);
let of_reset = of_candidate * recalled * reset * (1.0 - reset);
let of_renew = state * (before - candidate) * renew * (1.0 - renew);
let to = row * {gates}u + unit;
said[to] = of_reset;
said[to + {second}u] = of_renew;
said[to + {third}u] = of_candidate;
remembered[to] = of_reset;
remembered[to + {second}u] = of_renew;
remembered[to + {third}u] = of_candidate * reset;
}}
"
        ),
    }
}
