//! Writing of a file that a job makes in parts.

use std::{io::Write as _, path::Path};

use anyhow::Context as _;
use pinhole_anomaly::{AnomalyError, jobs::ExportAdvance};
use pinhole_protocol::table::TableProgress;

use super::progress_bar::{bar, show};
use crate::output_file::OutputFile;

/// Writes the parts that `advance` makes, with a progress bar on standard error.
pub fn write_parts(
    path: &Path,
    mut advance: impl FnMut() -> Result<(ExportAdvance, TableProgress), AnomalyError>,
) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let mut file = OutputFile::create(path).with_context(cannot)?;
    let bar = bar()?;
    while let (ExportAdvance::Part(part), progress) = advance()? {
        file.write_all(&part).with_context(cannot)?;
        show(&bar, &progress);
    }
    bar.finish_and_clear();
    file.finish().with_context(cannot)
}
