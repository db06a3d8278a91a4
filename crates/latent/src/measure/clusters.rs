//! Separation of classes: silhouette, Davies-Bouldin and Calinski-Harabasz.

use crate::{Labels, LatentError, Stepper, Vectors, reals::squared_distance, stepper::rows_per_piece};

/// Mean silhouette of labelled vectors (Rousseeuw 1987), as scikit-learn's `silhouette_score`:
///
/// ```text
/// s(i) = (b - a) / max(a, b)
/// ```
///
/// with a the mean distance of vector i to the others of its class, and b the least mean distance to those of another
/// class. From -1 to 1; s is 0 for the only member of a class, and where a and b are 0.
#[derive(Debug)]
pub struct Silhouette<'a> {
    vectors: &'a Vectors,
    labels: &'a Labels,
    counts: Vec<usize>,
    sum: f64,
    next: usize,
}

impl<'a> Silhouette<'a> {
    /// The silhouette of the labelled ones of `vectors`.
    ///
    /// # Errors
    /// When there are fewer than two classes.
    pub fn new(vectors: &'a Vectors, labels: &'a Labels) -> Result<Self, LatentError> {
        labels.require_classes("The silhouette")?;
        Ok(Self { vectors, labels, counts: labels.counts(), sum: 0.0, next: 0 })
    }

    /// Silhouette of one labelled vector.
    fn of(&self, index: usize) -> f64 {
        let (rows, classes) = (self.labels.rows(), self.labels.classes());
        let own = classes[index];
        if self.counts[own] == 1 {
            return 0.0;
        }
        let mut sums = vec![0.0; self.counts.len()];
        let code = self.vectors.row(rows[index]);
        for (&row, &class) in rows.iter().zip(classes) {
            sums[class] += f64::from(squared_distance(code, self.vectors.row(row))).sqrt();
        }
        let a = sums[own] / (self.counts[own] - 1) as f64;
        let others = sums.iter().zip(&self.counts).enumerate().filter(|&(class, _)| class != own);
        let b = others.map(|(_, (sum, &count))| sum / count as f64).fold(f64::INFINITY, f64::min);
        if a.max(b) > 0.0 { (b - a) / a.max(b) } else { 0.0 }
    }
}

impl Stepper for Silhouette<'_> {
    type Output = f64;

    fn advance(&mut self) -> Option<f64> {
        let count = self.labels.len();
        let end = count.min(self.next + rows_per_piece(count * self.vectors.width()));
        self.sum += (self.next..end).map(|index| self.of(index)).sum::<f64>();
        self.next = end;
        (end == count).then(|| self.sum / count as f64)
    }
}

/// Mean of some vectors, in double precision.
pub(crate) fn mean_of(vectors: &Vectors, rows: impl Iterator<Item = usize>) -> Vec<f64> {
    let (mut sums, mut count) = (vec![0.0; vectors.width()], 0_usize);
    for row in rows {
        sums.iter_mut().zip(vectors.row(row)).for_each(|(sum, &value)| *sum += f64::from(value));
        count += 1;
    }
    for sum in &mut sums {
        *sum /= count.max(1) as f64;
    }
    sums
}

fn squared(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum()
}

fn squared_to_mean(vector: &[f32], mean: &[f64]) -> f64 {
    vector.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum()
}

/// Mean of each class.
fn class_means(vectors: &Vectors, labels: &Labels) -> Vec<Vec<f64>> {
    let members = |class| {
        let of_class = labels.rows().iter().zip(labels.classes()).filter(move |&(_, &other)| other == class);
        of_class.map(|(&row, _)| row)
    };
    (0..labels.names().len()).map(|class| mean_of(vectors, members(class))).collect()
}

