//! `cargo xtask bench`: how fast the engine is, natively and in a page, and how much the page weighs.
//!
//! It measures what is there and judges nothing: machine, browser and device are named beside every figure, and a task
//! that fails is a row that says so.

mod machine;
mod page;
mod report;
mod sizes;
mod terminal;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt as _};
use report::Report;

/// What to measure on, and how to say it.
struct Options {
    device: Device,
    json: bool,
}

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Device {
    Cpu,
    WebGpu,
}

impl Device {
    /// The name in the page's address.
    const fn in_page(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    /// The name on the terminal's command line.
    const fn in_terminal(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "gpu",
        }
    }
}

/// The tasks that all libraries are compared by.
const TASKS: [&str; 5] = ["T1", "T2", "T3", "T4", "T5"];

fn main() -> ExitCode {
    match options().and_then(|options| measure(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options> {
    let mut parser = Parser::from_env();
    let mut options = Options { device: Device::Cpu, json: false };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("json") => options.json = true,
            Arg::Long("device") => {
                options.device = match parser.value()?.string()?.as_str() {
                    "cpu" => Device::Cpu,
                    "webgpu" => Device::WebGpu,
                    other => bail!("there is no device `{other}`: choose cpu or webgpu"),
                }
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn measure(options: &Options) -> Result<()> {
    let mut report = Report { machine: machine::describe(), sizes: sizes::of_dist()?, ..Report::default() };
    for task in TASKS {
        eprintln!("    {task} natively");
        report.tasks.push(terminal::run(task, options.device));
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(page::measure(options.device, &mut report))?;
    if options.json {
        println!("{:#}", report.to_json());
    } else {
        print!("{report}");
    }
    Ok(())
}
