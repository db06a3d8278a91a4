//! Opening of the user's files.

use pinhole_protocol::{ChangedPicture, ChangedPictures, GridShape, LIMITS, NamedFile, PictureChange};

use super::{
    error::DataError,
    fit,
    idx::{self, Idx, IdxImages},
    labels::Labels,
    limits::{MAX_PIXELS, PICTURE_SIDES},
    picture::{self, OpenedPicture, Pixels},
    sample_set::SampleSet,
};

/// Skipped files that are named in a warning each; of more, only the number is given.
const MAX_NAMED_WARNINGS: usize = 5;

/// Share of pictures that are photographs in colour, from which on none of them is taken for a drawing, and share of those
/// that are no drawings, above which none is: among photographs of things before a bright wall or sky, a few look like
/// one, and a set that is inverted in part teaches a network nothing.
const PHOTOGRAPHS_SHARE: f64 = 0.5;

/// Number that means "no label" in a file of labels: -1 as a byte.
const UNLABELLED: u8 = 255;

/// Reads MNIST-style IDX files (plain or `.gz`) with their labels, and PNG and JPEG pictures: one or many.
///
/// All images are fitted to one shape: that of the first IDX file, else the smallest square of 16 to 64 pixels that
/// holds the largest picture; in colour if any picture is. Files of labels belong to the files of images in the order
/// chosen; 255 means "no label". A file that cannot be used is skipped with a warning that names it.
///
/// A PNG or JPEG picture that is a drawing becomes bright ink on black, evenly lit and in the middle, unless most of
/// the pictures are no drawings; [`SampleSet::changed`] lists what was done.
///
/// # Errors
/// When no file can be used, labels belong to no images or differ in number from them, or there are too many images.
pub fn open_images(files: &[NamedFile]) -> Result<SampleSet, DataError> {
    open_images_with(files, |_| false)
}

