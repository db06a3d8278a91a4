//! Small grey pictures of samples.

use pinhole_protocol::{Bytes, GridShape, latent::Thumbnails};

use super::VectorSamples;

/// Pixels along each side, at most.
const MAX_SIDE: usize = 28;
/// Bytes of all thumbnails, at most; beyond them they are half as large.
const MAX_BYTES: usize = 20_000_000;

/// Thumbnails of samples; `None` if they are no pictures.
pub(super) fn thumbnails(samples: &VectorSamples) -> Option<Thumbnails> {
    let VectorSamples::Set { set, indices } = samples else { return None };
    let shape = set.shape();
    let side = shape.height.max(shape.width).min(MAX_SIDE);
    let side = if indices.len() * side * side > MAX_BYTES { side.div_ceil(2) } else { side };
    let mut pixels = Vec::with_capacity(indices.len() * side * side);
    for &index in indices {
        shrink(set.picture(index as usize)?, shape, side, &mut pixels);
    }
    Some(Thumbnails { side, pixels: Bytes(pixels) })
}

/// Appends a picture as `side` x `side` grey pixels, each the mean of the pixels that it covers; a picture that is not
/// square is centred on paper.
fn shrink(picture: &[u8], shape: GridShape, side: usize, pixels: &mut Vec<u8>) {
    let longest = shape.height.max(shape.width);
    let offsets = [(longest - shape.height) / 2, (longest - shape.width) / 2];
    let source = |row: usize, column: usize| {
        let (row, column) = (row.checked_sub(offsets[0])?, column.checked_sub(offsets[1])?);
        let place = (row < shape.height && column < shape.width).then_some(row * shape.width + column)?;
        let channel_len = shape.height * shape.width;
        Some((0..shape.channels).map(|channel| u32::from(picture[channel * channel_len + place])).sum::<u32>())
    };
    let span = |index: usize| index * longest / side..((index + 1) * longest / side).max(index * longest / side + 1);
    for row in 0..side {
        for column in 0..side {
            let covered = span(row).flat_map(|row| span(column).map(move |column| (row, column)));
            let sum: u32 = covered.filter_map(|(row, column)| source(row, column)).sum();
            let count = span(row).len() * span(column).len() * shape.channels;
            pixels.push((sum / count as u32) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbnails_are_means_on_paper() {
        let shape = GridShape { channels: 1, height: 2, width: 4 };
        let mut pixels = Vec::new();
        shrink(&[100, 100, 0, 0, 100, 100, 0, 0], shape, 2, &mut pixels);
        assert_eq!(pixels, [50, 0, 50, 0]);
    }
}
