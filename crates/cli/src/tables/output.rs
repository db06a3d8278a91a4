//! Checks of the file that a table is written to, before the work of it begins.

use std::path::{Path, PathBuf};

use anyhow::bail;
use pinhole_protocol::table::{FileFormat, TableOrigin};

use crate::output_file::{is_standard_output, refuse_input};

/// Endings of files that are written as text, whatever was read.
const TEXT_ENDINGS: [&str; 3] = ["csv", "tsv", "txt"];

/// True if a file of this name is written as text.
pub fn is_text(path: &Path) -> bool {
    ending(path).is_some_and(|ending| TEXT_ENDINGS.contains(&ending.as_str()))
}

/// Refuses to write in place of the detector or a table.
pub fn refuse_inputs(out: &Path, detector: &Path, tables: &[PathBuf]) -> anyhow::Result<()> {
    let tables = tables.iter().map(|table| ("a table to read", table.as_path()));
    refuse_input(out, &[("the detector", detector)].into_iter().chain(tables).collect::<Vec<_>>())
}

/// Refuses a name whose ending promises another format than is written: text, or that of the table. A text table's own
/// ending works too, and so does a name without one. `scored_extension` is that of the format in which a table that is
/// no text can be written.
pub fn check_ending(
    out: &Path,
    tables: &[PathBuf],
    origin: Option<&TableOrigin>,
    scored_extension: Option<&str>,
) -> anyhow::Result<()> {
    let Some(wanted) = ending(out).filter(|_| !is_standard_output(out) && !is_device(out)) else { return Ok(()) };
    let mut endings: Vec<String> = scored_extension.map(str::to_owned).into_iter().collect();
    if scored_extension == Some("jsonl") {
        endings.push("ndjson".into());
    }
    endings.extend(TEXT_ENDINGS.map(String::from));
    let is_read_text = origin.is_none_or(|origin| origin.format == FileFormat::Files);
    let own = tables.first().and_then(|table| ending(table)).filter(|own| is_read_text && own != "gz");
    endings.extend(own.filter(|own| !TEXT_ENDINGS.contains(&own.as_str())));
    if endings.contains(&wanted) {
        return Ok(());
    }
    let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    bail!("this table cannot be written as .{wanted}: let {} end with {}", out.display(), endings.join(", "))
}

fn is_device(path: &Path) -> bool {
    path.exists() && !path.is_file()
}

/// The ending of a file's name, in small letters.
fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_format(format: FileFormat, scored_extension: Option<&str>) -> TableOrigin {
        TableOrigin {
            format,
            parts: Vec::new(),
            part: 0,
            remarks: Vec::new(),
            scored_extension: scored_extension.map(String::from),
        }
    }

    #[test]
    fn an_ending_has_to_be_that_of_the_format_written() {
        let workbook = of_format(FileFormat::Workbook, Some("xlsx"));
        let lines = of_format(FileFormat::JsonLines, Some("jsonl"));
        let archive = of_format(FileFormat::Workbook, None);
        for (out, table, origin, is_accepted) in [
            ("s.csv", "t.csv", None, true),
            ("s.TSV", "t.csv", None, true),
            ("s.dat", "t.dat", None, true),
            ("scored", "t.csv", None, true),
            ("-", "t.csv", None, true),
            ("s.xlsx", "t.csv", None, false),
            ("s.csv.gz", "t.csv.gz", None, false),
            ("s.csv", "t.xlsx", Some(&workbook), true),
            ("s.xlsx", "t.xls", Some(&workbook), true),
            ("s.xls", "t.xls", Some(&workbook), false),
            ("s.ndjson", "t.ndjson", Some(&lines), true),
            ("s.json", "t.jsonl", Some(&lines), false),
            ("s.xlsx", "t.zip", Some(&archive), false),
        ] {
            let extension = origin.and_then(|origin| origin.scored_extension.as_deref());
            let checked = check_ending(Path::new(out), &[table.into()], origin, extension);
            assert_eq!(checked.is_ok(), is_accepted, "{out} of {table}: {checked:?}");
        }
        let refused = check_ending(Path::new("s.xls"), &["t.xlsx".into()], Some(&workbook), Some("xlsx"));
        assert_eq!(
            refused.expect_err("another format").to_string(),
            "this table cannot be written as .xls: let s.xls end with .xlsx, .csv, .tsv, .txt"
        );
    }
}
