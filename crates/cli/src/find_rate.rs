//! `pinhole find-rate`: learning-rate range test.

use pinhole_engine::{
    Compute,
    training::{FinderAdvance, LearningRateFinder},
};
use pinhole_protocol::TriedRate;

use crate::{arguments::FindRateArguments, files, samples};

/// Runs the learning-rate range test and prints the losses and the suggested rate.
pub async fn run(arguments: &FindRateArguments) -> anyhow::Result<()> {
    let experiment_arguments = &arguments.experiment;
    let (experiment, samples) = samples::prepare(experiment_arguments).await?;
    let compute = Compute::start(experiment_arguments.device.into()).await;
    files::print_fallback_reason(&compute);
    let mut finder = LearningRateFinder::new(&compute, experiment, &samples)?;
    let mut tried = Vec::new();
    let suggestion = loop {
        match finder.advance().await? {
            FinderAdvance::BatchDone => {}
            FinderAdvance::Tried(rates) => tried.extend(rates),
            FinderAdvance::Found(suggestion) => break suggestion,
        }
    };
    if arguments.json {
        println!("{}", serde_json::json!({ "tried": tried, "suggestion": suggestion }));
        return Ok(());
    }
    for TriedRate { learning_rate, loss } in &tried {
        println!("{learning_rate:>9.2e}  {loss:.5}");
    }
    match suggestion {
        Some(rate) => println!("Suggested learning rate: {rate:.1e}"),
        None => println!("The loss never fell: check the data and the objective."),
    }
    Ok(())
}
