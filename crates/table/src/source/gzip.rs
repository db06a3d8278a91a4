//! Reader of gzip files (RFC 1952) from any offset.
//!
//! Deflate (RFC 1951) can only be decompressed from its start. For random access the state of decompression, about 43
//! kB, is kept every few megabytes, as an access point of zlib's `zran.c`.

use std::fmt;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::byte_source::{ByteSource, read_fully};
use crate::TableError;

/// First bytes of a gzip file: the magic number, and deflate as the method.
pub(super) const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Largest ratio of decompressed to compressed bytes; a file beyond it is a decompression bomb. Deflate allows 1032;
/// tables have 2 to 100.
pub const BOMB_RATIO: u64 = 300;

/// Decompressed bytes up to which the ratio is not checked: these take a second, and a table of zeros may have as many.
pub const BOMB_UNPACKED_BYTES: u64 = 256 << 20;

/// Decompressed bytes between two access points, initially.
const FIRST_SPACING_BYTES: u64 = 4 << 20;

/// Access points at most (about 11 MB); beyond, every second one is dropped and the spacing doubles.
const MAX_ACCESS_POINTS: usize = 256;

/// Compressed bytes per read.
const INPUT_BYTES: usize = 1 << 16;

/// Decompressed bytes per call of the decompressor, at most.
const OUTPUT_BYTES: usize = 1 << 17;

/// Decompressor of a gzip file of one or more members.
pub(super) struct GzipReader {
    current: AccessPoint,
    access_points: Vec<AccessPoint>,
    spacing_bytes: u64,
    input: Vec<u8>,
    /// Offset of `input` in the file.
    input_start: u64,
    /// Bytes last decompressed, which end at `current`.
    output: Vec<u8>,
}

/// Position in the file, with the state from which decompression continues there.
#[derive(Clone)]
struct AccessPoint {
    /// Offset in the file.
    compressed: u64,
    /// Offset in the decompressed bytes.
    decompressed: u64,
    /// Offset of the current member in the decompressed bytes.
    member_start: u64,
    /// State within a member; `None`: a member begins here, or the file ends.
    inflate: Option<Box<InflateState>>,
    is_at_end: bool,
}

impl GzipReader {
    pub(super) fn new() -> Self {
        let start = AccessPoint { compressed: 0, decompressed: 0, member_start: 0, inflate: None, is_at_end: false };
        Self {
            current: start.clone(),
            access_points: vec![start],
            spacing_bytes: FIRST_SPACING_BYTES,
            input: Vec::new(),
            input_start: 0,
            output: Vec::new(),
        }
    }

    /// Offset in the file up to which it was decompressed last.
    pub(super) const fn raw_position(&self) -> u64 {
        self.current.compressed
    }

