//! File of the engine's table. Both labs open and use it, and a new worker needs it again, so its handle is kept where
//! all commands pass.

use pinhole_protocol::{
    Command, Event, FailureKind,
    table::{FileSlot, TableCommand, TableEvent},
};

/// Handle of the table's file. A file replaces the one before it once it was scanned to its end.
#[derive(Debug)]
pub struct TableFile<F> {
    /// File sent to the engine, and neither opened nor refused yet.
    sent: Option<F>,
    /// File being scanned.
    opened: Option<F>,
    /// File scanned to its end.
    scanned: Option<F>,
}

impl<F> Default for TableFile<F> {
    fn default() -> Self {
        Self { sent: None, opened: None, scanned: None }
    }
}

impl<F: Clone> TableFile<F> {
    /// Takes a command that is sent to the engine; one that opens a table has its file in `files`.
    pub fn on_command(&mut self, command: &Command, files: &[F]) {
        if let Command::Table(TableCommand::Open { file } | TableCommand::Score { file }) = command {
            self.sent = files.get(file.index).cloned();
        }
    }

    /// Takes an event of the engine.
    pub fn on_event(&mut self, event: &Event) {
        match event {
            // If no file was sent, the same one is read again with another dialect.
            Event::Table(TableEvent::Opened(_)) => self.opened = self.sent.take().or_else(|| self.newest()),
            Event::Table(TableEvent::Scanned(_)) => self.scanned = self.opened.take().or(self.scanned.take()),
            Event::Table(TableEvent::Cancelled) => self.opened = None,
            Event::Failed(failure) if failure.kind == FailureKind::File => (self.sent, self.opened) = (None, None),
            _ => {}
        }
    }

    /// Newest file: the one sent, opened or scanned last.
    pub fn newest(&self) -> Option<F> {
        [&self.sent, &self.opened, &self.scanned].into_iter().find_map(Clone::clone)
    }

    /// True if the newest file was scanned to its end.
    pub const fn is_scanned(&self) -> bool {
        self.scanned.is_some() && self.opened.is_none() && self.sent.is_none()
    }

    /// Takes the newest file and forgets the others, as a new worker has none.
    pub fn take_newest(&mut self) -> Option<F> {
        let newest = self.newest();
        *self = Self::default();
        newest
    }
}

/// Command that opens the file sent along with it.
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

    fn scanned_file(name: &'static str) -> TableFile<&'static str> {
        let mut file = TableFile::default();
        file.on_command(&open_command(name.into()), &[name]);
        file.on_event(&opened());
        assert!(!file.is_scanned());
        file.on_event(&scanned());
        file
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_file_counts_once_it_was_scanned() {
        let mut file = scanned_file("pumps.csv");
        assert!(file.is_scanned());
        file.on_command(&Command::Pause, &["nothing"]);
        file.on_event(&opened());
        assert_eq!(
            (file.newest(), file.is_scanned()),
            (Some("pumps.csv"), false),
            "it is read again with another dialect"
        );
        file.on_event(&scanned());
        assert_eq!((file.take_newest(), file.newest()), (Some("pumps.csv"), None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_refused_or_cancelled_file_leaves_the_one_before() {
        let mut file = scanned_file("pumps.csv");
        file.on_command(&open_command("picture.png".into()), &["picture.png"]);
        assert_eq!(file.newest(), Some("picture.png"));
        file.on_event(&Event::Failed(Failure { kind: FailureKind::File, message: String::new() }));
        assert_eq!((file.newest(), file.is_scanned()), (Some("pumps.csv"), true));
        file.on_command(&open_command("long.csv".into()), &["long.csv"]);
        file.on_event(&opened());
        file.on_event(&Event::Table(TableEvent::Cancelled));
        assert_eq!((file.newest(), file.is_scanned()), (Some("pumps.csv"), true));
    }
}
