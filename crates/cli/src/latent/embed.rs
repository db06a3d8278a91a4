//! `pinhole embed`: a map of vectors.

use anyhow::Context as _;
use pinhole_engine::latent::{self, JobControl, file::coordinates_csv};

use super::{load, output::check_output};
use crate::{arguments::EmbedArguments, files};

/// Lays vectors out in two dimensions and writes their coordinates.
pub async fn run(arguments: &EmbedArguments) -> anyhow::Result<()> {
    check_output(&arguments.out, &["csv"], &[("the file of vectors", &arguments.codes)])?;
    let open = load::vectors(&arguments.codes).await?;
    let projection = arguments.projection();
    let run = latent::begin_projection(&open, projection, arguments.seed)?;
    let (positions, map) = latent::project(&open, run, projection, arguments.seed, &JobControl::default())
        .await?
        .context("the layout was not made")?;
    let indices: Vec<usize> = (0..open.vectors.len()).collect();
    files::write(&arguments.out, coordinates_csv(&open, &positions.positions, &indices).as_bytes())?;
    let figures = [
        ("trustworthiness", map.quality.trustworthiness),
        ("continuity", map.quality.continuity),
        ("accuracy of five neighbours", map.quality.neighbour_accuracy),
    ];
    for (name, value) in figures.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        eprintln!("{name:>27}  {value:.3}");
    }
    Ok(())
}
