//! Brightness of the ground that ink lies on: evenly lit, with a gradient, or with shadows.

use super::{
    filter::{maximum, mean, minimum},
    statistics::{median, spread},
};
use crate::data::resample::{Size, resize};

/// Longest side of the grid on which a surface is fitted, in pixels.
const GRID: usize = 64;

/// Coefficients of a quadratic surface.
const COEFFICIENTS: usize = 6;

/// Rounds of the surface's fit; it changes by less than a level after half of them.
const ROUNDS: usize = 12;

/// Spreads from the surface beyond which a pixel is no ground and has no weight (Tukey's biweight has 4.685 for 95 %
/// efficiency; less is needed as ink is no outlier of a normal distribution).
const OUTLIER_SPREADS: f32 = 3.0;

/// Least spread of the ground, in levels: that of rounding.
const LEAST_SPREAD: f32 = 0.5;

/// Longer sides of a picture per half window of an envelope, such that strokes of up to a fifth of it are ink and not
/// shadow.
const WINDOWS_PER_SIDE: usize = 10;

/// The model of a ground's brightness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    /// One brightness: the median, as more than half of a drawing is ground.
    Flat,
    /// A quadratic surface, fitted to most of the picture: light from one side, a lamp, a lens's vignette.
    Surface,
    /// The upper envelope under dark ink and the lower one under bright ink: shadows of any shape.
    Envelope,
}

/// Brightness of the ground at each pixel.
pub(super) fn brightness(luma: &[f32], size: Size, model: Model, is_dark_ink: bool) -> Vec<f32> {
    match model {
        Model::Flat => vec![median(luma); luma.len()],
        Model::Surface => surface(luma, size),
        Model::Envelope => envelope(luma, size, is_dark_ink),
    }
}

/// Grey closing (or opening, under bright ink) with a window wider than any stroke.
fn envelope(luma: &[f32], size: Size, is_dark_ink: bool) -> Vec<f32> {
    let longer = size.width.max(size.height);
    let radius = (longer / WINDOWS_PER_SIDE).max(1);
    // The maxima of noise would lie above the ground.
    let smooth = mean(luma, size, longer / 128);
    if is_dark_ink {
        minimum(&maximum(&smooth, size, radius), size, radius)
    } else {
        maximum(&minimum(&smooth, size, radius), size, radius)
    }
}

/// Quadratic surface by iteratively reweighted least squares with Tukey's biweight.
fn surface(luma: &[f32], size: Size) -> Vec<f32> {
    let grid = if size.width.max(size.height) > GRID { size.fit(GRID) } else { size };
    let values = resize(luma, size, grid);
    let terms = |x: usize, y: usize, size: Size| {
        let along = |index: usize, length: usize| (2.0 * index as f64 + 1.0) / length as f64 - 1.0;
        let (x, y) = (along(x, size.width), along(y, size.height));
        [1.0, x, y, x * x, x * y, y * y]
    };
    let at = |coefficients: &[f64; COEFFICIENTS], terms: [f64; COEFFICIENTS]| {
        terms.iter().zip(coefficients).map(|(term, coefficient)| term * coefficient).sum::<f64>() as f32
    };
    let mut coefficients = [f64::from(median(&values)), 0.0, 0.0, 0.0, 0.0, 0.0];
    for _ in 0..ROUNDS {
        let residuals: Vec<f32> = values
            .iter()
            .enumerate()
            .map(|(index, value)| value - at(&coefficients, terms(index % grid.width, index / grid.width, grid)))
            .collect();
        let middle = median(&residuals);
        let reach = OUTLIER_SPREADS * spread(&residuals, middle).max(LEAST_SPREAD);
        let mut normal = [[0.0; COEFFICIENTS + 1]; COEFFICIENTS];
        for (index, (residual, value)) in residuals.iter().zip(&values).enumerate() {
            let distance = f64::from((residual - middle) / reach);
            if distance.abs() >= 1.0 {
                continue;
            }
            let weight = (1.0 - distance * distance).powi(2);
            let terms = terms(index % grid.width, index / grid.width, grid);
            for (row, term) in normal.iter_mut().zip(terms) {
                row.iter_mut().zip(terms).for_each(|(sum, other)| *sum += weight * term * other);
                row[COEFFICIENTS] += weight * term * f64::from(*value);
            }
        }
        match solve(normal) {
            Some(solution) => coefficients = solution,
            None => break,
        }
    }
    (0..size.width * size.height)
        .map(|index| at(&coefficients, terms(index % size.width, index / size.width, size)))
        .collect()
}

/// Solution of the normal equations by Gaussian elimination; `None` if they are singular, as for a picture of a few
/// pixels.
fn solve(mut rows: [[f64; COEFFICIENTS + 1]; COEFFICIENTS]) -> Option<[f64; COEFFICIENTS]> {
    for pivot in 0..COEFFICIENTS {
        let best = (pivot..COEFFICIENTS).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()))?;
        rows.swap(pivot, best);
        let lead = rows[pivot];
        if lead[pivot].abs() < 1e-6 {
            return None;
        }
        for (index, row) in rows.iter_mut().enumerate() {
            let factor = row[pivot] / lead[pivot];
            if index != pivot && factor != 0.0 {
                row.iter_mut().zip(lead).for_each(|(value, lead)| *value -= factor * lead);
            }
        }
    }
    Some(std::array::from_fn(|index| rows[index][COEFFICIENTS] / rows[index][index]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 120, height: 90 };

    /// A lit ground with a bar of ink across it.
    fn lit(light: impl Fn(f32, f32) -> f32) -> (Vec<f32>, Vec<f32>) {
        let ground: Vec<f32> = (0..SIZE.width * SIZE.height)
            .map(|index| light((index % SIZE.width) as f32 / 120.0, (index / SIZE.width) as f32 / 90.0))
            .collect();
        let is_ink = |index: usize| (20..30).contains(&(index % SIZE.width)) && index / SIZE.width > 10;
        let inked = ground.iter().enumerate().map(|(index, light)| if is_ink(index) { light * 0.2 } else { *light });
        (inked.collect(), ground)
    }

    #[track_caller]
    fn assert_near(found: &[f32], right: &[f32], levels: f32) {
        let worst = found.iter().zip(right).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < levels, "{worst} levels from the ground");
    }

    #[test]
    fn a_surface_passes_under_ink() {
        let (inked, ground) = lit(|x, y| 90.0 + 60.0 * x + 20.0 * y - 30.0 * (x - 0.5) * (y - 0.2));
        assert_near(&brightness(&inked, SIZE, Model::Surface, true), &ground, 1.0);
    }

    #[test]
    fn an_envelope_follows_a_shadow() {
        let (inked, ground) = lit(|x, y| if x > 0.6 && y > 0.3 { 80.0 } else { 220.0 });
        assert_near(&brightness(&inked, SIZE, Model::Envelope, true), &ground, 1.0);
        let negative = |plane: Vec<f32>| plane.into_iter().map(|value| 255.0 - value).collect::<Vec<_>>();
        assert_near(&brightness(&negative(inked), SIZE, Model::Envelope, false), &negative(ground), 1.0);
    }

    #[test]
    fn a_picture_of_one_pixel_has_a_ground() {
        for model in [Model::Flat, Model::Surface, Model::Envelope] {
            assert_eq!(brightness(&[7.0], Size::square(1), model, true), [7.0]);
        }
    }
}
