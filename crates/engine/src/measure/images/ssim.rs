//! Structural similarity (SSIM).

/// Side of the window in pixels; a picture must be at least as large.
pub const SSIM_WINDOW: usize = 11;

/// Standard deviation of the window, in pixels.
const SIGMA: f64 = 1.5;

/// (K1 x data range)^2 and (K2 x data range)^2 for values 0 to 1: they keep flat regions from dividing by nearly 0.
pub(crate) const SSIM_C1: f64 = 0.01 * 0.01;
pub(crate) const SSIM_C2: f64 = 0.03 * 0.03;

/// Number of local moments that the index is computed from: means, mean squares and mean product.
const MOMENTS: usize = 5;

type Moments = [f64; MOMENTS];

/// Structural similarity of two pictures with values 0 to 1: 1 for equal ones.
///
/// Wang, Bovik, Sheikh and Simoncelli 2004 with its 11x11 Gaussian window of sigma 1.5, population covariance, and the
/// mean taken over those pixels around which the whole window fits, as scikit-image's `structural_similarity` does with
/// `gaussian_weights=True, use_sample_covariance=False`.
///
/// # Panics
/// When a picture has not `height * width` values, or a side shorter than [`SSIM_WINDOW`].
pub fn ssim(clean: &[f32], other: &[f32], height: usize, width: usize) -> f64 {
    assert!(clean.len() == height * width && other.len() == height * width, "a picture has height x width values");
    assert!(height >= SSIM_WINDOW && width >= SSIM_WINDOW, "a picture must hold the whole window");
    let window = gaussian_window();
    let columns = width - SSIM_WINDOW + 1;
    let rows = height - SSIM_WINDOW + 1;
    // The window is a product of a row and a column, so it is applied as one after the other.
    let across: Vec<Moments> = clean
        .chunks_exact(width)
        .zip(other.chunks_exact(width))
        .flat_map(|(clean_row, other_row)| {
            let products: Vec<Moments> = clean_row.iter().zip(other_row).map(|(&a, &b)| moments(a, b)).collect();
            (0..columns)
                .map(move |column| weighted_sum(&window, products[column..column + SSIM_WINDOW].iter()))
                .collect::<Vec<_>>()
        })
        .collect();
    let sum: f64 = (0..rows * columns)
        .map(|start| index(weighted_sum(&window, across[start..].iter().step_by(columns).take(SSIM_WINDOW))))
        .sum();
    sum / (rows * columns) as f64
}

/// One-dimensional Gaussian window; that of a picture is the product of two.
pub(crate) fn gaussian_window() -> [f64; SSIM_WINDOW] {
    let centre = (SSIM_WINDOW / 2) as f64;
    let weights: [f64; SSIM_WINDOW] = std::array::from_fn(|tap| (-0.5 * ((tap as f64 - centre) / SIGMA).powi(2)).exp());
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

fn moments(clean: f32, other: f32) -> Moments {
    let (a, b) = (f64::from(clean), f64::from(other));
    [a, b, a * a, b * b, a * b]
}

fn weighted_sum<'a>(window: &[f64; SSIM_WINDOW], values: impl Iterator<Item = &'a Moments>) -> Moments {
    let mut sum = [0.0; MOMENTS];
    for (weight, value) in window.iter().zip(values) {
        for moment in 0..MOMENTS {
            sum[moment] += weight * value[moment];
        }
    }
    sum
}

fn index([mean_a, mean_b, square_a, square_b, product]: Moments) -> f64 {
    let variances = square_a - mean_a * mean_a + square_b - mean_b * mean_b;
    let covariance = product - mean_a * mean_b;
    (2.0 * mean_a * mean_b + SSIM_C1) * (2.0 * covariance + SSIM_C2)
        / ((mean_a * mean_a + mean_b * mean_b + SSIM_C1) * (variances + SSIM_C2))
}
