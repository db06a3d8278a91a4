//! PNG and JPEG pictures: decoded, scaled down, and, if they are drawings, made bright ink on black.

mod colour;
mod components;
mod decode;
mod drawing;
mod filter;
mod frame;
mod ground;
mod ink;
mod levels;
mod otsu;
mod raster;
mod samples;
mod statistics;
mod texture;

use pinhole_protocol::{GridShape, PictureChange};

use self::{
    drawing::{Source, WORKING_SIDE},
    levels::Levels,
    raster::{Raster, Region},
    samples::Samples,
};
use super::{error::DataError, limits::PICTURE_SIDES, resample::Size};

/// A picture as it was opened, and as a drawing if it is one.
#[derive(Debug)]
pub(super) struct OpenedPicture {
    /// The picture without the changes of a drawing.
    pub(super) plain: Pixels,
    /// The drawing in it: bright ink on black.
    pub(super) drawing: Option<Pixels>,
    /// Changes that are made to the plain picture, and those that are made to the drawing.
    pub(super) plain_changes: Vec<PictureChange>,
    pub(super) drawing_changes: Vec<PictureChange>,
}

/// Pixels, at most as many as a network reads.
#[derive(Clone, Debug)]
pub(super) struct Pixels {
    /// Three channels; the longer side has 1 to 64 pixels.
    pub(super) shape: GridShape,
    /// Red, green and blue, one after the other.
    pub(super) bytes: Vec<u8>,
    /// True if it is in colour; else only its luma counts.
    pub(super) is_coloured: bool,
}

impl Pixels {
    fn of(raster: &Raster, is_coloured: bool) -> Self {
        let (Size { width, height }, bytes) = raster.to_bytes(*PICTURE_SIDES.end());
        Self { shape: GridShape { channels: 3, height, width }, bytes, is_coloured }
    }
}

/// Decodes a PNG or JPEG picture and scales it down to at most 64x64, with its aspect kept. With `as_is` the plain
/// picture has the file's own levels; the drawing is found all the same.
pub(super) fn read(name: &str, bytes: &[u8], as_is: bool) -> Result<OpenedPicture, DataError> {
    let image = decode::decode(name, bytes)?;
    let samples = Samples::of(&image)
        .ok_or_else(|| DataError::NotAPicture { name: name.into(), reason: "its samples are no integers".into() })?;
    let size = Size { width: image.width() as usize, height: image.height() as usize };
    let levels = Levels::of_content(&samples);
    let whole = Region::whole(size);
    let (raster, background) = Raster::of(&samples, whole, levels, WORKING_SIDE, None);
    let found = drawing::find(Source { samples, size, levels, background }, &raster);
    let stretched = levels.is_stretched.then_some(PictureChange::Stretched);
    let (drawing, drawing_changes) = match found {
        Some(drawing) => {
            let mut changes = drawing.changes;
            if !changes.contains(&PictureChange::Stretched) {
                changes.extend(stretched);
            }
            (Some(Pixels::of(&drawing.raster, drawing.is_coloured)), changes)
        }
        None => (None, Vec::new()),
    };
    let plain =
        if as_is { &Raster::of(&samples, whole, Levels::of_format(&samples), WORKING_SIDE, None).0 } else { &raster };
    let plain = Pixels::of(plain, colour::is_coloured(&plain.planes));
    Ok(OpenedPicture { plain, drawing, plain_changes: stretched.into_iter().collect(), drawing_changes })
}
