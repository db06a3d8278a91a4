//! Opening of files: text as it is, other formats after a conversion.

use std::rc::Rc;

use futures_util::future::poll_immediate;
use pinhole_protocol::table::{TableActivity, TablePreview, TableProgress, TextEncoding};
use pinhole_table::{
    conversion::{ConversionAdvance, ConversionJob, FileFormats, LoadFormats, LoadingFormats},
    dialect::encoding_sample,
    source::{ByteSource as _, Content, SharedSource, TextPieces, detect_format},
};

use super::job::{Job, ProgressMeter};
use crate::{
    AnomalyError,
    table::{ConvertedFiles, SharedTable, Table},
};

/// Opens one file as a table, or several with the same columns.
pub struct OpenJob {
    files: Vec<SharedSource>,
    part: Option<usize>,
    state: State,
    meter: ProgressMeter,
}

enum State {
    /// The file is text.
    Text {
        /// Guess of its encoding, if it is not Unicode.
        guess: Option<TextEncoding>,
    },
    /// The file is text, and its encoding must be guessed.
    Guessing {
        sample: Vec<u8>,
        loading: LoadingFormats,
    },
    /// The readers of other formats are on their way.
    Loading(LoadingFormats),
    Converting {
        formats: Rc<dyn FileFormats>,
        job: Box<dyn ConversionJob>,
        text: TextPieces,
    },
}

impl OpenJob {
    /// A job that opens the files: the part with this index, such as a sheet of a workbook, or the most likely one.
    ///
    /// # Errors
    /// When there is no file, or one cannot be read.
    pub fn new(files: Vec<SharedSource>, part: Option<usize>, formats: &dyn LoadFormats) -> Result<Self, AnomalyError> {
        let state = match files.as_slice() {
            [] => return Err(AnomalyError::setting("files", "No file was chosen: choose one.")),
            [file] if detect_format(file)?.is_none() => {
                match encoding_sample(&mut Content::open(Box::new(file.clone()))?)? {
                    None => State::Text { guess: None },
                    Some(sample) => State::Guessing { sample, loading: formats.load() },
                }
            }
            _ => State::Loading(formats.load()),
        };
        Ok(Self { files, part, state, meter: ProgressMeter::start(TableActivity::Reading) })
    }

    /// Name of the table: that of its file.
    fn name(&self) -> String {
        let first = self.files.first().map_or("", |file| file.name());
        match self.files.len() {
            0 | 1 => first.to_owned(),
            count => format!("{first} and {} more", count - 1),
        }
    }

    fn convert(&mut self, formats: Rc<dyn FileFormats>) {
        let job = formats.convert(self.files.clone(), self.part);
        self.state = State::Converting { formats, job, text: TextPieces::new(self.name()) };
    }
}

impl Job for OpenJob {
    type Output = (SharedTable, TablePreview);

    async fn advance(&mut self) -> Result<Option<Self::Output>, AnomalyError> {
        match &mut self.state {
            State::Text { guess } => Table::open(Box::new(self.files[0].clone()), *guess).map(Some),
            State::Guessing { sample, loading } => {
                // Polled, not awaited: cancelling is heard meanwhile.
                if let Some(formats) = poll_immediate(loading).await {
                    // Without the module the file is read as Windows-1252, which can be changed.
                    let guess = formats.ok().map(|formats| formats.guess_encoding(sample));
                    self.state = State::Text { guess };
                }
                Ok(None)
            }
            State::Loading(loading) => {
                if let Some(formats) = poll_immediate(loading).await {
                    self.convert(formats?);
                }
                Ok(None)
            }
            State::Converting { formats, job, text } => match job.advance()? {
                ConversionAdvance::Text(piece) => {
                    text.push(piece);
                    self.meter.set(job.share(), job.rows());
                    Ok(None)
                }
                ConversionAdvance::Done { origin, text: written } => {
                    let origin = ConvertedFiles { files: self.files.clone(), origin, formats: formats.clone() };
                    let mut content = Content::open(Box::new(std::mem::take(text)))?;
                    let guess = encoding_sample(&mut content)?.map(|sample| origin.formats.guess_encoding(&sample));
                    Table::open_converted(content, written, guess, origin).map(Some)
                }
            },
        }
    }

    fn progress(&self) -> TableProgress {
        self.meter.progress()
    }
}
