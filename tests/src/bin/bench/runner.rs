//! Runs competitors in turns, each in its own window of one browser.

use anyhow::Result;
use fantoccini::wd::WindowHandle;
use pinhole_e2e::{Page, page::SHORT_TIMEOUT};
use serde_json::Value;

use crate::{competitor::Competitor, losses::LossCurve, page};

/// Measurements of a competitor.
pub struct CompetitorResult {
    /// Name in the report.
    pub name: String,
    /// Median steps per second of each turn.
    pub steps_per_s: Vec<f64>,
    /// Losses of the first turn.
    pub losses: LossCurve,
    /// Error that ended its part; `None` if all turns succeeded.
    pub error: Option<String>,
}

/// Runs `rounds` rounds of one turn per competitor. Every other round goes backwards, so that a machine that slows down
/// favours none. A competitor that fails takes no further turn.
///
/// # Errors
/// When the browser fails.
pub async fn run_rounds(page: &Page, competitors: &[Competitor], rounds: usize) -> Result<Vec<CompetitorResult>> {
    let mut results: Vec<CompetitorResult> = competitors.iter().map(CompetitorResult::new).collect();
    let mut windows = Vec::new();
    for competitor in competitors {
        let window = page.client.new_window(true).await?.handle;
        page.client.switch_to_window(window.clone()).await?;
        page.client.goto(&competitor.address).await?;
        windows.push(window);
    }
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..competitors.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let result = &mut results[index];
            if result.error.is_none() {
                eprintln!("    {} {}, turn {} of {rounds}", competitors[index].task, result.name, round + 1);
                result.add(run_turn(page, &competitors[index], &windows[index]).await);
                // A computation that still runs must not slow the others.
                if result.error.is_some() {
                    close(page, &windows[index]).await?;
                }
            }
        }
    }
    for (window, result) in windows.iter().zip(&results) {
        if result.error.is_none() {
            close(page, window).await?;
        }
    }
    Ok(results)
}

/// Runs one turn in the competitor's window and returns its outcome.
///
/// # Errors
/// When there is no outcome in time, or it is a failure.
pub async fn run_turn(page: &Page, competitor: &Competitor, window: &WindowHandle) -> Result<Value> {
    page.client.switch_to_window(window.clone()).await?;
    // A page that has just been opened may not have run its scripts.
    page.until("the competitor's page", SHORT_TIMEOUT, async || {
        page.client.execute_async(competitor.start_script, competitor.arguments()).await?;
        Ok(Some(()))
    })
    .await?;
    page::outcome(page).await
}

async fn close(page: &Page, window: &WindowHandle) -> Result<()> {
    page.client.switch_to_window(window.clone()).await?;
    page.client.close_window().await?;
    // Commands need a window: the browser's first is never closed.
    let first = page.client.windows().await?.swap_remove(0);
    page.client.switch_to_window(first).await?;
    Ok(())
}

impl CompetitorResult {
    fn new(competitor: &Competitor) -> Self {
        let name = competitor.name.clone();
        Self { name, steps_per_s: Vec::new(), losses: LossCurve::default(), error: None }
    }

    fn add(&mut self, outcome: Result<Value>) {
        match outcome {
            Ok(outcome) => {
                if self.steps_per_s.is_empty() {
                    self.losses = LossCurve::read(&outcome);
                }
                self.steps_per_s.push(outcome["steps_per_s"].as_f64().unwrap_or(f64::NAN));
            }
            Err(error) => self.error = Some(format!("{error:#}")),
        }
    }
}
