//! Ours beside others, as medians and ratios.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::Result;
use pinhole_e2e::{Page, Setup, browser::Browser};
use serde_json::{Map, Value, json};
use xtask::{
    bench_options::{BenchOptions, Device, TASKS},
    server::{Server, Site, file_in},
};

use crate::{
    arena::{self, Standing},
    contestant::{self, Contestant},
    losses,
    page::{setup, version},
    report::{Report, Section, push},
};

/// What other libraries can do too.
const SHARED_TASKS: [&str; 3] = ["T1", "T2", "T3"];
/// The tasks that compute on the device; reading and scoring tables is the CPU's.
const ON_DEVICE: [&str; 6] = ["T1", "T2", "T3", "T6", "T7", "T8"];

/// A browser in which the libraries' pages lie beside ours.
pub fn setup_beside(device: Device, peers: PathBuf) -> Setup {
    setup(device).instead(Box::new(move |path| peers_file(&peers, path)))
}

/// A file of the libraries' pages.
pub fn peers_file(peers: &Path, path: &str) -> Option<xtask::server::Reply> {
    file_in(peers, path.strip_prefix("peers/")?)
}

/// Ours beside other libraries.
///
/// # Errors
/// When the browser fails; a contestant that fails is a row.
pub async fn beside_peers(
    options: &BenchOptions,
    browser: &Browser,
    peers: PathBuf,
    report: &mut Report,
) -> Result<()> {
    for device in options.devices() {
        for task in options.tasks_of(&SHARED_TASKS) {
            let page = browser.open(setup_beside(device, peers.clone())).await?;
            let site = page.site();
            let mut contestants = vec![Contestant::ours("Pinhole", &site, device, task)];
            contestants.extend(contestant::peers(device).iter().map(|peer| Contestant::peer(peer, &site, task, "")));
            run(options, page, device, task, &contestants, report).await?;
        }
    }
    Ok(())
}

/// Ours beside the page of another revision.
///
/// # Errors
/// When the browser fails; a contestant that fails is a row.
pub async fn against(options: &BenchOptions, browser: &Browser, other: PathBuf, report: &mut Report) -> Result<()> {
    let other = Server::start(Site::new(other), 0)?;
    let revision = options.against.as_deref().unwrap_or_default();
    for device in options.devices() {
        let tasks = if device == Device::Cpu { &TASKS[..] } else { &ON_DEVICE };
        for task in options.tasks_of(tasks) {
            let page = browser.open(setup(device)).await?;
            let contestants = [
                Contestant::ours("this one", &page.site(), device, task),
                Contestant::ours(revision, &other.address(), device, task),
            ];
            run(options, page, device, task, &contestants, report).await?;
        }
    }
    Ok(())
}

async fn run(
    options: &BenchOptions,
    page: Page,
    device: Device,
    task: &'static str,
    contestants: &[Contestant],
    report: &mut Report,
) -> Result<()> {
    report.browser = version(&page);
    let standings = arena::compete(&page, contestants, options.rounds).await?;
    report.add(Contest { task, device, standings });
    page.close().await
}

/// A task on a device; the first standing is ours.
struct Contest {
    task: &'static str,
    device: Device,
    standings: Vec<Standing>,
}

