//! Origin of a table that is no text file: a workbook, Parquet, JSON, an archive, or several files.

use serde::{Deserialize, Serialize};

/// Format of the files that a table was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// A workbook: `.xlsx`, `.xlsm`, `.xlsb`, `.xls` or `.ods`.
    Workbook,
    /// Apache Parquet.
    Parquet,
    /// JSON: an array of records, or columns by name.
    Json,
    /// JSON Lines: a record per line.
    JsonLines,
    /// A `.zip` file with tables in it.
    Archive,
    /// Several files with the same columns.
    Files,
}

impl FileFormat {
    /// Name for people, such as `JSON Lines`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Workbook => "workbook",
            Self::Parquet => "Parquet",
            Self::Json => "JSON",
            Self::JsonLines => "JSON Lines",
            Self::Archive => "zip archive",
            Self::Files => "several files",
        }
    }

    /// Name of a part of such a file.
    pub const fn part_label(self) -> &'static str {
        match self {
            Self::Workbook => "Sheet",
            Self::Parquet | Self::Json | Self::JsonLines => "Table",
            Self::Archive | Self::Files => "File",
        }
    }
}

/// Origin of a table that is no text file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableOrigin {
    /// Format of the files.
    pub format: FileFormat,
    /// Names of the tables in it: the sheets of a workbook, the files of an archive. At least one.
    pub parts: Vec<String>,
    /// Index of the one that was read.
    pub part: usize,
    /// Sentences about what could not be read as it is.
    pub remarks: Vec<String>,
    /// Ending of the name of the scored file in the same format, such as `xlsx`; `None`: only CSV can be written.
    pub scored_extension: Option<String>,
}

/// Format of a scored file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoredFormat {
    /// That of the table's file; CSV if it cannot be written.
    #[default]
    AsRead,
    /// CSV.
    Csv,
}
