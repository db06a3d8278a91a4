//! Byte ranges of the records of a JSON text, without parsing them.

use std::ops::Range;

use pinhole_table::{TableError, source::Content};

/// Bytes per read.
const PIECE_BYTES: usize = 1 << 16;

/// Longest record, in bytes.
pub(super) const MAX_RECORD_BYTES: usize = 64 << 20;

/// Splitter of a JSON text into values: those of one array, or the values that follow each other (JSON Lines).
pub(super) struct Splitter {
    content: Content,
    /// Bytes that were read and not yet returned.
    buffer: Vec<u8>,
    /// Offset of `buffer` in the text.
    start: u64,
    /// Position in `buffer` of the next byte to look at.
    position: usize,
    is_at_end: bool,
    /// True if the values are those of an array, and end with it.
    is_array: bool,
}

/// A value of the text.
#[derive(Debug)]
pub(super) struct Value {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Its range in the text.
    pub(super) span: Range<u64>,
}

impl Splitter {
    /// A splitter from `start` on: of the array that begins there, or of single values.
    pub(super) fn new(content: Content, start: u64) -> Result<Self, TableError> {
        let mut splitter = Self { content, buffer: Vec::new(), start, position: 0, is_at_end: false, is_array: false };
        if splitter.peek_value()? == Some(b'[') {
            splitter.is_array = true;
            splitter.position += 1;
        }
        Ok(splitter)
    }

    /// True if the values are those of an array.
    pub(super) const fn is_array(&self) -> bool {
        self.is_array
    }

    /// Share of the file that was read.
    pub(super) fn share(&self) -> f64 {
        self.content.raw_position() as f64 / self.content.size_bytes().max(1) as f64
    }

    /// The next value; `None` at the end. A value that is cut off is returned as far as it goes.
    pub(super) fn next(&mut self) -> Result<Option<Value>, TableError> {
        let Some(first) = self.peek_value()? else { return Ok(None) };
        if first == b']' && self.is_array {
            return Ok(None);
        }
        self.buffer.drain(..self.position);
        self.start += self.position as u64;
        self.position = 0;
        let mut state = Nesting::default();
        loop {
            while self.position < self.buffer.len() {
                let byte = self.buffer[self.position];
                if state.ends_before(byte) {
                    return Ok(Some(self.value()));
                }
                self.position += 1;
                if state.ends_after(byte) || self.position >= MAX_RECORD_BYTES {
                    return Ok(Some(self.value()));
                }
            }
            if !self.read()? {
                return Ok((!self.buffer.is_empty()).then(|| self.value()));
            }
        }
    }

    fn value(&self) -> Value {
        let bytes = self.buffer[..self.position].to_vec();
        Value { span: self.start..self.start + bytes.len() as u64, bytes }
    }

    /// First byte of the next value, or of the end of the array, at which `position` is then.
    fn peek_value(&mut self) -> Result<Option<u8>, TableError> {
        loop {
            while let Some(&byte) = self.buffer.get(self.position) {
                // A byte order mark, and the separator of RFC 7464.
                if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | 0xef | 0xbb | 0xbf | 0x1e) {
                    return Ok(Some(byte));
                }
                self.position += 1;
            }
            if !self.read()? {
                return Ok(None);
            }
        }
    }

    fn read(&mut self) -> Result<bool, TableError> {
        if self.is_at_end {
            return Ok(false);
        }
        let mut piece = vec![0; PIECE_BYTES];
        let count = self.content.read_at(self.start + self.buffer.len() as u64, &mut piece)?;
        self.is_at_end = count < PIECE_BYTES;
        self.buffer.extend_from_slice(&piece[..count]);
        Ok(count > 0)
    }
}

/// Nesting of brackets and strings within a value.
#[derive(Default)]
struct Nesting {
    depth: usize,
    is_string: bool,
    is_escaped: bool,
    has_begun: bool,
}

impl Nesting {
    /// True if the value, a number or word, ends before this byte.
    const fn ends_before(&self, byte: u8) -> bool {
        self.has_begun
            && self.depth == 0
            && !self.is_string
            && matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}')
    }

    /// True if the value ends with this byte.
    const fn ends_after(&mut self, byte: u8) -> bool {
        self.has_begun = true;
        if self.is_string {
            let closes = byte == b'"' && !self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
            self.is_string = !closes;
            return closes && self.depth == 0;
        }
        match byte {
            b'"' => self.is_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use pinhole_table::source::MemorySource;

    use super::*;

    fn split(text: &str) -> Vec<String> {
        let content = Content::open_unchecked(Box::new(MemorySource::new("t", text))).expect("in memory");
        let mut splitter = Splitter::new(content, 0).expect("in memory");
        let mut values = Vec::new();
        while let Some(value) = splitter.next().expect("in memory") {
            assert_eq!(text.as_bytes()[value.span.start as usize..value.span.end as usize], value.bytes);
            values.push(String::from_utf8(value.bytes).expect("UTF-8"));
        }
        values
    }

    #[test]
    fn values_of_arrays_and_lines_are_split() {
        assert_eq!(
            split(r#" [ {"a": "]}\""}, [1, [2]] , 3,"x" ] tail"#),
            [r#"{"a": "]}\""}"#, "[1, [2]]", "3", "\"x\""]
        );
        assert_eq!(split("\u{feff}{\"a\":1}\r\n{\"a\":2}{\"a\":3}\n"), ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"]);
        assert_eq!(split("[]"), [""; 0]);
        assert_eq!(split("{\"a\": [1, 2"), ["{\"a\": [1, 2"], "what is cut off is refused by the parser");
        let long = (0..40_000).map(|n| format!("{{\"n\":{n}}}\n")).collect::<Vec<_>>().concat();
        assert_eq!(split(&long).len(), 40_000);
    }
}
