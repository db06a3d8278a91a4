//! `pinhole find-rate`

use pinhole_engine::{
    Compute,
    training::{FinderAdvance, LearningRateFinder},
};
use pinhole_protocol::TriedRate;

use crate::{arguments::FindRateArguments, files, samples};

/// Tries learning rates and prints what came of them.
pub async fn run(arguments: &FindRateArguments) -> anyhow::Result<()> {
    let described = &arguments.experiment;
    let (experiment, samples) = samples::prepare(described).await?;
    let compute = Compute::start(described.device.into()).await;
    files::explain_device(&compute);
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
        Some(rate) => println!("Begin with a learning rate of {rate:.1e}."),
        None => println!("The loss never fell: check the data and the objective."),
    }
    Ok(())
}
