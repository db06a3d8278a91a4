//! Augmentation of training pictures: random shifts, rotations and elastic distortion.
//!
//! A pixel at p, counted from the picture's middle, reads the picture at R p - d + a f(p), with a rotation R, a shift d and
//! a random field f of strength a that a Gaussian has smoothed: the elastic distortion of Simard, Steinkraus and Platt,
//! "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis", ICDAR 2003.

use pinhole_protocol::{Augmentation, GridShape};
use rand::RngExt;
use rand_pcg::Pcg32;

/// Standard deviation of the Gaussian that smooths the field, in pixels (Simard et al. use 4).
const SMOOTHING_PX: f32 = 4.0;
/// Radius of the smoothing kernel, in pixels: 2 standard deviations, 95 % of its weight.
const RADIUS: usize = 8;
/// Standard deviation of the uniform distribution on -1 to 1, 1 / sqrt(3).
const UNIFORM_STD_DEV: f32 = 0.577_350_3;

/// Augments the pictures of a batch, each with transforms of its own.
#[derive(Clone, Debug)]
pub(super) struct Augmenter {
    augmentation: Augmentation,
    shape: GridShape,
    random: Pcg32,
    smooth_field: SmoothField,
}

impl Augmenter {
    pub fn new(augmentation: Augmentation, shape: GridShape, random: Pcg32) -> Self {
        Self { augmentation, shape, random, smooth_field: SmoothField::new(shape.height, shape.width) }
    }

    /// Augments consecutive pictures, in place.
    pub fn augment(&mut self, pictures: &mut [f32]) {
        for picture in pictures.chunks_exact_mut(self.shape.len()) {
            let grid = self.draw_grid();
            resample(picture, self.shape, &grid);
        }
    }

    /// Draws the random numbers of that many pictures.
    pub fn skip(&mut self, pictures: usize) {
        for _ in 0..pictures {
            self.draw_grid();
        }
    }

    /// Draws the sampling grid of one picture.
    fn draw_grid(&mut self) -> SamplingGrid {
        let GridShape { height, width, .. } = self.shape;
        let mut uniform = |limit: f32| limit * self.random.random_range(-1.0..=1.0_f32);
        let Augmentation { shift_px, rotation_degrees, elastic_px } = self.augmentation;
        let [shift_x, shift_y] = [uniform(shift_px), uniform(shift_px)];
        let (sine, cosine) = uniform(rotation_degrees).to_radians().sin_cos();
        let strength = uniform(elastic_px).abs();
        let (middle_x, middle_y) = ((width - 1) as f32 / 2.0, (height - 1) as f32 / 2.0);
        let mut grid = SamplingGrid { x: Vec::with_capacity(height * width), y: Vec::with_capacity(height * width) };
        for row in 0..height {
            let y = row as f32 - middle_y;
            for column in 0..width {
                let x = column as f32 - middle_x;
                grid.x.push(cosine * x + sine * y + middle_x - shift_x);
                grid.y.push(cosine * y - sine * x + middle_y - shift_y);
            }
        }
        if strength > 0.0 {
            for coordinates in [&mut grid.x, &mut grid.y] {
                let field = self.smooth_field.draw(&mut self.random);
                coordinates.iter_mut().zip(field).for_each(|(coordinate, field)| *coordinate += strength * field);
            }
        }
        grid
    }
}

/// The coordinates, in pixels, that each output pixel reads.
struct SamplingGrid {
    x: Vec<f32>,
    y: Vec<f32>,
}

/// Reads every pixel at its coordinates by linear interpolation; beyond the edge, the edge's pixels are repeated.
fn resample(picture: &mut [f32], shape: GridShape, grid: &SamplingGrid) {
    let GridShape { height, width, .. } = shape;
    let split = |coordinate: f32, side: usize| {
        let inside = coordinate.clamp(0.0, (side - 1) as f32);
        let first = (inside as usize).min(side.saturating_sub(2));
        (first, inside - first as f32)
    };
    for plane in picture.chunks_exact_mut(height * width) {
        let original = plane.to_vec();
        for ((pixel, &x), &y) in plane.iter_mut().zip(&grid.x).zip(&grid.y) {
            let ((left, right_share), (top, lower_share)) = (split(x, width), split(y, height));
            let row = |row: usize| {
                let row = &original[row.min(height - 1) * width..][..width];
                row[left] + right_share * (row[(left + 1).min(width - 1)] - row[left])
            };
            let upper = row(top);
            *pixel = upper + lower_share * (row(top + 1) - upper);
        }
    }
}

