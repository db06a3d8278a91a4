//! L-BFGS for smooth convex functions.

use std::collections::VecDeque;

use crate::reals::{add_scaled, dot};

/// Pairs of steps and gradient changes that stand for the Hessian, as in SciPy.
const MEMORY: usize = 10;
/// A step is taken if it lowers the value by this share of what the slope promises (Armijo 1966).
const SUFFICIENT_DECREASE: f64 = 1e-4;
/// Halvings of a step before the value counts as the least that rounding allows.
const MAX_HALVINGS: usize = 40;

/// A step, the change of the gradient along it, and the inverse of their product.
#[derive(Debug)]
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    inverse_product: f64,
}

/// Limited-memory quasi-Newton minimisation with backtracking (Nocedal 1980; Liu and Nocedal 1989).
#[derive(Debug)]
pub(super) struct Lbfgs {
    /// The best point so far.
    pub point: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    pairs: VecDeque<Pair>,
}

impl Lbfgs {
    /// Begins at `point`. `function` writes the gradient and returns the value.
    pub fn new(point: Vec<f64>, function: impl FnOnce(&[f64], &mut [f64]) -> f64) -> Self {
        let mut gradient = vec![0.0; point.len()];
        let value = function(&point, &mut gradient);
        Self { point, value, gradient, pairs: VecDeque::new() }
    }

    /// Takes a step. True once no entry of the gradient is above `tolerance`, or no step lowers the value.
    pub fn step(&mut self, tolerance: f64, mut function: impl FnMut(&[f64], &mut [f64]) -> f64) -> bool {
        if self.gradient.iter().all(|slope| slope.abs() <= tolerance) {
            return true;
        }
        let direction = self.direction();
        let slope = dot(&direction, &self.gradient);
        let mut length = 1.0;
        let mut gradient = vec![0.0; self.point.len()];
        for _ in 0..MAX_HALVINGS {
            let point: Vec<f64> = self.point.iter().zip(&direction).map(|(at, along)| at + length * along).collect();
            let value = function(&point, &mut gradient);
            if value <= self.value + SUFFICIENT_DECREASE * length * slope {
                self.remember(&point, &gradient);
                (self.point, self.value, self.gradient) = (point, value, gradient);
                return false;
            }
            length /= 2.0;
        }
        true
    }

    /// Minus the gradient, times the inverse Hessian as far as it is known: the two loops of Nocedal 1980.
    fn direction(&self) -> Vec<f64> {
        let mut direction: Vec<f64> = self.gradient.iter().map(|slope| -slope).collect();
        let mut factors = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let factor = pair.inverse_product * dot(&pair.step, &direction);
            add_scaled(&mut direction, -factor, &pair.change);
            factors.push(factor);
        }
        let scale = match self.pairs.back() {
            Some(pair) => 1.0 / (pair.inverse_product * dot(&pair.change, &pair.change)),
            None => 1.0 / dot(&self.gradient, &self.gradient).sqrt().max(1.0),
        };
        for along in &mut direction {
            *along *= scale;
        }
        for (pair, factor) in self.pairs.iter().zip(factors.into_iter().rev()) {
            let rest = factor - pair.inverse_product * dot(&pair.change, &direction);
            add_scaled(&mut direction, rest, &pair.step);
        }
        direction
    }

    fn remember(&mut self, point: &[f64], gradient: &[f64]) {
        let difference = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a - b).collect::<Vec<_>>();
        let (step, change) = (difference(point, &self.point), difference(gradient, &self.gradient));
        let product = dot(&step, &change);
        // Without curvature there is nothing to learn of it: rounding.
        if product > f64::EPSILON * dot(&change, &change) {
            self.pairs.push_back(Pair { step, change, inverse_product: 1.0 / product });
            if self.pairs.len() > MEMORY {
                self.pairs.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_value_of_a_long_valley_is_found() {
        let function = |x: &[f64], gradient: &mut [f64]| {
            let (a, b) = (x[0] - 3.0, x[1] + 2.0);
            gradient.copy_from_slice(&[4.0 * a.powi(3), 2_000.0 * b]);
            a.powi(4) + 1_000.0 * b.powi(2)
        };
        let mut lbfgs = Lbfgs::new(vec![0.0; 2], function);
        assert!((0..200).any(|_| lbfgs.step(1e-9, function)));
        assert!((lbfgs.point[0] - 3.0).abs() < 2e-3 && (lbfgs.point[1] + 2.0).abs() < 1e-9, "{:?}", lbfgs.point);
    }
}
