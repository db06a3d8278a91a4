//! Comparisons of our engine with competitors, as medians and ratios.

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
    competitor::{self, Competitor},
    losses,
    page::{setup, version},
    report::{Report, Section, push},
    runner::{self, CompetitorResult},
};

/// Tasks that other libraries run too.
const SHARED_TASKS: [&str; 3] = ["T1", "T2", "T3"];
/// Tasks that compute on the device; tables are read and scored on the CPU always.
const ON_DEVICE: [&str; 6] = ["T1", "T2", "T3", "T6", "T7", "T8"];

/// Browser whose server also serves the pages of the other libraries.
pub fn setup_with_peers(device: Device, peers: PathBuf) -> Setup {
    setup(device).with_override(Box::new(move |path| peers_file(&peers, path)))
}

/// File of the other libraries' pages.
pub fn peers_file(peers: &Path, path: &str) -> Option<xtask::server::Reply> {
    file_in(peers, path.strip_prefix("peers/")?)
}

/// Compares our engine with other libraries.
///
/// # Errors
/// When the browser fails; a competitor that fails is a row.
pub async fn with_peers(options: &BenchOptions, browser: &Browser, peers: PathBuf, report: &mut Report) -> Result<()> {
    for device in options.devices() {
        for task in options.tasks_of(&SHARED_TASKS) {
            let page = browser.open(setup_with_peers(device, peers.clone())).await?;
            let site = page.site();
            let mut competitors = vec![Competitor::ours("Pinhole", &site, device, task)];
            competitors.extend(competitor::peers(device).iter().map(|peer| Competitor::peer(peer, &site, task, "")));
            run(options, page, device, task, &competitors, report).await?;
        }
    }
    Ok(())
}

/// Compares our engine with that of another revision.
///
/// # Errors
/// When the browser fails; a competitor that fails is a row.
pub async fn with_revision(
    options: &BenchOptions,
    browser: &Browser,
    other: PathBuf,
    report: &mut Report,
) -> Result<()> {
    let other = Server::start(Site::new(other), 0)?;
    let revision = options.against.as_deref().unwrap_or_default();
    for device in options.devices() {
        let tasks = if device == Device::Cpu { &TASKS[..] } else { &ON_DEVICE };
        for task in options.tasks_of(tasks) {
            let page = browser.open(setup(device)).await?;
            let competitors = [
                Competitor::ours("this one", &page.site(), device, task),
                Competitor::ours(revision, &other.address(), device, task),
            ];
            run(options, page, device, task, &competitors, report).await?;
        }
    }
    Ok(())
}

async fn run(
    options: &BenchOptions,
    page: Page,
    device: Device,
    task: &'static str,
    competitors: &[Competitor],
    report: &mut Report,
) -> Result<()> {
    report.browser = version(&page);
    let results = runner::run_rounds(&page, competitors, options.rounds).await?;
    report.add(Comparison { task, device, results });
    page.close().await
}

/// Comparison on one task and device; the first result is ours.
struct Comparison {
    task: &'static str,
    device: Device,
    results: Vec<CompetitorResult>,
}

impl Comparison {
    const fn device_name(&self) -> &'static str {
        match self.device {
            Device::Cpu => "CPU",
            Device::WebGpu => "software WebGPU or WebGL",
        }
    }

    /// Our speed divided by another's, paired by turn, ascending.
    fn ratios(&self, other: &CompetitorResult) -> Vec<f64> {
        let pairs = self.results[0].steps_per_s.iter().zip(&other.steps_per_s);
        sorted(pairs.map(|(ours, theirs)| ours / theirs))
    }

    /// Comparison of the losses with ours; `None` for ours, and if nothing was trained.
    fn verdict(&self, index: usize) -> Option<Result<String, String>> {
        let trains = !matches!(self.task, "T3" | "T4" | "T5");
        let has_turns = index > 0 && !self.results[index].steps_per_s.is_empty();
        (trains && has_turns).then(|| losses::compare(&self.results[0].losses, &self.results[index].losses))
    }

    fn result_json(&self, index: usize) -> Value {
        let result = &self.results[index];
        let rates = sorted(result.steps_per_s.iter().copied());
        let ratios = self.ratios(result);
        json!({
            "name": result.name,
            "error": result.error,
            "steps_per_s": result.steps_per_s,
            "steps_per_s_median": median(&rates),
            "ours_to_this": ratios,
            "ours_to_this_median": median(&ratios),
            "same_work": self.verdict(index).map(|verdict| verdict.is_ok()),
            "losses": self.verdict(index).map(|verdict| verdict.unwrap_or_else(|reason| reason)),
        })
    }

    fn write_row(&self, f: &mut fmt::Formatter<'_>, index: usize) -> fmt::Result {
        let result = &self.results[index];
        write!(f, "{:<24}", result.name)?;
        let rates = sorted(result.steps_per_s.iter().copied());
        if let Some(rate) = median(&rates) {
            let (slowest, fastest) = (rates[0], rates[rates.len() - 1]);
            write!(f, "{rate:>11.3}{slowest:>11.3}{fastest:>11.3}{:>11.3}", 1e3 / rate)?;
            let ratios = self.ratios(result);
            if let Some(ratio) = median(&ratios).filter(|_| index > 0) {
                write!(f, "  {ratio:.3} ({:.3} to {:.3})", ratios[0], ratios[ratios.len() - 1])?;
            }
        }
        match (&result.error, self.verdict(index)) {
            (Some(error), _) => writeln!(f, "  failed: {error}"),
            (None, Some(Ok(figures))) => writeln!(f, "  same work: {figures}"),
            (None, Some(Err(reason))) => writeln!(f, "  NOT THE SAME WORK: {reason}"),
            (None, None) => writeln!(f),
        }
    }
}

impl Section for Comparison {
    fn add_to(&self, all: &mut Map<String, Value>) {
        let results: Vec<Value> = (0..self.results.len()).map(|index| self.result_json(index)).collect();
        push(all, "contests", json!({ "task": self.task, "on": self.device_name(), "standings": results }));
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("{} on {}", self.task, self.device_name());
        writeln!(f, "{title}")?;
        writeln!(
            f,
            "{:<24}{:>11}{:>11}{:>11}{:>11}  ours / it (turn by turn)",
            "", "steps/s", "slowest", "fastest", "ms a step"
        )?;
        (0..self.results.len()).try_for_each(|index| self.write_row(f, index))
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Median of sorted values.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, *upper))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::BenchTask;

    use super::*;
    use crate::losses::LossCurve;

    #[test]
    fn task_names_match_the_engine() {
        assert_eq!(TASKS, BenchTask::ALL.map(BenchTask::name));
    }

    #[test]
    fn ratios_are_paired_by_turn() {
        let result = |name: &str, rates: &[f64]| CompetitorResult {
            name: name.into(),
            steps_per_s: rates.into(),
            losses: LossCurve::default(),
            error: None,
        };
        let results = vec![result("ours", &[10.0, 20.0, 40.0]), result("theirs", &[20.0, 20.0])];
        let comparison = Comparison { task: "T3", device: Device::Cpu, results };
        // A competitor that failed early is compared over the turns it took.
        assert_eq!(comparison.ratios(&comparison.results[1]), [0.5, 1.0]);
        assert_eq!(median(&[0.5, 1.0]), Some(0.75));
        assert_eq!(median(&[1.0, 3.0, 9.0]), Some(3.0));
        assert_eq!(median(&[]), None);
    }
}
