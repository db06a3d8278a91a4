//! `pinhole reproduce`: the README's results on MNIST, beside PyTorch's.

mod networks;
mod results;

use std::{path::Path, time::Instant};

use pinhole_engine::{
    Compute, Model,
    data::SampleSet,
    evaluate::evaluate,
    measure::{HeldOut, measure},
    training::{Start, TrainingRun},
};
use pinhole_protocol::Measure;

use self::{
    networks::{MetricSet, ReferenceNetwork, reference_networks},
    results::{NetworkResult, Results},
};
use crate::{arguments::ReproduceArguments, files, train::train_to_end};

const TRAINING: [&str; 2] = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];
const TEST: [&str; 2] = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];

/// Trains every network without a result, one after the other, and prints the table of all results. The file of results
/// is written after each network, so that an interrupted command can be repeated.
pub async fn run(arguments: &ReproduceArguments) -> anyhow::Result<()> {
    let networks = reference_networks();
    let mut results = Results::read(&arguments.out)?;
    let is_selected = |network: &ReferenceNetwork| arguments.only.as_ref().is_none_or(|only| only == network.name);
    let missing: Vec<&ReferenceNetwork> =
        networks.iter().filter(|network| is_selected(network) && !results.contains(network)).collect();
    if !missing.is_empty() {
        if let Some(absent) = TRAINING.iter().chain(&TEST).find(|name| !arguments.mnist.join(name).exists()) {
            println!("SKIP reproduce: there is no {absent} in {}", arguments.mnist.display());
            return Ok(());
        }
        let compute = Compute::start(arguments.device.into()).await;
        let [training, test] = [TRAINING, TEST].map(|names| open(&arguments.mnist, names));
        let (training, test) = (training?, test?);
        for network in missing {
            eprintln!("{}: {}", network.name, network.title);
            // On the heap: a run and its measures are 33 kB of state.
            let result = Box::pin(train_and_measure(network, &training, &test, arguments.seed, &compute)).await?;
            results.insert(network, result);
            results.write(&arguments.out)?;
        }
    }
    print!("{}", results.table(&networks));
    Ok(())
}

/// Reads the images and labels of these names.
fn open(folder: &Path, names: [&str; 2]) -> anyhow::Result<SampleSet> {
    files::open_images(&names.map(|name| folder.join(name)), false)
}

/// Trains a network and measures it on the test images.
async fn train_and_measure(
    network: &ReferenceNetwork,
    training: &SampleSet,
    test: &SampleSet,
    seed: u64,
    compute: &Compute,
) -> anyhow::Result<NetworkResult> {
    let mut experiment = network.experiment.clone();
    experiment.seed = seed;
    let started = Instant::now();
    let mut run = TrainingRun::new(compute, experiment.check()?, training, Start::Fresh)?;
    train_to_end(&mut run).await?;
    let train_s = started.elapsed().as_secs_f64().round();
    let values = measure_metrics(network.metric_set, &run.into_model(network.name.into()), training, test).await?;
    Ok(NetworkResult { seed, values, train_s })
}

/// Returns the values of the metrics on the test images, in the order of [`ReferenceNetwork::metrics`].
async fn measure_metrics(
    metric_set: MetricSet,
    model: &Model,
    training: &SampleSet,
    test: &SampleSet,
) -> anyhow::Result<Vec<f64>> {
    let measures: &[Measure] = match metric_set {
        MetricSet::ReconstructionError => &[Measure::ReconstructionError],
        MetricSet::NegativeElbo => &[Measure::NegativeElbo],
        MetricSet::NeighbourAccuracy => &[Measure::NeighbourAccuracy, Measure::ReconstructionError],
        MetricSet::Denoising => {
            let spec = model.experiment().spec();
            let quality = evaluate(model, test, spec.objective.corruption, spec.seed).await?.denoised;
            return Ok(vec![quality.psnr_db, quality.ssim]);
        }
    };
    let all = HeldOut::all(test, training);
    let found = measure(model, &all, measures, None, &async || ()).await?;
    Ok(found.into_iter().map(|measurement| measurement.value).collect())
}
