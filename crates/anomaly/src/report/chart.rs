//! Charts as SVG; colours come from the report's style sheet.

use std::fmt::Write as _;

use pinhole_protocol::table::{CurvePoint, Histogram};

use super::text::number;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 200.0;
const SIDE: f64 = 260.0;
/// Space for the labels of an axis.
const MARGIN: f64 = 36.0;

/// Histogram of the scores, anomalies stacked on normal rows, with a line at the threshold. The height of a bar is the
/// square root of its count, as a few anomalies would not show beside thousands of other rows.
pub fn histogram(histogram: &Histogram, threshold: f64) -> String {
    let bins: Vec<(f64, f64)> = histogram
        .normal
        .iter()
        .zip(&histogram.anomalous)
        .map(|(&normal, &anomalous)| (f64::from(normal), f64::from(anomalous)))
        .collect();
    let most = bins.iter().map(|(normal, anomalous)| normal + anomalous).fold(1.0, f64::max);
    let (width, bottom) = (WIDTH - 2.0 * MARGIN, HEIGHT - MARGIN);
    let height = |count: f64| (count / most).sqrt() * (bottom - MARGIN / 2.0);
    let step = width / bins.len().max(1) as f64;
    let mut svg = open(WIDTH, HEIGHT, "Histogram of the scores");
    for (index, &(normal, anomalous)) in bins.iter().enumerate() {
        let x = MARGIN + index as f64 * step;
        let (upper, lower) = (height(normal + anomalous), height(normal));
        let mut bar = |class, y: f64, bar_height: f64| {
            let _ = writeln!(
                svg,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{bar_height:.1}\" />",
                (step - 1.0).max(0.5)
            );
        };
        if anomalous > 0.0 {
            bar("anomalous", bottom - upper, upper - lower);
        }
        if normal > 0.0 {
            bar("normal", bottom - lower, lower);
        }
    }
    let place = if histogram.is_log { threshold.max(0.0).log10() } else { threshold };
    let share = ((place - histogram.low) / (histogram.high - histogram.low)).clamp(0.0, 1.0);
    if share.is_finite() {
        let x = MARGIN + share * width;
        let _ = writeln!(svg, "<line class=\"threshold\" x1=\"{x:.1}\" y1=\"4\" x2=\"{x:.1}\" y2=\"{bottom}\" />");
        let anchor = if share > 0.5 { "end" } else { "start" };
        let beside = if share > 0.5 { x - 5.0 } else { x + 5.0 };
        label(&mut svg, beside, 14.0, anchor, &format!("threshold {}", number(threshold)));
    }
    let edge = |value: f64| number(if histogram.is_log { 10_f64.powf(value) } else { value });
    axis(&mut svg, WIDTH, HEIGHT);
    label(&mut svg, MARGIN, HEIGHT - 20.0, "start", &edge(histogram.low));
    label(&mut svg, WIDTH - MARGIN, HEIGHT - 20.0, "end", &edge(histogram.high));
    let scale = if histogram.is_log {
        "score (logarithmic); heights are square roots of rows"
    } else {
        "score; heights are square roots of rows"
    };
    label(&mut svg, WIDTH / 2.0, HEIGHT - 6.0, "middle", scale);
    svg.push_str("</svg>");
    svg
}

/// A curve in the unit square.
pub fn curve(title: &str, x_name: &str, y_name: &str, points: &[CurvePoint]) -> String {
    let room = SIDE - 2.0 * MARGIN;
    let mut svg = open(SIDE, SIDE, title);
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        let (x, y) = (MARGIN + point.x * room, SIDE - MARGIN - point.y * room);
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { "M" } else { " L" });
    }
    axis(&mut svg, SIDE, SIDE);
    if !path.is_empty() {
        let _ = writeln!(svg, "<path class=\"curve\" d=\"{path}\" />");
    }
    label(&mut svg, SIDE / 2.0, 20.0, "middle", title);
    label(&mut svg, SIDE / 2.0, SIDE - 6.0, "middle", x_name);
    label(&mut svg, MARGIN, SIDE - 20.0, "middle", "0");
    label(&mut svg, SIDE - MARGIN, SIDE - 20.0, "middle", "1");
    let middle = SIDE / 2.0;
    let _ = writeln!(
        svg,
        "<text x=\"14\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {middle})\">{y_name}</text>"
    );
    svg.push_str("</svg>");
    svg
}

/// A share as a bar.
pub fn bar(share: f64) -> String {
    let width = 100.0 * share.clamp(0.0, 1.0);
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 10\" width=\"100\" height=\"10\" aria-hidden=\"true\">\
         <rect class=\"anomalous\" x=\"0\" y=\"0\" width=\"{width:.1}\" height=\"10\" /></svg>"
    )
}

fn open(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{title}\">\n"
    )
}

fn axis(svg: &mut String, width: f64, height: f64) {
    let (bottom, right) = (height - MARGIN, width - MARGIN);
    let _ = writeln!(svg, "<path class=\"axis\" d=\"M{MARGIN} {MARGIN} V{bottom} H{right}\" />");
}

fn label(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>");
}
