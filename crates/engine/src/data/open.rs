//! Opening of the user's files.

use pinhole_protocol::{GridShape, LIMITS, NamedFile};

use super::{
    error::DataError,
    fit,
    idx::{self, Idx, IdxImages},
    labels::Labels,
    limits::{MAX_PIXELS, PICTURE_SIDES},
    picture::{self, DecodedPicture},
    sample_set::SampleSet,
};

/// Skipped files that are named in a warning each; of more, only the number is given.
const MAX_NAMED_WARNINGS: usize = 5;

/// Number that means "no label" in a file of labels: -1 as a byte.
const UNLABELLED: u8 = 255;

/// Reads MNIST-style IDX files (plain or `.gz`) with their labels, and PNG and JPEG pictures: one or many.
///
/// All images are fitted to one shape: that of the first IDX file, else the smallest square of 16 to 64 pixels that
/// holds the largest picture; in colour if any picture is. Files of labels belong to the files of images in the order
/// chosen; 255 means "no label". A file that cannot be used is skipped with a warning that names it.
///
/// # Errors
/// When no file can be used, labels belong to no images or differ in number from them, or there are too many images.
pub fn open_images(files: &[NamedFile]) -> Result<SampleSet, DataError> {
    let mut opened = Opened::default();
    for file in files {
        match opened.add(file) {
            Err(error @ DataError::TooManyImages { .. }) => return Err(error),
            Err(error) => opened.refused.push(error),
            Ok(()) => {}
        }
    }
    opened.into_set(files)
}

#[derive(Default)]
struct Opened {
    /// Images by file, in the order chosen.
    parts: Vec<Part>,
    labels: Vec<NamedLabels>,
    pixels: usize,
    refused: Vec<DataError>,
}

enum Part {
    Idx { name: String, images: IdxImages },
    Picture(DecodedPicture),
}

struct NamedLabels {
    name: String,
    numbers: Vec<u8>,
}

impl Part {
    const fn images(&self) -> usize {
        match self {
            Self::Idx { images, .. } => images.pixels.len() / images.shape.len(),
            Self::Picture(_) => 1,
        }
    }
}

impl Opened {
    fn add(&mut self, NamedFile { name, bytes }: &NamedFile) -> Result<(), DataError> {
        let bytes = bytes.0.as_slice();
        if bytes.is_empty() {
            return Err(DataError::EmptyFile { name: name.clone() });
        }
        if !idx::looks_like_idx(bytes) {
            let picture = picture::read(name, bytes)?;
            return self.take(picture.pixels.len(), Part::Picture(picture));
        }
        match idx::read(name, bytes)? {
            Idx::Images(images) => self.take(images.pixels.len(), Part::Idx { name: name.clone(), images }),
            Idx::Labels(numbers) => {
                self.labels.push(NamedLabels { name: name.clone(), numbers });
                Ok(())
            }
        }
    }

    fn take(&mut self, pixels: usize, part: Part) -> Result<(), DataError> {
        self.pixels += pixels;
        if self.images() + part.images() > LIMITS.images || self.pixels > MAX_PIXELS {
            return Err(DataError::TooManyImages { most: LIMITS.images });
        }
        self.parts.push(part);
        Ok(())
    }

    fn images(&self) -> usize {
        self.parts.iter().map(Part::images).sum()
    }