impl Contest {
    const fn place(&self) -> &'static str {
        match self.device {
            Device::Cpu => "CPU",
            Device::WebGpu => "software WebGPU or WebGL",
        }
    }

    /// Our speed as a multiple of another's, turn by turn, from the smallest.
    fn ratios(&self, other: &Standing) -> Vec<f64> {
        let pairs = self.standings[0].steps_per_s.iter().zip(&other.steps_per_s);
        sorted(pairs.map(|(ours, theirs)| ours / theirs))
    }

    /// Whether it did the same work as ours; `None` where nothing was trained, or it is ours.
    fn verdict(&self, index: usize) -> Option<Result<String, String>> {
        let trains = !matches!(self.task, "T3" | "T4" | "T5");
        let took_part = index > 0 && !self.standings[index].steps_per_s.is_empty();
        (trains && took_part).then(|| losses::compare(&self.standings[0].losses, &self.standings[index].losses))
    }

    fn standing_json(&self, index: usize) -> Value {
        let standing = &self.standings[index];
        let rates = sorted(standing.steps_per_s.iter().copied());
        let ratios = self.ratios(standing);
        json!({
            "name": standing.name,
            "error": standing.error,
            "steps_per_s": standing.steps_per_s,
            "steps_per_s_median": median(&rates),
            "ours_to_this": ratios,
            "ours_to_this_median": median(&ratios),
            "same_work": self.verdict(index).map(|verdict| verdict.is_ok()),
            "losses": self.verdict(index).map(|verdict| verdict.unwrap_or_else(|reason| reason)),
        })
    }

    fn write_row(&self, f: &mut fmt::Formatter<'_>, index: usize) -> fmt::Result {
        let standing = &self.standings[index];
        write!(f, "{:<24}", standing.name)?;
        let rates = sorted(standing.steps_per_s.iter().copied());
        if let Some(rate) = median(&rates) {
            let (slowest, fastest) = (rates[0], rates[rates.len() - 1]);
            write!(f, "{rate:>11.3}{slowest:>11.3}{fastest:>11.3}{:>11.3}", 1e3 / rate)?;
            let ratios = self.ratios(standing);
            if let Some(ratio) = median(&ratios).filter(|_| index > 0) {
                write!(f, "  {ratio:.3} ({:.3} to {:.3})", ratios[0], ratios[ratios.len() - 1])?;
            }
        }
        match (&standing.error, self.verdict(index)) {
            (Some(error), _) => writeln!(f, "  failed: {error}"),
            (None, Some(Ok(figures))) => writeln!(f, "  same work: {figures}"),
            (None, Some(Err(reason))) => writeln!(f, "  NOT THE SAME WORK: {reason}"),
            (None, None) => writeln!(f),
        }
    }
}

impl Section for Contest {
    fn add_to(&self, all: &mut Map<String, Value>) {
        let standings: Vec<Value> = (0..self.standings.len()).map(|index| self.standing_json(index)).collect();
        push(all, "contests", json!({ "task": self.task, "on": self.place(), "standings": standings }));
    }
}

impl fmt::Display for Contest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("{} on {}", self.task, self.place());
        writeln!(f, "{title}")?;
        writeln!(
            f,
            "{:<24}{:>11}{:>11}{:>11}{:>11}  ours / it (turn by turn)",
            "", "steps/s", "slowest", "fastest", "ms a step"
        )?;
        (0..self.standings.len()).try_for_each(|index| self.write_row(f, index))
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Of values in order.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, *upper))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::BenchTask;

    use super::*;
    use crate::losses::Losses;

    #[test]
    fn the_tasks_are_the_engines() {
        assert_eq!(TASKS, BenchTask::ALL.map(BenchTask::name));
    }

    #[test]
    fn ratios_pair_turns_and_do_not_mix_medians() {
        let standing = |name: &str, rates: &[f64]| Standing {
            name: name.into(),
            steps_per_s: rates.into(),
            losses: Losses::default(),
            error: None,
        };
        let standings = vec![standing("ours", &[10.0, 20.0, 40.0]), standing("theirs", &[20.0, 20.0])];
        let contest = Contest { task: "T3", device: Device::Cpu, standings };
        // Whoever left early is compared over the turns that there were.
        assert_eq!(contest.ratios(&contest.standings[1]), [0.5, 1.0]);
        assert_eq!(median(&[0.5, 1.0]), Some(0.75));
        assert_eq!(median(&[1.0, 3.0, 9.0]), Some(3.0));
        assert_eq!(median(&[]), None);
    }
}
