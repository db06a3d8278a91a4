//! Ways between codes, and sums of them.

use crate::{LatentError, Vectors, measure::mean_of};

/// Cosine beyond which directions count as the same, or as opposite: no great circle can be told.
const PARALLEL: f64 = 1.0 - 1e-9;

fn length(code: &[f32]) -> f64 {
    code.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

/// The code at `share` (0 to 1) of the straight way.
///
/// # Panics
/// When the widths differ.
pub fn straight(from: &[f32], to: &[f32], share: f64) -> Vec<f32> {
    assert_eq!(from.len(), to.len(), "codes of one width");
    let between = |(&from, &to): (&f32, &f32)| ((1.0 - share) * f64::from(from) + share * f64::from(to)) as f32;
    from.iter().zip(to).map(between).collect()
}

/// The code at `share` (0 to 1) of the way along the great circle, its length interpolated (Shoemake 1985; White 2016):
/// with the angle θ between the directions u and v,
///
/// ```text
/// length (sin((1 - t) θ) u + sin(t θ) v) / sin θ
/// ```
///
/// The way is straight where there is no angle: from or to a code of zeros, between codes of one direction, and in one
/// dimension. Of the many ways between opposite directions it takes the one past the axis that is nearest to a right
/// angle.
///
/// # Panics
/// When the widths differ.
pub fn spherical(from: &[f32], to: &[f32], share: f64) -> Vec<f32> {
    let (from_length, to_length) = (length(from), length(to));
    if from.len() < 2 || from_length <= 0.0 || to_length <= 0.0 {
        return straight(from, to, share);
    }
    assert_eq!(from.len(), to.len(), "codes of one width");
    let direction = |code: &[f32], length: f64| code.iter().map(|&value| f64::from(value) / length).collect::<Vec<_>>();
    let (u, v) = (direction(from, from_length), direction(to, to_length));
    let cosine: f64 = u.iter().zip(&v).map(|(a, b)| a * b).sum();
    if cosine > PARALLEL {
        return straight(from, to, share);
    }
    let length = (1.0 - share) * from_length + share * to_length;
    let (angle, across) = if cosine < -PARALLEL {
        (std::f64::consts::PI, perpendicular(&u))
    } else {
        // The part of v that is perpendicular to u, of length 1.
        let sine = (1.0 - cosine * cosine).sqrt();
        (cosine.acos(), u.iter().zip(&v).map(|(u, v)| (v - cosine * u) / sine).collect())
    };
    let (sine, cosine) = (share * angle).sin_cos();
    u.iter().zip(across).map(|(u, across)| (length * (cosine * u + sine * across)) as f32).collect()
}

/// The direction perpendicular to `u` that is nearest to an axis: that of u's smallest number.
fn perpendicular(u: &[f64]) -> Vec<f64> {
    let axis = (0..u.len()).min_by(|&a, &b| u[a].abs().total_cmp(&u[b].abs())).unwrap_or_default();
    let mut across: Vec<f64> = u.iter().map(|value| -u[axis] * value).collect();
    across[axis] += 1.0;
    let length = across.iter().map(|value| value * value).sum::<f64>().sqrt();
    for value in &mut across {
        *value /= length;
    }
    across
}

/// Mean of the vectors `rows`.
///
/// # Errors
/// When there is none.
///
/// # Panics
/// When one of them is not there.
pub fn mean(vectors: &Vectors, rows: &[usize]) -> Result<Vec<f32>, LatentError> {
    if rows.is_empty() {
        return Err(LatentError::NothingChosen);
    }
    Ok(mean_of(vectors, rows.iter().copied()).into_iter().map(|value| value as f32).collect())
}

/// Sum of means of vectors, each times its factor, such as a - b + c.
///
/// # Errors
/// When there is no term, or one of them has no vector.
pub fn weighted_sum<'a>(
    vectors: &Vectors,
    terms: impl IntoIterator<Item = (f32, &'a [usize])>,
) -> Result<Vec<f32>, LatentError> {
    let mut sum: Option<Vec<f64>> = None;
    for (factor, rows) in terms {
        let mean = mean(vectors, rows)?;
        let sum = sum.get_or_insert_with(|| vec![0.0; mean.len()]);
        sum.iter_mut().zip(mean).for_each(|(sum, value)| *sum += f64::from(factor) * f64::from(value));
    }
    Ok(sum.ok_or(LatentError::NothingChosen)?.into_iter().map(|value| value as f32).collect())
}

/// Direction from the mean of one group to that of another.
///
/// # Errors
/// When a group has no vector.
pub fn direction(vectors: &Vectors, from: &[usize], to: &[usize]) -> Result<Vec<f32>, LatentError> {
    weighted_sum(vectors, [(1.0, to), (-1.0, from)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?} is not {expected:?}");
    }

    #[test]
    fn a_straight_way_passes_the_middle() {
        near(&straight(&[0.0, 2.0], &[4.0, 0.0], 0.25), &[1.0, 1.5]);
        near(&straight(&[7.0], &[9.0], 1.0), &[9.0]);
    }

    #[test]
    fn a_great_circle_keeps_the_length_and_halves_the_angle() {
        near(&spherical(&[1.0, 0.0], &[0.0, 1.0], 0.5), &[0.5_f32.sqrt(), 0.5_f32.sqrt()]);
        // From length 1 to 3: 2 in the middle.
        near(&spherical(&[1.0, 0.0], &[0.0, 3.0], 0.5), &[2.0_f32.sqrt(), 2.0_f32.sqrt()]);
        for share in [0.0, 1.0] {
            near(
                &spherical(&[1.0, 2.0, -3.0], &[4.0, 0.0, 1.0], share),
                &straight(&[1.0, 2.0, -3.0], &[4.0, 0.0, 1.0], share),
            );
        }
    }

    #[test]
    fn opposite_codes_are_joined_by_one_half_circle_and_parallel_ones_by_a_line() {
        let middle = spherical(&[2.0, 0.0, 0.0], &[-2.0, 0.0, 0.0], 0.5);
        assert!((length(&middle) - 2.0).abs() < 1e-5 && middle[0].abs() < 1e-5, "{middle:?}");
        near(&spherical(&[2.0, 0.0], &[-2.0, 0.0], 1.0), &[-2.0, 0.0]);
        near(&spherical(&[1.0, 1.0], &[3.0, 3.0], 0.5), &[2.0, 2.0]);
    }

    #[test]
    fn zeros_and_one_dimension_have_a_straight_way() {
        near(&spherical(&[0.0, 0.0], &[2.0, 0.0], 0.5), &[1.0, 0.0]);
        near(&spherical(&[2.0, 0.0], &[0.0, 0.0], 0.5), &[1.0, 0.0]);
        near(&spherical(&[1.0], &[-1.0], 0.5), &[0.0]);
    }

    #[test]
    fn means_are_added_with_their_factors() {
        let vectors = Vectors::new(vec![0.0, 1.0, 2.0, 3.0, 10.0, 20.0], 2).expect("whole");
        near(&mean(&vectors, &[0, 1]).expect("two"), &[1.0, 2.0]);
        near(&direction(&vectors, &[0, 1], &[2]).expect("both"), &[9.0, 18.0]);
        let terms = [(2.0, &[0, 1][..]), (-1.0, &[2][..])];
        near(&weighted_sum(&vectors, terms).expect("both"), &[-8.0, -16.0]);
    }

    #[test]
    fn nothing_chosen_is_refused() {
        let vectors = Vectors::new(vec![0.0, 1.0], 2).expect("whole");
        assert_eq!(mean(&vectors, &[]), Err(LatentError::NothingChosen));
        assert_eq!(direction(&vectors, &[0], &[]), Err(LatentError::NothingChosen));
        assert_eq!(weighted_sum(&vectors, []), Err(LatentError::NothingChosen));
    }
}
