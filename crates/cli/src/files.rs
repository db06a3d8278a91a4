//! Reading and writing of files, with errors that name the path.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;
use pinhole_engine::{
    Compute, Model,
    data::{self, SampleSet},
};
use pinhole_protocol::{Bytes, NamedFile, PictureChange};

use crate::output_file::OutputFile;

/// Reads a whole file.
pub fn read(path: &Path) -> anyhow::Result<NamedFile> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(NamedFile { name, bytes: Bytes(bytes) })
}

/// Reads several files.
pub fn read_all<P: AsRef<Path>>(paths: &[P]) -> anyhow::Result<Vec<NamedFile>> {
    paths.iter().map(|path| read(path.as_ref())).collect()
}

/// Changed pictures that are listed, each on a line of its own.
const MAX_LISTED_CHANGES: usize = 20;

/// Opens image files; with `as_is` their pictures are left as they are. Of several pictures it prints what was done to
/// each on standard error; of one, the set's warning says it.
pub fn open_images<P: AsRef<Path>>(paths: &[P], as_is: bool) -> anyhow::Result<SampleSet> {
    let set = data::open_images_with(&read_all(paths)?, |_| as_is)?;
    if set.changed.total > 1 && !as_is {
        for picture in set.changed.first.iter().take(MAX_LISTED_CHANGES) {
            eprintln!("pinhole: note: {}: {}", picture.name, PictureChange::list(&picture.changes));
        }
        if set.changed.total > MAX_LISTED_CHANGES {
            eprintln!("pinhole: note: … and {} more pictures", set.changed.total - MAX_LISTED_CHANGES);
        }
    }
    Ok(set)
}

/// Writes a file, or leaves the one before if that fails.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let mut file = OutputFile::create(path).with_context(cannot)?;
    file.write_all(bytes).with_context(cannot)?;
    file.finish().with_context(cannot)
}

/// Opens a model file.
pub fn read_model(path: &Path, compute: &Compute) -> anyhow::Result<Model> {
    let file = read(path)?;
    Ok(Model::from_file(&file.name, &file.bytes.0, compute)?)
}

/// Prints on standard error the reason why the device is not the requested one, if it is not.
pub fn print_fallback_reason(compute: &Compute) {
    if let Some(reason) = &compute.info().fallback_reason {
        eprintln!("pinhole: computing on the CPU: {reason}");
    }
}
