//! Convolutions of slices, as products whose operands are packed from the feature maps themselves: no column matrix is
//! ever made.

use std::cell::RefCell;

use pinhole_numerics::matmul::{Matrix, matmul};

use super::{
    coarse::{Channels, CoarseMaps, Positions},
    fine::FineMaps,
    grid::Grid,
    patches::{Patches, PatchesByPosition},
};
use crate::{
    conv::Convolution,
    cpu::{BiasActivation, RowMajor},
};

/// Fine numbers with their padding that are summed at once, 512 kB: half of an L2.
const SUMMED_NUMBERS: usize = 1 << 17;

thread_local! {
    static PADDED: RefCell<Vec<f32>> = RefCell::default();
}

impl Convolution {
    /// From fine to coarse: a convolution's forward pass, or the input gradient of a transposed one.
    ///
    /// # Panics
    ///
    /// If a slice does not have its shape, or the shapes do not fit together.
    pub(super) fn down(&self, fine: &[f32], weight: &[f32], epilogue: BiasActivation, coarse: &mut [f32]) {
        self.check(fine, weight, coarse);
        let lhs = Matrix::new(weight, [self.coarse[0], self.patch_size()]);
        let rhs = Patches { maps: fine, convolution: self };
        matmul(&lhs, &rhs, &mut CoarseMaps::new(self, epilogue, coarse));
    }

    /// From coarse to fine: a transposed convolution's forward pass, or the input gradient of a convolution.
    ///
    /// # Panics
    ///
    /// If a slice does not have its shape, or the shapes do not fit together.
    pub(super) fn up(&self, coarse: &[f32], weight: &[f32], epilogue: BiasActivation, fine: &mut [f32]) {
        self.check(fine, weight, coarse);
        let lhs = Matrix::new(weight, [self.coarse[0], self.patch_size()]).transposed();
        let [from, to] = [self.coarse, self.fine].map(|shape| shape.iter().product::<usize>());
        let samples = (SUMMED_NUMBERS / (self.fine[0] * self.padded_size().iter().product::<usize>())).max(1);
        PADDED.with_borrow_mut(|padded| {
            for (coarse, fine) in coarse.chunks(samples * from).zip(fine.chunks_mut(samples * to)) {
                let part = Self { samples: coarse.len() / from, ..*self };
                let mut sums = FineMaps::new(&part, padded);
                matmul(&lhs, &Positions { maps: coarse, convolution: &part }, &mut sums);
                sums.write_maps(epilogue, fine);
            }
        });
    }

    /// Weight gradient, from fine and coarse maps, one of them the layer's inputs and the other the gradient of its
    /// outputs.
    ///
    /// # Panics
    ///
    /// If a slice does not have its shape, or the shapes do not fit together.
    pub(super) fn weight_gradient(&self, fine: &[f32], coarse: &[f32], weight: &mut [f32]) {
        self.check(fine, weight, coarse);
        let lhs = Channels { maps: coarse, convolution: self };
        let rhs = PatchesByPosition { maps: fine, convolution: self };
        matmul(&lhs, &rhs, &mut RowMajor::new(weight, self.patch_size(), BiasActivation::default()));
    }

    /// The coarse positions of all samples.
    pub(super) const fn coarse_grid(&self) -> Grid {
        Grid { samples: self.samples, rows: self.coarse[1], columns: self.coarse[2] }
    }

    /// Rows and columns that hold all patches and all fine positions.
    pub(super) fn padded_size(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let patches = (self.coarse[axis + 1] - 1) * self.stride[axis] + self.kernel[axis];
            patches.max(self.fine[axis + 1] + self.padding[axis])
        })
    }

    /// Panics if a slice does not have its shape, or the shapes do not fit together.
    fn check(&self, fine: &[f32], weight: &[f32], coarse: &[f32]) {
        let numbers = |shape: [usize; 3]| self.samples * shape.iter().product::<usize>();
        assert_eq!(fine.len(), numbers(self.fine), "fine maps of {self:?}");
        assert_eq!(coarse.len(), numbers(self.coarse), "coarse maps of {self:?}");
        assert_eq!(weight.len(), self.coarse[0] * self.fine[0] * self.taps(), "weights of {self:?}");
        for axis in 0..2 {
            let room = self.fine[axis + 1] + 2 * self.padding[axis];
            let positions = room.checked_sub(self.kernel[axis]).map(|room| room / self.stride[axis] + 1);
            assert_eq!(positions, Some(self.coarse[axis + 1]), "coarse positions of {self:?}");
        }
    }
}
