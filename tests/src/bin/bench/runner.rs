//! Contestants in windows of one browser, taking turns.

use anyhow::Result;
use fantoccini::wd::WindowHandle;
use pinhole_e2e::{Page, page::SOON};
use serde_json::Value;

use crate::{contestant::Contestant, losses::Losses, page};

/// How a contestant did.
pub struct Standing {
    /// Its name for people.
    pub name: String,
    /// Median steps a second of each of its turns.
    pub steps_per_s: Vec<f64>,
    /// Those of its first turn.
    pub losses: Losses,
    /// Why it takes no turns any more.
    pub error: Option<String>,
}

/// Lets each take that many turns. Every other round goes backwards, so that a machine that slows down favours nobody; who fails
/// once is out.
///
/// # Errors
/// When the browser fails.
pub async fn compete(page: &Page, contestants: &[Contestant], rounds: usize) -> Result<Vec<Standing>> {
    let mut standings: Vec<Standing> = contestants.iter().map(Standing::new).collect();
    let mut windows = Vec::new();
    for contestant in contestants {
        let window = page.client.new_window(true).await?.handle;
        page.client.switch_to_window(window.clone()).await?;
        page.client.goto(&contestant.address).await?;
        windows.push(window);
    }
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..contestants.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let standing = &mut standings[index];
            if standing.error.is_none() {
                eprintln!("    {} {}, turn {} of {rounds}", contestants[index].task, standing.name, round + 1);
                standing.note(turn(page, &contestants[index], &windows[index]).await);
                // What it still computes must not slow the others.
                if standing.error.is_some() {
                    close(page, &windows[index]).await?;
                }
            }
        }
    }
    for (window, standing) in windows.iter().zip(&standings) {
        if standing.error.is_none() {
            close(page, window).await?;
        }
    }
    Ok(standings)
}

/// One turn in its window; answers what it left there.
///
/// # Errors
/// When there is nothing in time, or it is a failure.
pub async fn turn(page: &Page, contestant: &Contestant, window: &WindowHandle) -> Result<Value> {
    page.client.switch_to_window(window.clone()).await?;
    // A page that has just been opened may not have run its scripts.
    page.until("the contestant's page", SOON, async || {
        page.client.execute_async(contestant.begin, contestant.arguments()).await?;
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

impl Standing {
    fn new(contestant: &Contestant) -> Self {
        let name = contestant.name.clone();
        Self { name, steps_per_s: Vec::new(), losses: Losses::default(), error: None }
    }

    fn note(&mut self, outcome: Result<Value>) {
        match outcome {
            Ok(outcome) => {
                if self.steps_per_s.is_empty() {
                    self.losses = Losses::read(&outcome);
                }
                self.steps_per_s.push(outcome["steps_per_s"].as_f64().unwrap_or(f64::NAN));
            }
            Err(error) => self.error = Some(format!("{error:#}")),
        }
    }
}