    /// See [`super::Content::read_at`].
    pub(super) fn read_at(
        &mut self,
        source: &mut dyn ByteSource,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<usize, TableError> {
        self.seek_towards(offset);
        let mut count = 0;
        while count < buffer.len() {
            let position = offset + count as u64;
            let output_start = self.current.decompressed - self.output.len() as u64;
            if position < self.current.decompressed {
                let from = (position - output_start) as usize;
                let more = (self.output.len() - from).min(buffer.len() - count);
                buffer[count..count + more].copy_from_slice(&self.output[from..from + more]);
                count += more;
            } else if self.current.is_at_end {
                break;
            } else {
                self.decompress_piece(source)?;
            }
        }
        Ok(count)
    }

    /// Moves to the last access point before `offset`, unless `offset` is nearer to the current position.
    fn seek_towards(&mut self, offset: u64) {
        let is_backwards = offset < self.current.decompressed - self.output.len() as u64;
        let nearest = self.access_points.iter().rfind(|point| point.decompressed <= offset);
        if let Some(nearest) = nearest.filter(|point| is_backwards || point.decompressed > self.current.decompressed) {
            self.current = nearest.clone();
            self.output.clear();
        }
    }

    /// Decompresses the next piece into `output`.
    fn decompress_piece(&mut self, source: &mut dyn ByteSource) -> Result<(), TableError> {
        self.add_access_point();
        self.output.clear();
        if self.current.inflate.is_none() {
            return self.begin_member(source);
        }
        let input_length = self.fill_input(source)?;
        let Some(mut state) = self.current.inflate.take() else { return Ok(()) };
        let start = (self.current.compressed - self.input_start) as usize;
        let input = &self.input[start..start + input_length];
        self.output.resize(OUTPUT_BYTES, 0);
        let result = inflate(&mut state, input, &mut self.output, MZFlush::None);
        self.output.truncate(result.bytes_written);
        self.current.compressed += result.bytes_consumed as u64;
        self.current.decompressed += result.bytes_written as u64;
        self.check_ratio(source)?;
        match result.status {
            Ok(MZStatus::StreamEnd) => self.end_member(source),
            Ok(_) if result.bytes_consumed + result.bytes_written > 0 => {
                self.current.inflate = Some(state);
                Ok(())
            }
            _ if input_length == 0 => Err(self.damaged(source, "cut off")),
            _ => Err(self.damaged(source, "damaged")),
        }
    }

    /// Adds the current position to the access points, unless the last one is near.
    fn add_access_point(&mut self) {
        let last = self.access_points.last().map_or(0, |point| point.decompressed);
        if self.current.decompressed < last + self.spacing_bytes {
            return;
        }
        self.access_points.push(self.current.clone());
        if self.access_points.len() > MAX_ACCESS_POINTS {
            self.spacing_bytes *= 2;
            let mut index = 0;
            self.access_points.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }

    /// Reads input from the current position on, unless there is some; returns the number of bytes there.
    fn fill_input(&mut self, source: &mut dyn ByteSource) -> Result<usize, TableError> {
        let input_end = self.input_start + self.input.len() as u64;
        if self.current.compressed < self.input_start || self.current.compressed >= input_end {
            self.input.resize(INPUT_BYTES, 0);
            self.input_start = self.current.compressed;
            let count = read_fully(source, self.current.compressed, &mut self.input);
            self.input.truncate(*count.as_ref().unwrap_or(&0));
            count?;
        }
        Ok((self.input_start + self.input.len() as u64 - self.current.compressed) as usize)
    }

    /// The next byte of a member's header or trailer; `None` at the end of the file.
    fn next_byte(&mut self, source: &mut dyn ByteSource) -> Result<Option<u8>, TableError> {
        if self.fill_input(source)? == 0 {
            return Ok(None);
        }
        let byte = self.input[(self.current.compressed - self.input_start) as usize];
        self.current.compressed += 1;
        Ok(Some(byte))
    }

    fn require_byte(&mut self, source: &mut dyn ByteSource) -> Result<u8, TableError> {
        self.next_byte(source)?.ok_or_else(|| self.damaged(source, "cut off"))
    }

    /// Reads the header of the next member. Bytes after the last member are padding, as for `gzip` itself.
    fn begin_member(&mut self, source: &mut dyn ByteSource) -> Result<(), TableError> {
        let is_first = self.current.compressed == 0;
        for expected in GZIP_MAGIC {
            if self.next_byte(source)? != Some(expected) {
                self.current.is_at_end = true;
                return if is_first { Err(self.damaged(source, "cut off")) } else { Ok(()) };
            }
        }
        let flags = self.require_byte(source)?;
        // Time, extra flags and operating system.
        self.skip(source, 6)?;
        if flags & 4 != 0 {
            let length = u64::from(self.require_byte(source)?) + 256 * u64::from(self.require_byte(source)?);
            self.skip(source, length)?;
        }
        for flag in [8, 16] {
            // File name and comment, each ended by NUL.
            while flags & flag != 0 && self.require_byte(source)? != 0 {}
        }
        self.skip(source, if flags & 2 == 0 { 0 } else { 2 })?;
        self.current.member_start = self.current.decompressed;
        self.current.inflate = Some(InflateState::new_boxed(DataFormat::Raw));
        Ok(())
    }

    /// Reads the trailer of a member. The length is compared; the checksum is skipped, as deflate's structure and the
    /// length reveal damage.
    fn end_member(&mut self, source: &mut dyn ByteSource) -> Result<(), TableError> {
        self.skip(source, 4)?;
        let mut length = [0; 4];
        for byte in &mut length {
            *byte = self.require_byte(source)?;
        }
        if u32::from_le_bytes(length) == (self.current.decompressed - self.current.member_start) as u32 {
            Ok(())
        } else {
            Err(self.damaged(source, "damaged"))
        }
    }

    fn skip(&mut self, source: &mut dyn ByteSource, count: u64) -> Result<(), TableError> {
        for _ in 0..count {
            self.require_byte(source)?;
        }
        Ok(())
    }

    fn check_ratio(&self, source: &dyn ByteSource) -> Result<(), TableError> {
        let AccessPoint { compressed, decompressed, .. } = self.current;
        if decompressed > BOMB_UNPACKED_BYTES && decompressed / compressed.max(1) > BOMB_RATIO {
            let name = source.name().to_owned();
            return Err(TableError::GzipBomb { name, ratio: BOMB_RATIO, unpacked_bytes: decompressed });
        }
        Ok(())
    }

    /// Returns the error of a damaged file, and goes back to its start, so that the next read fails in the same way.
    fn damaged(&mut self, source: &dyn ByteSource, problem: &str) -> TableError {
        let unpacked_bytes = self.current.decompressed;
        self.current = self.access_points[0].clone();
        self.output.clear();
        TableError::DamagedGzip { name: source.name().to_owned(), problem: problem.into(), unpacked_bytes }
    }
}

impl fmt::Debug for GzipReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GzipReader")
            .field("compressed", &self.current.compressed)
            .field("decompressed", &self.current.decompressed)
            .field("access_points", &self.access_points.len())
            .finish_non_exhaustive()
    }
}
