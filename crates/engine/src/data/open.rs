//! Files that the user chose.

use pinhole_protocol::{LIMITS, NamedFile};

use super::{DataError, ImageSet, PIXELS, idx, picture};

/// Files passed over that are each named; of more, the number is told.
const NAMED_WARNINGS: usize = 5;

/// Reads MNIST-style IDX files (plain or `.gz`), PNG and JPEG pictures: one or many, brought to 28x28 grey.
///
/// A file that cannot be used is passed over with a warning that names it.
///
/// # Errors
/// When no file can be used, or they hold more images than fit.
pub fn open_images(files: &[NamedFile]) -> Result<ImageSet, DataError> {
    let mut opened = Opened::default();
    for file in files {
        match opened.add(file) {
            Err(DataError::TooManyImages) => return Err(DataError::TooManyImages),
            Err(error) => opened.refused.push(error),
            Ok(()) => {}
        }
    }
    opened.into_set(files)
}

#[derive(Default)]
struct Opened {
    pixels: Vec<u8>,
    warnings: Vec<String>,
    inverted: usize,
    refused: Vec<DataError>,
}

impl Opened {
    fn add(&mut self, NamedFile { name, bytes }: &NamedFile) -> Result<(), DataError> {
        let bytes = bytes.0.as_slice();
        if bytes.is_empty() {
            return Err(DataError::EmptyFile { name: name.clone() });
        }
        if idx::looks_like_idx(bytes) {
            let images = idx::read(name, bytes)?;
            self.take(&images.pixels)?;
            self.warnings.extend(images.warnings);
        } else {
            let picture = picture::read(name, bytes)?;
            self.take(&picture.pixels)?;
            self.inverted += usize::from(picture.was_inverted);
        }
        Ok(())
    }

    fn take(&mut self, pixels: &[u8]) -> Result<(), DataError> {
        if (self.pixels.len() + pixels.len()) / PIXELS > LIMITS.images {
            return Err(DataError::TooManyImages);
        }
        self.pixels.extend_from_slice(pixels);
        Ok(())
    }

    fn into_set(mut self, files: &[NamedFile]) -> Result<ImageSet, DataError> {
        let images = self.pixels.len() / PIXELS;
        let name = match files {
            [] => return Err(DataError::NoFiles),
            [file] => file.name.clone(),
            _ if images == 1 => "1 image".into(),
            _ => format!("{images} images"),
        };
        if images == 0 {
            let mut refused = self.refused.into_iter();
            let first = refused.next().ok_or(DataError::NoFiles)?;
            let none_usable = DataError::NoneUsable { count: files.len(), first: Box::new(first.clone()) };
            return Err(if files.len() == 1 { first } else { none_usable });
        }
        self.warnings.extend(self.refused.iter().take(NAMED_WARNINGS).map(|error| format!("Passed over: {error}")));
        let unnamed = self.refused.len().saturating_sub(NAMED_WARNINGS);
        if unnamed > 0 {
            self.warnings.push(format!("Passed over: {unnamed} more files that cannot be used."));
        }
        self.warnings.extend(inverted_note(self.inverted, images));
        Ok(ImageSet { name, pixels: self.pixels, warnings: self.warnings })
    }
}

fn inverted_note(inverted: usize, images: usize) -> Option<String> {
    let which = match (inverted, images) {
        (0, _) => return None,
        (1, 1) => "The picture has a light border: it was".to_owned(),
        (1, _) => "1 picture has a light border: it was".to_owned(),
        _ => format!("{inverted} pictures have a light border: they were"),
    };
    Some(format!("{which} taken for dark ink on paper and inverted, as ink is bright here."))
}
