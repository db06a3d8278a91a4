//! The Lanczos iteration with full reorthogonalisation: greatest eigenvalues of a symmetric, positive semi-definite
//! operator that is known by its products alone (Golub and Van Loan, Matrix Computations, section 10.3).

use rand::RngExt;
use rand_pcg::Pcg32;

use super::tridiagonal::{Eigenpairs, eigenpairs};
use crate::reals::{add_scaled, dot};

/// Norm, as a share of the greatest eigenvalue so far, below which a vector is rounding error.
const ROUNDING: f64 = 1e-12;
/// Residual of a converged eigenpair, as a share of the greatest eigenvalue.
const TOLERANCE: f64 = 1e-10;
/// Restarts in vain after which the basis spans the operator's range.
const RESTARTS: usize = 2;

/// An orthonormal basis of a Krylov space, and the operator in that basis: a tridiagonal matrix.
#[derive(Clone, Debug)]
pub struct Lanczos {
    basis: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    /// Entry i couples vector i with vector i + 1.
    off_diagonal: Vec<f64>,
    /// Unit vector whose product with the operator comes next.
    current: Vec<f64>,
    rng: Pcg32,
    /// True while `current` is random: its product starts a new Krylov space within the operator's range.
    is_start: bool,
    vain_restarts: usize,
    next_check: usize,
}

impl Lanczos {
    /// An empty basis for an operator on vectors of `width`.
    pub fn new(width: usize, rng: Pcg32) -> Self {
        let mut lanczos = Self {
            basis: Vec::new(),
            diagonal: Vec::new(),
            off_diagonal: Vec::new(),
            current: vec![0.0; width],
            rng,
            is_start: true,
            vain_restarts: 0,
            next_check: 0,
        };
        lanczos.restart();
        lanczos
    }

    /// The vector whose product with the operator [`Self::extend`] needs.
    pub fn current(&self) -> &[f64] {
        &self.current
    }

    /// Number of vectors of the basis.
    pub const fn len(&self) -> usize {
        self.basis.len()
    }

    /// True while the current vector is random, the start of a new Krylov space.
    pub const fn is_start(&self) -> bool {
        self.is_start
    }

    /// True once the basis spans the range of the operator: all eigenvalues but 0 are there.
    pub fn is_exhausted(&self) -> bool {
        self.vain_restarts >= RESTARTS || self.basis.len() >= self.current.len()
    }

    /// Takes `product`, the operator times [`Self::current`].
    pub fn extend(&mut self, mut product: Vec<f64>) {
        if !self.is_start {
            self.diagonal.push(dot(&self.current, &product));
            self.basis.push(self.current.clone());
        }
        // Twice is enough (Parlett 1998, section 6.9).
        for _ in 0..2 {
            for vector in &self.basis {
                let share = dot(vector, &product);
                add_scaled(&mut product, -share, vector);
            }
        }
        let norm = dot(&product, &product).sqrt();
        let greatest = self.diagonal.iter().fold(0.0_f64, |greatest, &value| greatest.max(value));
        let is_rounding = norm <= ROUNDING * greatest || norm <= f64::MIN_POSITIVE;
        if !self.is_start {
            self.off_diagonal.push(if is_rounding { 0.0 } else { norm });
        }
        if is_rounding {
            self.vain_restarts += usize::from(self.is_start);
            self.restart();
        } else {
            (self.is_start, self.vain_restarts) = (false, 0);
            self.current = product.iter().map(|value| value / norm).collect();
        }
    }

    /// A random unit vector comes next. The product of the operator with it lies in the operator's range.
    fn restart(&mut self) {
        self.is_start = true;
        self.current.iter_mut().for_each(|value| *value = self.rng.random_range(-1.0..1.0));
        let norm = dot(&self.current, &self.current).sqrt();
        self.current.iter_mut().for_each(|value| *value /= norm);
    }

    /// The greatest `count` eigenpairs, greatest first, if they have converged. They are looked at ever more rarely.
    pub fn converged(&mut self, count: usize) -> Option<Eigenpairs> {
        let size = self.basis.len();
        if size <= count || size < self.next_check || self.is_start {
            return None;
        }
        self.next_check = size + size / 5 + 4;
        let pairs = self.eigenpairs();
        let coupling = self.off_diagonal[size - 1];
        let limit = TOLERANCE * pairs.values[0];
        let is_converged = |index: usize| (coupling * pairs.vectors[index][size - 1]).abs() <= limit;
        (0..count).all(is_converged).then_some(pairs)
    }

    /// All eigenpairs of the operator within the basis, greatest first; the vectors are over the basis.
    pub fn eigenpairs(&self) -> Eigenpairs {
        let couplings = self.basis.len().saturating_sub(1);
        eigenpairs(self.diagonal.clone(), self.off_diagonal[..couplings].to_vec())
    }

    /// A vector over the basis, as one of the operator's own.
    pub fn expand(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.current.len()];
        for (vector, &weight) in self.basis.iter().zip(weights) {
            add_scaled(&mut sum, weight, vector);
        }
        sum
    }
}
