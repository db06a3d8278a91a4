//! `cargo xtask test`: runs the suites, also after failures; the last line has the counts of all.

mod boundary;
mod browsers;
pub mod document;
mod libtest;
mod parts;
mod suites;
mod unused;
mod wrapped_exports;

use std::{
    fmt,
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Error, Result, bail};
use xtask::process::seconds;

use self::parts::{Part, PartTimes};
pub use self::{browsers::BrowserChoice, suites::build_native};

/// A suite; the variants are in the order of cost, so that mistakes show early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// The source is formatted.
    Fmt,
    /// No crate links a forbidden one, and every dependency is used.
    Boundary,
    /// No warnings, natively and in wasm; natively our crates are compiled by it, for the tests too.
    Clippy,
    /// The documentation builds without warnings, and its examples pass.
    Docs,
    /// Native tests.
    Native,
    /// Tests of page and protocol in a browser.
    Wasm,
    /// The real page in real browsers.
    E2e,
    /// Every preset, trained to its aim; runs only if it is named.
    Presets,
    /// Endurance of the page: random actions, kills, and twenty minutes of training; runs only if it is named.
    Soak,
}

const ALL: [Suite; 9] = [
    Suite::Fmt,
    Suite::Boundary,
    Suite::Clippy,
    Suite::Docs,
    Suite::Native,
    Suite::Wasm,
    Suite::E2e,
    Suite::Presets,
    Suite::Soak,
];

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fmt => "fmt",
            Self::Boundary => "boundary",
            Self::Clippy => "clippy",
            Self::Docs => "docs",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::E2e => "e2e",
            Self::Presets => "presets",
            Self::Soak => "soak",
        })
    }
}

impl FromStr for Suite {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match ALL.into_iter().find(|suite| suite.to_string() == name) {
            Some(suite) => Ok(suite),
            None => bail!("there is no suite `{name}`: choose from {}", ALL.map(|suite| suite.to_string()).join(", ")),
        }
    }
}

/// Counts of tests by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Tally {
    const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// Tally of one check. Prints the error of a failed one.
    fn of(check: Result<()>) -> Self {
        match check {
            Ok(()) => Self::PASSED,
            Err(error) => {
                eprintln!("    FAILED: {error:#}");
                Self::FAILED
            }
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Tally of a suite, or of its part in one browser, and the time that it took.
pub struct SuiteResult {
    name: String,
    tally: Tally,
    duration: Duration,
}

impl SuiteResult {
    /// Runs a suite, or a part of it.
    fn of(name: impl Into<String>, work: impl FnOnce() -> Tally) -> Self {
        let start = Instant::now();
        let tally = work();
        Self { name: name.into(), tally, duration: start.elapsed() }
    }
}

impl fmt::Display for SuiteResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12} {} ({})", self.name, self.tally, seconds(self.duration))
    }
}

/// Runs the suites; if none is named, all but those that run only by name. True if nothing failed.
pub fn run(chosen: &[Suite], browsers: BrowserChoice) -> bool {
    let start = Instant::now();
    let mut total = Tally::default();
    let mut summary = Vec::new();
    let mut times = PartTimes::default();
    // What cannot be fetched fails where it is needed.
    if let Err(error) = times.measure(Part::Fetch, suites::fetch) {
        eprintln!("    {error:#}");
    }
    let is_usual = |suite: &Suite| !matches!(suite, Suite::Presets | Suite::Soak);
    let is_chosen = |suite: &Suite| if chosen.is_empty() { is_usual(suite) } else { chosen.contains(suite) };
    for suite in ALL.into_iter().filter(is_chosen) {
        eprintln!("==> {suite}");
        for result in suites::run(suite, browsers, &mut times) {
            eprintln!("    {result}");
            total += result.tally;
            summary.push(result.to_string());
        }
    }
    println!("\n{}\n\n{times}", summary.join("\n"));
    println!("all in {}", seconds(start.elapsed()));
    println!("{total}");
    total.failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_chosen_by_name() {
        for suite in ALL {
            assert_eq!(suite.to_string().parse::<Suite>().expect("its own name"), suite);
        }
        assert!("natvie".parse::<Suite>().expect_err("misspelt").to_string().contains("native"));
    }

    #[test]
    fn tallies_add_up() {
        let mut tally = Tally::PASSED;
        tally += Tally::of(Err(anyhow::anyhow!("as the test wants")));
        tally += Tally { passed: 3, failed: 0, skipped: 2 };
        assert_eq!(tally.to_string(), "4 passed, 1 failed, 2 skipped");
    }
}
