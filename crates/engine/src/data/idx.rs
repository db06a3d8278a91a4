//! IDX, the file format of MNIST: a big-endian header, then grey bytes or labels.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use pinhole_protocol::{GridShape, LIMITS};

use super::{
    error::DataError,
    limits::{MAX_PIXELS, PICTURE_SIDES},
    resample::{Size, resize},
};

/// Magic number of unsigned bytes in three dimensions.
const IMAGES_MAGIC: [u8; 4] = [0, 0, 8, 3];
/// Magic number of unsigned bytes in one dimension.
const LABELS_MAGIC: [u8; 4] = [0, 0, 8, 1];
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Largest side of an image that a header may claim.
const MAX_IMAGE_SIDE: u32 = 1024;

/// Most trailing bytes that are ignored with a warning; in a `.gz`, more of them are refused as a bomb.
const MAX_TRAILING_BYTES: u64 = 1 << 16;

/// Content of an IDX file.
#[derive(Debug)]
pub(super) enum Idx {
    Images(IdxImages),
    /// One number per image.
    Labels(Vec<u8>),
}

/// Images of an IDX file, with warnings for the user.
#[derive(Debug)]
pub(super) struct IdxImages {
    pub(super) shape: GridShape,
    pub(super) pixels: Vec<u8>,
    pub(super) warnings: Vec<String>,
}

/// True if a file begins as an IDX file does, or as a gzip stream.
pub(super) fn looks_like_idx(bytes: &[u8]) -> bool {
    // HEIC and AVIF pictures begin with two zeros too, and then with their brand.
    let is_media = bytes.get(4..8) == Some(b"ftyp");
    bytes.starts_with(&GZIP_MAGIC) || (bytes.starts_with(&[0, 0]) && !is_media)
}

/// Reads an IDX file of grey images or of labels, plain or gzipped. Images keep their size if their sides have 16 to 64
/// pixels.
///
/// Nothing is allocated by the header's numbers alone: images are read one by one, so that a header that promises more
/// than there is costs no memory, and no more of a `.gz` than the promised images is ever held.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Idx, DataError> {
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

impl Header {
    const fn size(self) -> Size {
        Size { width: self.width as usize, height: self.height as usize }
    }
}

/// The size nearest to an image's own that networks can read.
fn supported_size(size: Size) -> Size {
    let (least, most) = (*PICTURE_SIDES.start(), *PICTURE_SIDES.end());
    let fitted = if size.width.max(size.height) > most { size.fit(most) } else { size };
    Size { width: fitted.width.max(least), height: fitted.height.max(least) }
}

impl File<'_> {
    fn read(&self, mut reader: impl Read) -> Result<Idx, DataError> {
        let mut magic = Vec::new();
        (&mut reader).take(4).read_to_end(&mut magic).map_err(|error| self.unreadable(&error))?;
        if magic == LABELS_MAGIC {
            return self.labels(reader).map(Idx::Labels);
        }
        if magic != IMAGES_MAGIC {
            let found: Vec<String> = magic.iter().map(|byte| format!("{byte:02x}")).collect();
            return Err(DataError::WrongMagic { name: self.name.into(), found: found.join(" ") });
        }
        let header = self.header(&mut reader)?;
        let (from, to) = (header.size(), supported_size(header.size()));
        let mut warnings = Vec::new();
        if from != to {
            warnings.push(format!(
                "The images of “{}” are {}x{}: they were brought to {}x{}.",
                self.name, from.height, from.width, to.height, to.width
            ));
        }
        let pixels = self.images(&mut reader, header, to)?;
        if let Some(warning) = self.trailing(reader, header.count as usize, "images")? {
            warnings.push(warning);
        }
        Ok(Idx::Images(IdxImages {
            shape: GridShape { channels: 1, height: to.height, width: to.width },
            pixels,
            warnings,
        }))
    }

    /// Reads big-endian 32-bit numbers.
    fn numbers<const N: usize>(&self, reader: &mut impl Read) -> Result<[u32; N], DataError> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            let mut bytes = [0; 4];
            reader.read_exact(&mut bytes).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => DataError::CutOffInHeader { name: self.name.into() },
                _ => self.unreadable(&error),
            })?;
            *number = u32::from_be_bytes(bytes);
        }
        Ok(numbers)
    }

    fn header(&self, reader: &mut impl Read) -> Result<Header, DataError> {
        let [count, height, width] = self.numbers(reader)?;
        let header = Header { count, height, width };
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
        } else {
            let size = supported_size(header.size());
            let most = LIMITS.images.min(MAX_PIXELS / (size.width * size.height));
            if header.count as usize <= most {
                return Ok(());
            }
            format!("at most {most} fit in a page, so cut the file, or check that it is not damaged")
        };
        let Header { count, height, width } = header;
        Err(DataError::Header { name: self.name.into(), count, height, width, problem })
    }

    fn images(&self, reader: &mut impl Read, header: Header, to: Size) -> Result<Vec<u8>, DataError> {
        let from = header.size();
        let promised = header.count as usize;
        let mut image = vec![0; from.width * from.height];
        let mut pixels = Vec::new();
        for found in 0..promised {
            self.fill(reader, &mut image, promised, found, "images")?;
            if from == to {
                pixels.extend_from_slice(&image);
            } else {
                pixels.extend(resize(&image, from, to).into_iter().map(|value| value.round() as u8));
            }
        }
        Ok(pixels)
    }

    fn labels(&self, mut reader: impl Read) -> Result<Vec<u8>, DataError> {
        let [count] = self.numbers(&mut reader)?;
        let promised = count as usize;
        if promised > LIMITS.images {
            return Err(DataError::TooManyLabels { name: self.name.into(), count: promised });
        }
        let mut labels = vec![0; promised];
        for (found, label) in labels.iter_mut().enumerate() {
            self.fill(&mut reader, std::slice::from_mut(label), promised, found, "labels")?;
        }
        self.trailing(reader, promised, "labels")?;
        Ok(labels)
    }

    fn fill(
        &self,
        reader: &mut impl Read,
        bytes: &mut [u8],
        promised: usize,
        found: usize,
        what: &'static str,
    ) -> Result<(), DataError> {
        reader.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => DataError::CutOff { name: self.name.into(), promised, found, what },
            _ => self.unreadable(&error),
        })
    }

    /// Returns a warning about bytes after the last image. Reading to the end also makes the decoder check gzip's
    /// checksum.
    fn trailing(&self, reader: impl Read, count: usize, what: &'static str) -> Result<Option<String>, DataError> {
        let trailing = io::copy(&mut reader.take(MAX_TRAILING_BYTES + 1), &mut io::sink())
            .map_err(|error| self.unreadable(&error))?;
        match trailing {
            0 => Ok(None),
            1..=MAX_TRAILING_BYTES => Ok(Some(format!(
                "“{}” has {trailing} more bytes after its {count} {what}: they were ignored.",
                self.name
            ))),
            _ if self.is_gzip => Err(DataError::GzipBomb { name: self.name.into(), count, what }),
            _ => Ok(Some(format!("“{}” is longer than its {count} {what}: the rest was ignored.", self.name))),
        }
    }

    fn unreadable(&self, error: &io::Error) -> DataError {
        DataError::Gzip { name: self.name.into(), reason: error.to_string() }
    }
}
