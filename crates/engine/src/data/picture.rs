//! PNG and JPEG pictures, decoded and scaled down.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbaImage};
use pinhole_protocol::GridShape;

use super::{
    error::DataError,
    fit::{border_mean, luma, luma_of},
    limits::{MAX_SIDE_PX, PICTURE_SIDES},
    resample::{Size, resize},
};

/// Most bytes that a decoder may allocate: 8192x8192 pixels of 4 bytes.
const MAX_DECODED_BYTES: u64 = 4 * (MAX_SIDE_PX as u64) * (MAX_SIDE_PX as u64);

/// Border luma above which a picture is dark ink on paper.
const MIN_LIGHT_LUMA: f32 = 127.5;

/// Difference of a pixel's channels above which it has a colour; scans and JPEG leave a tint below it.
const MIN_COLOUR_DIFFERENCE: u8 = 32;

/// Share of coloured pixels above which a picture is in colour rather than ink: a blue pen covers far less.
const MIN_COLOURED_SHARE: f64 = 0.25;

/// A decoded picture, at most as large as a network reads.
#[derive(Debug)]
pub(super) struct DecodedPicture {
    /// Three channels; the longer side has 1 to 64 pixels.
    pub(super) shape: GridShape,
    /// Red, green and blue, one after the other.
    pub(super) pixels: Vec<u8>,
    /// True if it is in colour; else only its luma counts.
    pub(super) is_coloured: bool,
    /// True if its border is light, as of dark ink on paper.
    pub(super) has_light_border: bool,
}

/// Decodes a PNG or JPEG picture and scales it down to at most 64x64, with its aspect kept.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<DecodedPicture, DataError> {
    let picture = decode(name, bytes)?.into_rgba8();
    let size = Size { width: picture.width() as usize, height: picture.height() as usize };
    let most = *PICTURE_SIDES.end();
    let scaled = if size.width.max(size.height) > most { size.fit(most) } else { size };
    let background = background_of(&picture);
    let mut pixels = Vec::new();
    let mut border = [0; 3];
    // One channel at a time: three at once of a large photograph would take as much memory again.
    for (channel, border) in border.iter_mut().enumerate() {
        let plane: Vec<u8> = picture.pixels().map(|pixel| blend(pixel.0[channel], pixel.0[3], background)).collect();
        *border = border_mean(&plane, size).round() as u8;
        pixels.extend(resize(&plane, size, scaled).into_iter().map(|value| value.round() as u8));
    }
    let shape = GridShape { channels: 3, height: scaled.height, width: scaled.width };
    let is_coloured = is_coloured(&pixels, scaled.height * scaled.width);
    Ok(DecodedPicture { shape, pixels, is_coloured, has_light_border: f32::from(luma_of(border)) > MIN_LIGHT_LUMA })
}

impl DecodedPicture {
    /// The grey picture, inverted if its border is light, as ink is bright here.
    pub(super) fn into_ink(self) -> (GridShape, Vec<u8>) {
        let mut grey = luma(&self.pixels, self.shape.height * self.shape.width);
        if self.has_light_border {
            for value in &mut grey {
                *value = 255 - *value;
            }
        }
        (GridShape { channels: 1, ..self.shape }, grey)
    }
}

fn decode(name: &str, bytes: &[u8]) -> Result<DynamicImage, DataError> {
    let refuse = |reason: String| DataError::NotAPicture { name: name.into(), reason };
    let explain = |error: ImageError| refuse(explain(&error));
    let reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| refuse(error.to_string()))?;
    if reader.format().is_none() {
        return Err(refuse("its first bytes are those of no picture".into()));
    }
    // The size is in the header: a picture too large is refused before any pixel is decoded.
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
    // Phones store photographs sideways with an orientation tag; a picture without the tag is upright.
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

/// Background of a picture's transparent parts: white under dark ink, black under bright ink.
fn background_of(picture: &RgbaImage) -> u8 {
    let (ink, cover) = picture.pixels().fold((0_u64, 0_u64), |(ink, cover), pixel| {
        let [red, green, blue, alpha] = pixel.0;
        (ink + u64::from(luma_of([red, green, blue])) * u64::from(alpha), cover + u64::from(alpha))
    });
    if 2 * ink < 255 * cover { 255 } else { 0 }
}

fn blend(value: u8, alpha: u8, background: u8) -> u8 {
    let (value, alpha, background) = (u32::from(value), u32::from(alpha), u32::from(background));
    ((value * alpha + background * (255 - alpha) + 127) / 255) as u8
}

fn is_coloured(pixels: &[u8], plane_len: usize) -> bool {
    let difference = |index: usize| {
        let values = [pixels[index], pixels[plane_len + index], pixels[2 * plane_len + index]];
        let [first, second, third] = values;
        first.max(second).max(third) - first.min(second).min(third)
    };
    let coloured = (0..plane_len).filter(|&index| difference(index) > MIN_COLOUR_DIFFERENCE).count();
    coloured as f64 > MIN_COLOURED_SHARE * plane_len as f64
}
