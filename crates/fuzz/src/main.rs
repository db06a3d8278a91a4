//! `pinhole-fuzz [TARGET ...] [--minutes N] [--seed N]`: fuzzes the targets, or all of them, one after another.

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use lexopt::{Arg, Parser, ValueExt as _};
use pinhole_fuzz::{Target, run, targets::ALL};

/// Time for a target, unless another is given.
const MINUTES: f64 = 10.0;

struct Options {
    targets: Vec<&'static Target>,
    time: Duration,
    seed: u64,
}

fn main() -> ExitCode {
    match options(Parser::from_env()).and_then(|options| fuzz(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz(options: &Options) -> Result<()> {
    // Inputs of a target that fails stay there.
    let folder = PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into())).join("fuzz");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    println!("target       inputs  accepted  per second (seed {})", options.seed);
    for target in &options.targets {
        let start = Instant::now();
        let report = run(target, options.seed, &folder, |_| start.elapsed() >= options.time)?;
        let per_second = report.inputs as f64 / start.elapsed().as_secs_f64();
        println!("{:10} {:>8}  {:>8}  {per_second:.0}", target.name, report.inputs, report.accepted);
    }
    Ok(())
}

fn options(mut parser: Parser) -> Result<Options> {
    let (mut targets, mut minutes, mut seed) = (Vec::new(), MINUTES, 0);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("minutes") => minutes = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            Arg::Value(name) => targets.push(target(&name.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    if targets.is_empty() {
        targets.extend(&ALL);
    }
    let time = Duration::try_from_secs_f64(60.0 * minutes).context("--minutes needs a positive number")?;
    Ok(Options { targets, time, seed })
}

fn target(name: &str) -> Result<&'static Target> {
    let Some(target) = ALL.iter().find(|target| target.name == name) else {
        let names: Vec<&str> = ALL.iter().map(|target| target.name).collect();
        bail!("there is no target `{name}`; there are {}", names.join(", "));
    };
    Ok(target)
}
