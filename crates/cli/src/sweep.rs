//! `pinhole sweep`: the same experiment with several values of one setting, such as the weight of a term, and what each
//! measures.

use pinhole_engine::{
    Compute,
    training::{Start, TrainingRun},
};
use pinhole_protocol::Measurement;
use serde::Serialize;
use serde_json::Value;

use crate::{
    arguments::{Setting, SweepArguments},
    files, measures, samples, settings,
    train::train_to_end,
};

/// Result of one value.
#[derive(Serialize)]
struct Trained {
    value: Value,
    /// The usual measures of the experiment, on held-out samples.
    measured: Vec<Measurement>,
}

/// Trains one network per value, from the same seed on the same samples, and prints their measures side by side.
pub async fn run(arguments: &SweepArguments) -> anyhow::Result<()> {
    let (experiment, samples) = samples::prepare(&arguments.experiment).await?;
    let with_value = |value: &str| -> anyhow::Result<_> {
        let setting: Setting = format!("{}={value}", arguments.setting).parse().map_err(anyhow::Error::msg)?;
        let changed = settings::apply(experiment.spec(), std::slice::from_ref(&setting))?;
        Ok((setting.value, changed.check()?))
    };
    // All are checked before the first is trained.
    let experiments = arguments.values.iter().map(|value| with_value(value)).collect::<anyhow::Result<Vec<_>>>()?;
    let compute = Compute::start(arguments.experiment.device.into()).await;
    files::print_fallback_reason(&compute);
    let mut trained = Vec::with_capacity(experiments.len());
    for (value, experiment) in experiments {
        eprintln!("{} = {value}", arguments.setting);
        let mut run = TrainingRun::new(&compute, experiment, &samples, Start::Fresh)?;
        train_to_end(&mut run).await?;
        let held_out = run.held_out().clone();
        let model = run.into_model(String::new());
        trained.push(Trained { value, measured: measures::measure_usual(&model, &held_out, None).await? });
    }
    if arguments.json {
        println!("{}", serde_json::to_string(&trained)?);
        return Ok(());
    }
    print(&arguments.setting, &trained);
    Ok(())
}

/// Prints a column per measure and a row per value.
fn print(setting: &str, trained: &[Trained]) {
    let titles = trained.iter().flat_map(|of| &of.measured).map(|measured| measured.measure);
    let mut columns = Vec::new();
    titles.for_each(|measure| {
        if !columns.contains(&measure) {
            columns.push(measure);
        }
    });
    let head =
        columns.iter().fold(format!("{setting:<20}"), |line, measure| format!("{line}  {:>22}", measure.label()));
    println!("{head}");
    for Trained { value, measured } in trained {
        let line = columns.iter().fold(format!("{:<20}", value.to_string()), |line, measure| {
            let found = measured.iter().find(|measured| measured.measure == *measure);
            let text = found.map_or_else(|| "-".into(), |found| measures::format_value(*measure, found.value));
            format!("{line}  {text:>22}")
        });
        println!("{line}");
    }
}
