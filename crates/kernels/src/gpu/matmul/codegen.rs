//! The code generator of products.
//!
//! WGSL of `relu(lhs rhs + bias)` with lhs [4, 3] and rhs [3, 8], by threads of one row and two columns each, without
//! shared memory:
//!
//! ```wgsl
//! @group(0) @binding(0) var<storage, read_write> lhs: array<f32>;
//! @group(0) @binding(1) var<storage, read_write> rhs: array<f32>;
//! @group(0) @binding(2) var<storage, read_write> output: array<f32>;
//! @group(0) @binding(3) var<storage, read_write> bias: array<f32>;
//! @compute @workgroup_size(4, 4)
//! fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>,
//! @builtin(local_invocation_index) index: u32) {
//! let row = group.y * 4u + thread.y * 1u;
//! let column = group.x * 8u + thread.x * 2u;
//! let first = 0u;
//! let last = 3u;
//! var sum0_0 = 0.0; var sum0_1 = 0.0;
//! let lhs_lane0 = (row + 0u) * 3u;
//! let rhs_lane0 = column + 0u;
//! let rhs_lane1 = column + 1u;
//! for (var k = first; k < last; k++) {
//! let lhs_step = k;
//! let rhs_step = (k) * 8u;
//! let lhs0 = lhs[lhs_lane0 + lhs_step];
//! let rhs0 = rhs[rhs_lane0 + rhs_step];
//! let rhs1 = rhs[rhs_lane1 + rhs_step];
//! sum0_0 = fma(lhs0, rhs0, sum0_0); sum0_1 = fma(lhs0, rhs1, sum0_1);
//! }
//! let column0 = column + 0u;
//! let bias0 = bias[column + 0u];
//! let column1 = column + 1u;
//! let bias1 = bias[column + 1u];
//! output[(row + 0u) * 8u + column0] = max((sum0_0 + bias0), 0.0);
//! output[(row + 0u) * 8u + column1] = max((sum0_1 + bias1), 0.0);
//! }
//! ```

use std::fmt::Write as _;

use super::{
    operand::{Operand, OperandIndexing},
    output::{Epilogue, OutputIndexing},
    product::Matmul,
};
use crate::gpu::{
    tile::Tile,
    wgsl::{apply, bindings, guarded},
};

/// The generator of a product's WGSL. `tile` cuts up the output, and k is cut into `parts`, one per workgroup along z.
pub(super) struct Codegen<'a> {
    pub matmul: &'a Matmul<&'a dyn OperandIndexing, &'a dyn OutputIndexing>,
    pub tile: &'a Tile,
    pub parts: usize,
}

