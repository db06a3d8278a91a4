//! Gzip (RFC 1952) that can be read anywhere and again.
//!
//! Deflate can only be unpacked from its start. So that a row can be read again later, the state of unpacking is kept
//! every few megabytes (as zlib's `zran.c` does), each about 43 kB.

use std::fmt;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::ByteSource;
use super::content::read_fully;
use crate::TableError;

/// A gzip file begins with these: the magic, and deflate as the method.
pub(super) const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Bytes of text for a byte of the file beyond which it is given up as a gzip bomb. Deflate ends at 1032; tables lie
/// between 2 and 100.
pub const BOMB_RATIO: u64 = 300;

/// Bytes of text before which the ratio is not looked at: so much is unpacked in a second, and a table of zeros may be
/// so long.
pub const BOMB_UNPACKED_BYTES: u64 = 256 << 20;

/// Bytes of text between two states kept, at first.
const FIRST_SPACING_BYTES: u64 = 4 << 20;

/// States kept at most (about 11 MB); then every second one is given up, and the spacing doubles.
const MAX_STATES: usize = 256;

const INPUT_BYTES: usize = 1 << 16;
const OUTPUT_BYTES: usize = 1 << 17;

/// Unpacks a gzip file of one or more members.
pub(super) struct Gzip {
    now: State,
    kept: Vec<State>,
    spacing_bytes: u64,
    input: Vec<u8>,
    /// Where `input` lies in the file.
    input_start: u64,
    /// Text last unpacked, before `now`.
    output: Vec<u8>,
}

/// A place in the file, and all that is needed to go on from there.
#[derive(Clone)]
struct State {
    /// Bytes of the file that are used up.
    raw: u64,
    /// Bytes of text that came of them.
    unpacked: u64,
    /// Where the text of the current member began.
    member_start: u64,
    /// The member under way; `None`: one begins here, or the file ends.
    inflate: Option<Box<InflateState>>,
    is_at_end: bool,
}

impl Gzip {
    pub(super) fn new() -> Self {
        let start = State { raw: 0, unpacked: 0, member_start: 0, inflate: None, is_at_end: false };
        Self {
            now: start.clone(),
            kept: vec![start],
            spacing_bytes: FIRST_SPACING_BYTES,
            input: Vec::new(),
            input_start: 0,
            output: Vec::new(),
        }
    }

    /// Bytes of the file that led to what was unpacked last.
    pub(super) const fn raw_position(&self) -> u64 {
        self.now.raw
    }

