//! Line plot: curves over one x axis.

use super::{
    chart::{ChartCanvas, ChartContent, InteractiveChart, PlotArea, Point, Scale, stepped_index},
    format::{brief, fixed},
};

/// Most points of a curve that are marked by dots.
const MAX_DOTS: usize = 40;

/// Axis with its name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Axis {
    pub label: &'static str,
    pub is_log: bool,
    /// Least and greatest value shown; without it the axis fits the curves.
    pub range: Option<(f64, f64)>,
}

/// Curve with its name and its colour, a custom property of the style sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: &'static str,
    pub colour: &'static str,
    pub width: f64,
    pub points: Vec<Point>,
    /// True to mark the points of a short curve.
    pub has_dots: bool,
}

/// Curves and axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    pub x: Axis,
    pub y: Axis,
    /// Curves from back to front; the cursor is at a point of the last one that has any.
    pub series: Vec<Series>,
    /// x of a vertical line.
    pub marked_x: Option<f64>,
}

/// Plot on a canvas, with a cursor.
pub type PlotChart = InteractiveChart<Plot>;

impl Plot {
    fn points(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| &series.points)
    }

    /// Points among which the cursor moves.
    fn cursor_points(&self) -> Option<&[Point]> {
        let series = self.series.iter().rev().find(|series| !series.points.is_empty())?;
        Some(&series.points)
    }

    /// Scales of both axes.
    fn scales(&self, area: PlotArea) -> (Scale, Scale) {
        let PlotArea { left, right, top, bottom } = area;
        let x = match self.x.range {
            Some((low, high)) => Scale::between(low, high, self.x.is_log, left, right),
            None => Scale::linear(self.points().map(|(x, _)| *x).fold(1.0, f64::max), left, right),
        };
        let y = match self.y.range {
            Some((low, high)) => Scale::between(low, high, self.y.is_log, bottom, top),
            None => Scale::fit(self.points().map(|(_, y)| *y), self.y.is_log, bottom, top),
        };
        (x, y)
    }

    /// Pixel of a point on a canvas of that width and height; `None` if an axis cannot show it.
    pub fn pixel(&self, (x, y): Point, size: (f64, f64)) -> Option<Point> {
        let (x_scale, y_scale) = self.scales(PlotArea::of_canvas(size));
        x_scale.pixel(x).zip(y_scale.pixel(y))
    }
}

impl ChartContent for Plot {
    type Cursor = Point;

    fn paint(&self, canvas: &ChartCanvas, cursor: Option<Point>) {
        let area = PlotArea::of_canvas(canvas.size());
        let (x_scale, y_scale) = self.scales(area);
        canvas.y_axis(area, y_scale, 5, self.y.label);
        canvas.x_axis(area, x_scale, 8, self.x.label);
        let vertical = |colour: &str, x: f64| {
            if let Some(x) = x_scale.pixel(x) {
                canvas.line(colour, 2.0, (x, area.top), (x, area.bottom));
            }
        };
        if let Some(x) = self.marked_x {
            vertical("--curve-validation", x);
        }
        for series in &self.series {
            let pixels = || series.points.iter().filter_map(|(x, y)| x_scale.pixel(*x).zip(y_scale.pixel(*y)));
            canvas.polyline(series.colour, series.width, pixels());
            if series.has_dots && series.points.len() <= MAX_DOTS {
                pixels().for_each(|center| canvas.dot(series.colour, center, 3.0));
            }
        }
        if let Some((x, y)) = cursor {
            vertical("--light", x);
            if let Some(center) = x_scale.pixel(x).zip(y_scale.pixel(y)).filter(|center| area.contains(*center)) {
                canvas.dot("--light", center, 4.0);
            }
        }
    }

    fn cursor_at(&self, pixel: Point, size: (f64, f64)) -> Option<Point> {
        let (x_scale, y_scale) = self.scales(PlotArea::of_canvas(size));
        let distance =
            |scale: Scale, value: f64, pixel: f64| scale.pixel(value).map_or(f64::INFINITY, |at| (at - pixel).abs());
        // Rounded, so that y decides between points above each other.
        nearest(self.cursor_points()?, |(x, y)| (distance(x_scale, x, pixel.0).round(), distance(y_scale, y, pixel.1)))
    }

    fn stepped(&self, cursor: Option<Point>, key: &str) -> Option<Point> {
        let points = self.cursor_points()?;
        let index = cursor.and_then(|cursor| {
            let is_cursor = |point: &Point| *point == cursor;
            // Past all equal points, as the cursor would stay at them for ever.
            let known = if key == "ArrowRight" {
                points.iter().rposition(is_cursor)
            } else {
                points.iter().position(is_cursor)
            };
            known.or_else(|| points.iter().position(|(x, _)| *x >= cursor.0))
        });
        stepped_index(index, points.len(), key).map(|index| points[index])
    }

