//! Images in memory.

use super::PIXELS;

/// Images of 28x28 grey bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageSet {
    /// Where from, for people: a file's name, or "3 images".
    pub name: String,
    /// `len()` x 784 bytes, image after image, row by row: 0 for paper, 255 for ink.
    pub pixels: Vec<u8>,
    /// What was done that the user should know, such as files passed over.
    pub warnings: Vec<String>,
}

impl ImageSet {
    /// How many images.
    pub const fn len(&self) -> usize {
        self.pixels.len() / PIXELS
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// The 784 bytes of one image, `index` below `len()`.
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..][..PIXELS]
    }

    /// Keeps the first `limit` images.
    pub fn truncate(&mut self, limit: usize) {
        self.pixels.truncate(limit.saturating_mul(PIXELS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_slices_of_784_bytes() {
        let mut set = ImageSet { pixels: (0..3).flat_map(|value| [value; PIXELS]).collect(), ..ImageSet::default() };
        assert_eq!((set.len(), set.image(2)), (3, &[2; PIXELS][..]));
        set.truncate(usize::MAX);
        assert_eq!(set.len(), 3);
        set.truncate(1);
        assert_eq!((set.len(), set.image(0)), (1, &[0; PIXELS][..]));
        set.truncate(0);
        assert!(set.is_empty());
    }
}
