//! Progress bar of a job.

use indicatif::{ProgressBar, ProgressStyle};
use pinhole_anomaly::jobs::Job;
use pinhole_protocol::table::{TableActivity, TableProgress};

/// Resolution of the bar.
const BAR_STEPS: u64 = 1000;

/// Runs a job to its end, with a progress bar on standard error.
pub async fn run_job<J: Job>(mut job: J) -> anyhow::Result<J::Output> {
    let bar = bar()?;
    loop {
        if let Some(output) = job.advance().await? {
            bar.finish_and_clear();
            return Ok(output);
        }
        show(&bar, &job.progress());
    }
}

/// An empty progress bar on standard error.
pub fn bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % · {msg} · {eta} left")?;
    Ok(ProgressBar::new(BAR_STEPS).with_style(style))
}

/// Shows the progress of a job.
pub fn show(bar: &ProgressBar, progress: &TableProgress) {
    bar.set_position((progress.share * BAR_STEPS as f64) as u64);
    let (activity, unit) = match progress.activity {
        TableActivity::Training => ("training", "steps"),
        TableActivity::FineTuning => ("fine-tuning", "steps"),
        TableActivity::Scoring => ("scoring", "rows"),
        TableActivity::Comparing => ("comparing", "rows"),
        TableActivity::Exporting => ("writing", "rows"),
        TableActivity::Filling => ("filling", "rows"),
        TableActivity::Searching => ("searching", "rows"),
        TableActivity::Reading => ("reading", "rows"),
    };
    bar.set_message(format!("{activity} · {} {unit} · {:.0}/s", progress.count, progress.per_s));
}
