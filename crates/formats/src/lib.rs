//! Files that are no delimited text as text tables: workbooks, Parquet, JSON, archives, and several files together; and
//! scored ones in their own format.
//!
//! In the terminal this crate is linked. In the page it is a wasm module of its own (`src/bin/module.rs`), fetched by
//! the worker when a file asks for it. All that others know of it are the traits of [`pinhole_table::conversion`].

mod archive;
mod combine;
mod encoding;
mod job;
mod json;
#[cfg(target_family = "wasm")]
pub mod module;
mod parquet;
mod scored_text;
mod workbook;

use std::rc::Rc;

use pinhole_protocol::table::{FileFormat, TableOrigin, TextEncoding};
use pinhole_table::{
    TableError,
    conversion::{
        AddedColumns, ConversionJob, ConvertedText, FileFormats, LoadFormats, LoadingFormats, ScoredFileWriter,
    },
    source::{ByteSource as _, SharedSource, detect_format},
};

use archive::Content;
use job::{Converted, FutureJob, Output};
use workbook::WorkbookKind;

/// Bytes of a text that are copied per step.
const COPIED_BYTES: usize = 1 << 20;

/// Readers and writers of all formats.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllFormats;

impl FileFormats for AllFormats {
    fn guess_encoding(&self, sample: &[u8]) -> TextEncoding {
        encoding::guess_encoding(sample)
    }

    fn convert(&self, files: Vec<SharedSource>, part: Option<usize>) -> Box<dyn ConversionJob> {
        let name = files.first().map_or_else(String::new, |file| file.name().to_owned());
        Box::new(FutureJob::new(&name, |output| convert_all(files, part, output)))
    }

    fn writer(
        &self,
        files: Vec<SharedSource>,
        origin: &TableOrigin,
        added: AddedColumns,
    ) -> Result<Box<dyn ScoredFileWriter>, TableError> {
        let cannot = |name: &str| TableError::Format {
            name: name.to_owned(),
            problem: format!("is a {}, which cannot be written", origin.format.label()),
            advice: "save the scores as CSV".into(),
        };
        let [file] = files.as_slice() else { return Err(cannot("The table")) };
        Ok(match origin.format {
            FileFormat::Workbook => {
                let kind = workbook_kind(file)?;
                Box::new(workbook::WorkbookWriter::new(file.clone(), kind, origin.part, added))
            }
            FileFormat::Parquet => Box::new(parquet::ParquetWriter::new(file.clone(), added)?),
            FileFormat::Json | FileFormat::JsonLines if origin.scored_extension.is_some() => {
                Box::new(json::JsonWriter::new(file, added)?)
            }
            _ => return Err(cannot(file.name())),
        })
    }
}

impl LoadFormats for AllFormats {
    fn load(&self) -> LoadingFormats {
        Box::pin(std::future::ready(Ok(Rc::new(Self) as Rc<dyn FileFormats>)))
    }
}

async fn convert_all(
    files: Vec<SharedSource>,
    part: Option<usize>,
    output: Rc<Output>,
) -> Result<Converted, TableError> {
    let [file] = files.as_slice() else { return combine::convert(files, output).await };
    match detect_format(file)? {
        Some(FileFormat::Archive) => match archive::content(file)? {
            Content::Workbook(kind) => workbook::convert(file.clone(), kind, part, output).await,
            Content::Files(entries) => archive::convert(file.clone(), entries, part, output).await,
        },
        _ => convert_one(file.clone(), part, output).await,
    }
}

/// Converts one file that is no archive of tables.
async fn convert_one(file: SharedSource, part: Option<usize>, output: Rc<Output>) -> Result<Converted, TableError> {
    match detect_format(&file)? {
        Some(FileFormat::Workbook | FileFormat::Archive) => {
            let kind = workbook_kind(&file)?;
            workbook::convert(file, kind, part, output).await
        }
        Some(FileFormat::Parquet) => parquet::convert(file, output).await,
        Some(FileFormat::Json | FileFormat::JsonLines) => json::convert(file, part, output).await,
        None | Some(FileFormat::Files) => copy(&file, &output).await,
    }
}

/// Copies a text in an archive.
async fn copy(file: &SharedSource, output: &Output) -> Result<Converted, TableError> {
    let mut position = 0;
    while position < file.len_bytes() {
        let bytes = file.bytes(position, COPIED_BYTES)?;
        position += bytes.len() as u64;
        output.bytes(&bytes);
        output.set_share(position as f64 / file.len_bytes() as f64);
        output.pause_if_due().await?;
    }
    let origin = TableOrigin {
        format: FileFormat::Files,
        parts: vec![file.name().to_owned()],
        part: 0,
        remarks: Vec::new(),
        scored_extension: None,
    };
    Ok(Converted { origin, text: ConvertedText::AsFile })
}

/// Kind of a workbook.
fn workbook_kind(file: &SharedSource) -> Result<WorkbookKind, TableError> {
    match detect_format(file)? {
        Some(FileFormat::Archive) => match archive::content(file)? {
            Content::Workbook(kind) => Ok(kind),
            Content::Files(_) => Err(TableError::Format {
                name: file.name().to_owned(),
                problem: "is an archive within another".into(),
                advice: "unpack it first".into(),
            }),
        },
        _ => Ok(WorkbookKind::Xls),
    }
}
