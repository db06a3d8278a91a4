//! MNIST's file format: a big-endian header, then grey bytes.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use pinhole_protocol::LIMITS;

use super::{
    DataError, PIXELS, SIDE,
    resample::{Size, resize},
};

/// Unsigned bytes in three dimensions.
const IMAGES_MAGIC: [u8; 4] = [0, 0, 8, 3];
/// Unsigned bytes in one dimension.
const LABELS_MAGIC: [u8; 4] = [0, 0, 8, 1];
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Longest side of an image in an IDX file: beyond it, a header is taken for a lie.
const MAX_IMAGE_SIDE: u32 = 1024;

/// Bytes after the promised images that are passed over with a warning; in a `.gz` more of them is a bomb.
const MAX_TRAILING_BYTES: u64 = 1 << 16;

/// Images of an IDX file, 28x28 bytes each, and what to tell of them.
#[derive(Debug)]
pub(super) struct IdxImages {
    pub(super) pixels: Vec<u8>,
    pub(super) warnings: Vec<String>,
}

/// Whether a file begins as an IDX file does, or as one that gzip packed.
pub(super) fn looks_like_idx(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP_MAGIC) || bytes.starts_with(&[0, 0])
}

/// Reads an IDX file of grey images, plain or packed by gzip.
///
/// Nothing is allocated on the header's word alone: images are read one by one, so a header that promises more than
/// there is costs no memory, and what a `.gz` unpacks to is never held beyond the promised images.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<IdxImages, DataError> {
    let file = File { name, is_gzip: bytes.starts_with(&GZIP_MAGIC) };
    if file.is_gzip { file.read(MultiGzDecoder::new(bytes)) } else { file.read(bytes) }
}

struct File<'a> {
    name: &'a str,
    is_gzip: bool,
}

#[derive(Clone, Copy)]
struct Header {
    count: u32,
    height: u32,
    width: u32,
}

impl File<'_> {
    fn read(&self, mut reader: impl Read) -> Result<IdxImages, DataError> {
        let header = self.header(&mut reader)?;
        let mut warnings = Vec::new();
        if (header.height, header.width) != (SIDE as u32, SIDE as u32) {
            warnings.push(format!(
                "The images of “{}” are {}x{}: they were brought to {SIDE}x{SIDE}.",
                self.name, header.height, header.width
            ));
        }
        let pixels = self.images(&mut reader, header)?;
        if let Some(warning) = self.trailing(reader, header)? {
            warnings.push(warning);
        }
        Ok(IdxImages { pixels, warnings })
    }

    fn header(&self, reader: &mut impl Read) -> Result<Header, DataError> {
        let mut start = Vec::new();
        reader.take(16).read_to_end(&mut start).map_err(|error| self.unreadable(&error))?;
        if start.starts_with(&LABELS_MAGIC) {
            return Err(DataError::Labels { name: self.name.into() });
        }
        if !start.starts_with(&IMAGES_MAGIC) {
            let found: Vec<String> = start.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            return Err(DataError::WrongMagic { name: self.name.into(), found: found.join(" ") });
        }
        let field = |index: usize| start.get(4 * index..4 * index + 4).and_then(|bytes| bytes.try_into().ok());
        let [Some(count), Some(height), Some(width)] = [field(1), field(2), field(3)] else {
            return Err(DataError::CutOffInHeader { name: self.name.into() });
        };
        let header = Header {
            count: u32::from_be_bytes(count),
            height: u32::from_be_bytes(height),
            width: u32::from_be_bytes(width),
        };
        self.check(header).map(|()| header)
    }

    fn check(&self, header: Header) -> Result<(), DataError> {
        let sides = 1..=MAX_IMAGE_SIDE;
        let problem = if header.count == 0 {
            "there is nothing to learn from".into()
        } else if !sides.contains(&header.height) || !sides.contains(&header.width) {
            format!(
                "images of 1x1 to {MAX_IMAGE_SIDE}x{MAX_IMAGE_SIDE} can be read, so the file is damaged, or not what it says"
            )
        } else if header.count as usize > LIMITS.images {
            format!("at most {} fit in a page, so cut the file, or check that it is not damaged", LIMITS.images)
        } else {
            return Ok(());
        };
        let Header { count, height, width } = header;
        Err(DataError::Header { name: self.name.into(), count, height, width, problem })
    }

    fn images(&self, reader: &mut impl Read, header: Header) -> Result<Vec<u8>, DataError> {
        let size = Size { width: header.width as usize, height: header.height as usize };
        let promised = header.count as usize;
        let mut image = vec![0; size.width * size.height];
        let mut pixels = Vec::new();
        for found in 0..promised {
            reader.read_exact(&mut image).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => DataError::CutOff { name: self.name.into(), promised, found },
                _ => self.unreadable(&error),
            })?;
            if image.len() == PIXELS && size == Size::square(SIDE) {
                pixels.extend_from_slice(&image);
            } else {
                let resized = resize(&image, size, Size::square(SIDE));
                pixels.extend(resized.into_iter().map(|value| value.round() as u8));
            }
        }
        Ok(pixels)
    }

    /// A warning about bytes after the last image. Reading on to the end also has gzip's checksum compared.
    fn trailing(&self, reader: impl Read, header: Header) -> Result<Option<String>, DataError> {
        let trailing = io::copy(&mut reader.take(MAX_TRAILING_BYTES + 1), &mut io::sink())
            .map_err(|error| self.unreadable(&error))?;
        let Header { count, .. } = header;
        match trailing {
            0 => Ok(None),
            1..=MAX_TRAILING_BYTES => Ok(Some(format!(
                "“{}” has {trailing} more bytes after its {count} images: they were ignored.",
                self.name
            ))),
            _ if self.is_gzip => Err(DataError::GzipBomb { name: self.name.into(), count }),
            _ => Ok(Some(format!("“{}” is longer than its {count} images: the rest was ignored.", self.name))),
        }
    }

    fn unreadable(&self, error: &io::Error) -> DataError {
        DataError::Gzip { name: self.name.into(), reason: error.to_string() }
    }
}
