//! The file that the engine reads as its table. Every lab may open it and speak of it, and another worker needs it anew,
//! so its handle is kept where all commands pass.

use pinhole_protocol::{
    Command, Event, FailureKind,
    table::{FileSlot, TableCommand, TableEvent},
};

/// The table's file, on its way into the engine. A file is in hand once it was read to its end; until then the one before
/// it is.
#[derive(Debug)]
pub struct TableFile<F> {
    /// Handed over, and neither opened nor refused.
    offered: Option<F>,
    /// Being read.
    opened: Option<F>,
    /// Read to its end.
    read: Option<F>,
}

impl<F> Default for TableFile<F> {
    fn default() -> Self {
        Self { offered: None, opened: None, read: None }
    }
}

impl<F: Clone> TableFile<F> {
    /// Notes a command that hands over a table.
    pub fn note(&mut self, command: &Command, files: &[F]) {
        if let Command::Table(TableCommand::Open { file } | TableCommand::Score { file }) = command {
            self.offered = files.get(file.index).cloned();
        }
    }

    /// Notes what became of it.
    pub fn hear(&mut self, event: &Event) {
        match event {
            // Without an offer the same file is read in another way.
            Event::Table(TableEvent::Opened(_)) => self.opened = self.offered.take().or_else(|| self.newest()),
            Event::Table(TableEvent::Scanned(_)) => self.read = self.opened.take().or(self.read.take()),
            Event::Table(TableEvent::Cancelled) => self.opened = None,
            Event::Failed(failure) if failure.kind == FailureKind::File => (self.offered, self.opened) = (None, None),
            _ => {}
        }
    }

    /// The newest file.
    pub fn newest(&self) -> Option<F> {
        [&self.offered, &self.opened, &self.read].into_iter().find_map(Clone::clone)
    }

    /// Whether there is one, and it was read to its end.
    pub const fn is_read(&self) -> bool {
        self.read.is_some() && self.opened.is_none() && self.offered.is_none()
    }

    /// Another worker knows of none.
    pub fn forget(&mut self) -> Option<F> {
        let newest = self.newest();
        *self = Self::default();
        newest
    }
}

/// The command that opens a file, which goes with it.
pub fn open_command(name: String) -> Command {
    Command::Table(TableCommand::Open { file: FileSlot { name, index: 0 } })
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Failure;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::tables::fixtures;

    fn opened() -> Event {
        Event::Table(TableEvent::Opened(Box::new(fixtures::preview("pumps.csv"))))
    }

    fn scanned() -> Event {
        Event::Table(TableEvent::Scanned(Box::new(fixtures::summary())))
    }

    fn read(name: &'static str) -> TableFile<&'static str> {
        let mut file = TableFile::default();
        file.note(&open_command(name.into()), &[name]);
        file.hear(&opened());
        assert!(!file.is_read());
        file.hear(&scanned());
        file
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_file_is_in_hand_once_it_was_read() {
        let mut file = read("pumps.csv");
        assert!(file.is_read());
        file.note(&Command::Pause, &["nothing"]);
        file.hear(&opened());
        assert_eq!((file.newest(), file.is_read()), (Some("pumps.csv"), false), "it is read in another way");
        file.hear(&scanned());
        assert_eq!((file.forget(), file.newest()), (Some("pumps.csv"), None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_refused_or_given_up_leaves_the_one_before() {
        let mut file = read("pumps.csv");
        file.note(&open_command("picture.png".into()), &["picture.png"]);
        assert_eq!(file.newest(), Some("picture.png"));
        file.hear(&Event::Failed(Failure { kind: FailureKind::File, message: String::new() }));
        assert_eq!((file.newest(), file.is_read()), (Some("pumps.csv"), true));
        file.note(&open_command("long.csv".into()), &["long.csv"]);
        file.hear(&opened());
        file.hear(&Event::Table(TableEvent::Cancelled));
        assert_eq!((file.newest(), file.is_read()), (Some("pumps.csv"), true));
    }
}
