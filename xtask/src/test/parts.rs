//! Seconds per part of a test run, so that later work sees what it costs.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// Kind of work that suites have in common, in the order in which a run comes to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Downloads of crates.
    Fetch,
    /// Formatting, the arrows between crates, Clippy and documentation, natively and for wasm.
    Lint,
    /// Compilation of the native tests and of the terminal program.
    CompileNative,
    /// Run of the native tests.
    NativeTests,
    /// Installation of the wasm target, the wasm-bindgen CLI, Trunk and the browsers.
    Tools,
    /// Compilation of the page's tests for wasm.
    CompileWasm,
    /// Run of the page's tests in a browser.
    WasmTests,
    /// Release build of page and workers.
    Page,
    /// Compilation of the browser scenarios.
    CompileBrowser,
    /// Run of the browser scenarios.
    BrowserTests,
}

const ALL: [Part; 10] = [
    Part::Fetch,
    Part::Lint,
    Part::CompileNative,
    Part::NativeTests,
    Part::Tools,
    Part::CompileWasm,
    Part::WasmTests,
    Part::Page,
    Part::CompileBrowser,
    Part::BrowserTests,
];

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Lint => "lint, docs",
            Self::CompileNative => "compile native",
            Self::NativeTests => "native tests",
            Self::Tools => "tools",
            Self::CompileWasm => "compile wasm",
            Self::WasmTests => "wasm tests",
            Self::Page => "page",
            Self::CompileBrowser => "compile browser",
            Self::BrowserTests => "browser tests",
        }
    }
}

/// Time spent on each part so far.
#[derive(Debug, Default)]
pub struct PartTimes([Duration; ALL.len()]);

impl PartTimes {
    /// Does the work and adds its duration to the part's.
    pub fn measure<T>(&mut self, part: Part, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0[part as usize] += start.elapsed();
        result
    }
}

/// One line per part that took any time: seconds, name.
impl fmt::Display for PartTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seconds  part")?;
        for (part, time) in ALL.into_iter().zip(&self.0).filter(|(_, time)| !time.is_zero()) {
            writeln!(f, "{:>7.0}  {}", time.as_secs_f64(), part.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_part_add_up_and_parts_without_any_are_left_out() {
        let mut times = PartTimes::default();
        assert_eq!(times.measure(Part::Page, || 7), 7);
        times.0 = [Duration::ZERO; ALL.len()];
        times.0[Part::Lint as usize] = Duration::from_millis(61_400);
        times.0[Part::BrowserTests as usize] = Duration::from_mins(20);
        assert_eq!(times.to_string(), "seconds  part\n     61  lint, docs\n   1200  browser tests\n");
    }

    #[test]
    fn parts_stand_in_their_own_order() {
        for (index, part) in ALL.into_iter().enumerate() {
            assert_eq!(part as usize, index);
        }
    }
}
