//! `cargo xtask bench`: speed of the engine, natively and in a page, compared with other libraries and other revisions, and
//! size of the page.
//!
//! It measures and does not judge. The report names machine, browser and device; a task that fails is a row with its error.

mod comparison;
mod competitor;
mod losses;
mod machine;
mod memory;
mod page;
mod probe;
mod report;
mod runner;
mod sizes;
mod tasks;
mod terminal;

use std::{env, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};
use pinhole_e2e::browser::{Browser, dist};
use report::Report;
use sizes::Sizes;
use xtask::bench_options::{BenchOptions, Device};

fn main() -> ExitCode {
    let outcome = BenchOptions::parse(env::args_os().skip(1)).and_then(|options| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let report = runtime.block_on(measure(&options))?;
        if options.json {
            println!("{:#}", report.to_json());
        } else {
            print!("{report}");
        }
        Ok(())
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &BenchOptions) -> Result<Report> {
    let mut report = Report::new(machine::describe());
    let browser = Browser::start()?;
    if options.is_plain() {
        let device = options.device.unwrap_or(Device::Cpu);
        tasks::measure(options, device, &browser, &mut report).await?;
        report.add(Sizes::of("kB", &dist())?);
        page::visit(device, &browser, &mut report).await?;
    }
    if options.peers {
        comparison::with_peers(options, &browser, folder("PINHOLE_PEERS")?, &mut report).await?;
    }
    if options.against.is_some() {
        let other = folder("PINHOLE_AGAINST")?;
        report.add(Sizes::of("kB", &dist())?);
        report.add(Sizes::of("kB there", &other)?);
        comparison::with_revision(options, &browser, other, &mut report).await?;
    }
    if options.counters {
        probe::measure(options, &browser, folder("PINHOLE_PEERS")?, &mut report).await?;
        memory::measure(options, &browser, &mut report).await?;
    }
    Ok(report)
}

/// Folder prepared by `cargo xtask bench`, from an environment variable.
fn folder(variable: &str) -> Result<PathBuf> {
    let folder =
        env::var_os(variable).with_context(|| format!("{variable} names no folder (`cargo xtask bench` does)"))?;
    Ok(folder.into())
}
