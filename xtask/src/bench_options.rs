//! Options of `cargo xtask bench`, parsed by the task, which builds what they need, and by the program that measures.

use std::ffi::OsString;

use anyhow::{Context as _, Result, bail, ensure};
use lexopt::{Arg, Parser, ValueExt as _};

/// Benchmark tasks, with the names of the engine's `BenchTask`.
pub const TASKS: [&str; 8] = ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8"];

/// Device that computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// The CPU: WebAssembly in a page, machine code in the terminal.
    Cpu,
    /// WebGPU; in a page on a software adapter.
    WebGpu,
}

impl Device {
    /// Name in the page's address.
    pub const fn in_page(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    /// Name on the terminal's command line.
    pub const fn in_terminal(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "gpu",
        }
    }
}

/// All options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchOptions {
    /// Device to measure; `None` for the CPU in our own tasks, and for both devices in comparisons.
    pub device: Option<Device>,
    /// True for a report in JSON instead of text tables.
    pub json: bool,
    /// Tasks to run, of [`TASKS`]; empty for all that apply.
    pub tasks: Vec<&'static str>,
    /// True to compare with other libraries.
    pub peers: bool,
    /// True to count the WebGPU calls per step, and to measure memory over a long run.
    pub counters: bool,
    /// Revision to compare with.
    pub against: Option<String>,
    /// Number of turns of each competitor.
    pub rounds: usize,
    /// Steps of the long run.
    pub steps: usize,
}

impl BenchOptions {
    /// Parses the arguments after `bench` on the command line.
    ///
    /// # Errors
    /// When an option is unknown, or its value is invalid.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let mut options = Self {
            device: None,
            json: false,
            tasks: Vec::new(),
            peers: false,
            counters: false,
            against: None,
            rounds: 5,
            steps: 2_000,
        };
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("json") => options.json = true,
                Arg::Long("peers") => options.peers = true,
                Arg::Long("counters") => options.counters = true,
                Arg::Long("against") => options.against = Some(parser.value()?.string()?),
                Arg::Long("device") => options.device = Some(device(&parser.value()?.string()?)?),
                Arg::Long("tasks") => options.tasks = tasks(&parser.value()?.string()?)?,
                Arg::Long("rounds") => options.rounds = count("--rounds", &parser.value()?.string()?)?,
                Arg::Long("steps") => options.steps = count("--steps", &parser.value()?.string()?)?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }

    /// True if only our own tasks are measured: natively, in the page, and a visit.
    pub const fn is_plain(&self) -> bool {
        !self.peers && !self.counters && self.against.is_none()
    }

    /// Tasks to run, of those that apply.
    pub fn tasks_of(&self, applicable: &[&'static str]) -> Vec<&'static str> {
        let is_wanted = |task: &&&str| self.tasks.is_empty() || self.tasks.contains(*task);
        applicable.iter().filter(is_wanted).copied().collect()
    }

    /// Devices of comparisons.
    pub fn devices(&self) -> Vec<Device> {
        self.device.map_or_else(|| vec![Device::Cpu, Device::WebGpu], |device| vec![device])
    }
}

fn device(name: &str) -> Result<Device> {
    match name {
        "cpu" => Ok(Device::Cpu),
        "webgpu" => Ok(Device::WebGpu),
        other => bail!("there is no device `{other}`: choose cpu or webgpu"),
    }
}

fn tasks(names: &str) -> Result<Vec<&'static str>> {
    let find = |name: &str| TASKS.into_iter().find(|task| task.eq_ignore_ascii_case(name));
    names
        .split(',')
        .map(|name| find(name.trim()).with_context(|| format!("there is no task `{name}`: choose of T1 to T8")))
        .collect()
}

fn count(option: &str, text: &str) -> Result<usize> {
    let count = text.parse().with_context(|| format!("{option} needs a number, not `{text}`"))?;
    ensure!(count > 0, "{option} needs a number above 0");
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<BenchOptions> {
        BenchOptions::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn options_are_understood() {
        let options = parsed("--peers --against main~3 --tasks t1,T6 --rounds 9 --device webgpu").expect("it is sound");
        assert!(options.peers && !options.counters && !options.json && !options.is_plain());
        assert_eq!(options.against.as_deref(), Some("main~3"));
        assert_eq!((options.rounds, options.devices()), (9, vec![Device::WebGpu]));
        assert_eq!(options.tasks_of(&["T1", "T2", "T3"]), ["T1"]);
    }

    #[test]
    fn nothing_asked_for_is_our_own_tasks_all_of_them() {
        let options = parsed("").expect("it is sound");
        assert!(options.is_plain());
        assert_eq!(options.tasks_of(&TASKS), TASKS);
    }

    #[test]
    fn mistakes_are_named() {
        for line in ["--peer", "--device gpu", "--tasks T9", "--tasks", "--rounds 0", "--steps many", "against"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
