//! Files that the program writes.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
};

use anyhow::bail;

use crate::termination::PartialFile;

/// Paths of standard output.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// True if a path is that of standard output, where lines for people must not go too.
pub fn is_standard_output(path: &Path) -> bool {
    STANDARD_OUTPUT.iter().any(|output| path == Path::new(output))
}

/// Refuses to write a file in place of one that is read, each named by what it is.
///
/// # Errors
/// When `path` leads to one of them.
pub fn refuse_input<P: AsRef<Path>>(path: &Path, inputs: &[(&str, P)]) -> anyhow::Result<()> {
    let Ok(destination) = fs::canonicalize(path) else { return Ok(()) };
    // A pipe can be read and written: nothing is replaced.
    if !destination.is_file() {
        return Ok(());
    }
    for (what, input) in inputs {
        if fs::canonicalize(input).is_ok_and(|input| input == destination) {
            bail!("{} is {what}, which would be lost: write to another file", path.display());
        }
    }
    Ok(())
}

/// A file that is written beside the one that it replaces, and renamed at its end: a failure leaves the file before, and
/// no part of a new one. A pipe or a device is written as it is.
pub enum OutputFile {
    /// The file under its temporary name.
    Replacing(Replacement),
    /// Standard output, a pipe or a device.
    Direct(Box<dyn Write>),
}

/// A file under a temporary name, which goes with it if it is not finished.
pub struct Replacement {
    writer: BufWriter<File>,
    partial: PartialFile,
    destination: PathBuf,
    is_finished: bool,
}

impl OutputFile {
    /// Begins to write a file.
    pub fn create(path: &Path) -> io::Result<Self> {
        if is_standard_output(path) {
            return Ok(Self::Direct(Box::new(io::stdout())));
        }
        // Through links: it is the file that is replaced, not the link to it.
        let destination = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = fs::metadata(&destination).ok();
        if before.as_ref().is_some_and(|file| !file.is_file()) {
            return Ok(Self::Direct(Box::new(BufWriter::new(File::create(destination)?))));
        }
        let name = destination.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_string_lossy();
        let partial = PartialFile::new(destination.with_file_name(format!(".{name}.{}.partial", process::id())));
        let file = File::create(partial.path())?;
        if let Some(before) = before {
            // Who may read the file stays; where a file system knows no permissions, nothing is to be kept.
            let _ = file.set_permissions(before.permissions());
        }
        Ok(Self::Replacing(Replacement { writer: BufWriter::new(file), partial, destination, is_finished: false }))
    }

    /// Ends the file. From then on it stands under its name.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Replacing(mut file) => {
                file.writer.flush()?;
                file.writer.get_ref().sync_all()?;
                fs::rename(file.partial.path(), &file.destination)?;
                file.is_finished = true;
                Ok(())
            }
            Self::Direct(mut writer) => writer.flush(),
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Replacing(file) => file.writer.write(bytes),
            Self::Direct(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Replacing(file) => file.writer.flush(),
            Self::Direct(writer) => writer.flush(),
        }
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.is_finished {
            // If it cannot be removed, it stays under its temporary name.
            let _ = fs::remove_file(self.partial.path());
        }
    }
}
