//! Line plot: curves over one x axis. Its values are read by pointer or arrow keys, and saved as CSV.

use std::{cell::Cell, rc::Rc};

use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    chart::{Chart, ChartCanvas, Margins, Point, Scale},
    format::{brief, fixed},
};
use crate::{files, notices::Notices};

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
    /// Curves from back to front; the last one's points are those that the keys go to.
    pub series: Vec<Series>,
    /// x of a vertical line.
    pub marked_x: Option<f64>,
}

impl Plot {
    fn points(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| &series.points)
    }

    /// Scales of both axes on a canvas of that size.
    fn scales(&self, width: f64, height: f64) -> (Scale, Scale) {
        let margins = margins();
        let (left, right) = (margins.left, width - margins.right);
        let (bottom, top) = (height - margins.bottom, margins.top);
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

    /// Paints axes and curves, and a line at the x that is read.
    pub fn paint(&self, canvas: &ChartCanvas, cursor: Option<f64>) {
        let margins = margins();
        let (x_scale, y_scale) = self.scales(canvas.width, canvas.height);
        canvas.y_axis(y_scale, 5, margins);
        canvas.x_axis(x_scale, 8, self.x.label, margins);
        canvas.write("--ink-soft", "left", self.y.label, (8.0, 14.0));
        let vertical = |colour: &str, x: f64| {
            if let Some(x) = x_scale.pixel(x) {
                canvas.line(colour, 2.0, (x, margins.top), (x, canvas.height - margins.bottom));
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
        if let Some(x) = cursor {
            vertical("--light", x);
        }
    }

    /// Values of all curves nearest to x, in words.
    pub fn readout(&self, x: f64) -> String {
        let value = |series: &Series| Some(format!("{} {}", series.name, brief(nearest(&series.points, x)?.1)));
        let values: Vec<String> = self.series.iter().filter_map(value).collect();
        format!("{} {}: {}", self.x.label, brief(x), values.join(", "))
    }

    /// The curves as CSV.
    pub fn to_csv(&self) -> String {
        let (x, y) = (self.x.label.replace(' ', "_"), self.y.label.replace(' ', "_"));
        let lines = self.series.iter().flat_map(|series| {
            series.points.iter().map(|(x, y)| format!("{},{},{}\n", series.name, fixed(*x, 9), fixed(*y, 9)))
        });
        std::iter::once(format!("curve,{x},{y}\n")).chain(lines).collect()
    }

    /// x of the point at which a key arrives from `cursor`; `None` for a key that leads nowhere.
    fn stepped(&self, cursor: Option<f64>, key: &str) -> Option<f64> {
        let points = &self.series.iter().rev().find(|series| !series.points.is_empty())?.points;
        let last = points.len() - 1;
        let index = cursor.and_then(|x| points.iter().position(|point| point.0 >= x - f64::EPSILON));
        let next = match key {
            "ArrowRight" => index.map_or(0, |index| (index + 1).min(last)),
            "ArrowLeft" => index.map_or(last, |index| index.saturating_sub(1)),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Some(points[next].0)
    }
}

/// Margins of a plot: room for the name of the y axis above it.
fn margins() -> Margins {
    Margins { top: 26.0, ..Margins::default() }
}

/// Point whose x is nearest.
fn nearest(points: &[Point], x: f64) -> Option<Point> {
    let distance = |point: &&Point| (point.0 - x).abs();
    points.iter().min_by(|one, other| distance(one).total_cmp(&distance(other))).copied()
}

/// Plot on a canvas, with the x that is read.
#[derive(Clone)]
pub struct PlotChart {
    pub chart: Rc<Chart>,
    plot: Rc<dyn Fn() -> Plot>,
    cursor: Rc<Cell<Option<f64>>>,
}

impl PlotChart {
    /// Plot of the curves that `plot` returns whenever it is painted.
    pub fn new(plot: Rc<dyn Fn() -> Plot>) -> Self {
        let (chart, cursor) = (Chart::new(), Rc::<Cell<Option<f64>>>::default());
        chart.show({
            let (plot, cursor) = (plot.clone(), cursor.clone());
            Rc::new(move |canvas: &ChartCanvas| plot().paint(canvas, cursor.get()))
        });
        Self { chart, plot, cursor }
    }

    /// The curves as they are now.
    pub fn plot(&self) -> Plot {
        (self.plot)()
    }

    /// Buttons that save the plot as a PNG, SVG or CSV file of the name `stem`; `name` distinguishes them from the buttons of
    /// other charts.
    pub fn save_buttons(&self, name: &'static str, stem: &'static str, notices: &Notices) -> Html {
        let onclick = {
            let (this, notices) = (self.clone(), notices.clone());
            Callback::from(move |_: MouseEvent| {
                let csv = this.plot().to_csv();
                if files::save(&format!("{stem}.csv"), "text/csv", csv.as_bytes()).is_err() {
                    notices.problem("The values could not be saved: the browser refused the download.");
                }
            })
        };
        html! {
            <>
                { self.chart.save_buttons(name, stem, notices) }
                <button type="button" class="button quiet" aria-label={format!("Save as CSV: {name}")} {onclick}>{ "Save as CSV" }</button>
            </>
        }
    }

    /// Renders the canvas and the values at the x that is read. `on_change` renders the component again.
    pub fn view(&self, name: impl Into<AttrValue>, about: impl Into<AttrValue>, on_change: &Callback<()>) -> Html {
        let set = {
            let (this, on_change) = (self.clone(), on_change.clone());
            move |x: Option<f64>| {
                if this.cursor.replace(x) != x {
                    this.chart.request_paint();
                    on_change.emit(());
                }
            }
        };
        let onpointermove = {
            let (this, set) = (self.clone(), set.clone());
            Callback::from(move |event: PointerEvent| set(this.x_at(&event)))
        };
        let onpointerleave = {
            let set = set.clone();
            Callback::from(move |_: PointerEvent| set(None))
        };
        let onkeydown = {
            let this = self.clone();
            Callback::from(move |event: KeyboardEvent| {
                if let Some(x) = this.plot().stepped(this.cursor.get(), &event.key()) {
                    event.prevent_default();
                    set(Some(x));
                }
            })
        };
        let readout = self.cursor.get().map(|x| self.plot().readout(x));
        html! {
            <div class="plot" {onpointermove} {onpointerleave} {onkeydown}>
                { self.chart.view_focusable(name, about) }
                <p class="readout" aria-live="polite">{ readout }</p>
            </div>
        }
    }

    /// x of the point of the last curve that is nearest to the pointer.
    fn x_at(&self, event: &PointerEvent) -> Option<f64> {
        let canvas: HtmlElement = self.chart.canvas()?.into();
        let bounds = canvas.get_bounding_client_rect();
        let plot = self.plot();
        let (x_scale, _) = plot.scales(bounds.width(), bounds.height());
        let x = x_scale.value(f64::from(event.client_x()) - bounds.left())?;
        let points = &plot.series.iter().rev().find(|series| !series.points.is_empty())?.points;
        nearest(points, x).map(|point| point.0)
    }
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
        assert_eq!(plot().readout(1.0), "epoch 1: each step 2, validation 2.5");
        assert_eq!(plot().readout(2.0), "epoch 2: each step 1.5, validation 1.25");
        assert!(plot().to_csv().starts_with("curve,epoch,loss\neach step,0.500000000,3.000000000\n"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_go_from_point_to_point() {
        let step = |cursor, key| plot().stepped(cursor, key);
        assert_eq!([step(None, "ArrowRight"), step(Some(1.0), "ArrowRight")], [Some(1.0), Some(2.0)]);
        assert_eq!([step(Some(2.0), "ArrowRight"), step(Some(2.0), "ArrowLeft")], [Some(2.0), Some(1.0)]);
        assert_eq!([step(None, "End"), step(None, "a")], [Some(2.0), None]);
        let blank = Plot { series: Vec::new(), ..plot() };
        assert_eq!(blank.stepped(None, "Home"), None);
    }
}
