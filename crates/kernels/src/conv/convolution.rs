//! The geometry of a convolution.

/// A convolution between fine feature maps [samples, channels, rows, columns] and coarse ones, with weights [coarse
/// channels, fine channels, kernel rows, kernel columns] and stride s:
///
/// ```text
/// coarse[c, y, x] = sum of weight[c, f, i, j] fine[f, s y + i - padding, s x + j - padding] over f, i, j
/// ```
///
/// It is read both ways. A convolution layer goes from fine to coarse ([`Down`](super::Direction::Down)) and its
/// gradient comes back up; a transposed one, whose weights are [inputs, outputs, ..] and so in the same order, goes up,
/// and its gradient comes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Convolution {
    /// Samples of a batch.
    pub samples: usize,
    /// Channels, rows and columns of a fine feature map.
    pub fine: [usize; 3],
    /// Channels, rows and columns of a coarse feature map.
    pub coarse: [usize; 3],
    /// Rows and columns of the kernel.
    pub kernel: [usize; 2],
    /// Fine rows and columns per coarse one.
    pub stride: [usize; 2],
    /// Rows and columns of zeros on each side of the fine maps.
    pub padding: [usize; 2],
}

impl Convolution {
    /// Taps of the kernel: its rows times its columns.
    pub(super) const fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Values of a patch: all fine channels under the kernel.
    pub(super) const fn patch_size(&self) -> usize {
        self.fine[0] * self.taps()
    }
}