/// Gaussian-smoothed random fields with a standard deviation of 1 at every pixel.
#[derive(Clone, Debug)]
struct SmoothField {
    height: usize,
    width: usize,
    /// Weights of the kernel by distance.
    kernel: [f32; RADIUS + 1],
    /// Factor per row and per column that makes the standard deviation 1; near an edge fewer numbers are summed.
    row_scale: Vec<f32>,
    column_scale: Vec<f32>,
}

impl SmoothField {
    fn new(height: usize, width: usize) -> Self {
        let kernel: [f32; RADIUS + 1] =
            std::array::from_fn(|distance| (-0.5 * (distance as f32 / SMOOTHING_PX).powi(2)).exp());
        let scale = |side: usize, std_dev: f32| {
            let variance = |index: usize| {
                (0..side)
                    .filter_map(|other| kernel.get(other.abs_diff(index)))
                    .map(|weight| (weight * std_dev).powi(2))
                    .sum::<f32>()
            };
            (0..side).map(|index| 1.0 / variance(index).sqrt()).collect::<Vec<_>>()
        };
        Self { height, width, kernel, row_scale: scale(height, UNIFORM_STD_DEV), column_scale: scale(width, 1.0) }
    }

    /// Draws uniform numbers on -1 to 1, smoothed along columns and then along rows.
    fn draw(&self, random: &mut Pcg32) -> Vec<f32> {
        let Self { height, width, .. } = *self;
        let noise: Vec<f32> = (0..height * width).map(|_| random.random_range(-1.0..1.0)).collect();
        let mut smoothed_down = vec![0.0; height * width];
        for (y, (target, scale)) in smoothed_down.chunks_exact_mut(width).zip(&self.row_scale).enumerate() {
            for other in y.saturating_sub(RADIUS)..(y + RADIUS + 1).min(height) {
                add_scaled(target, &noise[other * width..][..width], scale * self.kernel[other.abs_diff(y)]);
            }
        }
        let mut field = vec![0.0; height * width];
        for (target, source) in field.chunks_exact_mut(width).zip(smoothed_down.chunks_exact(width)) {
            add_scaled(target, source, self.kernel[0]);
            for (distance, &weight) in
                self.kernel.iter().enumerate().skip(1).take_while(|(distance, _)| *distance < width)
            {
                add_scaled(&mut target[distance..], source, weight);
                add_scaled(target, &source[distance..], weight);
            }
            target.iter_mut().zip(&self.column_scale).for_each(|(value, scale)| *value *= scale);
        }
        field
    }
}

/// Adds `scale * source` to `target`, over the shorter of both lengths.
fn add_scaled(target: &mut [f32], source: &[f32], scale: f32) {
    target.iter_mut().zip(source).for_each(|(target, source)| *target += scale * source);
}

#[cfg(test)]
mod tests {
    use pinhole_numerics::random::{Stream, generator};

    use super::*;

    const SHAPE: GridShape = GridShape { channels: 3, height: 24, width: 32 };

    fn augmenter(augmentation: Augmentation, seed: u64) -> Augmenter {
        Augmenter::new(augmentation, SHAPE, generator(seed, Stream::Augmentation, 0))
    }

    /// One bright pixel, of another brightness in each channel.
    fn point(x: usize, y: usize) -> Vec<f32> {
        let mut picture = vec![0.0; SHAPE.len()];
        for (channel, plane) in picture.chunks_mut(SHAPE.height * SHAPE.width).enumerate() {
            plane[y * SHAPE.width + x] = 1.0 + channel as f32;
        }
        picture
    }

    fn mass(plane: &[f32]) -> (f32, f32, f32) {
        let sum: f32 = plane.iter().sum();
        let mean = |of: fn(usize) -> usize| {
            plane.iter().enumerate().map(|(index, value)| value * of(index) as f32).sum::<f32>() / sum
        };
        (sum, mean(|index| index % SHAPE.width), mean(|index| index / SHAPE.width))
    }

    #[test]
    fn without_augmentation_nothing_changes() {
        let mut picture = point(5, 7);
        augmenter(Augmentation::default(), 1).augment(&mut picture);
        assert_eq!(picture, point(5, 7));
    }

