//! Runs a target on one input after another.

use std::{
    fs, panic,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use pinhole_numerics::random::{Stream, generator};

use crate::{Outcome, Target, mutation::mutate};

/// Longest time that one input may take.
const INPUT_TIMEOUT: Duration = Duration::from_mins(2);
/// Time between two looks at whether an input takes longer.
const WATCH_INTERVAL: Duration = Duration::from_secs(1);

/// Numbers of inputs that a target has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// All inputs.
    pub inputs: usize,
    /// Those that were not refused.
    pub accepted: usize,
}

/// Gives a target inputs until `is_done` of their number. The first ones are its seeds. Each is written to a file in
/// `folder` before it is read, so that it is there whatever becomes of the process; an input that takes more than two
/// minutes ends it.
///
/// # Errors
/// When an input makes the target panic: names the file that holds it. When the file cannot be written.
pub fn run(target: &Target, seed: u64, folder: &Path, mut is_done: impl FnMut(usize) -> bool) -> Result<Report> {
    let file = folder.join(target.name);
    let seeds = (target.seeds)();
    let mut random = generator(seed, Stream::Sample, 0);
    let mut report = Report::default();
    let watchdog = Watchdog::start(target.name);
    while !is_done(report.inputs) {
        let input = seeds.get(report.inputs).cloned().unwrap_or_else(|| mutate(&mut random, &seeds, target.format));
        fs::write(&file, &input).with_context(|| format!("writing {}", file.display()))?;
        watchdog.next_input();
        let Ok(outcome) = panic::catch_unwind(|| (target.read)(&input)) else {
            bail!("{} panics on input {}, which is in {}", target.name, report.inputs, file.display());
        };
        report.inputs += 1;
        report.accepted += usize::from(outcome == Outcome::Accepted);
    }
    fs::remove_file(&file).or_else(|error| if report.inputs == 0 { Ok(()) } else { Err(error) })?;
    Ok(report)
}

/// Ends the process when an input takes too long.
struct Watchdog {
    inputs: Arc<AtomicUsize>,
    has_ended: Arc<AtomicBool>,
}

impl Watchdog {
    fn start(name: &'static str) -> Self {
        let (inputs, has_ended) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let watchdog = Self { inputs: inputs.clone(), has_ended: has_ended.clone() };
        thread::spawn(move || {
            let (mut last, mut since) = (0, Instant::now());
            while !has_ended.load(Ordering::Relaxed) {
                thread::sleep(WATCH_INTERVAL);
                let now = inputs.load(Ordering::Relaxed);
                if now != last {
                    (last, since) = (now, Instant::now());
                } else if since.elapsed() > INPUT_TIMEOUT {
                    eprintln!("{name}: input {now} takes longer than {INPUT_TIMEOUT:?}; it is in the folder of inputs");
                    std::process::abort();
                }
            }
        });
        watchdog
    }

    fn next_input(&self) {
        self.inputs.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Relaxed);
    }
}
