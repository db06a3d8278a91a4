//! Linear probe: multinomial logistic regression on codes (Alain and Bengio 2016).

use super::lbfgs::Lbfgs;
use crate::{Labels, LatentError, Stepper, Vectors};

/// Inverse strength of the penalty, as in scikit-learn.
const C: f64 = 1.0;
/// The greatest slope at the optimum.
const TOLERANCE: f64 = 1e-9;
/// Steps after which a fit ends in any case.
const MAX_STEPS: usize = 1_000;

/// Fit of a linear probe to labelled vectors. It minimises, as scikit-learn's `LogisticRegression(C=1)`,
///
/// ```text
/// - mean of log softmax(W x + b)[label] + |W|² / (2 C n)
/// ```
///
/// For two classes there is one row of weights, for the second: its sigmoid. A piece of work is a step of L-BFGS.
#[derive(Debug)]
pub struct LinearProbeFit<'a> {
    vectors: &'a Vectors,
    labels: &'a Labels,
    lbfgs: Lbfgs,
    steps: usize,
}

impl<'a> LinearProbeFit<'a> {
    /// A probe of the labelled ones of `vectors`, from weights of 0.
    ///
    /// # Errors
    /// When there are fewer than two classes.
    pub fn new(vectors: &'a Vectors, labels: &'a Labels) -> Result<Self, LatentError> {
        labels.require_classes("A linear probe")?;
        let start = vec![0.0; logits_of(labels.names().len()) * (vectors.width() + 1)];
        let lbfgs = Lbfgs::new(start, |point, gradient| loss(vectors, labels, point, gradient));
        Ok(Self { vectors, labels, lbfgs, steps: 0 })
    }
}

impl Stepper for LinearProbeFit<'_> {
    type Output = LinearProbe;

    fn advance(&mut self) -> Option<LinearProbe> {
        let (vectors, labels) = (self.vectors, self.labels);
        self.steps += 1;
        let is_done = self.lbfgs.step(TOLERANCE, |point, gradient| loss(vectors, labels, point, gradient));
        (is_done || self.steps == MAX_STEPS).then(|| LinearProbe {
            names: labels.names().to_vec(),
            weights: self.lbfgs.point.clone(),
            width: vectors.width(),
        })
    }
}

/// A fitted linear probe.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearProbe {
    names: Vec<u8>,
    /// Weights [width + 1, logits]; the last line is the bias.
    weights: Vec<f64>,
    width: usize,
}

impl LinearProbe {
    /// Most probable label of each of the vectors `rows`.
    ///
    /// # Panics
    /// When the width is not that of the fit.
    pub fn predict(&self, vectors: &Vectors, rows: &[usize]) -> Vec<u8> {
        assert_eq!(vectors.width(), self.width, "a probe reads vectors of one width");
        let mut logits = vec![0.0; logits_of(self.names.len())];
        let predict = |&row: &usize| {
            write_logits(vectors.row(row), &self.weights, &mut logits);
            // The only logit of two classes is that of the second, beside 0.
            if let [logit] = logits[..] {
                return self.names[usize::from(logit > 0.0)];
            }
            let largest = (0..logits.len()).rev().max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            self.names[largest.unwrap_or_default()]
        };
        rows.iter().map(predict).collect()
    }
}

/// Number of logits for some classes: one for two.
const fn logits_of(classes: usize) -> usize {
    if classes == 2 { 1 } else { classes }
}

fn write_logits(vector: &[f32], weights: &[f64], logits: &mut [f64]) {
    let (lines, bias) = weights.split_at(vector.len() * logits.len());
    logits.copy_from_slice(bias);
    for (&value, line) in vector.iter().zip(lines.chunks_exact(logits.len())) {
        // Most pixels of a drawing are 0.
        if value != 0.0 {
            logits.iter_mut().zip(line).for_each(|(logit, weight)| *logit += f64::from(value) * weight);
        }
    }
}

