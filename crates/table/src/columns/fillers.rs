//! Fillers: numbers that stand where there is none, such as -999.

use std::collections::BTreeMap;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, Filler};

use super::{
    column_profiler::{ColumnProfiler, Extreme},
    column_styles::is_filler,
};

/// Cells from which on any value of one column is told that lies as far from the others as their whole range.
const MIN_CELLS_OF_ANY_VALUE: u64 = 5;

/// Distinct values of a column in which one can lie far from the others: of few, each is far from the next.
const MIN_DISTINCT: usize = 6;

/// Numbers from which on all values are so large that a single cell is told.
const ABSURD: f64 = 1e20;

/// Values that lie far from all others of their columns, and so probably mean that there is no value.
pub fn find_fillers(columns: &[ColumnSummary], profilers: &[ColumnProfiler]) -> Vec<Filler> {
    // By the bits of the value, which is exactly the same in all columns.
    let mut found: BTreeMap<u64, (Filler, bool)> = BTreeMap::new();
    for (index, (column, profiler)) in columns.iter().zip(profilers).enumerate() {
        if column.kind != ColumnKind::Numeric {
            continue;
        }
        for (extreme, opposite, sign) in
            [(profiler.least, profiler.greatest, 1.0), (profiler.greatest, profiler.least, -1.0)]
        {
            let value = sign * extreme.value;
            let is_rare = 2 * extreme.count <= profiler.numbers && profiler.distinct.counted() >= MIN_DISTINCT;
            if !(is_rare && lies_far(&extreme, &opposite)) {
                continue;
            }
            let new = || (Filler { value, columns: Vec::new(), cells: 0, first_row: extreme.row }, false);
            let (filler, is_certain) = found.entry(value.to_bits()).or_insert_with(new);
            filler.columns.push(index);
            filler.cells += extreme.count;
            filler.first_row = filler.first_row.min(extreme.row);
            *is_certain |= is_filler(value) || is_repeated_and_farther(&extreme, &opposite);
        }
    }
    let is_told = |(filler, is_certain): &(Filler, bool)| *is_certain || filler.columns.len() > 1;
    found.into_values().filter(is_told).map(|(filler, _)| filler).collect()
}

/// One sentence about a filler, for columns with these names.
pub fn filler_sentence(filler: &Filler, columns: &[ColumnSummary]) -> String {
    const NAMED: usize = 3;
    let name = |&index: &usize| columns.get(index).map(|column| format!("\"{}\"", column.name));
    let mut listed: Vec<String> = filler.columns.iter().take(NAMED).filter_map(name).collect();
    if filler.columns.len() > NAMED {
        listed.push(format!("{} more columns", filler.columns.len() - NAMED));
    }
    let last = listed.pop().unwrap_or_default();
    let names = if listed.is_empty() { last } else { format!("{} and {last}", listed.join(", ")) };
    let cells = if filler.cells == 1 {
        format!("1 cell, in row {}", filler.first_row)
    } else {
        format!("{} cells, the first in row {}", filler.cells, filler.first_row)
    };
    let value = if filler.value.abs() < 1e15 { filler.value.to_string() } else { format!("{:e}", filler.value) };
    format!(
        "{value} lies far from all other values in {names} ({cells}). If it means \"no value\", add it to the missing markers."
    )
}

/// True if an extreme lies farther from the next value than half of the range of all others, and is an integer that
/// occurs repeatedly, or absurdly large. `opposite` is the other extreme, negated.
fn lies_far(extreme: &Extreme, opposite: &Extreme) -> bool {
    let (gap, rest) = distances(extreme, opposite);
    let is_marker = extreme.value.fract() == 0.0 || is_filler(extreme.value);
    let is_repeated = is_marker && extreme.value.abs() >= 9.0 && extreme.count >= 2;
    let is_absurd = extreme.value.abs() >= ABSURD;
    (is_repeated || is_absurd) && gap.is_finite() && rest > 0.0 && gap > rest / 2.0
}

fn is_repeated_and_farther(extreme: &Extreme, opposite: &Extreme) -> bool {
    let (gap, rest) = distances(extreme, opposite);
    extreme.count >= MIN_CELLS_OF_ANY_VALUE && gap > rest
}

/// Distance of an extreme to the next value, and range of all values but it.
fn distances(extreme: &Extreme, opposite: &Extreme) -> (f64, f64) {
    (extreme.next - extreme.value, -opposite.value - extreme.next)
}
