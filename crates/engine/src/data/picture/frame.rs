//! Frames of a scanner: the dark strips beside a page.

use super::{
    raster::Region,
    statistics::{median, quantile},
};
use crate::data::resample::Size;

/// Quantile of a picture's luma that is the page's brightness.
const PAGE_QUANTILE: f32 = 0.8;

/// Largest brightness of a frame in parts of the page's; a shadow at a page's edge is brighter.
const MAX_FRAME_BRIGHTNESS: f32 = 0.5;

/// Brightness between frame and page at which the page begins.
const EDGE: f32 = 0.4;

/// Largest width of a strip in parts of the picture's side.
const MAX_STRIP: f32 = 0.3;

/// Least share of lines on which the page begins at a straight edge, and the largest share on which it begins before;
/// on the others ink lies at the edge.
const MIN_STRAIGHT: f32 = 0.5;
const MAX_BEFORE: f32 = 0.08;

/// Quantile of the lines' ends that is the edge: on less than half of them ink lies there.
const EDGE_QUANTILE: f32 = 0.3;

/// Distance from the straight edge that counts as on it, in parts of the picture's side.
const EDGE_TOLERANCE: f32 = 0.012;

/// Largest slope of a page's edge: 7 degrees.
const MAX_SLOPE: f32 = 0.12;

/// Width of the page's edge, in parts of the picture's side, which is cut off with the frame: it is blurred.
const MARGIN: f32 = 0.01;

/// Sides of a picture.
const SIDES: usize = 4;

/// The page inside a dark frame on one to four sides; `None` if there is no frame.
pub(super) fn find_page(luma: &[f32], size: Size) -> Option<Region> {
    let page = quantile(luma.iter().copied(), PAGE_QUANTILE);
    let lines = |side: usize| Lines { luma, size, side };
    let borders: [f32; SIDES] = std::array::from_fn(|side| lines(side).border());
    let is_framed = |border: f32| border < MAX_FRAME_BRIGHTNESS * page;
    let frame = quantile(borders.into_iter().filter(|border| is_framed(*border)), 0.5);
    if !borders.into_iter().any(is_framed) {
        return None;
    }
    let edge = frame + EDGE * (page - frame);
    let mut strips = [0; SIDES];
    // A strip ends where the page begins, which is seen only on lines that cross the page: twice, as the first time the
    // strips on the other sides are not known.
    for _ in 0..2 {
        let known = strips;
        for side in (0..SIDES).filter(|side| is_framed(borders[*side])) {
            strips[side] = lines(side).strip(edge, known)?;
        }
    }
    let [left, top, right, bottom] = strips;
    let width = size.width.checked_sub(left + right).filter(|width| *width > 0)?;
    let height = size.height.checked_sub(top + bottom).filter(|height| *height > 0)?;
    Some(Region { left, top, size: Size { width, height } })
}

/// The lines of pixels that begin at one side of a picture: 0 left, 1 top, 2 right, 3 bottom.
struct Lines<'a> {
    luma: &'a [f32],
    size: Size,
    side: usize,
}

impl Lines<'_> {
    /// Number of lines and length of each.
    const fn shape(&self) -> (usize, usize) {
        if self.side.is_multiple_of(2) {
            (self.size.height, self.size.width)
        } else {
            (self.size.width, self.size.height)
        }
    }

    /// The pixel of a line at a distance from the side.
    fn at(&self, line: usize, distance: usize) -> f32 {
        let Size { width, height } = self.size;
        let (x, y) = match self.side {
            0 => (distance, line),
            1 => (line, distance),
            2 => (width - 1 - distance, line),
            _ => (line, height - 1 - distance),
        };
        self.luma[y * width + x]
    }

    /// Median of the outermost pixels.
    fn border(&self) -> f32 {
        let (count, _) = self.shape();
        median(&(0..count).map(|line| self.at(line, 0)).collect::<Vec<_>>())
    }

    /// Width of the strip that is cut off: as far as the page's edge reaches in; `None` if its end is no straight edge.
    fn strip(&self, edge: f32, strips: [usize; SIDES]) -> Option<usize> {
        let (count, length) = self.shape();
        let (before, after) = if self.side.is_multiple_of(2) { (strips[1], strips[3]) } else { (strips[0], strips[2]) };
        let crossing = before..count.saturating_sub(after);
        // The distance at which a line becomes and stays light.
        let is_page =
            |line: usize, distance: usize| (distance..(distance + 3).min(length)).all(|at| self.at(line, at) > edge);
        let most = (MAX_STRIP * length as f32) as usize;
        let ends: Vec<(f32, f32)> = crossing
            .clone()
            .filter_map(|line| {
                (0..=most).find(|&distance| is_page(line, distance)).map(|end| (line as f32, end as f32))
            })
            .collect();
        let third = ends.len() / 3;
        let middle_of = |part: &[(f32, f32)]| {
            (quantile(part.iter().map(|end| end.0), 0.5), quantile(part.iter().map(|end| end.1), EDGE_QUANTILE))
        };
        let (first, last) = (middle_of(ends.get(..third)?), middle_of(ends.get(ends.len() - third..)?));
        let slope = if last.0 > first.0 { (last.1 - first.1) / (last.0 - first.0) } else { return None };
        let on_edge = |line: f32| first.1 + slope * (line - first.0);
        let tolerance = (EDGE_TOLERANCE * length as f32).max(1.5);
        let distances = || ends.iter().map(|(line, end)| end - on_edge(*line));
        let straight = distances().filter(|distance| distance.abs() <= tolerance).count() as f32;
        let before = distances().filter(|distance| *distance < -tolerance).count() as f32;
        // Before the strips on the other sides are known, lines inside them never reach the page.
        let crossed = if strips == [0; SIDES] { ends.len() } else { crossing.len() } as f32;
        let is_straight = straight >= MIN_STRAIGHT * crossed.max(0.5 * count as f32) && before <= MAX_BEFORE * crossed;
        if !is_straight || slope.abs() > MAX_SLOPE {
            return None;
        }
        let (start, end) = (crossing.start as f32, crossing.end.saturating_sub(1) as f32);
        let reach = on_edge(start).max(on_edge(end)).max(0.0) + (MARGIN * length as f32).max(1.0);
        Some((reach.ceil() as usize).min(length))
    }
}
