//! Samples of a decoded picture.

use image::DynamicImage;

/// Samples of a decoded picture, pixel by pixel, row by row: grey, grey and alpha, RGB, or RGB and alpha.
#[derive(Clone, Copy, Debug)]
pub(super) struct Samples<'a> {
    pub(super) values: Values<'a>,
    /// Pixels of a row.
    pub(super) width: usize,
    /// Samples of a pixel, 1 to 4.
    pub(super) channels: usize,
}

/// Samples of 8 or 16 bits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Values<'a> {
    Bytes(&'a [u8]),
    Words(&'a [u16]),
}

impl<'a> Samples<'a> {
    /// The samples of a picture; `None` if they are floats, which no decoder here gives.
    pub(super) fn of(image: &'a DynamicImage) -> Option<Self> {
        let (width, channels) = (image.width() as usize, usize::from(image.color().channel_count()));
        let bytes = image.as_flat_samples_u8().map(|flat| Values::Bytes(flat.samples));
        let values = bytes.or_else(|| image.as_flat_samples_u16().map(|flat| Values::Words(flat.samples)))?;
        Some(Self { values, width, channels })
    }

    /// Samples of a pixel without alpha: 1 or 3.
    pub(super) const fn colours(&self) -> usize {
        if self.channels < 3 { 1 } else { 3 }
    }

    /// True if there is an alpha channel.
    pub(super) const fn has_alpha(&self) -> bool {
        self.channels.is_multiple_of(2)
    }

    /// Highest alpha.
    pub(super) const fn full_alpha(&self) -> f32 {
        match self.values {
            Values::Bytes(_) => u8::MAX as f32,
            Values::Words(_) => u16::MAX as f32,
        }
    }

    /// One sample of each of the pixels `pixels`, counted from the picture's first.
    pub(super) fn read(&self, pixels: std::ops::Range<usize>, channel: usize, into: &mut Vec<f32>) {
        let range = pixels.start * self.channels..pixels.end * self.channels;
        let every = self.channels;
        into.clear();
        match self.values {
            Values::Bytes(bytes) => {
                into.extend(bytes[range].iter().skip(channel).step_by(every).map(|&value| f32::from(value)));
            }
            Values::Words(words) => {
                into.extend(words[range].iter().skip(channel).step_by(every).map(|&value| f32::from(value)));
            }
        }
    }
}
