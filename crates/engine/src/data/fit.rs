//! Fitting of pictures to a shape: resizing with the aspect kept, and conversion between grey and colour.

use pinhole_protocol::GridShape;

use super::resample::{Size, resize};

/// Weights of red, green and blue in luma (ITU-R BT.601), in 1/1,000: those of JPEG (JFIF), OpenCV and Pillow, so that a
/// picture in colour and its grey copy become the same.
pub(super) const LUMA: [u32; 3] = [299, 587, 114];

/// Fits a picture to another shape; both have 1 or 3 channels. The rest of the fitted picture is filled with the mean
/// of the picture's border, so that no new edge appears.
pub(super) fn fit_picture(pixels: &[u8], from: GridShape, to: GridShape) -> Vec<u8> {
    let size = |shape: GridShape| Size { width: shape.width, height: shape.height };
    let plane_len = from.height * from.width;
    let grey;
    let planes = if to.channels == 1 && from.channels == 3 {
        grey = luma(pixels, plane_len);
        &grey
    } else {
        pixels
    };
    let fitted: Vec<u8> =
        planes.chunks_exact(plane_len).flat_map(|plane| fit_plane(plane, size(from), size(to))).collect();
    if to.channels > planes.len() / plane_len { fitted.repeat(to.channels) } else { fitted }
}

/// Luma of a picture of three channels.
pub(super) fn luma(pixels: &[u8], plane_len: usize) -> Vec<u8> {
    let (red, rest) = pixels.split_at(plane_len);
    let (green, blue) = rest.split_at(plane_len);
    red.iter().zip(green).zip(blue).map(|((&red, &green), &blue)| luma_of([red, green, blue])).collect()
}

/// Luma of a colour.
pub(super) fn luma_of(colour: [u8; 3]) -> u8 {
    let sum: u32 = colour.iter().zip(LUMA).map(|(&value, share)| u32::from(value) * share).sum();
    ((sum + 500) / 1_000) as u8
}

fn fit_plane(plane: &[u8], from: Size, to: Size) -> Vec<u8> {
    if from == to {
        return plane.to_vec();
    }
    let fitted = from.fit_into(to);
    let resized = resize(plane, from, fitted);
    let free = fitted != to;
    let background = if free { border_mean(plane, from).round() as u8 } else { 0 };
    let mut framed = vec![background; to.width * to.height];
    let (left, top) = ((to.width - fitted.width) / 2, (to.height - fitted.height) / 2);
    for (target, row) in framed.chunks_exact_mut(to.width).skip(top).zip(resized.chunks_exact(fitted.width)) {
        target[left..].iter_mut().zip(row).for_each(|(pixel, value)| *pixel = value.round() as u8);
    }
    framed
}

/// Mean of the outermost pixels.
pub(super) fn border_mean(plane: &[u8], size: Size) -> f32 {
    let Size { width, height } = size;
    let (mut sum, mut count) = (0_u64, 0_u64);
    let mut add = |values: &mut dyn Iterator<Item = &u8>| {
        for &value in values {
            sum += u64::from(value);
            count += 1;
        }
    };
    add(&mut plane[..width].iter());
    add(&mut plane[width * (height - 1)..].iter());
    add(&mut plane.iter().step_by(width));
    add(&mut plane.iter().skip(width - 1).step_by(width));
    sum as f32 / count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn shape(channels: usize, height: usize, width: usize) -> GridShape {
        GridShape { channels, height, width }
    }

    #[test]
    fn the_same_shape_changes_nothing() {
        let pixels: Vec<u8> = (0..60).collect();
        assert_eq!(fit_picture(&pixels, shape(3, 4, 5), shape(3, 4, 5)), pixels);
    }

    #[test]
    fn grey_becomes_colour_and_colour_grey() {
        assert_eq!(fit_picture(&[9, 200], shape(1, 1, 2), shape(3, 1, 2)), [9, 200, 9, 200, 9, 200]);
        assert_eq!(fit_picture(&[100, 100, 100], shape(3, 1, 1), shape(1, 1, 1)), [100]);
        let pure = [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
            .map(|colour| fit_picture(&colour, shape(3, 1, 1), shape(1, 1, 1))[0]);
        assert_eq!(pure, [76, 150, 29], "BT.601");
    }

    #[test]
    fn the_aspect_is_kept_and_the_rest_looks_like_the_border() {
        let tall = fit_picture(&[7; 8], shape(1, 4, 2), shape(1, 4, 4));
        assert_eq!(tall, [7; 16]);
        let mut ink = vec![0; 40];
        ink[12..28].fill(200);
        let framed = fit_picture(&ink, shape(1, 10, 4), shape(1, 5, 5));
        assert!(framed[..5].iter().all(|&value| value < 100) && framed[12] == 200, "{framed:?}");
    }

    #[test]
    fn channels_keep_apart() {
        let fitted = fit_picture(&[10, 10, 20, 20, 30, 30], shape(3, 1, 2), shape(3, 2, 4));
        assert_eq!(fitted, [[10; 8], [20; 8], [30; 8]].concat());
    }
}
