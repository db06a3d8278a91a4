//! The command-line program `pinhole`, with the engine, experiments and model files of the page.
//!
//! Its exit codes are listed in `arguments`.

mod arguments;
mod bench;
mod denoise;
mod eval;
mod experiment;
mod files;
mod find_rate;
mod latent;
mod measure;
mod measures;
mod output_file;
mod presets;
mod reproduce;
mod samples;
mod settings;
mod standard_error;
mod sweep;
mod tables;
mod termination;
mod train;

use std::{env, io, process::ExitCode};

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Task};

fn main() -> ExitCode {
    standard_error::set_runtime_folder();
    let arguments = Arguments::parse();
    termination::handle_signals();
    start_log();
    standard_error::run_quietly(|| run(arguments))
}

fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Task::Train(arguments) => pollster::block_on(train::run(&arguments)),
        Task::FindRate(arguments) => pollster::block_on(find_rate::run(&arguments)),
        Task::Sweep(arguments) => pollster::block_on(sweep::run(&arguments)),
        Task::Eval(arguments) => pollster::block_on(eval::run(&arguments)),
        Task::Measure(arguments) => pollster::block_on(measure::run(&arguments)),
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
        Task::Encode(arguments) => pollster::block_on(latent::encode(&arguments)),
        Task::Embed(arguments) => pollster::block_on(latent::embed(&arguments)),
        Task::Sample(arguments) => pollster::block_on(latent::sample(&arguments)),
        Task::Decode(arguments) => pollster::block_on(latent::decode(&arguments)),
        Task::Bench { task, device, json } => pollster::block_on(bench::run(task, device.into(), json)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of a scored table that is written to a pipe has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pinhole: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.into_iter().any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes the engine's log to standard error, at the levels that the environment variable `RUST_LOG` names; there is
/// none without the variable.
fn start_log() {
    if env::var_os(EnvFilter::DEFAULT_ENV).is_some() {
        tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(io::stderr).init();
    }
}
