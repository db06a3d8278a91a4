//! The text of a product.

use std::fmt::Write as _;

use super::{Epilogue, Load, Operand, Output, Product};
use crate::gpu::{
    text::{apply, bindings, derivative, guarded},
    tile::Tile,
};

/// Writes a product that `tile` cuts up, its inner dimension in `parts` of which each workgroup does one.
pub(super) struct Writer<'a> {
    pub product: &'a Product,
    pub tile: &'a Tile,
    pub parts: usize,
}

impl Writer<'_> {
    pub fn text(&self) -> String {
        let [threads_x, threads_y] = self.tile.workgroup;
        let [block_rows, block_columns] = self.tile.block();
        let [rows, columns] = self.tile.thread;
        let walk = if self.tile.shared_depth > 0 { self.walk_shared() } else { self.walk() };
        format!(
            "{}{}{}@compute @workgroup_size({threads_x}, {threads_y})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>, \
@builtin(local_invocation_index) index: u32) {{
let row = group.y * {block_rows}u + thread.y * {rows}u;
let column = group.x * {block_columns}u + thread.x * {columns}u;
{}{}{walk}{}}}
",
            self.bindings(),
            self.shared_memory(),
            self.derivative(),
            self.range(),
            self.registers(),
            self.store(),
        )
    }

    fn bindings(&self) -> String {
        let activated = self.gradient_of().is_some().then_some("activated");
        let vector = (self.product.epilogue != Epilogue::None).then_some("vector");
        bindings(["a", "b", "result"].into_iter().chain(activated).chain(vector))
    }

    fn shared_memory(&self) -> String {
        let depth = self.tile.shared_depth;
        if depth == 0 {
            return String::new();
        }
        let [rows, columns] = self.tile.block().map(|width| width * depth);
        format!("var<workgroup> block_a: array<f32, {rows}>;\nvar<workgroup> block_b: array<f32, {columns}>;\n")
    }

    fn derivative(&self) -> String {
        match self.gradient_of() {
            Some(activation) => format!("fn derivative(y: f32) -> f32 {{ return {}; }}\n", derivative(activation)),
            None => String::new(),
        }
    }

    fn gradient_of(&self) -> Option<crate::Activation> {
        self.product.a.gradient_of.or(self.product.b.gradient_of)
    }

    /// Which steps of the inner dimension this workgroup walks: `first` to `last`.
    fn range(&self) -> String {
        let inner = self.product.inner;
        match (self.product.b.load, self.parts) {
            (Load::Reached(convolution), _) => convolution.phase_and_range(),
            (_, 1) => format!("let first = 0u;\nlet last = {inner}u;\n"),
            (_, parts) => {
                let depth = self.tile.shared_depth.max(1);
                let part = inner.div_ceil(parts).next_multiple_of(depth);
                format!("let first = group.z * {part}u;\nlet last = min(first + {part}u, {inner}u);\n")
            }
        }
    }

    /// The tile, all 0.
    fn registers(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let mut text = String::new();
        for i in 0..rows {
            for j in 0..columns {
                let _ = write!(text, "var c{i}_{j} = 0.0; ");
            }
        }
        for (lane, _) in self.summed_lanes() {
            let _ = write!(text, "var sum{lane} = 0.0; ");
        }
        text + "\n"
    }

    /// Each thread loads what it needs.
    fn walk(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let Product { a, b, .. } = self.product;
        let [start_a, start_b] = self.starts();
        let mut text = self.leave_if_outside();
        for i in 0..rows {
            text += &a.lane(&format!("lane_a{i}"), &self.clamped_row(i));
        }
        for j in 0..columns {
            text += &b.lane(&format!("lane_b{j}"), &self.clamped_column(j));
        }
        text += "for (var k = first; k < last; k++) {\n";
        text += &a.step("step_a", "k");
        text += &b.step("step_b", "k");
        for i in 0..rows {
            text += &a.load(&format!("a{i}"), ("a", &start_a), &format!("lane_a{i}"), "step_a");
        }
        for j in 0..columns {
            text += &b.load(&format!("b{j}"), ("b", &start_b), &format!("lane_b{j}"), "step_b");
        }
        text + &self.multiply() + "}\n"
    }

    /// The workgroup loads a block of each operand for all its threads, then each multiplies out of it.
    fn walk_shared(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let [block_rows, block_columns] = self.tile.block();
        let depth = self.tile.shared_depth;
        let Product { a, b, .. } = self.product;
        let [start_a, start_b] = self.starts();
        let mut text = format!("for (var start = first; start < last; start += {depth}u) {{\n");
        text += &self.load_shared("a", a, &start_a, ("group.y", block_rows, self.product.rows));
        text += &self.load_shared("b", b, &start_b, ("group.x", block_columns, self.product.columns));
        let _ = writeln!(text, "workgroupBarrier();\nfor (var k = 0u; k < {depth}u; k++) {{");
        for i in 0..rows {
            let _ = writeln!(text, "let a{i} = block_a[k * {block_rows}u + thread.y * {rows}u + {i}u];");
        }
        for j in 0..columns {
            let _ = writeln!(text, "let b{j} = block_b[k * {block_columns}u + thread.x * {columns}u + {j}u];");
        }
        text + &self.multiply() + "}\nworkgroupBarrier();\n}\n" + &self.leave_if_outside()
    }

    /// All threads fill the block of an operand, [depth, lanes], one value after another along what lies together in
    /// memory; 0 outside.
    fn load_shared(
        &self,
        name: &str,
        operand: &Operand,
        start: &str,
        (group, block, lanes): (&str, usize, usize),
    ) -> String {
        let depth = self.tile.shared_depth;
        let threads = self.tile.workgroup[0] * self.tile.workgroup[1];
        let place = if operand.is_wide() {
            format!("let w = place % {block}u; let k = place / {block}u;\n")
        } else {
            format!("let k = place % {depth}u; let w = place / {depth}u;\n")
        };
        let lane = operand.lane("lane", &format!("({group} * {block}u + w)"));
        let step = operand.step("step", "(start + k)");
        let load = operand.load("loaded", (name, start), "lane", "step");
        format!(
            "for (var place = index; place < {}u; place += {threads}u) {{
{place}var value = 0.0;
if (({group} * {block}u + w < {lanes}u) & (start + k < last)) {{
{lane}{step}{load}value = loaded;
}}
block_{name}[k * {block}u + w] = value;
}}
",
            block * depth
        )
    }

    fn multiply(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let mut text = String::new();
        for i in 0..rows {
            for j in 0..columns {
                let _ = write!(text, "c{i}_{j} = fma(a{i}, b{j}, c{i}_{j}); ");
            }
        }
        for (lane, name) in self.summed_lanes() {
            let _ = write!(text, "sum{lane} += {name}; ");
        }
        text + "\n"
    }

    fn store(&self) -> String {
        let [rows, columns] = self.tile.thread;
        let Product { output, epilogue, .. } = self.product;
        let start = self.start_of_result();
        let mut text = String::new();
        for j in 0..columns {
            text += &output.column(&format!("column{j}"), &self.clamped_column(j));
            if let Epilogue::BiasOfColumn(_) = epilogue {
                let _ = writeln!(text, "let bias{j} = vector[{}];", self.clamped_column(j));
            }
        }
        for i in 0..rows {
            if let Epilogue::BiasOfRow(_) = epilogue {
                let _ = writeln!(text, "let bias{i} = vector[{}];", self.clamped_row(i));
            }
            for j in 0..columns {
                let value = match epilogue {
                    Epilogue::BiasOfColumn(activation) => apply(*activation, &format!("(c{i}_{j} + bias{j})")),
                    Epilogue::BiasOfRow(activation) => apply(*activation, &format!("(c{i}_{j} + bias{i})")),
                    Epilogue::None | Epilogue::SumsOfColumns | Epilogue::SumsOfRows => format!("c{i}_{j}"),
                };
                let (place, is_stored) =
                    output.place(&format!("row + {i}u"), &format!("column{j}"), self.product.columns);
                let conditions = [self.row_is_inside(i), self.column_is_inside(j), is_stored];
                text += &guarded(conditions, &format!("result[{start}{place}] = {value};"));
            }
        }
        text + &self.store_sums()
    }

    /// By the threads of the first row, or column, of tiles.
    fn store_sums(&self) -> String {
        let lanes = self.summed_lanes();
        let (first, lane, length) = match self.product.epilogue {
            Epilogue::SumsOfColumns => ("row", "column", self.product.columns),
            Epilogue::SumsOfRows => ("column", "row", self.product.rows),
            Epilogue::None | Epilogue::BiasOfColumn(_) | Epilogue::BiasOfRow(_) => return String::new(),
        };
        let start = if self.parts > 1 { format!("group.z * {length}u + ") } else { String::new() };
        let mut text = format!("if ({first} == 0u) {{\n");
        for (index, _) in lanes {
            let is_inside = Some(format!("{lane} + {index}u < {length}u"));
            text += &guarded([is_inside, None, None], &format!("vector[{start}{lane} + {index}u] = sum{index};"));
        }
        text + "}\n"
    }

    /// Lanes of the tile that are summed, and the variables that hold their values.
    fn summed_lanes(&self) -> Vec<(usize, String)> {
        let [rows, columns] = self.tile.thread;
        match self.product.epilogue {
            Epilogue::SumsOfColumns => (0..columns).map(|j| (j, format!("b{j}"))).collect(),
            Epilogue::SumsOfRows => (0..rows).map(|i| (i, format!("a{i}"))).collect(),
            Epilogue::None | Epilogue::BiasOfColumn(_) | Epilogue::BiasOfRow(_) => Vec::new(),
        }
    }

    /// Threads whose whole tile is outside are done.
    fn leave_if_outside(&self) -> String {
        let [block_rows, block_columns] = self.tile.block();
        let sides = [
            (!self.product.rows.is_multiple_of(block_rows)).then(|| format!("row >= {}u", self.product.rows)),
            (!self.product.columns.is_multiple_of(block_columns))
                .then(|| format!("column >= {}u", self.product.columns)),
        ];
        let sides: Vec<_> = sides.into_iter().flatten().collect();
        if sides.is_empty() { String::new() } else { format!("if (({})) {{ return; }}\n", sides.join(") | (")) }
    }

    /// Row `i` of the tile; the last there is where the tile sticks out.
    fn clamped_row(&self, i: usize) -> String {
        clamped("row", i, self.tile.thread[0], self.product.rows)
    }

    fn clamped_column(&self, j: usize) -> String {
        clamped("column", j, self.tile.thread[1], self.product.columns)
    }

    fn row_is_inside(&self, i: usize) -> Option<String> {
        let rows = self.product.rows;
        (!rows.is_multiple_of(self.tile.thread[0])).then(|| format!("row + {i}u < {rows}u"))
    }

    fn column_is_inside(&self, j: usize) -> Option<String> {
        let columns = self.product.columns;
        (!columns.is_multiple_of(self.tile.thread[1])).then(|| format!("column + {j}u < {columns}u"))
    }

    /// Where this pair of the batch begins in the operands, to be added to.
    fn starts(&self) -> [String; 2] {
        let Product { rows, inner, columns, batch, .. } = *self.product;
        [rows * inner, columns * inner]
            .map(|length| if batch > 1 { format!("group.z * {length}u + ") } else { String::new() })
    }

    /// Where this pair, or this part, begins in the result.
    fn start_of_result(&self) -> String {
        let Product { rows, columns, batch, output, .. } = *self.product;
        match output {
            Output::Rows if batch > 1 || self.parts > 1 => format!("group.z * {}u + ", rows * columns),
            Output::Rows | Output::Channels { .. } | Output::Phases { .. } => String::new(),
        }
    }
}

fn clamped(lane: &str, index: usize, tile: usize, length: usize) -> String {
    if length.is_multiple_of(tile) {
        format!("{lane} + {index}u")
    } else {
        format!("min({lane} + {index}u, {}u)", length - 1)
    }
}
