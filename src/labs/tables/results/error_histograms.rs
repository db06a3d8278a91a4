//! Histograms of the columns' errors: a small one per column, all on one canvas.

use std::rc::Rc;

use pinhole_protocol::table::ColumnErrors;

use crate::components::{
    chart::{ChartCanvas, ChartContent, PlotArea, Point, stepped_index},
    format::brief,
    histogram::{self, ValueAxis},
};

/// Most columns with a histogram.
const MAX_HISTOGRAMS: usize = 10;

/// Height of the names of the axes, the y axis's above all histograms and the x axis's below them.
const NAME_HEIGHT_PX: f64 = 20.0;

/// Histograms of the first columns; each one's anomalous rows are the flagged ones.
#[derive(Clone, PartialEq)]
pub struct ErrorHistograms {
    pub columns: Rc<Vec<ColumnErrors>>,
}

/// Bin of a column's histogram; both are indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnBin {
    column: usize,
    bin: usize,
}

impl ErrorHistograms {
    fn shown(&self) -> &[ColumnErrors] {
        &self.columns[..self.columns.len().min(MAX_HISTOGRAMS)]
    }

    fn grid(&self, size: (f64, f64)) -> Grid {
        Grid::new(self.shown().len(), size)
    }
}

impl ChartContent for ErrorHistograms {
    type Cursor = ColumnBin;

    fn paint(&self, canvas: &ChartCanvas, cursor: Option<ColumnBin>) {
        let grid = self.grid(canvas.size());
        canvas.write("--ink-soft", "left", "rows", (4.0, 14.0));
        let name = "contribution to the score";
        canvas.write("--ink-soft", "center", name, (canvas.width / 2.0, canvas.height - 6.0));
        for (index, column) in self.shown().iter().enumerate() {
            let area = grid.area(index);
            canvas.y_axis(area, histogram::count_scale(&column.histogram, area), 2, "");
            let bin = cursor.filter(|cursor| cursor.column == index).map(|cursor| cursor.bin);
            histogram::draw_bins(canvas, &column.histogram, area, bin);
            canvas.write(
                "--ink",
                "left",
                &truncated(&column.name, area.right - area.left),
                (area.left, area.top - 6.0),
            );
            let axis = ValueAxis::of(&column.histogram);
            if !axis.is_empty() {
                let y = area.bottom + 14.0;
                canvas.write("--ink-soft", "left", &brief(axis.value(0.0)), (area.left, y));
                canvas.write("--ink-soft", "right", &brief(axis.value(1.0)), (area.right, y));
            }
        }
    }

    fn cursor_at(&self, pixel: Point, size: (f64, f64)) -> Option<ColumnBin> {
        let grid = self.grid(size);
        let shown = self.shown();
        let column = (0..shown.len()).find(|index| grid.area(*index).contains(pixel))?;
        let bin = histogram::bin_at(&shown[column].histogram, grid.area(column).share_at(pixel.0))?;
        Some(ColumnBin { column, bin })
    }

    /// Left and right lead to the bins of a column, up and down to the same bin of another one.
    fn stepped(&self, cursor: Option<ColumnBin>, key: &str) -> Option<ColumnBin> {
        let ColumnBin { column, bin } = cursor.unwrap_or(ColumnBin { column: 0, bin: 0 });
        let of_columns = match key {
            "ArrowDown" => Some("ArrowRight"),
            "ArrowUp" => Some("ArrowLeft"),
            _ => None,
        };
        let shown = self.shown();
        if let Some(key) = of_columns {
            let column = stepped_index(cursor.map(|cursor| cursor.column), shown.len(), key)?;
            return Some(ColumnBin { column, bin });
        }
        let bins = histogram::bins(&shown.get(column)?.histogram).len();
        let bin = stepped_index(cursor.map(|cursor| cursor.bin), bins, key)?;
        Some(ColumnBin { column, bin })
    }

    fn readout(&self, cursor: ColumnBin) -> Option<String> {
        let column = self.shown().get(cursor.column)?;
        let bin = histogram::bins(&column.histogram).nth(cursor.bin)?;
        Some(format!("{}, contribution {}", column.name, bin.readout(&["other rows", "flagged rows"])))
    }

