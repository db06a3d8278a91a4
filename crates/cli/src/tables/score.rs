//! `pinhole score`: a table to a scored table, with a detector.

use std::{cell::RefCell, path::Path, rc::Rc};

use pinhole_anomaly::{
    FittedDetector, Ranking, SharedTable, html_report,
    jobs::{ExportJob, ScanJob, ScoreJob},
};
use pinhole_protocol::table::{LabelPlan, RenamedColumn, ScoredFormat, ShiftSize, TableSummary, ThresholdRule};

use super::{fit::print_scores, open, output, parts::write_parts, progress_bar::run_job};
use crate::{arguments::ScoreArguments, files};

/// Scores a table with a detector and writes the scored table, and the report if wanted.
pub async fn run(arguments: &ScoreArguments) -> anyhow::Result<()> {
    for out in std::iter::once(&arguments.out).chain(&arguments.report) {
        output::refuse_inputs(out, &arguments.detector, &arguments.table)?;
    }
    let file = files::read(&arguments.detector)?;
    let detector = Rc::new(FittedDetector::from_file(&file.name, &file.bytes.0)?);
    let (table, preview) = open::open_unscanned(&arguments.table, &arguments.reading).await?;
    let origin = preview.origin.as_ref();
    let extension = origin.and_then(|origin| origin.scored_extension.as_deref());
    output::check_ending(&arguments.out, &arguments.table, origin, extension)?;
    let hint = match_columns(&arguments.map, &detector, &table)?;
    let summary = run_job(ScanJob::new(&table)?).await?;
    open::print_warnings(&summary);
    let mut ranking = run_job(ScoreJob::new(&table, &detector, None)?).await?;
    if let Some(rule) = arguments.threshold.rule() {
        ranking.set_threshold(rule)?;
    }
    let file = ranking.file();
    if let (ThresholdRule::Capacity(rows), 2..) = (file.threshold.rule, arguments.table.len()) {
        eprintln!(
            "pinhole: note: these files are scored as one table: its capacity of {rows} rows is that of all together"
        );
    }
    let label_note = detector.plan().label.as_ref().and_then(|label| other_values(label, &summary));
    for note in file.column_notes.iter().chain(&hint).chain(&label_note) {
        eprintln!("pinhole: note: {note}");
    }
    for drift in file.drift.iter().flat_map(|drift| std::iter::once(&drift.scores).chain(&drift.columns)) {
        if drift.shift() > ShiftSize::Stable {
            eprintln!("pinhole: note: drift of \"{}\": {}", drift.name, drift.shift_text());
        }
    }
    if let Some(path) = &arguments.report {
        files::write(path, html_report(&ranking)?.as_bytes())?;
    }
    export(&Rc::new(RefCell::new(ranking)), &arguments.out)?;
    // Last: when nobody reads them any more, the program ends.
    print_scores(&file, &arguments.out);
    Ok(())
}

/// Renames columns as `--map` says, and checks that the table has the detector's. Returns a hint if columns could be
/// mapped that are not.
pub(super) fn match_columns(
    map: &[String],
    detector: &FittedDetector,
    table: &SharedTable,
) -> anyhow::Result<Option<String>> {
    let (old, new) = (detector.columns_to_find(), table.borrow().column_names());
    table.borrow_mut().rename_columns(map.iter().map(|text| renamed_column(text, &old, &new)).collect());
    detector.bind(&table.borrow())?;
    let unmatched = detector.unmatched_columns(&table.borrow());
    Ok(unmatched.and_then(|columns| {
        let (missing, unused) = (columns.missing.first()?, columns.unused.first()?);
        Some(format!("a column under another name can be named, as in --map \"{missing}={unused}\""))
    }))
}

/// A sentence that names the values of a label that count as normal, if there are several: one of them may be of anomalies
/// that training has not seen.
fn other_values(label: &LabelPlan, summary: &TableSummary) -> Option<String> {
    /// Values that are named.
    const SHOWN: usize = 10;
    let column = summary.columns.iter().find(|column| column.name == label.column)?;
    let is_other = |value: &&str| !label.anomalous_values.iter().any(|anomalous| anomalous == value);
    let others: Vec<&str> = column.values.iter().map(|value| value.value.trim()).filter(is_other).collect();
    if others.len() < 2 {
        return None;
    }
    let named: Vec<String> = others.iter().take(SHOWN).map(|value| format!("\"{value}\"")).collect();
    let more = if others.len() > SHOWN { format!(" and {} more", others.len() - SHOWN) } else { String::new() };
    Some(format!(
        "in \"{}\" these values count as normal: {}{more}; anomalous: {}",
        label.column,
        named.join(", "),
        label.anomalous_values.join(", ")
    ))
}

/// The columns that `OLD=NEW` names. A name may hold the sign too: it is parted where both are names of columns, or else
/// at the first sign.
fn renamed_column(text: &str, old_names: &[String], new_names: &[String]) -> RenamedColumn {
    let parts = || text.match_indices('=').map(|(index, sign)| (&text[..index], &text[index + sign.len()..]));
    let is_known = |(old, new): &(&str, &str)| {
        old_names.iter().any(|name| name == old) && new_names.iter().any(|name| name == new)
    };
    let (old, new) = parts().find(is_known).or_else(|| parts().next()).unwrap_or((text, ""));
    RenamedColumn { old: old.into(), new: new.into() }
}

/// Writes the scored table: as text if it is named so, else in the format of the table.
fn export(ranking: &Rc<RefCell<Ranking>>, path: &Path) -> anyhow::Result<()> {
    let format = if output::is_text(path) { ScoredFormat::Csv } else { ScoredFormat::AsRead };
    let mut job = ExportJob::new(ranking, format)?;
    write_parts(path, || Ok((job.advance()?, job.progress())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_parted_where_both_names_are_columns() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let (old, new) = (names(&["a", "x=y"]), names(&["b", "u=v"]));
        for (text, expected) in [("a=b", ("a", "b")), ("x=y=u=v", ("x=y", "u=v")), ("q=r=s", ("q", "r=s"))] {
            let RenamedColumn { old, new } = renamed_column(text, &old, &new);
            assert_eq!((old.as_str(), new.as_str()), expected);
        }
    }
}
