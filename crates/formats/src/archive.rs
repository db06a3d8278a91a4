//! Archives (`.zip`): a workbook, or tables that are read each or together.

use std::{
    io::{BufReader, Read as _},
    rc::Rc,
};

use pinhole_protocol::table::FileFormat;
use pinhole_table::{
    TableError,
    source::{BOMB_RATIO, BOMB_UNPACKED_BYTES, ByteSource as _, SharedSource, SourceReader, TextPieces},
};
use zip::{ZipArchive, result::ZipError};

use crate::{
    combine, convert_one,
    job::{Converted, Output, pause},
    workbook::WorkbookKind,
};

/// Name of the part that is all files together.
const ALL_FILES: &str = "All files together";

/// Largest content, in bytes, of the files that are read: they are held in memory.
const MAX_UNPACKED_BYTES: u64 = 1 << 30;

/// Most files in an archive that are looked at.
const MAX_FILES: usize = 10_000;

/// Bytes that are unpacked per step.
const STEP_BYTES: usize = 1 << 20;

/// Content of an archive.
pub(crate) enum Content {
    /// It is a workbook.
    Workbook(WorkbookKind),
    /// It holds these files.
    Files(Vec<Entry>),
}

/// A file in an archive.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    index: usize,
    name: String,
    size_bytes: u64,
}

type Archive = ZipArchive<BufReader<SourceReader>>;

/// Looks into an archive.
///
/// # Errors
/// When it is damaged, or a decompression bomb.
pub(crate) fn content(source: &SharedSource) -> Result<Content, TableError> {
    let mut archive = open(source)?;
    check_sizes(source, &mut archive)?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("xl/workbook.xml") {
        return Ok(Content::Workbook(WorkbookKind::Xlsx));
    }
    if has("xl/workbook.bin") {
        return Ok(Content::Workbook(WorkbookKind::Xlsb));
    }
    if has("mimetype") && has("content.xml") {
        return match media_type(&mut archive) {
            Some(media_type) if media_type.contains("spreadsheet") => Ok(Content::Workbook(WorkbookKind::Ods)),
            _ => Err(no_table(source, "is a document of text or slides")),
        };
    }
    if has("word/document.xml") || has("ppt/presentation.xml") {
        return Err(no_table(source, "is a document of text or slides"));
    }
    let mut files = Vec::new();
    for index in 0..archive.len().min(MAX_FILES) {
        let file = archive.by_index_raw(index).map_err(|error| refuse(source, &error))?;
        let is_hidden = |name: &str| name.starts_with("__MACOSX/") || name.split('/').any(|part| part.starts_with('.'));
        let name = file.name().map_err(|error| refuse(source, &error))?.into_owned();
        if !file.is_dir() && file.size() > 0 && !is_hidden(&name) {
            files.push(Entry { index, name, size_bytes: file.size() });
        }
    }
    if files.is_empty() { Err(no_table(source, "is an archive without files")) } else { Ok(Content::Files(files)) }
}

/// Converts the files of an archive to text: one of them, or all together.
pub(crate) async fn convert(
    source: SharedSource,
    entries: Vec<Entry>,
    part: Option<usize>,
    output: Rc<Output>,
) -> Result<Converted, TableError> {
    let mut converted = match entries.as_slice() {
        [entry] => {
            let file = unpack(&source, entry).await?;
            convert_one(file, None, output).await?
        }
        _ => convert_several(&source, &entries, part, output).await?,
    };
    converted.origin.format = FileFormat::Archive;
    converted.origin.scored_extension = None;
    Ok(converted)
}

