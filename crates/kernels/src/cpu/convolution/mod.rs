//! Convolutions as products whose operands are packed from the maps themselves: no column matrix is ever made.

mod coarse;
mod fine;
mod grid;
#[cfg(test)]
mod tests;
mod windows;

use std::cell::RefCell;

use coarse::{Channels, CoarseMaps, Places};
use fine::FineMaps;
use grid::Grid;
use windows::{Patches, Windows};

use super::blocks::multiply;
use super::matrix::Matrix;
use super::product::{Finish, RowMajor};

/// Fine numbers with their padding that are summed at once, 512 kB: half of an L2.
const SUMMED: usize = 1 << 17;

thread_local! {
    static PADDED: RefCell<Vec<f32>> = RefCell::default();
}

/// A convolution between fine maps [samples, channels, rows, columns] and coarse ones, with weights [coarse channels, fine
/// channels, kernel rows, kernel columns]: `coarse[s y] = sum of weight[k] fine[s y + k - padding]`.
///
/// It is read both ways. A convolution layer goes from fine to coarse ([`down`](Self::down)) and its gradient comes back
/// up; a transposed one, whose weights are [inputs, outputs, ..] and so in the same order, goes [`up`](Self::up), and its
/// gradient comes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Convolution {
    /// Maps of a batch.
    pub samples: usize,
    /// Channels, rows and columns of a fine map.
    pub fine: [usize; 3],
    /// Channels, rows and columns of a coarse map.
    pub coarse: [usize; 3],
    /// Rows and columns of the kernel.
    pub kernel: [usize; 2],
    /// Fine rows and columns to a coarse one.
    pub stride: [usize; 2],
    /// Zeros around the fine maps.
    pub padding: [usize; 2],
}

impl Convolution {
    /// From fine to coarse: a convolution's forward pass, or a transposed one's gradient by its inputs.
    ///
    /// # Panics
    ///
    /// If a slice does not have its shape, or the shapes do not belong together.
    pub fn down(&self, fine: &[f32], weight: &[f32], finish: Finish, coarse: &mut [f32]) {
        self.check(fine, weight, coarse);
        let left = Matrix::new(weight, [self.coarse[0], self.window()]);
        let right = Patches { maps: fine, convolution: self };
        multiply(&left, &right, &mut CoarseMaps::new(self, finish, coarse));
    }

    /// From coarse to fine: a transposed convolution's forward pass, or a convolution's gradient by its inputs.
    ///
    /// # Panics
    ///
    /// If a slice does not have its shape, or the shapes do not belong together.
    pub fn up(&self, coarse: &[f32], weight: &[f32], finish: Finish, fine: &mut [f32]) {
        self.check(fine, weight, coarse);
        let left = Matrix::new(weight, [self.coarse[0], self.window()]).transposed();
        let [from, to] = [self.coarse, self.fine].map(|shape| shape.iter().product::<usize>());
        let samples = (SUMMED / (self.fine[0] * self.padded_size().iter().product::<usize>())).max(1);
        PADDED.with_borrow_mut(|padded| {
            for (coarse, fine) in coarse.chunks(samples * from).zip(fine.chunks_mut(samples * to)) {
                let part = Self { samples: coarse.len() / from, ..*self };
                let mut sums = FineMaps::new(&part, padded);
                multiply(&left, &Places { maps: coarse, convolution: &part }, &mut sums);
                sums.finish(finish, fine);
            }
        });
    }

    /// The gradient by the weights, from fine and coarse maps, one of them the layer's inputs and the other the gradient
    /// by its outputs.
    ///
    /// # Panics
    ///
    /// If a slice does not have its shape, or the shapes do not belong together.
    pub fn weight_gradient(&self, fine: &[f32], coarse: &[f32], weight: &mut [f32]) {
        self.check(fine, weight, coarse);
        let left = Channels { maps: coarse, convolution: self };
        let right = Windows { maps: fine, convolution: self };
        multiply(&left, &right, &mut RowMajor::new(weight, self.window(), Finish::default()));
    }

    /// Numbers in a window: all fine channels under the kernel.
    const fn window(&self) -> usize {
        self.fine[0] * self.area()
    }

    /// Weights of a kernel.
    const fn area(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    const fn coarse_grid(&self) -> Grid {
        Grid { samples: self.samples, rows: self.coarse[1], columns: self.coarse[2] }
    }

    /// Rows and columns that all windows and all fine places lie within.
    fn padded_size(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let windows = (self.coarse[axis + 1] - 1) * self.stride[axis] + self.kernel[axis];
            windows.max(self.fine[axis + 1] + self.padding[axis])
        })
    }

    fn check(&self, fine: &[f32], weight: &[f32], coarse: &[f32]) {
        let numbers = |shape: [usize; 3]| self.samples * shape.iter().product::<usize>();
        assert_eq!(fine.len(), numbers(self.fine), "fine maps of {self:?}");
        assert_eq!(coarse.len(), numbers(self.coarse), "coarse maps of {self:?}");
        assert_eq!(weight.len(), self.coarse[0] * self.fine[0] * self.area(), "weights of {self:?}");
        for axis in 0..2 {
            let room = self.fine[axis + 1] + 2 * self.padding[axis];
            let places = room.checked_sub(self.kernel[axis]).map(|room| room / self.stride[axis] + 1);
            assert_eq!(places, Some(self.coarse[axis + 1]), "coarse places of {self:?}");
        }
    }
}
