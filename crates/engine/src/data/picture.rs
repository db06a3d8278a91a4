//! PNG and JPEG pictures, made small.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbaImage};
use pinhole_protocol::GridShape;

use super::{
    DataError, PICTURE_SIDES,
    frame::{border_mean, luma, luma_of},
    resample::{Size, resize},
};

/// Widest and highest picture that is decoded.
pub(super) const MAX_SIDE_PX: u32 = 8192;

/// Most bytes that a decoder may allocate: 8192x8192 pixels of 4 bytes.
const MAX_DECODED_BYTES: u64 = 4 * (MAX_SIDE_PX as u64) * (MAX_SIDE_PX as u64);

/// Above this grey, a border is paper and the ink on it is dark.
const LIGHT: f32 = 127.5;

/// A pixel whose channels lie further apart than this has a colour; scans and JPEG leave a tint below it.
const COLOUR_SPREAD: u8 = 32;

/// A picture with more coloured pixels than this is one of colours, not of ink: a blue pen covers far less.
const COLOUR_SHARE: f64 = 0.25;

/// A picture, at most as large as a network reads.
#[derive(Debug)]
pub(super) struct Picture {
    /// Three channels of its own size: the longer side 1 to 64 pixels.
    pub(super) shape: GridShape,
    /// Red, green and blue, one after the other.
    pub(super) pixels: Vec<u8>,
    /// Whether it is one of colours; else its channels are but grey.
    pub(super) is_coloured: bool,
    /// Whether its border is light, as that of ink on paper is.
    pub(super) has_light_border: bool,
}

/// Decodes a PNG or JPEG picture and brings it down to at most 64x64, keeping its aspect.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Picture, DataError> {
    let picture = decode(name, bytes)?.into_rgba8();
    let size = Size { width: picture.width() as usize, height: picture.height() as usize };
    let most = *PICTURE_SIDES.end();
    let small = if size.width.max(size.height) > most { size.fit(most) } else { size };
    let paper = paper_under(&picture);
    let mut pixels = Vec::new();
    let mut border = [0; 3];
    // One channel at a time: three of a large photograph would take as much memory again.
    for (channel, border) in border.iter_mut().enumerate() {
        let plane: Vec<u8> = picture.pixels().map(|pixel| over_paper(pixel.0[channel], pixel.0[3], paper)).collect();
        *border = border_mean(&plane, size).round() as u8;
        pixels.extend(resize(&plane, size, small).into_iter().map(|value| value.round() as u8));
    }
    let shape = GridShape { channels: 3, height: small.height, width: small.width };
    let is_coloured = is_coloured(&pixels, small.height * small.width);
    Ok(Picture { shape, pixels, is_coloured, has_light_border: f32::from(luma_of(border)) > LIGHT })
}

impl Picture {
    /// The grey picture, with light and dark exchanged where its border is light: ink is bright here.
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

/// What lies under a picture's transparent parts: paper under dark ink, black under bright ink.
fn paper_under(picture: &RgbaImage) -> u8 {
    let (ink, cover) = picture.pixels().fold((0_u64, 0_u64), |(ink, cover), pixel| {
        let [red, green, blue, alpha] = pixel.0;
        (ink + u64::from(luma_of([red, green, blue])) * u64::from(alpha), cover + u64::from(alpha))
    });
    if 2 * ink < 255 * cover { 255 } else { 0 }
}

fn over_paper(value: u8, alpha: u8, paper: u8) -> u8 {
    let (value, alpha, paper) = (u32::from(value), u32::from(alpha), u32::from(paper));
    ((value * alpha + paper * (255 - alpha) + 127) / 255) as u8
}

fn is_coloured(pixels: &[u8], plane_len: usize) -> bool {
    let spread = |index: usize| {
        let values = [pixels[index], pixels[plane_len + index], pixels[2 * plane_len + index]];
        let [first, second, third] = values;
        first.max(second).max(third) - first.min(second).min(third)
    };
    let coloured = (0..plane_len).filter(|&index| spread(index) > COLOUR_SPREAD).count();
    coloured as f64 > COLOUR_SHARE * plane_len as f64
}