async fn convert_several(
    source: &SharedSource,
    entries: &[Entry],
    part: Option<usize>,
    output: Rc<Output>,
) -> Result<Converted, TableError> {
    let mut parts = vec![ALL_FILES.to_owned()];
    parts.extend(entries.iter().map(|entry| entry.name.clone()));
    let mut chosen = part.filter(|&part| part < parts.len());
    let mut remarks = Vec::new();
    if chosen.is_none_or(|part| part == 0) {
        let mut files = Vec::new();
        for entry in entries {
            files.push(unpack(source, entry).await?);
        }
        match combine::check(&files).await {
            Ok(()) => {
                let mut converted = combine::convert(files, output).await?;
                (converted.origin.parts, converted.origin.part) = (parts, 0);
                return Ok(converted);
            }
            Err(error) if chosen.is_some() => return Err(error),
            Err(error) => remarks.push(format!("The files in the archive cannot be read as one table. {error}")),
        }
        let largest = (0..entries.len()).rev().max_by_key(|&index| entries[index].size_bytes).unwrap_or(0);
        chosen = Some(largest + 1);
    }
    let part = chosen.unwrap_or(1);
    let file = unpack(source, &entries[part - 1]).await?;
    let mut converted = convert_one(file, None, output).await?;
    remarks.push(format!("“{}” is read; there are {} files in the archive.", parts[part], entries.len()));
    converted.origin.remarks.extend(remarks);
    (converted.origin.parts, converted.origin.part) = (parts, part);
    Ok(converted)
}

/// Unpacks a file into memory.
async fn unpack(source: &SharedSource, entry: &Entry) -> Result<SharedSource, TableError> {
    let mut archive = open(source)?;
    let mut file = archive.by_index(entry.index).map_err(|error| refuse(source, &error))?;
    let mut text = TextPieces::new(entry.name.rsplit('/').next().unwrap_or(&entry.name));
    let mut unpacked = 0_u64;
    loop {
        let mut piece = Vec::new();
        let read = (&mut file).take(STEP_BYTES as u64).read_to_end(&mut piece);
        let count = read.map_err(|error| refuse(source, &ZipError::Io(error)))?;
        if count == 0 {
            return Ok(SharedSource::new(Box::new(text)));
        }
        unpacked += count as u64;
        // The size in the archive's directory can be a lie.
        if unpacked > MAX_UNPACKED_BYTES {
            return Err(too_large(source, unpacked));
        }
        text.push(piece);
        pause().await;
    }
}

fn open(source: &SharedSource) -> Result<Archive, TableError> {
    ZipArchive::new(BufReader::new(source.reader())).map_err(|error| refuse(source, &error))
}

/// Refuses decompression bombs, as for `.gz` files.
fn check_sizes(source: &SharedSource, archive: &mut Archive) -> Result<(), TableError> {
    let mut unpacked_bytes = 0_u64;
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| refuse(source, &error))?;
        unpacked_bytes = unpacked_bytes.saturating_add(file.size());
    }
    if unpacked_bytes > BOMB_UNPACKED_BYTES && unpacked_bytes / BOMB_RATIO > source.len_bytes() {
        return Err(TableError::Format {
            name: source.name().to_owned(),
            problem: format!(
                "unpacks to {} MB, more than {BOMB_RATIO} times its size, as no table does",
                unpacked_bytes >> 20
            ),
            advice: "if it is a table all the same, unpack it first".into(),
        });
    }
    Ok(())
}

fn media_type(archive: &mut Archive) -> Option<String> {
    let mut text = String::new();
    archive.by_name("mimetype").ok()?.take(200).read_to_string(&mut text).ok()?;
    Some(text)
}

fn refuse(source: &SharedSource, error: &ZipError) -> TableError {
    let text = error.to_string();
    let (problem, advice) = if text.to_lowercase().contains("password") {
        ("is protected by a password".to_owned(), "unpack it first")
    } else {
        (format!("is a damaged archive, or packed in a way that is not known here ({text})"), "unpack it first")
    };
    TableError::Format { name: source.name().to_owned(), problem, advice: advice.into() }
}

fn no_table(source: &SharedSource, problem: &str) -> TableError {
    let advice = "choose a workbook, or an archive of tables".into();
    TableError::Format { name: source.name().to_owned(), problem: problem.into(), advice }
}

fn too_large(source: &SharedSource, unpacked: u64) -> TableError {
    TableError::Format {
        name: source.name().to_owned(),
        problem: format!("unpacks to more than {} MB", unpacked >> 20),
        advice: "unpack it first".into(),
    }
}
