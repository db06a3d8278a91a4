//! Files to open: valid ones, and malformed ones.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};
use image::{GrayImage, Luma, Rgb, RgbImage};
use xtask::workspace;

/// A folder of files for one test, removed with this value.
pub struct Folder(PathBuf);

impl Folder {
    /// A new folder in the temporary folder; each test passes its own name.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(name: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("pinhole-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }

    /// Path of a file of that name, which need not exist.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed does no harm.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Path of a file in the optional data folder beside the clone; `None` if it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    // ChromeDriver accepts only canonical paths of files to open.
    workspace::root().join("../shared/data").join(path).canonicalize().ok()
}

/// Path of a file of MNIST in the optional data folder beside the clone; `None` if it is not there.
pub fn mnist(name: &str) -> Option<PathBuf> {
    shared(&format!("mnist/{name}"))
}

/// IDX file of 28x28 images, whose header declares `claimed` of them.
pub fn idx(claimed: u32, images: &[[u8; 784]]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, 3];
    for size in [claimed, 28, 28] {
        file.extend(size.to_be_bytes());
    }
    file.extend(images.as_flattened());
    file
}

/// IDX file of labels.
pub fn idx_labels(labels: &[u8]) -> Vec<u8> {
    let count = (labels.len() as u32).to_be_bytes();
    [&[0, 0, 8, 1], count.as_slice(), labels].concat()
}

/// 28x28 images of a bar at varying positions: different enough to train on, simple enough to learn.
pub fn bars(count: usize) -> Vec<[u8; 784]> {
    let bar = |index: usize| {
        let (left, top) = (4 + index * 7 % 16, 3 + index * 5 % 6);
        std::array::from_fn(|pixel| {
            let (row, column) = (pixel / 28, pixel % 28);
            if (top..top + 16).contains(&row) && (left..left + 4).contains(&column) { 230 } else { 0 }
        })
    };
    (0..count).map(bar).collect()
}

/// Gzip file of an IDX header and `length` zero bytes, which compress to about a thousandth.
///
/// # Errors
/// Never, as it is written to memory.
pub fn gzip_of_zeros(length: usize) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let block = vec![0_u8; 1 << 20];
    encoder.write_all(&idx(u32::MAX, &[]))?;
    for _ in 0..length / block.len() {
        encoder.write_all(&block)?;
    }
    Ok(encoder.finish()?)
}

/// Writes a white PNG with a dark bar.
///
/// # Errors
/// When it cannot be written.
pub fn write_png(path: &Path, width: u32, height: u32) -> Result<()> {
    let picture = GrayImage::from_fn(width, height, |x, y| {
        let is_bar = x > width * 2 / 5 && x < width * 3 / 5 && y > height / 5 && y < height * 4 / 5;
        Luma([if is_bar { 0 } else { 255 }])
    });
    picture.save(path).with_context(|| format!("writing {}", path.display()))
}

/// Writes a square PNG with a stripe on black; `index` selects red, green or blue and the position.
///
/// # Errors
/// When it cannot be written.
pub fn write_colour_png(path: &Path, side: u32, index: u32) -> Result<()> {
    let left = index * 3 % (side / 2);
    let picture = RgbImage::from_fn(side, side, |x, _| {
        let mut colour = [0; 3];
        colour[index as usize % 3] = if (left..left + side / 2).contains(&x) { 255 } else { 0 };
        Rgb(colour)
    });
    picture.save(path).with_context(|| format!("writing {}", path.display()))
}

/// A valid safetensors file that is not of Pinhole.
pub fn foreign_model() -> Vec<u8> {
    let header = br#"{"__metadata__":{"format":"pt"},"layer.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend(1.0_f32.to_le_bytes());
    file
}
