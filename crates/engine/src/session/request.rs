//! A command with the files that it names.

use pinhole_protocol::Command;
use pinhole_table::source::ByteSource;

/// A command, and the files that it names by index.
pub struct Request {
    /// The command.
    pub command: Command,
    /// Files.
    pub files: Vec<Box<dyn ByteSource>>,
}

impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self { command, files: Vec::new() }
    }
}
