//! The command-line program `pinhole`, with the engine, experiments and model files of the page.
//!
//! Exit codes: 0 success, 1 failure (the reason is on standard error), 2 invalid command line.

mod arguments;
mod bench;
mod denoise;
mod eval;
mod experiment;
mod files;
mod find_rate;
mod measures;
mod presets;
mod reproduce;
mod samples;
mod settings;
mod tables;
mod train;

use std::{
    env, io, panic,
    process::{self, ExitCode},
};

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Task};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    end_with_reader();
    start_log();
    let outcome = match arguments.command {
        Task::Train(arguments) => pollster::block_on(train::run(&arguments)),
        Task::FindRate(arguments) => pollster::block_on(find_rate::run(&arguments)),
        Task::Eval(arguments) => pollster::block_on(eval::run(&arguments)),
        Task::Reproduce(arguments) => pollster::block_on(reproduce::run(&arguments)),
        Task::Presets { json } => presets::run(json),
        Task::Denoise { model, input, output, as_is, device } => {
            pollster::block_on(denoise::run(&model, &input, &output, as_is, device.into()))
        }
        Task::Fit(arguments) => pollster::block_on(tables::fit(&arguments)),
        Task::Score(arguments) => pollster::block_on(tables::score(&arguments)),
        Task::Fill(arguments) => pollster::block_on(tables::fill(&arguments)),
        Task::Evaluate(arguments) => pollster::block_on(tables::evaluate(&arguments)),
        Task::Inspect(arguments) => pollster::block_on(tables::inspect(&arguments)),
        Task::Bench { task, device, json } => pollster::block_on(bench::run(task, device.into(), json)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pinhole: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Ends the program in silence when the reader of its output has ended, as in `pinhole inspect FILE | head`: `println!`
/// would panic.
fn end_with_reader() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str().is_some_and(|message| message.contains("Broken pipe")) {
            process::exit(0);
        }
        report(panic);
    }));
}

/// Writes the engine's log to standard error, at the levels that the environment variable `RUST_LOG` names; there is
/// none without the variable.
fn start_log() {
    if env::var_os(EnvFilter::DEFAULT_ENV).is_some() {
        tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(io::stderr).init();
    }
}
