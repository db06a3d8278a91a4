//! Termination by a signal: partial files go before the program ends.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Temporary files that are being written.
static PARTIAL_FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Mark of a temporary file, which is removed if a signal ends the program before the mark is dropped.
pub struct PartialFile(PathBuf);

impl PartialFile {
    /// Marks the file at `path`.
    pub fn new(path: PathBuf) -> Self {
        if let Ok(mut files) = PARTIAL_FILES.lock() {
            files.push(path.clone());
        }
        Self(path)
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if let Ok(mut files) = PARTIAL_FILES.lock() {
            files.retain(|path| *path != self.0);
        }
    }
}

/// Takes over the signals by which a person or a system ends a program. As ever, it ends with 128 and their number. Must
/// be called before there are other threads, which inherit that they do not receive them.
#[cfg(unix)]
pub fn handle_signals() {
    use std::{mem::MaybeUninit, process, ptr, thread};

    /// What a shell adds to the number of the signal that has ended a program.
    const BY_SIGNAL: i32 = 128;
    /// Not a terminal's end: whoever starts the program with `nohup` has it ignored.
    const SIGNALS: [libc::c_int; 2] = [libc::SIGTERM, libc::SIGINT];

    let mut signals = MaybeUninit::uninit();
    #[expect(unsafe_code, reason = "the standard library has no signals")]
    // SAFETY: the set is initialised before it is read, and no pointer outlives the calls.
    let signals = unsafe {
        libc::sigemptyset(signals.as_mut_ptr());
        let mut signals = signals.assume_init();
        for signal in SIGNALS {
            libc::sigaddset(&raw mut signals, signal);
        }
        if libc::pthread_sigmask(libc::SIG_BLOCK, &raw const signals, ptr::null_mut()) != 0 {
            // They end the program as ever.
            return;
        }
        signals
    };
    thread::spawn(move || {
        let mut signal = 0;
        #[expect(unsafe_code, reason = "the standard library has no signals")]
        // SAFETY: both are of this thread.
        let outcome = unsafe { libc::sigwait(&raw const signals, &raw mut signal) };
        if outcome == 0 {
            remove_partial_files();
            process::exit(BY_SIGNAL + signal);
        }
    });
}

/// Elsewhere a program is ended without a signal.
#[cfg(not(unix))]
pub fn handle_signals() {}

#[cfg_attr(not(unix), expect(dead_code, reason = "there are no signals"))]
fn remove_partial_files() {
    if let Ok(files) = PARTIAL_FILES.lock() {
        for file in files.iter() {
            // If it cannot be removed, it stays under its temporary name.
            let _ = fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    #[test]
    fn only_files_that_are_being_written_are_removed() {
        let path = |name: &str| env::temp_dir().join(format!("pinhole-{}-{name}", process::id()));
        let (partial, finished) = (path("partial"), path("finished"));
        for file in [&partial, &finished] {
            fs::write(file, "a").expect("written");
        }
        let mark = PartialFile::new(partial.clone());
        drop(PartialFile::new(finished.clone()));
        remove_partial_files();
        assert!(!mark.path().exists() && finished.exists());
        fs::remove_file(finished).expect("it is there");
    }
}
