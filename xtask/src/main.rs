//! Tasks of the repository: `cargo xtask serve | build | dev | test | fuzz | bench`.

mod archive;
mod bench;
mod dist;
mod engine_version;
mod fuzz;
mod test;
mod tools;

use std::{ffi::OsString, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use lexopt::{Arg, Parser, ValueExt as _};

use self::test::BrowserChoice;

const HELP: &str = "\
Tasks of the Pinhole workspace. What a task needs beyond Rust it installs into the target folder.

cargo xtask serve [--port N]          build the page and serve it on this machine
cargo xtask build [--public-url URL]  build dist only; URL is ./ (any folder) unless given, such as /sub/
cargo xtask dev                       serve the page and rebuild it at every edit
cargo xtask test [SUITE ...]          run all suites, or those named:
                                      fmt, clippy, docs, boundary, native, wasm, e2e;
                                      or presets, which trains each of them to its aim;
                                      or soak: random actions, kills and twenty minutes of training
    --browser chromium|firefox|webkit|all
                                      all scenarios of e2e in that browser, or in each; without it
                                      all in Chromium and the chosen ones in the other two
cargo xtask fuzz [TARGET ...] [--minutes N] [--seed N]
                                      generated input for every reader of files and the messages into the
                                      worker, ten minutes each: dialect, records, table, images, model,
                                      detector, experiment, commands
cargo xtask bench [--tasks T1,T2] [--device cpu|webgpu] [--json]
                                      measure speed and size, natively and in headless Chromium; or instead
    --peers                           other libraries beside ours, taking turns
    --against REV                     another revision beside this one, taking turns
    --rounds N                        turns of each (5)
    --counters [--steps N]            what a step asks of WebGPU, its work on the host, and memory over N steps (2000)
";

enum Task {
    Help,
    Serve { port: Option<u16> },
    Build { public_url: String },
    Dev,
    Test { suites: Vec<test::Suite>, browsers: BrowserChoice },
    Fuzz { arguments: Vec<OsString> },
    Bench { arguments: Vec<OsString> },
}

fn main() -> ExitCode {
    let done = match std::env::var_os(test::document::FOLDER) {
        Some(folder) => {
            test::document::stand_in(&folder, &std::env::args_os().skip(1).collect::<Vec<_>>()).map(|()| true)
        }
        None => parse(Parser::from_env()).and_then(run_task),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Performs a task. Returns true if it succeeded.
fn run_task(task: Task) -> Result<bool> {
    match task {
        Task::Help => print!("{HELP}"),
        Task::Serve { port } => dist::serve(port)?,
        Task::Build { public_url } => dist::build(&public_url)?,
        Task::Dev => dist::dev()?,
        Task::Test { suites, browsers } => return Ok(test::run(&suites, browsers)),
        Task::Fuzz { arguments } => fuzz::run(&arguments)?,
        Task::Bench { arguments } => bench::run(&arguments)?,
    }
    Ok(true)
}

fn parse(mut parser: Parser) -> Result<Task> {
    let Some(task) = parser.next()? else { return Ok(Task::Help) };
    let task = match task {
        Arg::Value(name) => match name.to_str() {
            Some("serve") => Task::Serve { port: None },
            Some("build") => Task::Build { public_url: "./".into() },
            Some("dev") => Task::Dev,
            Some("test") => Task::Test { suites: Vec::new(), browsers: BrowserChoice::default() },
            // Its options are parsed where they are used.
            Some("bench") => return passed_on(&mut parser, |arguments| Task::Bench { arguments }),
            Some("fuzz") => return passed_on(&mut parser, |arguments| Task::Fuzz { arguments }),
            _ => bail!("there is no task `{}`\n\n{HELP}", name.display()),
        },
        Arg::Long("help") | Arg::Short('h') => Task::Help,
        other => return Err(other.unexpected().into()),
    };
    parse_options(task, parser)
}

fn passed_on(parser: &mut Parser, task: impl FnOnce(Vec<OsString>) -> Task) -> Result<Task> {
    let arguments: Vec<OsString> = parser.raw_args()?.collect();
    let wants_help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    Ok(if wants_help { Task::Help } else { task(arguments) })
}

fn parse_options(mut task: Task, mut parser: Parser) -> Result<Task> {
    while let Some(argument) = parser.next()? {
        match (&mut task, argument) {
            (_, Arg::Long("help") | Arg::Short('h')) => return Ok(Task::Help),
            (Task::Serve { port }, Arg::Long("port")) => {
                *port = Some(parser.value()?.string()?.parse().context("--port needs a number below 65536")?);
            }
            (Task::Build { public_url }, Arg::Long("public-url")) => *public_url = parser.value()?.string()?,
            (Task::Test { suites, .. }, Arg::Value(name)) => suites.push(name.string()?.parse()?),
            (Task::Test { browsers, .. }, Arg::Long("browser")) => *browsers = parser.value()?.string()?.parse()?,
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    Ok(task)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Task> {
        parse(Parser::from_args(words))
    }

    #[test]
    fn tasks_and_their_options_are_understood() {
        assert!(matches!(parsed(&["serve", "--port", "9000"]), Ok(Task::Serve { port: Some(9000) })));
        assert!(
            matches!(parsed(&["build", "--public-url", "/x/"]), Ok(Task::Build { public_url }) if public_url == "/x/")
        );
        assert!(matches!(parsed(&["test", "fmt", "e2e"]), Ok(Task::Test { suites, .. }) if suites.len() == 2));
        assert!(matches!(
            parsed(&["test", "e2e", "--browser", "all"]),
            Ok(Task::Test { browsers: BrowserChoice::All, .. })
        ));
        assert!(matches!(parsed(&["bench", "--steps", "9"]), Ok(Task::Bench { arguments }) if arguments.len() == 2));
        assert!(matches!(parsed(&["bench", "--help"]), Ok(Task::Help)));
        assert!(matches!(parsed(&[]), Ok(Task::Help)));
    }

    #[test]
    fn mistakes_are_named() {
        for words in [
            &["sreve"][..],
            &["test", "natvie"],
            &["serve", "--port", "99999"],
            &["dev", "--fast"],
            &["test", "--browser", "lynx"],
        ] {
            assert!(parsed(words).is_err(), "{words:?}");
        }
    }
}
