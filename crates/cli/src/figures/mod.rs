//! `pinhole figures`

mod results;
mod rows;

use std::{path::Path, time::Instant};

use pinhole_engine::{
    Compute, Model,
    data::{self, SampleSet},
    evaluate::evaluate,
    measure::{HeldOut, measure},
    training::{Start, TrainingRun},
};
use pinhole_protocol::Measure;

use self::{
    results::{Outcome, Results},
    rows::{Judgement, Row, rows},
};
use crate::{arguments::FiguresArguments, files, train::follow};

const TRAINING: [&str; 2] = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];
const TEST: [&str; 2] = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];

/// Trains every network that has no result yet, one after the other, and writes what came of it after each, so that it
/// can be stopped and taken up again. Prints the table.
pub async fn run(arguments: &FiguresArguments) -> anyhow::Result<()> {
    let rows = rows();
    let mut results = Results::read(&arguments.out)?;
    let is_wanted = |row: &Row| arguments.only.as_ref().is_none_or(|only| only == row.name);
    let missing: Vec<&Row> = rows.iter().filter(|row| is_wanted(row) && !results.has(row)).collect();
    if !missing.is_empty() {
        if let Some(absent) = TRAINING.iter().chain(&TEST).find(|name| !arguments.mnist.join(name).exists()) {
            println!("SKIP figures: there is no {absent} in {}", arguments.mnist.display());
            return Ok(());
        }
        let compute = Compute::start(arguments.device.into()).await;
        let [training, test] = [TRAINING, TEST].map(|names| open(&arguments.mnist, names));
        let (training, test) = (training?, test?);
        for row in missing {
            eprintln!("{}: {}", row.name, row.title);
            // On the heap: a run and its measures are 33 kB of state.
            let outcome = Box::pin(measured(row, &training, &test, arguments.seed, &compute)).await?;
            results.note(row, outcome);
            results.write(&arguments.out)?;
        }
    }
    print!("{}", results.table(&rows));
    Ok(())
}

fn open(folder: &Path, names: [&str; 2]) -> anyhow::Result<SampleSet> {
    Ok(data::open_images(&files::read_all(&names.map(|name| folder.join(name)))?)?)
}

/// Trains a row's network and measures it on the test images.
async fn measured(
    row: &Row,
    training: &SampleSet,
    test: &SampleSet,
    seed: u64,
    compute: &Compute,
) -> anyhow::Result<Outcome> {
    let mut experiment = row.experiment.clone();
    experiment.seed = seed;
    let begun = Instant::now();
    let mut run = TrainingRun::new(compute, experiment.check()?, training, Start::Fresh)?;
    follow(&mut run).await?;
    let train_s = begun.elapsed().as_secs_f64().round();
    let values = judge(row.judgement, &run.into_model(row.name.into()), training, test).await?;
    Ok(Outcome { seed, values, train_s })
}

async fn judge(
    judgement: Judgement,
    model: &Model,
    training: &SampleSet,
    test: &SampleSet,
) -> anyhow::Result<Vec<f64>> {
    let measures: &[Measure] = match judgement {
        Judgement::Error => &[Measure::ReconstructionError],
        Judgement::Bound => &[Measure::NegativeElbo],
        Judgement::Neighbours => &[Measure::NeighbourAccuracy, Measure::ReconstructionError],
        Judgement::Denoising => {
            let spec = model.experiment().spec();
            let quality = evaluate(model, test, spec.objective.corruption, spec.seed).await?.denoised;
            return Ok(vec![quality.psnr_db, quality.ssim]);
        }
    };
    let all = HeldOut::all(test, training);
    let found = measure(model, &all, measures, None, &async || ()).await?;
    Ok(found.into_iter().map(|measurement| measurement.value).collect())
}
