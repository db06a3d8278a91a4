//! Description of the machine that measures.

use std::{fs, thread};

/// Processor, cores and system in one line.
pub fn describe() -> String {
    let processor = processor().unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{processor}, {cores} cores, {}{}", system(), load().unwrap_or_default())
}

/// Model name from `/proc/cpuinfo`; `None` on systems other than Linux.
fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn system() -> String {
    let name = fs::read_to_string("/etc/os-release").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(line.trim_matches('"').to_owned())
    });
    name.unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// Load average before the start, as other processes slow the measurement; `None` on systems other than Linux.
fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    Some(format!(", load {} before the start", text.split_whitespace().next()?))
}
