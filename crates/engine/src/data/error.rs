//! Errors of opening images, as sentences for people.

use pinhole_protocol::LIMITS;

use super::limits::MAX_SIDE_PX;

/// Reason for which images cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// No file was chosen.
    #[error("No file was chosen: choose an MNIST-style IDX file (plain or .gz), or PNG or JPEG pictures.")]
    NoFiles,
    /// An empty file.
    #[error("“{name}” is empty: choose an MNIST-style IDX file, or a PNG or JPEG picture.")]
    EmptyFile {
        /// The file.
        name: String,
    },
    /// IDX labels without their images.
    #[error(
        "“{name}” holds labels, not images: open it together with the file of images that it belongs to (its name has “images-idx3”)."
    )]
    Labels {
        /// The file.
        name: String,
    },
    /// IDX labels of other images.
    #[error(
        "“{name}” has {labels} labels, but “{images_name}” has {images} images: choose the two files that belong together."
    )]
    LabelCount {
        /// The file of labels.
        name: String,
        /// Labels in it.
        labels: usize,
        /// The file of images.
        images_name: String,
        /// Images in it.
        images: usize,
    },
    /// More labels than images are allowed.
    #[error(
        "“{name}” says that it holds {count} labels, and at most {} images fit in a page: check that it is not damaged.",
        LIMITS.images
    )]
    TooManyLabels {
        /// The file.
        name: String,
        /// Number of labels in its header.
        count: usize,
    },
    /// An IDX file of anything but grey bytes, or no IDX file at all.
    #[error("“{name}” is not an IDX file of grey images: it begins with {found}, and images begin with 00 00 08 03.")]
    WrongMagic {
        /// The file.
        name: String,
        /// First bytes, in hexadecimal.
        found: String,
    },
    /// An IDX header with impossible or excessive numbers.
    #[error("“{name}” says that it holds {count} images of {height}x{width}: {problem}.")]
    Header {
        /// The file.
        name: String,
        /// Number of images in its header.
        count: u32,
        /// Rows of an image in its header.
        height: u32,
        /// Columns of an image in its header.
        width: u32,
        /// The problem with these numbers.
        problem: String,
    },
    /// An IDX file that ends early.
    #[error(
        "“{name}” is cut off: its header promises {promised} {what} and only {found} are there. Download it again."
    )]
    CutOff {
        /// The file.
        name: String,
        /// Number of images or labels in its header.
        promised: usize,
        /// Number of complete ones.
        found: usize,
        /// "images" or "labels".
        what: &'static str,
    },
    /// An IDX file that ends before its images or labels begin.
    #[error("“{name}” is cut off within its header, before its contents. Download it again.")]
    CutOffInHeader {
        /// The file.
        name: String,
    },
    /// A gzip stream that does not unpack.
    #[error("“{name}” does not unpack ({reason}): it is damaged. Download it again.")]
    Gzip {
        /// The file.
        name: String,
        /// The decoder's error.
        reason: String,
    },
    /// A gzip bomb, or a file packed together with something else.
    #[error("“{name}” unpacks to far more than the {count} {what} that its header promises: it was not opened.")]
    GzipBomb {
        /// The file.
        name: String,
        /// Number of images or labels in its header.
        count: usize,
        /// "images" or "labels".
        what: &'static str,
    },
    /// Bytes that are no readable picture.
    #[error(
        "“{name}” is no picture that can be read ({reason}): choose a PNG or JPEG file, or an MNIST-style IDX file."
    )]
    NotAPicture {
        /// The file.
        name: String,
        /// The decoder's error.
        reason: String,
    },
    /// A picture too large to decode in a page's memory.
    #[error(
        "“{name}” is {width}x{height} pixels, and at most {MAX_SIDE_PX}x{MAX_SIDE_PX} are read: make it smaller first."
    )]
    PictureTooLarge {
        /// The file.
        name: String,
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// More images in all than are allowed.
    #[error("The chosen files hold more than {most} images, which is all that fits in a page: choose fewer.")]
    TooManyImages {
        /// Number of images of this size that are allowed.
        most: usize,
    },
    /// Several files, none of which can be used.
    #[error("None of the {count} files can be used. The first: {first}")]
    NoneUsable {
        /// Number of files.
        count: usize,
        /// The problem of the first one.
        first: Box<DataError>,
    },
    /// A drawing whose size does not match its pixels.
    #[error("The drawing has {pixels} pixels, and {width}x{height} were announced: clear the pad and draw again.")]
    DrawingSize {
        /// Number of pixels received.
        pixels: usize,
        /// Announced width.
        width: usize,
        /// Announced height.
        height: usize,
    },
}
