//! A job behind a progress bar.

use indicatif::{ProgressBar, ProgressStyle};
use pinhole_anomaly::jobs::Job;
use pinhole_protocol::table::TableActivity;

/// Steps of the bar.
const PARTS: u64 = 1000;

/// Does all of a job, and shows on standard error how far it is.
pub async fn follow<J: Job>(mut job: J) -> anyhow::Result<J::Output> {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % · {msg} · {eta} left")?;
    let bar = ProgressBar::new(PARTS).with_style(style);
    loop {
        if let Some(output) = job.advance().await? {
            bar.finish_and_clear();
            return Ok(output);
        }
        let progress = job.progress();
        bar.set_position((progress.share * PARTS as f64) as u64);
        let (doing, what) = match progress.activity {
            TableActivity::Training => ("training", "steps"),
            TableActivity::FineTuning => ("fine-tuning", "steps"),
            TableActivity::Scoring => ("scoring", "rows"),
            TableActivity::Comparing => ("comparing", "rows"),
            TableActivity::Exporting => ("writing", "rows"),
            TableActivity::Searching => ("searching", "rows"),
            TableActivity::Reading => ("reading", "rows"),
        };
        bar.set_message(format!("{doing} · {} {what} · {:.0}/s", progress.count, progress.per_s));
    }
}
