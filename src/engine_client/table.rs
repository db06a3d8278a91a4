//! Files of the engine's table. Both labs open and use them, and a new worker needs them again, so their handles are kept
//! where all commands pass.

use pinhole_protocol::{
    Command, Event, FailureKind,
    table::{FileSlot, TableCommand, TableEvent},
};

/// Handles of the files of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFiles<F> {
    /// The file, or several with the same columns.
    pub files: Vec<F>,
    /// Index of the table in them, such as a sheet; `None`: the most likely one.
    pub part: Option<usize>,
}

impl<F> From<F> for TableFiles<F> {
    fn from(file: F) -> Self {
        Self { files: vec![file], part: None }
    }
}

/// Files of the engine's table. Files replace those before them once they were scanned to their end.
#[derive(Debug)]
pub struct CurrentTable<F> {
    /// Files sent to the engine, and neither opened nor refused yet.
    sent: Option<TableFiles<F>>,
    /// Files being scanned.
    opened: Option<TableFiles<F>>,
    /// Files scanned to their end.
    scanned: Option<TableFiles<F>>,
}

impl<F> Default for CurrentTable<F> {
    fn default() -> Self {
        Self { sent: None, opened: None, scanned: None }
    }
}

impl<F: Clone> CurrentTable<F> {
    /// Takes a command that is sent to the engine; one that opens a table has its files in `files`.
    pub fn on_command(&mut self, command: &Command, files: &[F]) {
        let (slots, part) = match command {
            Command::Table(TableCommand::Open { files, part }) => (files, *part),
            Command::Table(TableCommand::Score { files }) => (files, None),
            _ => return,
        };
        let files = slots.iter().filter_map(|slot| files.get(slot.index)).cloned().collect();
        self.sent = Some(TableFiles { files, part });
    }

    /// Takes an event of the engine.
    pub fn on_event(&mut self, event: &Event) {
        match event {
            // If no file was sent, the same ones are read again with another dialect.
            Event::Table(TableEvent::Opened(_)) => self.opened = self.sent.take().or_else(|| self.newest()),
            // Neither opened nor refused yet: a person is asked.
            Event::Table(TableEvent::UnmatchedColumns(_)) => self.opened = self.sent.take(),
            Event::Table(TableEvent::Scanned(_)) => self.scanned = self.opened.take().or(self.scanned.take()),
            Event::Table(TableEvent::Cancelled) => self.opened = None,
            Event::Failed(failure) if failure.kind == FailureKind::File => (self.sent, self.opened) = (None, None),
            _ => {}
        }
    }

    /// Newest files: those sent, opened or scanned last.
    pub fn newest(&self) -> Option<TableFiles<F>> {
        [&self.sent, &self.opened, &self.scanned].into_iter().find_map(Clone::clone)
    }

    /// True if the newest files were scanned to their end.
    pub const fn is_scanned(&self) -> bool {
        self.scanned.is_some() && self.opened.is_none() && self.sent.is_none()
    }

    /// Takes the newest files and forgets the others, as a new worker has none.
    pub fn take_newest(&mut self) -> Option<TableFiles<F>> {
        let newest = self.newest();
        *self = Self::default();
        newest
    }
}

/// Slots of files that are sent along with a command, by their names.
pub fn slots(names: impl IntoIterator<Item = String>) -> Vec<FileSlot> {
    names.into_iter().enumerate().map(|(index, name)| FileSlot { name, index }).collect()
}

/// Command that opens the files sent along with it.
pub fn open_command(names: impl IntoIterator<Item = String>, part: Option<usize>) -> Command {
    Command::Table(TableCommand::Open { files: slots(names), part })
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

    fn open(name: &str) -> Command {
        open_command([name.to_owned()], None)
    }

    fn scanned_file(name: &'static str) -> CurrentTable<&'static str> {
        let mut file = CurrentTable::default();
        file.on_command(&open(name), &[name]);
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
            (Some("pumps.csv".into()), false),
            "it is read again with another dialect"
        );
        file.on_event(&scanned());
        assert_eq!((file.take_newest(), file.newest()), (Some("pumps.csv".into()), None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_refused_or_cancelled_file_leaves_the_one_before() {
        let mut file = scanned_file("pumps.csv");
        file.on_command(&open("picture.png"), &["picture.png"]);
        assert_eq!(file.newest(), Some("picture.png".into()));
        file.on_event(&Event::Failed(Failure { kind: FailureKind::File, message: String::new() }));
        assert_eq!((file.newest(), file.is_scanned()), (Some("pumps.csv".into()), true));
        file.on_command(&open("long.csv"), &["long.csv"]);
        file.on_event(&opened());
        file.on_event(&Event::Table(TableEvent::Cancelled));
        assert_eq!((file.newest(), file.is_scanned()), (Some("pumps.csv".into()), true));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_file_whose_columns_are_asked_for_waits_or_is_given_up() {
        let ask = || {
            let mut file = scanned_file("may.csv");
            file.on_command(
                &Command::Table(TableCommand::Score { files: slots(["june.csv".to_owned()]) }),
                &["june.csv"],
            );
            file.on_event(&Event::Table(TableEvent::UnmatchedColumns(fixtures::unmatched_columns())));
            assert_eq!((file.newest(), file.is_scanned()), (Some("june.csv".into()), false));
            file
        };
        let mut file = ask();
        file.on_event(&Event::Table(TableEvent::Cancelled));
        assert_eq!((file.newest(), file.is_scanned()), (Some("may.csv".into()), true));
        let mut file = ask();
        file.on_event(&opened());
        file.on_event(&scanned());
        assert_eq!((file.newest(), file.is_scanned()), (Some("june.csv".into()), true));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_new_worker_gets_all_files_and_the_sheet_that_was_read() {
        let mut table = CurrentTable::default();
        let names = ["june.xlsx", "july.xlsx"];
        table.on_command(&open_command(names.map(String::from), Some(2)), &names);
        table.on_event(&opened());
        assert_eq!(table.take_newest(), Some(TableFiles { files: names.to_vec(), part: Some(2) }));
    }
}
