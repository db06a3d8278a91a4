//! Counts tests in the output of Rust's test harness; that of wasm-bindgen has the same format.

use std::process::Command;

use anyhow::Result;
use xtask::process::watch;

use super::Tally;

/// Runs a test command and counts its tests.
pub fn run(command: &mut Command) -> Result<Tally> {
    let mut counter = Counter::default();
    let succeeded = watch(command, |line| counter.read(line))?;
    Ok(counter.tally(succeeded))
}

/// Reads output line by line.
#[derive(Default)]
struct Counter {
    tally: Tally,
    skips: usize,
}

impl Counter {
    fn read(&mut self, line: &str) {
        // With one thread and --nocapture the harness has written `test name ... ` before the test's first line.
        let output =
            line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")).map_or(line, |(_, output)| output);
        if output.starts_with("SKIP ") {
            self.skips += 1;
        } else if let Some(result) = line.trim_start().strip_prefix("test result: ") {
            let count = |what: &str| {
                let number = result.split([';', '.']).find_map(|part| part.trim().strip_suffix(what));
                number.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
            };
            self.tally += Tally { passed: count(" passed"), failed: count(" failed"), skipped: count(" ignored") };
        }
    }

    /// A test that prints `SKIP reason` and returns has not passed. A command that fails without a failing test (it did
    /// not compile, or died) counts as one failure.
    fn tally(&self, succeeded: bool) -> Tally {
        let Tally { passed, failed, skipped } = self.tally;
        let skips = self.skips.min(passed);
        let failed = if succeeded { failed } else { failed.max(1) };
        Tally { passed: passed - skips, failed, skipped: skipped + skips }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(output: &str, succeeded: bool) -> String {
        let mut counter = Counter::default();
        output.lines().for_each(|line| counter.read(line));
        counter.tally(succeeded).to_string()
    }

    #[test]
    fn results_of_several_binaries_add_up() {
        let output = "running 3 tests\ntest a ... ok\n\
                      test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                      test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.2s";
        assert_eq!(tally(output, false), "6 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn a_test_that_says_skip_has_not_passed() {
        let output = "SKIP no MNIST here\ntest b ... SKIP none here either\nok\n\
                      test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(tally(output, true), "1 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn a_build_that_fails_is_a_failure() {
        assert_eq!(tally("error: could not compile", false), "0 passed, 1 failed, 0 skipped");
    }
}
