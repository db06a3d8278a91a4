//! `pinhole score`: a table to a scored table, with a detector.

use std::{cell::RefCell, io::Write as _, path::Path, rc::Rc};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use pinhole_anomaly::{
    FittedDetector, Ranking, html_report,
    jobs::{ExportAdvance, ExportJob, ScanJob, ScoreJob},
};
use pinhole_protocol::table::{ScoredFormat, ThresholdRule};

use super::{fit::print_scores, open, progress_bar::run_job};
use crate::{arguments::ScoreArguments, files, output_file::OutputFile};

/// Scores a table with a detector and writes the scored table, and the report if wanted.
pub async fn run(arguments: &ScoreArguments) -> anyhow::Result<()> {
    let file = files::read(&arguments.detector)?;
    let detector = Rc::new(FittedDetector::from_file(&file.name, &file.bytes.0)?);
    let (table, _) = open::open_unscanned(&arguments.table, &arguments.reading).await?;
    open::print_warnings(&run_job(ScanJob::new(&table)?).await?);
    let mut ranking = run_job(ScoreJob::new(&table, &detector, None)?).await?;
    if let Some(threshold) = arguments.threshold {
        ranking.set_threshold(ThresholdRule::Score(threshold))?;
    }
    let file = ranking.file();
    for note in file.drift.iter().flat_map(|drift| &drift.column_notes) {
        eprintln!("pinhole: note: {note}");
    }
    if let Some(path) = &arguments.report {
        files::write(path, html_report(&ranking)?.as_bytes())?;
    }
    export(&Rc::new(RefCell::new(ranking)), &arguments.out)?;
    // Last: when nobody reads them any more, the program ends.
    print_scores(&file, &arguments.out);
    Ok(())
}

/// Writes the scored table in parts: as text if it is named so, else in the format of the table.
fn export(ranking: &Rc<RefCell<Ranking>>, path: &Path) -> anyhow::Result<()> {
    let is_csv = path.extension().is_some_and(|extension| ["csv", "tsv", "txt"].iter().any(|text| extension == *text));
    let format = if is_csv { ScoredFormat::Csv } else { ScoredFormat::AsRead };
    let cannot = || format!("cannot write {}", path.display());
    let mut file = OutputFile::create(path).with_context(cannot)?;
    let mut job = ExportJob::new(ranking, format)?;
    let bar = ProgressBar::new(1000).with_style(ProgressStyle::with_template("{bar:30} {percent:>3} % written")?);
    while let ExportAdvance::Part(part) = job.advance()? {
        file.write_all(&part).with_context(cannot)?;
        bar.set_position((job.progress().share * 1000.0) as u64);
    }
    bar.finish_and_clear();
    file.finish().with_context(cannot)
}