/// As [`open_images`]; the picture of each file for whose index `is_as_is` returns true is left as it is.
///
/// # Errors
/// As [`open_images`].
pub fn open_images_with(files: &[NamedFile], is_as_is: impl Fn(usize) -> bool) -> Result<SampleSet, DataError> {
    let mut opened = Opened::default();
    for (index, file) in files.iter().enumerate() {
        match opened.add(file, index, is_as_is(index)) {
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
    Picture(Box<FilePicture>),
}

/// A picture and its file.
struct FilePicture {
    name: String,
    /// Index of the file in the order chosen.
    file: usize,
    /// True if the picture is left as it is.
    as_is: bool,
    picture: OpenedPicture,
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
    fn add(&mut self, NamedFile { name, bytes }: &NamedFile, file: usize, as_is: bool) -> Result<(), DataError> {
        let bytes = bytes.0.as_slice();
        if bytes.is_empty() {
            return Err(DataError::EmptyFile { name: name.clone() });
        }
        if !idx::looks_like_idx(bytes) {
            let picture = picture::read(name, bytes, as_is)?;
            let pixels = picture.plain.bytes.len();
            return self
                .take(pixels, Part::Picture(Box::new(FilePicture { name: name.clone(), file, as_is, picture })));
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

    fn pictures(&self) -> impl Iterator<Item = &FilePicture> {
        self.parts.iter().filter_map(|part| match part {
            Part::Idx { .. } => None,
            Part::Picture(picture) => Some(&**picture),
        })
    }

    /// True if drawings are made bright ink on black.
    fn takes_drawings(&self) -> bool {
        let none_drawn = || self.pictures().filter(|picture| picture.picture.drawing.is_none());
        let photographs = none_drawn().filter(|picture| picture.picture.plain.is_coloured).count();
        let limit = PHOTOGRAPHS_SHARE * self.pictures().count() as f64;
        (photographs as f64) < limit && none_drawn().count() as f64 <= limit
    }

    /// The shape that all images are fitted to.
    fn shape(&self, takes_drawings: bool) -> GridShape {
        let pixels = || self.pictures().map(|picture| picture.pixels(takes_drawings));
        let channels = if pixels().any(|pixels| pixels.is_coloured) { 3 } else { 1 };
        let first_idx = self.parts.iter().find_map(|part| match part {
            Part::Idx { images, .. } => Some(images.shape),
            Part::Picture(_) => None,
        });
        let longest = pixels().map(|pixels| pixels.shape.height.max(pixels.shape.width));
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
        let takes_drawings = self.takes_drawings();
        let shape = self.shape(takes_drawings);
        let most = MAX_PIXELS / shape.len();
        if images > most {
            return Err(DataError::TooManyImages { most });
        }
        let labels = self.labels()?;
        let mut changed = ChangedPictures::default();
        self.pictures().filter_map(|picture| picture.changed(takes_drawings)).for_each(|picture| changed.push(picture));
        let pictures = self.pictures().count();
        let mut warnings = Vec::new();
        let pixels = collect(self.parts, shape, takes_drawings, &mut warnings);
        warnings.extend(changes_warning(&changed, pictures));
        warnings.extend(self.refused.iter().take(MAX_NAMED_WARNINGS).map(|error| format!("Skipped: {error}")));
        let unnamed = self.refused.len().saturating_sub(MAX_NAMED_WARNINGS);
        if unnamed > 0 {
            warnings.push(format!("Skipped: {unnamed} more files that cannot be used."));
        }
        let mut set = SampleSet::pictures(name, shape, pixels).with_labels(labels);
        set.warnings = warnings;
        set.changed = changed;
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

impl FilePicture {
    /// The pixels that are used.
    fn pixels(&self, takes_drawings: bool) -> &Pixels {
        let drawing = self.picture.drawing.as_ref().filter(|_| takes_drawings && !self.as_is);
        drawing.unwrap_or(&self.picture.plain)
    }

    /// The changes that are made, or would be if the picture were not left as it is; `None` without any.
    fn changed(&self, takes_drawings: bool) -> Option<ChangedPicture> {
        let is_drawing = takes_drawings && self.picture.drawing.is_some();
        let changes = if is_drawing { &self.picture.drawing_changes } else { &self.picture.plain_changes };
        let Self { name, file, as_is, .. } = self;
        let picture = || ChangedPicture { file: *file, name: name.clone(), changes: changes.clone(), as_is: *as_is };
        (!changes.is_empty()).then(picture)
    }
}

/// Fits all images to one shape, and adds warnings about IDX files.
fn collect(parts: Vec<Part>, shape: GridShape, takes_drawings: bool, warnings: &mut Vec<String>) -> Vec<u8> {
    let mut pixels = Vec::new();
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
            Part::Picture(picture) => {
                let fitted = picture.pixels(takes_drawings);
                pixels.extend(fit::fit_picture(&fitted.bytes, fitted.shape, shape));
            }
        }
    }
    pixels
}

/// Sentence about the pictures that were changed.
fn changes_warning(changed: &ChangedPictures, pictures: usize) -> Option<String> {
    let made = changed.total - changed.as_is;
    let inks = "so that ink is bright on black, as a network learns it";
    match (made, changed.first.iter().find(|picture| !picture.as_is)) {
        (0, _) => None,
        (1, Some(picture)) => {
            let ink =
                if picture.changes.contains(&PictureChange::Inverted) { format!(", {inks}") } else { String::new() };
            Some(format!("“{}” was changed: {}{ink}.", picture.name, PictureChange::list(&picture.changes)))
        }
        _ => {
            let listed = || changed.first.iter().filter(|picture| !picture.as_is);
            let kinds =
                PictureChange::ALL.into_iter().filter(|kind| listed().any(|picture| picture.changes.contains(kind)));
            let kinds = PictureChange::list(&kinds.collect::<Vec<_>>());
            Some(format!("{made} of {pictures} pictures were changed ({kinds}), {inks}."))
        }
    }
}
