//! `pinhole bench`: a benchmark task on a device.

use pinhole_engine::{Compute, bench};
use pinhole_protocol::{BenchTask, DevicePreference};

use crate::files;

/// Runs a task and prints its report, as a line or as JSON.
pub async fn run(task: BenchTask, device: DevicePreference, json: bool) -> anyhow::Result<()> {
    let compute = Compute::start(device).await;
    files::print_fallback_reason(&compute);
    let report = bench::run(task, &compute, &|_| (), &async || ()).await?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!(
            "{task:?} on {}: {:.1} steps/s ({:.1} to {:.1}), {:.2} ms per step, first step after {:.0} ms",
            report.device.name,
            report.steps_per_s,
            report.steps_per_s_min,
            report.steps_per_s_max,
            report.median_ms,
            report.time_to_first_step_ms,
        );
    }
    Ok(())
}