    fn is_coloured(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Picture(picture) if picture.is_coloured))
    }

    /// The shape that all images are fitted to.
    fn shape(&self) -> GridShape {
        let channels = if self.is_coloured() { 3 } else { 1 };
        let first_idx = self.parts.iter().find_map(|part| match part {
            Part::Idx { images, .. } => Some(images.shape),
            Part::Picture(_) => None,
        });
        let longest = self.parts.iter().filter_map(|part| match part {
            Part::Idx { .. } => None,
            Part::Picture(picture) => Some(picture.shape.height.max(picture.shape.width)),
        });
        let side = longest.max().unwrap_or(0).max(*PICTURE_SIDES.start());
        let GridShape { height, width, .. } = first_idx.unwrap_or(GridShape { channels, height: side, width: side });
        GridShape { channels, height, width }
    }

    fn into_set(self, files: &[NamedFile]) -> Result<SampleSet, DataError> {
        let images = self.images();
        if images == 0 {
            return Err(self.no_usable_file(files));
        }
        let name = match files {
            [file] => file.name.clone(),
            _ if self.parts.len() == 1 && self.refused.is_empty() => self.name_of_only_file(files),
            _ if images == 1 => "1 image".into(),
            _ => format!("{images} images"),
        };
        let shape = self.shape();
        let most = MAX_PIXELS / shape.len();
        if images > most {
            return Err(DataError::TooManyImages { most });
        }
        let labels = self.labels()?;
        let mut warnings = Vec::new();
        let pixels = collect(self.parts, shape, &mut warnings);
        warnings.extend(self.refused.iter().take(MAX_NAMED_WARNINGS).map(|error| format!("Skipped: {error}")));
        let unnamed = self.refused.len().saturating_sub(MAX_NAMED_WARNINGS);
        if unnamed > 0 {
            warnings.push(format!("Skipped: {unnamed} more files that cannot be used."));
        }
        let mut set = SampleSet::pictures(name, shape, pixels).with_labels(labels);
        set.warnings = warnings;
        Ok(set)
    }

    fn no_usable_file(self, files: &[NamedFile]) -> DataError {
        if let Some(labels) = self.labels.into_iter().next() {
            return DataError::Labels { name: labels.name };
        }
        let Some(first) = self.refused.into_iter().next() else { return DataError::NoFiles };
        if files.len() == 1 { first } else { DataError::NoneUsable { count: files.len(), first: Box::new(first) } }
    }

    /// Name of a set of one file of images, with or without a file of labels: that of the images.
    fn name_of_only_file(&self, files: &[NamedFile]) -> String {
        let is_labels = |file: &&NamedFile| self.labels.iter().any(|labels| labels.name == file.name);
        files.iter().find(|file| !is_labels(file)).map_or_else(String::new, |file| file.name.clone())
    }

    /// Labels of all images: the first file of labels belongs to the first file of images, and so on.
    fn labels(&self) -> Result<Labels, DataError> {
        let mut files = self.labels.iter();
        let mut numbers: Vec<Option<u8>> = Vec::new();
        for part in &self.parts {
            let images = part.images();
            match part {
                Part::Idx { name, .. } if !files.as_slice().is_empty() => {
                    let Some(labels) = files.next() else { continue };
                    if labels.numbers.len() != images {
                        return Err(DataError::LabelCount {
                            name: labels.name.clone(),
                            labels: labels.numbers.len(),
                            images_name: name.clone(),
                            images,
                        });
                    }
                    numbers.extend(labels.numbers.iter().map(|&number| (number != UNLABELLED).then_some(number)));
                }
                Part::Idx { .. } | Part::Picture(_) => numbers.extend(std::iter::repeat_n(None, images)),
            }
        }
        match files.next() {
            Some(spare) => Err(DataError::Labels { name: spare.name.clone() }),
            None => Ok(Labels::of_numbers(&numbers)),
        }
    }
}

/// Fits all images to one shape, and adds warnings about what was changed.
fn collect(parts: Vec<Part>, shape: GridShape, warnings: &mut Vec<String>) -> Vec<u8> {
    let images: usize = parts.iter().map(Part::images).sum();
    let mut pixels = Vec::new();
    let mut inverted = 0;
    for part in parts {
        match part {
            Part::Idx { images, name } => {
                warnings.extend(images.warnings);
                if (images.shape.height, images.shape.width) != (shape.height, shape.width) {
                    warnings.push(format!(
                        "The images of “{name}” were brought to the {}x{} of the first file.",
                        shape.height, shape.width
                    ));
                }
                if pixels.is_empty() && images.shape == shape {
                    // A whole file of images is large enough to be moved, not copied.
                    pixels = images.pixels;
                } else {
                    let each = images.pixels.chunks_exact(images.shape.len());
                    pixels.extend(each.flat_map(|image| fit::fit_picture(image, images.shape, shape)));
                }
            }
            Part::Picture(picture) if shape.channels == 3 => {
                pixels.extend(fit::fit_picture(&picture.pixels, picture.shape, shape));
            }
            Part::Picture(picture) => {
                inverted += usize::from(picture.has_light_border);
                let (grey, ink) = picture.into_ink();
                pixels.extend(fit::fit_picture(&ink, grey, shape));
            }
        }
    }
    warnings.extend(inversion_warning(inverted, images));
    pixels
}

fn inversion_warning(inverted: usize, images: usize) -> Option<String> {
    let which = match (inverted, images) {
        (0, _) => return None,
        (1, 1) => "The picture has a light border: it was".to_owned(),
        (1, _) => "1 picture has a light border: it was".to_owned(),
        _ => format!("{inverted} pictures have a light border: they were"),
    };
    Some(format!("{which} taken for dark ink on paper and inverted, as ink is bright here."))
}
