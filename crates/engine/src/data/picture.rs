//! PNG and JPEG pictures brought to 28x28 grey.

use std::io::Cursor;

use image::{DynamicImage, GrayAlphaImage, ImageDecoder, ImageError, ImageReader, Limits};

use super::{
    DataError, PIXELS, SIDE,
    resample::{Size, resize},
};

/// Widest and highest picture that is decoded.
pub(super) const MAX_SIDE_PX: u32 = 8192;

/// Most bytes that a decoder may allocate: 8192x8192 pixels of 4 bytes.
const MAX_DECODED_BYTES: u64 = 4 * (MAX_SIDE_PX as u64) * (MAX_SIDE_PX as u64);

/// Above this grey, a border is paper and the ink on it is dark.
const LIGHT: f32 = 127.5;

/// A picture at MNIST's size.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) pixels: [u8; PIXELS],
    /// Whether light and dark were exchanged, so that ink is bright.
    pub(super) was_inverted: bool,
}

/// Decodes a PNG or JPEG picture and fits it into 28x28, keeping its aspect.
///
/// Ink is bright here: a picture with a light border is dark ink on paper, and is inverted. What the fitted picture
/// leaves free is filled with its border's grey, so that no edge appears where there was none.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Picture, DataError> {
    let picture = decode(name, bytes)?.into_luma_alpha8();
    let size = Size { width: picture.width() as usize, height: picture.height() as usize };
    let mut grey = flatten(&picture);
    let mut border = border_mean(&grey, size);
    let was_inverted = border > LIGHT;
    if was_inverted {
        for value in &mut grey {
            *value = 255 - *value;
        }
        border = 255.0 - border;
    }
    Ok(Picture { pixels: fit(&grey, size, border), was_inverted })
}

fn decode(name: &str, bytes: &[u8]) -> Result<DynamicImage, DataError> {
    let refuse = |reason: String| DataError::NotAPicture { name: name.into(), reason };
    let explain = |error: ImageError| refuse(explain(&error));
    let reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| refuse(error.to_string()))?;
    if reader.format().is_none() {
        return Err(refuse("its first bytes are those of no picture".into()));
    }
    // The size stands in the header: a picture too large is refused before a pixel of it is decoded.
    let mut decoder = reader.into_decoder().map_err(explain)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE_PX || height > MAX_SIDE_PX {
        return Err(DataError::PictureTooLarge { name: name.into(), width, height });
    }
    if width == 0 || height == 0 {
        return Err(refuse("it has no pixels".into()));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    decoder.set_limits(limits).map_err(explain)?;
    // Phones store photographs lying and note how to turn them; a picture without that note stands as it is.
    let orientation = decoder.orientation().map_err(explain)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(explain)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn explain(error: &ImageError) -> String {
    match error {
        ImageError::Unsupported(_) => "it is of another kind of picture".into(),
        ImageError::Limits(_) => "decoding it would need more memory than a page has".into(),
        ImageError::IoError(_) => "it ends early".into(),
        other => other.to_string(),
    }
}

/// Grey bytes. What is transparent becomes paper under dark ink, black under bright ink.
fn flatten(picture: &GrayAlphaImage) -> Vec<u8> {
    let (ink, cover) = picture.pixels().fold((0_u64, 0_u64), |(ink, cover), pixel| {
        let [grey, alpha] = pixel.0.map(u64::from);
        (ink + grey * alpha, cover + alpha)
    });
    let paper = if 2 * ink < 255 * cover { 255 } else { 0 };
    let over_paper = |[grey, alpha]: [u8; 2]| {
        let sum = u32::from(grey) * u32::from(alpha) + paper * (255 - u32::from(alpha));
        ((sum + 127) / 255) as u8
    };
    picture.pixels().map(|pixel| over_paper(pixel.0)).collect()
}

/// Mean grey of the outermost pixels.
fn border_mean(grey: &[u8], size: Size) -> f32 {
    let Size { width, height } = size;
    let (mut sum, mut count) = (0_u64, 0_u64);
    let mut add = |values: &mut dyn Iterator<Item = &u8>| {
        for &value in values {
            sum += u64::from(value);
            count += 1;
        }
    };
    add(&mut grey[..width].iter());
    add(&mut grey[width * (height - 1)..].iter());
    add(&mut grey.iter().step_by(width));
    add(&mut grey.iter().skip(width - 1).step_by(width));
    sum as f32 / count as f32
}

fn fit(grey: &[u8], size: Size, border: f32) -> [u8; PIXELS] {
    let fitted = size.fit(SIDE);
    let resized = resize(grey, size, fitted);
    let mut pixels = [border.round() as u8; PIXELS];
    let (left, top) = ((SIDE - fitted.width) / 2, (SIDE - fitted.height) / 2);
    for (target, row) in pixels.chunks_exact_mut(SIDE).skip(top).zip(resized.chunks_exact(fitted.width)) {
        target[left..].iter_mut().zip(row).for_each(|(pixel, value)| *pixel = value.round() as u8);
    }
    pixels
}
