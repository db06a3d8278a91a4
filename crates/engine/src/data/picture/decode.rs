//! Decoding of PNG and JPEG files.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

use crate::data::{error::DataError, limits::MAX_SIDE_PX};

/// Most bytes that a decoder may allocate: 8192x8192 pixels of 4 bytes.
const MAX_DECODED_BYTES: u64 = 4 * (MAX_SIDE_PX as u64) * (MAX_SIDE_PX as u64);

/// Decodes a PNG or JPEG picture and turns it upright; of an animated PNG, its first picture. Its samples have 8 or 16
/// bits.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<DynamicImage, DataError> {
    let refuse = |reason: String| DataError::NotAPicture { name: name.into(), reason };
    let explain = |error: ImageError| refuse(explain(&error));
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(refuse("it is a HEIC or AVIF picture, as phones take them: save it as JPEG".into()));
    }
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
    let has_integers = picture.as_flat_samples_u8().is_some() || picture.as_flat_samples_u16().is_some();
    Ok(if has_integers { picture } else { picture.into_rgba16().into() })
}

fn explain(error: &ImageError) -> String {
    match error {
        ImageError::Unsupported(_) => "it is of another kind of picture".into(),
        ImageError::Limits(_) => "decoding it would need more memory than a page has".into(),
        ImageError::IoError(_) => "it ends early".into(),
        // A decoder's own words name its tables and markers, on several lines.
        ImageError::Decoding(_) => "it is damaged".into(),
        other => other.to_string(),
    }
}
