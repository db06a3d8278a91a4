//! Prints the listing of an experiment in JSON: `cargo run -p pinhole-export --example listing < experiment.json`.

use std::{error::Error, io};

use pinhole_export::pytorch::listing;
use pinhole_protocol::{Experiment, TrainingStart};

fn main() -> Result<(), Box<dyn Error>> {
    let experiment: Experiment = serde_json::from_reader(io::stdin())?;
    print!("{}", listing(&experiment.check()?, TrainingStart::Fresh).text);
    Ok(())
}