    fn to_csv(&self) -> String {
        let lines = self.shown().iter().flat_map(|column| {
            let name = quoted(&column.name);
            histogram::bins(&column.histogram).map(move |bin| format!("{name},{}\n", bin.to_csv()))
        });
        std::iter::once("column,contribution_from,contribution_to,other_rows,flagged_rows\n".to_owned())
            .chain(lines)
            .collect()
    }
}

/// Grid of histograms, as many in a row as fit.
struct Grid {
    across: usize,
    /// Width and height of each histogram with its labels, in pixels.
    width: f64,
    height: f64,
}

impl Grid {
    fn new(count: usize, (width, height): (f64, f64)) -> Self {
        const MIN_WIDTH_PX: f64 = 140.0;
        let across = ((width / MIN_WIDTH_PX).floor() as usize).clamp(1, 5).min(count.max(1));
        let down = count.div_ceil(across).max(1);
        Self { across, width: width / across as f64, height: (height - 2.0 * NAME_HEIGHT_PX) / down as f64 }
    }

    /// Area of the bars of a histogram.
    fn area(&self, index: usize) -> PlotArea {
        let left = (index % self.across) as f64 * self.width;
        let top = NAME_HEIGHT_PX + (index / self.across) as f64 * self.height;
        PlotArea {
            left: left + 44.0,
            right: left + self.width - 8.0,
            top: top + 20.0,
            bottom: top + self.height - 18.0,
        }
    }
}

/// The beginning of a name, as much as fits into `width` pixels.
fn truncated(name: &str, width: f64) -> String {
    const CHARACTER_PX: f64 = 7.0;
    let most = (width / CHARACTER_PX).floor().max(4.0) as usize - 2;
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Name as a cell of CSV, in quotes where it needs them.
fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\n', '\r']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Histogram;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Errors of two columns, from 1 to 100 in two bins.
    fn errors() -> ErrorHistograms {
        let column = |name: &str, normal, flagged| ColumnErrors {
            name: name.into(),
            share: 0.5,
            share_of_flagged: 0.5,
            histogram: Histogram { low: 0.0, high: 2.0, is_log: true, normal, anomalous: flagged },
        };
        let columns = vec![column("flow", vec![40, 2], vec![0, 1]), column("a, b", vec![42, 0], vec![1, 0])];
        ErrorHistograms { columns: Rc::new(columns) }
    }

    const fn at(column: usize, bin: usize) -> ColumnBin {
        ColumnBin { column, bin }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_bin_below_the_pointer_is_read() {
        let (errors, size) = (errors(), (400.0, 200.0));
        let second = errors.grid(size).area(1);
        let found = errors.cursor_at((second.left + 1.0, second.bottom - 1.0), size);
        assert_eq!(found, Some(at(1, 0)));
        assert_eq!(errors.cursor_at((second.left + 1.0, 199.0), size), None, "below the bars");
        assert_eq!(
            errors.readout(at(0, 1)).as_deref(),
            Some("flow, contribution 10 to 100: other rows 2, flagged rows 1")
        );
        assert_eq!([errors.readout(at(0, 2)), errors.readout(at(2, 0))], [None, None]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_go_from_bin_to_bin_and_from_column_to_column() {
        let step = |cursor, key| errors().stepped(cursor, key);
        assert_eq!([step(None, "ArrowRight"), step(Some(at(0, 0)), "ArrowRight")], [Some(at(0, 0)), Some(at(0, 1))]);
        assert_eq!(
            [step(Some(at(1, 1)), "ArrowRight"), step(Some(at(1, 1)), "Home")],
            [Some(at(1, 1)), Some(at(1, 0))]
        );
        assert_eq!(
            [step(Some(at(0, 1)), "ArrowDown"), step(Some(at(1, 1)), "ArrowUp")],
            [Some(at(1, 1)), Some(at(0, 1))]
        );
        assert_eq!(step(Some(at(0, 0)), "Tab"), None);
        let blank = ErrorHistograms { columns: Rc::default() };
        assert_eq!([blank.stepped(None, "ArrowRight"), blank.stepped(None, "ArrowDown")], [None, None]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_bins_are_saved() {
        let csv = errors().to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0], "column,contribution_from,contribution_to,other_rows,flagged_rows");
        assert_eq!(lines[1], "flow,1,10,40,0");
        assert_eq!(lines[4], "\"a, b\",10,100,0,0");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn long_names_are_truncated() {
        assert_eq!(truncated("a long name of a column", 70.0), "a long n…");
    }
}