    /// As [`super::Content::read_at`].
    pub(super) fn read_at(
        &mut self,
        source: &mut dyn ByteSource,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<usize, TableError> {
        self.go_towards(offset);
        let mut count = 0;
        while count < buffer.len() {
            let wanted = offset + count as u64;
            let output_start = self.now.unpacked - self.output.len() as u64;
            if wanted < self.now.unpacked {
                let from = (wanted - output_start) as usize;
                let more = (self.output.len() - from).min(buffer.len() - count);
                buffer[count..count + more].copy_from_slice(&self.output[from..from + more]);
                count += more;
            } else if self.now.is_at_end {
                break;
            } else {
                self.unpack(source)?;
            }
        }
        Ok(count)
    }

    /// Takes up the kept state nearest before `offset`, unless reading on leads there sooner.
    fn go_towards(&mut self, offset: u64) {
        let is_behind = offset < self.now.unpacked - self.output.len() as u64;
        let nearest = self.kept.iter().rfind(|state| state.unpacked <= offset);
        if let Some(nearest) = nearest.filter(|state| is_behind || state.unpacked > self.now.unpacked) {
            self.now = nearest.clone();
            self.output.clear();
        }
    }

    /// Unpacks the next piece into `output`.
    fn unpack(&mut self, source: &mut dyn ByteSource) -> Result<(), TableError> {
        self.keep_state();
        self.output.clear();
        if self.now.inflate.is_none() {
            return self.begin_member(source);
        }
        let input_length = self.fill_input(source)?;
        let Some(mut state) = self.now.inflate.take() else { return Ok(()) };
        let start = (self.now.raw - self.input_start) as usize;
        let input = &self.input[start..start + input_length];
        self.output.resize(OUTPUT_BYTES, 0);
        let result = inflate(&mut state, input, &mut self.output, MZFlush::None);
        self.output.truncate(result.bytes_written);
        self.now.raw += result.bytes_consumed as u64;
        self.now.unpacked += result.bytes_written as u64;
        self.check_ratio(source)?;
        match result.status {
            Ok(MZStatus::StreamEnd) => self.end_member(source),
            Ok(_) if result.bytes_consumed + result.bytes_written > 0 => {
                self.now.inflate = Some(state);
                Ok(())
            }
            _ if input_length == 0 => Err(self.damaged(source, "cut off")),
            _ => Err(self.damaged(source, "damaged")),
        }
    }

    fn keep_state(&mut self) {
        let last = self.kept.last().map_or(0, |state| state.unpacked);
        if self.now.unpacked < last + self.spacing_bytes {
            return;
        }
        self.kept.push(self.now.clone());
        if self.kept.len() > MAX_STATES {
            self.spacing_bytes *= 2;
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }

    /// Makes sure that `input` holds bytes from `now.raw` on; answers how many.
    fn fill_input(&mut self, source: &mut dyn ByteSource) -> Result<usize, TableError> {
        let input_end = self.input_start + self.input.len() as u64;
        if self.now.raw < self.input_start || self.now.raw >= input_end {
            self.input.resize(INPUT_BYTES, 0);
            self.input_start = self.now.raw;
            let count = read_fully(source, self.now.raw, &mut self.input);
            self.input.truncate(*count.as_ref().unwrap_or(&0));
            count?;
        }
        Ok((self.input_start + self.input.len() as u64 - self.now.raw) as usize)
    }

    /// The next byte of a member's header or trailer; `None` at the end of the file.
    fn byte(&mut self, source: &mut dyn ByteSource) -> Result<Option<u8>, TableError> {
        if self.fill_input(source)? == 0 {
            return Ok(None);
        }
        let byte = self.input[(self.now.raw - self.input_start) as usize];
        self.now.raw += 1;
        Ok(Some(byte))
    }

    fn must_byte(&mut self, source: &mut dyn ByteSource) -> Result<u8, TableError> {
        self.byte(source)?.ok_or_else(|| self.damaged(source, "cut off"))
    }

    /// Reads the header of a member, if another one follows. What is no member is padding, as for `gzip` itself.
    fn begin_member(&mut self, source: &mut dyn ByteSource) -> Result<(), TableError> {
        let is_first = self.now.raw == 0;
        for expected in GZIP_MAGIC {
            if self.byte(source)? != Some(expected) {
                self.now.is_at_end = true;
                return if is_first { Err(self.damaged(source, "cut off")) } else { Ok(()) };
            }
        }
        let flags = self.must_byte(source)?;
        // Time, extra flags and operating system.
        self.pass_over(source, 6)?;
        if flags & 4 != 0 {
            let length = u64::from(self.must_byte(source)?) + 256 * u64::from(self.must_byte(source)?);
            self.pass_over(source, length)?;
        }
        for flag in [8, 16] {
            // The file's name and a comment, each ended by NUL.
            while flags & flag != 0 && self.must_byte(source)? != 0 {}
        }
        self.pass_over(source, if flags & 2 == 0 { 0 } else { 2 })?;
        self.now.member_start = self.now.unpacked;
        self.now.inflate = Some(InflateState::new_boxed(DataFormat::Raw));
        Ok(())
    }

    /// Reads the trailer of a member: the checksum is passed over (deflate's own structure and the length tell damage),
    /// the length is compared.
    fn end_member(&mut self, source: &mut dyn ByteSource) -> Result<(), TableError> {
        self.pass_over(source, 4)?;
        let mut length = [0; 4];
        for byte in &mut length {
            *byte = self.must_byte(source)?;
        }
        if u32::from_le_bytes(length) == (self.now.unpacked - self.now.member_start) as u32 {
            Ok(())
        } else {
            Err(self.damaged(source, "damaged"))
        }
    }

    fn pass_over(&mut self, source: &mut dyn ByteSource, count: u64) -> Result<(), TableError> {
        for _ in 0..count {
            self.must_byte(source)?;
        }
        Ok(())
    }

    fn check_ratio(&self, source: &dyn ByteSource) -> Result<(), TableError> {
        let State { raw, unpacked, .. } = self.now;
        if unpacked > BOMB_UNPACKED_BYTES && unpacked / raw.max(1) > BOMB_RATIO {
            let name = source.name().to_owned();
            return Err(TableError::GzipBomb { name, ratio: BOMB_RATIO, unpacked_bytes: unpacked });
        }
        Ok(())
    }

    fn damaged(&mut self, source: &dyn ByteSource, problem: &str) -> TableError {
        let unpacked_bytes = self.now.unpacked;
        // Whoever asks again gets the same answer: nothing is left to go on with.
        self.now = self.kept[0].clone();
        self.output.clear();
        TableError::DamagedGzip { name: source.name().to_owned(), problem: problem.into(), unpacked_bytes }
    }
}

impl fmt::Debug for Gzip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Gzip")
            .field("raw", &self.now.raw)
            .field("unpacked", &self.now.unpacked)
            .field("states", &self.kept.len())
            .finish_non_exhaustive()
    }
}