impl Codegen<'_> {
    /// The WGSL of the kernel.
    pub fn wgsl(&self) -> String {
        let [threads_x, threads_y] = self.tile.workgroup;
        let [block_rows, block_columns] = self.tile.block();
        let [rows, columns] = self.tile.thread;
        let k_loop = if self.tile.shared_depth > 0 { self.k_loop_shared() } else { self.k_loop() };
        format!(
            "{}{}{}@compute @workgroup_size({threads_x}, {threads_y})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>, \
@builtin(local_invocation_index) index: u32) {{
let row = group.y * {block_rows}u + thread.y * {rows}u;
let column = group.x * {block_columns}u + thread.x * {columns}u;
{}{}{k_loop}{}}}
",
            self.bindings(),
            self.shared_memory(),
            self.derivative().unwrap_or_default(),
            self.step_range(),
            self.registers(),
            self.store(),
        )
    }

    fn bindings(&self) -> String {
        let y = self.derivative().is_some().then_some("y");
        bindings(["lhs", "rhs", "output"].into_iter().chain(y).chain(self.matmul.epilogue.buffer()))
    }

    fn shared_memory(&self) -> String {
        let depth = self.tile.shared_depth;
        if depth == 0 {
            return String::new();
        }
        let [rows, columns] = self.tile.block().map(|width| width * depth);
        format!("var<workgroup> lhs_block: array<f32, {rows}>;\nvar<workgroup> rhs_block: array<f32, {columns}>;\n")
    }

    fn derivative(&self) -> Option<String> {
        self.matmul.lhs.derivative().or_else(|| self.matmul.rhs.derivative())
    }

    /// Declarations of `first` and `last`, the range of k that this workgroup walks.
    fn step_range(&self) -> String {
        let k = self.matmul.k;
        if let Some(range) = self.matmul.rhs.indexing.step_range() {
            return range;
        }
        match self.parts {
            1 => format!("let first = 0u;\nlet last = {k}u;\n"),
            parts => {
                let depth = self.tile.shared_depth.max(1);
                let part = k.div_ceil(parts).next_multiple_of(depth);
                format!("let first = group.z * {part}u;\nlet last = min(first + {part}u, {k}u);\n")
            }
        }
    }

    /// Declarations of the tile and of the sums of lanes, all 0.
    fn registers(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let mut wgsl = String::new();
        for i in 0..rows {
            for j in 0..columns {
                let _ = write!(wgsl, "var sum{i}_{j} = 0.0; ");
            }
        }
        for (lane, _) in self.summed_lanes() {
            let _ = write!(wgsl, "var lane_sum{lane} = 0.0; ");
        }
        wgsl + "\n"
    }

    /// The loop along k where each thread loads what it needs.
    fn k_loop(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let Matmul { lhs, rhs, .. } = self.matmul;
        let [lhs_start, rhs_start] = self.starts();
        let mut wgsl = self.return_if_outside();
        for i in 0..rows {
            wgsl += &lhs.indexing.lane(&format!("lhs_lane{i}"), &self.clamped_row(i));
        }
        for j in 0..columns {
            wgsl += &rhs.indexing.lane(&format!("rhs_lane{j}"), &self.clamped_column(j));
        }
        wgsl += "for (var k = first; k < last; k++) {\n";
        wgsl += &lhs.indexing.step("lhs_step", "k");
        wgsl += &rhs.indexing.step("rhs_step", "k");
        for i in 0..rows {
            wgsl += &lhs.load(&format!("lhs{i}"), ("lhs", &lhs_start), &format!("lhs_lane{i}"), "lhs_step");
        }
        for j in 0..columns {
            wgsl += &rhs.load(&format!("rhs{j}"), ("rhs", &rhs_start), &format!("rhs_lane{j}"), "rhs_step");
        }
        wgsl + &self.multiply() + "}\n"
    }

    /// The loop along k where the workgroup loads a block of each operand into shared memory, and its threads multiply
    /// from there.
    fn k_loop_shared(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let [block_rows, block_columns] = self.tile.block();
        let depth = self.tile.shared_depth;
        let Matmul { lhs, rhs, .. } = self.matmul;
        let [lhs_start, rhs_start] = self.starts();
        let mut wgsl = format!("for (var start = first; start < last; start += {depth}u) {{\n");
        wgsl += &self.load_shared("lhs", lhs, &lhs_start, ("group.y", block_rows, self.matmul.m));
        wgsl += &self.load_shared("rhs", rhs, &rhs_start, ("group.x", block_columns, self.matmul.n));
        let _ = writeln!(wgsl, "workgroupBarrier();\nfor (var k = 0u; k < {depth}u; k++) {{");
        for i in 0..rows {
            let _ = writeln!(wgsl, "let lhs{i} = lhs_block[k * {block_rows}u + thread.y * {rows}u + {i}u];");
        }
        for j in 0..columns {
            let _ = writeln!(wgsl, "let rhs{j} = rhs_block[k * {block_columns}u + thread.x * {columns}u + {j}u];");
        }
        wgsl + &self.multiply() + "}\nworkgroupBarrier();\n}\n" + &self.return_if_outside()
    }

    /// Fills the block of an operand, [depth, lanes], by all threads along what is contiguous in memory; 0 outside.
    fn load_shared(
        &self,
        name: &str,
        operand: &Operand<&dyn OperandIndexing>,
        start: &str,
        (group, block, lanes): (&str, usize, usize),
    ) -> String {
        let depth = self.tile.shared_depth;
        let threads = self.tile.workgroup[0] * self.tile.workgroup[1];
        let lane_and_k = if operand.indexing.is_contiguous_along_lanes() {
            format!("let l = entry % {block}u; let k = entry / {block}u;\n")
        } else {
            format!("let k = entry % {depth}u; let l = entry / {depth}u;\n")
        };
        let lane = operand.indexing.lane("lane", &format!("({group} * {block}u + l)"));
        let step = operand.indexing.step("step", "(start + k)");
        let load = operand.load("loaded", (name, start), "lane", "step");
        format!(
            "for (var entry = index; entry < {}u; entry += {threads}u) {{
{lane_and_k}var value = 0.0;
if (({group} * {block}u + l < {lanes}u) & (start + k < last)) {{
{lane}{step}{load}value = loaded;
}}
{name}_block[k * {block}u + l] = value;
}}
",
            block * depth
        )
    }

    fn multiply(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let mut wgsl = String::new();
        for i in 0..rows {
            for j in 0..columns {
                let _ = write!(wgsl, "sum{i}_{j} = fma(lhs{i}, rhs{j}, sum{i}_{j}); ");
            }
        }
        for (lane, name) in self.summed_lanes() {
            let _ = write!(wgsl, "lane_sum{lane} += {name}; ");
        }
        wgsl + "\n"
    }

    fn store(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let Matmul { output, epilogue, .. } = self.matmul;
        let start = self.output_start();
        let mut wgsl = String::new();
        for j in 0..columns {
            wgsl += &output.column(&format!("column{j}"), &self.clamped_column(j));
            if let Epilogue::ColumnBias(_) = epilogue {
                let _ = writeln!(wgsl, "let bias{j} = bias[{}];", self.clamped_column(j));
            }
        }
        for i in 0..rows {
            if let Epilogue::RowBias(_) = epilogue {
                let _ = writeln!(wgsl, "let bias{i} = bias[{}];", self.clamped_row(i));
            }
            for j in 0..columns {
                let value = match epilogue {
                    Epilogue::ColumnBias(activation) => apply(*activation, &format!("(sum{i}_{j} + bias{j})")),
                    Epilogue::RowBias(activation) => apply(*activation, &format!("(sum{i}_{j} + bias{i})")),
                    Epilogue::None | Epilogue::ColumnSums | Epilogue::RowSums => format!("sum{i}_{j}"),
                };
                let (at, is_stored) = output.index(&format!("row + {i}u"), &format!("column{j}"), self.matmul.n);
                let conditions = [self.row_is_inside(i), self.column_is_inside(j), is_stored];
                wgsl += &guarded(conditions, &format!("output[{start}{at}] = {value};"));
            }
        }
        wgsl + &self.store_sums()
    }

    /// Stores the sums of lanes, by the threads of the first row, or column, of tiles.
    fn store_sums(&self) -> String {
        let lanes = self.summed_lanes();
        let (first, lane, length) = match self.matmul.epilogue {
            Epilogue::ColumnSums => ("row", "column", self.matmul.n),
            Epilogue::RowSums => ("column", "row", self.matmul.m),
            Epilogue::None | Epilogue::ColumnBias(_) | Epilogue::RowBias(_) => return String::new(),
        };
        let start = if self.parts > 1 { format!("group.z * {length}u + ") } else { String::new() };
        let mut wgsl = format!("if ({first} == 0u) {{\n");
        for (index, _) in lanes {
            let is_inside = Some(format!("{lane} + {index}u < {length}u"));
            wgsl += &guarded([is_inside, None, None], &format!("sums[{start}{lane} + {index}u] = lane_sum{index};"));
        }
        wgsl + "}\n"
    }

    /// Lanes of the tile that are summed, with the variables of their values.
    fn summed_lanes(&self) -> Vec<(usize, String)> {
        let [rows, columns] = self.tile.thread;
        match self.matmul.epilogue {
            Epilogue::ColumnSums => (0..columns).map(|j| (j, format!("rhs{j}"))).collect(),
            Epilogue::RowSums => (0..rows).map(|i| (i, format!("lhs{i}"))).collect(),
            Epilogue::None | Epilogue::ColumnBias(_) | Epilogue::RowBias(_) => Vec::new(),
        }
    }

    /// Return of the threads whose whole tile is outside.
    fn return_if_outside(&self) -> String {
        let [block_rows, block_columns] = self.tile.block();
        let sides = [
            (!self.matmul.m.is_multiple_of(block_rows)).then(|| format!("row >= {}u", self.matmul.m)),
            (!self.matmul.n.is_multiple_of(block_columns)).then(|| format!("column >= {}u", self.matmul.n)),
        ];
        let sides: Vec<_> = sides.into_iter().flatten().collect();
        if sides.is_empty() { String::new() } else { format!("if (({})) {{ return; }}\n", sides.join(") | (")) }
    }

    /// Row `i` of the tile, or the last row where the tile goes beyond it.
    fn clamped_row(&self, i: usize) -> String {
        clamped("row", i, self.tile.thread[0], self.matmul.m)
    }

    fn clamped_column(&self, j: usize) -> String {
        clamped("column", j, self.tile.thread[1], self.matmul.n)
    }

    fn row_is_inside(&self, i: usize) -> Option<String> {
        let rows = self.matmul.m;
        (!rows.is_multiple_of(self.tile.thread[0])).then(|| format!("row + {i}u < {rows}u"))
    }

    fn column_is_inside(&self, j: usize) -> Option<String> {
        let columns = self.matmul.n;
        (!columns.is_multiple_of(self.tile.thread[1])).then(|| format!("column + {j}u < {columns}u"))
    }

    /// Starts of this pair of the batch in lhs and rhs, to be added to an index.
    fn starts(&self) -> [String; 2] {
        let Matmul { m, k, n, batch, .. } = *self.matmul;
        [m * k, n * k].map(|length| if batch > 1 { format!("group.z * {length}u + ") } else { String::new() })
    }

    /// Start of this pair or this part in the output, to be added to an index.
    fn output_start(&self) -> String {
        let Matmul { m, n, batch, output, .. } = *self.matmul;
        let is_cut = output.is_row_major() && (batch > 1 || self.parts > 1);
        if is_cut { format!("group.z * {}u + ", m * n) } else { String::new() }
    }
}

fn clamped(lane: &str, index: usize, tile: usize, length: usize) -> String {
    if length.is_multiple_of(tile) {
        format!("{lane} + {index}u")
    } else {
        format!("min({lane} + {index}u, {}u)", length - 1)
    }
}