/// Mean loss with its penalty, and their gradient.
fn loss(vectors: &Vectors, labels: &Labels, weights: &[f64], gradient: &mut [f64]) -> f64 {
    let (count, width) = (labels.len() as f64, vectors.width());
    let mut logits = vec![0.0; weights.len() / (width + 1)];
    let without_bias = width * logits.len();
    gradient.fill(0.0);
    let mut sum = 0.0;
    for (&row, &class) in labels.rows().iter().zip(labels.classes()) {
        let vector = vectors.row(row);
        write_logits(vector, weights, &mut logits);
        sum += cross_entropy(&mut logits, class);
        let (lines, bias) = gradient.split_at_mut(without_bias);
        bias.iter_mut().zip(&logits).for_each(|(slope, error)| *slope += error / count);
        for (&value, line) in vector.iter().zip(lines.chunks_exact_mut(logits.len())) {
            if value != 0.0 {
                let value = f64::from(value) / count;
                line.iter_mut().zip(&logits).for_each(|(slope, error)| *slope += value * error);
            }
        }
    }
    let strength = 1.0 / (C * count);
    let weights = &weights[..without_bias];
    gradient.iter_mut().zip(weights).for_each(|(slope, weight)| *slope += strength * weight);
    sum / count + strength / 2.0 * weights.iter().map(|weight| weight * weight).sum::<f64>()
}

/// Replaces the logits by the slopes of the cross entropy of `class`, which is returned.
fn cross_entropy(logits: &mut [f64], class: usize) -> f64 {
    if let [logit] = logits {
        let sign = if class == 1 { 1.0 } else { -1.0 };
        let margin = sign * *logit;
        // ln(1 + e^-margin), and its slope, without overflow.
        let small = (-margin.abs()).exp();
        let slope = if margin >= 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) };
        *logit = -sign * slope;
        return small.ln_1p() + (-margin).max(0.0);
    }
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let own = logits[class] - largest;
    for logit in logits.iter_mut() {
        *logit = (*logit - largest).exp();
    }
    let sum: f64 = logits.iter().sum();
    for share in logits.iter_mut() {
        *share /= sum;
    }
    logits[class] -= 1.0;
    sum.ln() - own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::reference;

    #[test]
    fn weights_are_those_of_scikit_learn() {
        for case in reference().probes {
            let (vectors, labels) =
                (case.data.vectors(), Labels::new(&case.labels.into_iter().map(Some).collect::<Vec<_>>()));
            let probe = LinearProbeFit::new(&vectors, &labels).expect("two classes").finish();
            assert_eq!(probe.weights.len(), case.weights.len());
            for (found, expected) in probe.weights.iter().zip(&case.weights) {
                assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
            }
            let rows: Vec<usize> = (0..vectors.len()).collect();
            assert_eq!(probe.predict(&vectors, &rows), case.predicted);
        }
    }

    #[test]
    fn one_class_is_refused() {
        let vectors = Vectors::new(vec![0.0, 1.0], 1).expect("whole");
        let error = LinearProbeFit::new(&vectors, &Labels::new(&[Some(2); 2])).expect_err("one class");
        assert!(error.to_string().starts_with("A linear probe compares labels"));
    }

    #[test]
    fn equal_codes_get_the_most_frequent_label() {
        let vectors = Vectors::new(vec![0.5; 6], 2).expect("whole");
        let labels = Labels::new(&[Some(3), Some(8), Some(8)]);
        let probe = LinearProbeFit::new(&vectors, &labels).expect("two classes").finish();
        assert_eq!(probe.predict(&vectors, &[0, 1, 2]), [8, 8, 8]);
    }

    #[test]
    fn a_width_of_1_and_of_4096_is_fitted() {
        for width in [1, 4_096] {
            let values = (0..20 * width).map(|index| if index / width < 10 { -1.0 } else { 1.0 }).collect();
            let vectors = Vectors::new(values, width).expect("whole");
            let labels: Vec<_> = (0..20).map(|row| Some(row / 10)).collect();
            let probe = LinearProbeFit::new(&vectors, &Labels::new(&labels)).expect("two classes").finish();
            assert_eq!(probe.predict(&vectors, &[0, 19]), [0, 1]);
        }
    }
}
