//! The suite `e2e`: scenarios on the built page, in each browser.

use std::{collections::HashSet, str::FromStr};

use anyhow::{Context as _, Error, Result, ensure};
use xtask::{
    browsers::{self, BrowserKind, Driver, Programs},
    process::{cargo, program_in, run as run_command},
    workspace,
};

use super::{
    SuiteResult, Tally, libtest,
    parts::{Part, PartTimes},
    suites::{build_native, tests},
    wrapped_exports,
};
use crate::{dist, tools};

/// Scenarios that every run repeats in Firefox and WebKit: drawing, training on either device, a table, saving, reload,
/// privacy and the layout, in as few browsers as cover them. `--browser` runs all scenarios.
const CHOSEN: [&str; 6] = [
    "digits::denoising_a_drawn_digit_gains_five_decibels",
    "models::the_last_model_is_restored_after_a_reload",
    "pipeline::the_network_is_drawn_between_its_pictures",
    "privacy::a_table_is_neither_sent_nor_stored",
    "privacy::every_way_to_send_data_is_refused",
    "training::gpu_and_cpu_reach_the_same_loss",
];

/// Arguments of Cargo for the scenarios and the tests of their harness.
const SCENARIOS: [&str; 8] = ["test", "--profile", "quick", "-p", "pinhole-e2e", "--no-fail-fast", "--lib", "--bins"];

/// Browsers in which the scenarios run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BrowserChoice {
    /// All scenarios in Chromium, the chosen ones in the other two.
    #[default]
    Usual,
    /// All scenarios in every browser.
    All,
    /// All scenarios in one browser.
    Only(BrowserKind),
}

impl BrowserChoice {
    /// The browsers, and for each of them true if it runs all scenarios.
    fn browsers(self) -> Vec<(BrowserKind, bool)> {
        match self {
            Self::Usual => BrowserKind::ALL.map(|kind| (kind, kind == BrowserKind::Chromium)).into(),
            Self::All => BrowserKind::ALL.map(|kind| (kind, true)).into(),
            Self::Only(kind) => vec![(kind, true)],
        }
    }
}

impl FromStr for BrowserChoice {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        if name == "all" { Ok(Self::All) } else { name.parse().map(Self::Only) }
    }
}

/// Builds the page and runs its scenarios, a result for each browser.
pub fn run(choice: BrowserChoice, times: &mut PartTimes) -> Vec<SuiteResult> {
    in_browsers("e2e", choice.browsers(), times, |runs_all| if runs_all { all } else { chosen })
}

/// Builds the page and runs the scenarios of endurance in one browser, Chromium if none is named.
pub fn soak(choice: BrowserChoice, times: &mut PartTimes) -> Vec<SuiteResult> {
    let kinds = match choice {
        BrowserChoice::Usual => vec![(BrowserKind::Chromium, true)],
        BrowserChoice::All | BrowserChoice::Only(_) => choice.browsers(),
    };
    in_browsers("soak", kinds, times, |_| ignored)
}

/// Scenarios in a browser.
type Scenarios = fn(&Programs, &Driver) -> Result<Tally>;

fn in_browsers(
    suite: &str,
    browsers: Vec<(BrowserKind, bool)>,
    times: &mut PartTimes,
    scenarios: fn(bool) -> Scenarios,
) -> Vec<SuiteResult> {
    let mut is_ready = false;
    let built = SuiteResult::of(suite, || {
        let ready = times.measure(Part::Tools, dist::ensure_tools);
        let built = ready.and_then(|()| times.measure(Part::Page, || dist::build("./"))).context("no page to test");
        let built = built.and_then(|()| compile(times));
        is_ready = built.is_ok();
        Tally::of(built.and_then(|()| wrapped_exports::check(&workspace::dist())))
    });
    let mut results = vec![built];
    if is_ready {
        for (kind, runs_all) in browsers {
            eprintln!("==> {suite} in {}", kind.title());
            let name = format!("{suite} {kind}");
            results.push(SuiteResult::of(name, || tests(browse(kind, runs_all, scenarios(runs_all), times))));
        }
    }
    results
}

/// Compiles the scenarios, and the terminal's program, to which the page's models go.
fn compile(times: &mut PartTimes) -> Result<()> {
    times.measure(Part::CompileNative, build_native).context("the terminal's program")?;
    times.measure(Part::CompileBrowser, || run_command(cargo(&SCENARIOS).args(["--tests", "--no-run"])))
}

/// Runs scenarios in a browser; one that is not asked for is left out where it cannot be installed.
fn browse(kind: BrowserKind, is_asked_for: bool, scenarios: Scenarios, times: &mut PartTimes) -> Result<Tally> {
    if !is_asked_for && browsers::find(kind).is_none() && !browsers::can_install() {
        println!("SKIP {}", kind.how_to_install());
        return Ok(Tally { skipped: CHOSEN.len(), ..Tally::default() });
    }
    let programs = times.measure(Part::Tools, || tools::ensure_browser(kind))?;
    let driver = Driver::start(&programs)?;
    times.measure(Part::BrowserTests, || scenarios(&programs, &driver))
}

/// The scenarios that other runs leave out.
fn ignored(programs: &Programs, driver: &Driver) -> Result<Tally> {
    let mut command = cargo(&["test", "--profile", "quick", "-p", "pinhole-e2e", "--test", "page"]);
    command.args(["--", "--show-output", "--test-threads=1", "--ignored"]);
    libtest::run(in_browser(&mut command, programs, driver))
}

/// All scenarios, with the tests of the harness.
fn all(programs: &Programs, driver: &Driver) -> Result<Tally> {
    let mut command = cargo(&SCENARIOS);
    command.args(["--tests", "--", "--show-output", "--test-threads=1"]);
    libtest::run(in_browser(&mut command, programs, driver))
}

/// The scenarios of [`CHOSEN`].
fn chosen(programs: &Programs, driver: &Driver) -> Result<Tally> {
    let mut command = cargo(&["test", "--profile", "quick", "-p", "pinhole-e2e", "--test", "page"]);
    command.args(["--", "--show-output", "--test-threads=1", "--exact"]).args(CHOSEN);
    let tally = libtest::run(in_browser(&mut command, programs, driver))?;
    let count = tally.passed + tally.failed + tally.skipped;
    // A scenario that was renamed would not run, and nobody would notice.
    let expected = CHOSEN.iter().collect::<HashSet<_>>().len();
    ensure!(count == expected, "{count} of the {expected} chosen scenarios ran: their list is in xtask/src/test");
    Ok(tally)
}

fn in_browser<'a>(
    command: &'a mut std::process::Command,
    programs: &Programs,
    driver: &Driver,
) -> &'a mut std::process::Command {
    command
        .env("PINHOLE_BROWSER", programs.kind.to_string())
        .env("PINHOLE_DRIVER", driver.address())
        .env("PINHOLE_PROFILES", driver.profiles())
        .env("PINHOLE_DIST", workspace::dist())
        .env("PINHOLE_CLI", program_in(&workspace::target().join("debug"), "pinhole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_the_other_browsers_run_the_chosen_scenarios() {
        assert_eq!(
            BrowserChoice::default().browsers(),
            [(BrowserKind::Chromium, true), (BrowserKind::Firefox, false), (BrowserKind::WebKit, false)]
        );
        assert_eq!("webkit".parse::<BrowserChoice>().expect("a browser").browsers(), [(BrowserKind::WebKit, true)]);
        assert_eq!("all".parse::<BrowserChoice>().expect("all of them").browsers().len(), 3);
    }
}
