//! `cargo xtask bench`: how fast the engine is, natively and in a page, beside other libraries and other revisions, and
//! how much the page weighs.
//!
//! It measures what is there and judges nothing: machine, browser and device are named beside every figure, and a task
//! that fails is a row that says so.

mod arena;
mod contest;
mod contestant;
mod losses;
mod machine;
mod memory;
mod page;
mod probe;
mod report;
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
        contest::beside_peers(options, &browser, folder("PINHOLE_PEERS")?, &mut report).await?;
    }
    if options.against.is_some() {
        let other = folder("PINHOLE_AGAINST")?;
        report.add(Sizes::of("kB", &dist())?);
        report.add(Sizes::of("kB there", &other)?);
        contest::against(options, &browser, other, &mut report).await?;
    }
    if options.counters {
        probe::measure(options, &browser, folder("PINHOLE_PEERS")?, &mut report).await?;
        memory::measure(options, &browser, &mut report).await?;
    }
    Ok(report)
}

/// A folder that `cargo xtask bench` has prepared.
fn folder(variable: &str) -> Result<PathBuf> {
    let folder =
        env::var_os(variable).with_context(|| format!("{variable} names no folder (`cargo xtask bench` does)"))?;
    Ok(folder.into())
}