    /// Values of all curves nearest to the cursor's x.
    fn readout(&self, cursor: Point) -> Option<String> {
        let value = |series: &Series| {
            let (_, y) = nearest(&series.points, |(x, y)| ((x - cursor.0).abs(), (y - cursor.1).abs()))?;
            Some(format!("{} {}", series.name, brief(y)))
        };
        let values: Vec<String> = self.series.iter().filter_map(value).collect();
        (!values.is_empty()).then(|| format!("{} {}: {}", self.x.label, brief(cursor.0), values.join(", ")))
    }

    fn to_csv(&self) -> String {
        let (x, y) = (self.x.label.replace(' ', "_"), self.y.label.replace(' ', "_"));
        let lines = self.series.iter().flat_map(|series| {
            series.points.iter().map(|(x, y)| format!("{},{},{}\n", series.name, fixed(*x, 9), fixed(*y, 9)))
        });
        std::iter::once(format!("curve,{x},{y}\n")).chain(lines).collect()
    }
}

/// Point of the least distance; the second part of a distance decides between equal first ones.
fn nearest(points: &[Point], distance: impl Fn(Point) -> (f64, f64)) -> Option<Point> {
    let by_distance = |one: &&Point, other: &&Point| {
        let (one, other) = (distance(**one), distance(**other));
        one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))
    };
    points.iter().min_by(by_distance).copied()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn plot() -> Plot {
        let series = |name, points: &[Point]| Series {
            name,
            colour: "--ink",
            width: 1.0,
            points: points.to_vec(),
            has_dots: false,
        };
        let axis = |label| Axis { label, is_log: false, range: None };
        Plot {
            x: axis("epoch"),
            y: axis("loss"),
            series: vec![
                series("each step", &[(0.5, 3.0), (1.0, 2.0), (1.5, 1.5)]),
                series("validation", &[(1.0, 2.5), (2.0, 1.25)]),
            ],
            marked_x: None,
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn values_are_read_where_they_are() {
        let readout = |cursor| plot().readout(cursor);
        assert_eq!(readout((1.0, 2.5)).as_deref(), Some("epoch 1: each step 2, validation 2.5"));
        assert_eq!(readout((2.0, 1.25)).as_deref(), Some("epoch 2: each step 1.5, validation 1.25"));
        assert_eq!(Plot { series: Vec::new(), ..plot() }.readout((1.0, 2.5)), None);
        assert!(plot().to_csv().starts_with("curve,epoch,loss\neach step,0.500000000,3.000000000\n"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_go_from_point_to_point() {
        let (first, last) = ((1.0, 2.5), (2.0, 1.25));
        let step = |cursor, key| plot().stepped(cursor, key);
        assert_eq!([step(None, "ArrowRight"), step(Some(first), "ArrowRight")], [Some(first), Some(last)]);
        assert_eq!([step(Some(last), "ArrowRight"), step(Some(last), "ArrowLeft")], [Some(last), Some(first)]);
        assert_eq!([step(None, "End"), step(None, "a")], [Some(last), None]);
        // The curve has changed, and the point is no longer on it.
        assert_eq!(step(Some((0.5, 9.0)), "ArrowRight"), Some(last));
        let blank = Plot { series: Vec::new(), ..plot() };
        assert_eq!(blank.stepped(None, "Home"), None);
    }

    /// Plot whose curve goes up at 0 before it goes right, as a ROC curve does.
    fn rising() -> Plot {
        let unit = |label| Axis { label, is_log: false, range: Some((0.0, 1.0)) };
        let points = vec![(0.0, 0.0), (0.0, 0.5), (0.0, 0.5), (0.0, 0.75), (1.0, 1.0)];
        let series = vec![Series { name: "ROC curve", colour: "--ink", width: 1.0, points, has_dots: false }];
        Plot { x: unit("x"), y: unit("y"), series, marked_x: None }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn points_above_each_other_are_distinguished() {
        let size = (400.0, 300.0);
        let PlotArea { left, top, bottom, .. } = PlotArea::of_canvas(size);
        let at = |y: f64| rising().cursor_at((left + 3.0, bottom + y * (top - bottom)), size);
        assert_eq!([at(0.1), at(0.45), at(1.0)], [Some((0.0, 0.0)), Some((0.0, 0.5)), Some((0.0, 0.75))]);
        let step = |cursor, key| rising().stepped(Some(cursor), key);
        assert_eq!(step((0.0, 0.5), "ArrowRight"), Some((0.0, 0.75)));
        assert_eq!(step((0.0, 0.5), "ArrowLeft"), Some((0.0, 0.0)));
        assert_eq!(rising().readout((0.0, 0.5)).as_deref(), Some("x 0: ROC curve 0.5"));
    }
}