/// Davies-Bouldin index of labelled vectors (Davies and Bouldin 1979), as scikit-learn's `davies_bouldin_score`: the
/// mean over the classes i of the greatest (s_i + s_j) / |c_i - c_j|, with c the mean of a class and s the mean distance
/// to it. Less is better. Classes whose means coincide are not compared; `None` if all do.
///
/// # Errors
/// When there are fewer than two classes.
pub fn davies_bouldin(vectors: &Vectors, labels: &Labels) -> Result<Option<f64>, LatentError> {
    labels.require_classes("The Davies-Bouldin index")?;
    let means = class_means(vectors, labels);
    let mut spreads: Vec<f64> = vec![0.0; means.len()];
    for (&row, &class) in labels.rows().iter().zip(labels.classes()) {
        spreads[class] += squared_to_mean(vectors.row(row), &means[class]).sqrt();
    }
    spreads.iter_mut().zip(labels.counts()).for_each(|(spread, count)| *spread /= count as f64);
    let ratio = |i: usize, j: usize| {
        let distance = squared(&means[i], &means[j]).sqrt();
        (i != j && distance > 0.0).then(|| (spreads[i] + spreads[j]) / distance)
    };
    let greatest = |i| (0..means.len()).filter_map(|j| ratio(i, j)).max_by(f64::total_cmp);
    if (0..means.len()).all(|i| greatest(i).is_none()) {
        return Ok(None);
    }
    Ok(Some((0..means.len()).map(|i| greatest(i).unwrap_or_default()).sum::<f64>() / means.len() as f64))
}

/// Calinski-Harabasz index of labelled vectors (Calinski and Harabasz 1974), as scikit-learn's
/// `calinski_harabasz_score`: variance between the classes over that within them, each by its degrees of freedom,
/// `(B / (k - 1)) / (W / (n - k))`. More is better. `None` if no class has any variance.
///
/// # Errors
/// When there are fewer than two classes.
pub fn calinski_harabasz(vectors: &Vectors, labels: &Labels) -> Result<Option<f64>, LatentError> {
    labels.require_classes("The Calinski-Harabasz index")?;
    let (means, overall) = (class_means(vectors, labels), mean_of(vectors, labels.rows().iter().copied()));
    let within: f64 = labels
        .rows()
        .iter()
        .zip(labels.classes())
        .map(|(&row, &class)| squared_to_mean(vectors.row(row), &means[class]))
        .sum();
    let between: f64 =
        means.iter().zip(labels.counts()).map(|(mean, count)| count as f64 * squared(mean, &overall)).sum();
    let (n, k) = (labels.len() as f64, means.len() as f64);
    Ok((within > 0.0).then(|| between / (k - 1.0) / (within / (n - k))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn indices_are_those_of_scikit_learn() {
        for case in reference().clusters {
            let (vectors, labels) = (case.vectors(), case.labels());
            close(Silhouette::new(&vectors, &labels).expect("two classes").finish(), case.silhouette);
            close(davies_bouldin(&vectors, &labels).expect("two classes").expect("means differ"), case.davies_bouldin);
            let found = calinski_harabasz(&vectors, &labels).expect("two classes").expect("it varies");
            close(found / case.calinski_harabasz, 1.0);
        }
    }

    #[test]
    fn equal_vectors_have_a_silhouette_of_0_and_no_indices() {
        let vectors = Vectors::new(vec![0.5; 12], 2).expect("whole");
        let labels = Labels::new(&[Some(0), Some(1), Some(0), Some(1), None, Some(1)]);
        assert!(Silhouette::new(&vectors, &labels).expect("two classes").finish().abs() < 1e-15);
        assert_eq!((davies_bouldin(&vectors, &labels), calinski_harabasz(&vectors, &labels)), (Ok(None), Ok(None)));
    }

    #[test]
    fn one_class_and_one_vector_are_refused() {
        let vectors = Vectors::new(vec![0.0, 1.0], 1).expect("whole");
        let same = Labels::new(&[Some(3); 2]);
        assert_eq!(Silhouette::new(&vectors, &same).err(), Some(LatentError::OneClass { subject: "The silhouette" }));
        assert!(davies_bouldin(&vectors, &same).is_err() && calinski_harabasz(&vectors, &same).is_err());
    }

    #[test]
    fn the_only_member_of_a_class_has_a_silhouette_of_0() {
        let vectors = Vectors::new(vec![0.0, 1.0, 9.0], 1).expect("whole");
        let found =
            Silhouette::new(&vectors, &Labels::new(&[Some(0), Some(0), Some(1)])).expect("two classes").finish();
        assert!((found - (8.0 / 9.0 + 7.0 / 8.0) / 3.0).abs() < 1e-12);
    }
}