    #[test]
    fn a_shift_is_the_same_in_all_channels_and_within_its_limit() {
        let shift = Augmentation { shift_px: 5.0, ..Augmentation::default() };
        let mut augmenter = augmenter(shift, 2);
        let mut furthest = 0.0_f32;
        for _ in 0..100 {
            let mut picture = point(15, 11);
            augmenter.augment(&mut picture);
            let planes: Vec<_> = picture.chunks(SHAPE.height * SHAPE.width).map(mass).collect();
            for (channel, (sum, x, y)) in planes.iter().enumerate() {
                // Linear interpolation distributes a pixel among its neighbours.
                assert!((sum - 1.0 - channel as f32).abs() < 1e-4, "{sum}");
                assert!((x - planes[0].1).abs() < 1e-3 && (y - planes[0].2).abs() < 1e-3);
                furthest = furthest.max((x - 15.0).abs()).max((y - 11.0).abs());
            }
        }
        assert!((4.5..=5.001).contains(&furthest), "{furthest}");
    }

    #[test]
    fn a_rotation_is_about_the_middle() {
        let rotation = Augmentation { rotation_degrees: 30.0, ..Augmentation::default() };
        let mut augmenter = augmenter(rotation, 3);
        let mut widest = 0.0_f32;
        for _ in 0..100 {
            let mut picture = point(23, 11);
            augmenter.augment(&mut picture);
            let (_, x, y) = mass(&picture[..SHAPE.height * SHAPE.width]);
            let (x, y) = (x - 15.5, y - 11.5);
            assert!(((x * x + y * y).sqrt() - 7.5_f32.hypot(0.5)).abs() < 0.2, "its distance stays");
            widest = widest.max((y / x).atan().to_degrees().abs());
        }
        assert!((25.0..36.0).contains(&widest), "{widest} degrees");
    }

    #[test]
    fn a_smooth_field_has_a_standard_deviation_of_1_everywhere() {
        let smooth_field = SmoothField::new(SHAPE.height, SHAPE.width);
        let mut random = generator(4, Stream::Augmentation, 0);
        let fields: Vec<Vec<f32>> = (0..600).map(|_| smooth_field.draw(&mut random)).collect();
        for place in [0, 5, SHAPE.width - 1, 12 * SHAPE.width + 16, SHAPE.height * SHAPE.width - 1] {
            let square = fields.iter().map(|field| field[place].powi(2)).sum::<f32>() / 600.0;
            assert!((square.sqrt() - 1.0).abs() < 0.12, "{place}: {}", square.sqrt());
        }
        let middle = 12 * SHAPE.width + 16;
        let with = |other: usize| fields.iter().map(|field| field[middle] * field[other]).sum::<f32>() / 600.0;
        // Smoothed with a standard deviation of 4, fields correlate as a Gaussian of 4 sqrt(2) does.
        assert!((with(middle + 4) - (-0.25_f32).exp()).abs() < 0.12 && with(middle + 15).abs() < 0.15);
    }

    #[test]
    fn elastic_distortion_bends_lines_and_keeps_a_constant_picture() {
        let elastic = Augmentation { elastic_px: 2.0, ..Augmentation::default() };
        let mut picture = vec![0.4; SHAPE.len()];
        augmenter(elastic, 5).augment(&mut picture);
        assert!(picture.iter().all(|value| (value - 0.4).abs() < 1e-6));
        let mut lines: Vec<f32> = (0..SHAPE.len()).map(|index| if index % 8 < 2 { 1.0 } else { 0.0 }).collect();
        let straight = lines.clone();
        augmenter(elastic, 5).augment(&mut lines);
        assert_ne!(lines, straight);
        assert!(lines.iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn a_seed_repeats_and_each_picture_differs() {
        let all = Augmentation { shift_px: 2.0, rotation_degrees: 10.0, elastic_px: 1.0 };
        let moved = |seed| {
            let mut pictures = [point(9, 9), point(9, 9)].concat();
            augmenter(all, seed).augment(&mut pictures);
            pictures
        };
        assert_eq!(moved(1), moved(1));
        assert_ne!(moved(1), moved(2));
        assert_ne!(moved(1)[..SHAPE.len()], moved(1)[SHAPE.len()..]);
    }

    #[test]
    fn pictures_of_one_row_or_column_are_augmented_too() {
        for (height, width) in [(1, 9), (9, 1), (2, 2)] {
            let shape = GridShape { channels: 1, height, width };
            let all = Augmentation { shift_px: 3.0, rotation_degrees: 90.0, elastic_px: 3.0 };
            let mut picture = vec![0.5; shape.len()];
            Augmenter::new(all, shape, generator(1, Stream::Augmentation, 0)).augment(&mut picture);
            assert!(picture.iter().all(|value| (value - 0.5).abs() < 1e-6));
        }
    }
}
