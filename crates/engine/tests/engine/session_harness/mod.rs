//! A session that is sent one command after another, as by a page.

use std::{
    cell::RefCell,
    fmt::Write as _,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use futures_channel::mpsc::{self, UnboundedSender};
use pinhole_engine::session::{Request, serve};
use pinhole_formats::AllFormats;
use pinhole_protocol::{
    Command, Event, NamedFile,
    latent::LatentEvent,
    table::{
        ColumnPlan, DetectorPlan, FileSlot, LabelPlan, Method, RowQuery, ScoredFile, ScoredRow, TableCommand,
        TableEvent, TableSummary, UnmatchedColumns,
    },
};
use pinhole_table::source::{ByteSource, MemorySource};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Condition on an event, and the command that is sent as soon as an event meets it.
type Reaction = (fn(&TableEvent) -> bool, TableCommand);

/// A session and the events that it emitted.
pub struct SessionHarness {
    sender: UnboundedSender<Request>,
    events: Rc<RefCell<Vec<Event>>>,
    reaction: Rc<RefCell<Option<Reaction>>>,
    session: Pin<Box<dyn Future<Output = ()>>>,
}

impl SessionHarness {
    pub fn new() -> Self {
        let (sender, commands) = mpsc::unbounded();
        let events = Rc::new(RefCell::new(Vec::new()));
        let reaction = Rc::new(RefCell::new(None::<Reaction>));
        let emit = {
            let (events, reaction, sender) = (events.clone(), reaction.clone(), sender.clone());
            move |event: Event| {
                let mut waiting = reaction.borrow_mut();
                if let (Event::Table(event), Some((when, _))) = (&event, &*waiting)
                    && when(event)
                    && let Some((_, command)) = waiting.take()
                {
                    sender.unbounded_send(Command::Table(command).into()).expect("the session listens");
                }
                events.borrow_mut().push(event);
            }
        };
        let session = Box::pin(serve(commands, emit, async || (), Box::new(AllFormats)));
        Self { sender, events, reaction, session }
    }

    /// Sends a command; returns the events until the session waits for the next one.
    pub fn send_table(&mut self, command: TableCommand) -> Vec<Event> {
        self.send_table_with(command, Vec::new())
    }

    pub fn send_table_with(&mut self, command: TableCommand, files: Vec<Box<dyn ByteSource>>) -> Vec<Event> {
        self.send_with(Command::Table(command), files)
    }

    /// [`SessionHarness::send_table`] for every kind of command.
    pub fn send(&mut self, command: Command) -> Vec<Event> {
        self.send_with(command, Vec::new())
    }

    /// Sends several commands at once, so that each comes in the midst of the work of those before.
    pub fn send_all(&mut self, commands: impl IntoIterator<Item = Command>) -> Vec<Event> {
        for command in commands {
            self.sender.unbounded_send(command.into()).expect("the session listens");
        }
        self.turn()
    }

    fn send_with(&mut self, command: Command, files: Vec<Box<dyn ByteSource>>) -> Vec<Event> {
        let request = Request { command, files };
        self.sender.unbounded_send(request).expect("the session listens");
        self.turn()
    }

    fn turn(&mut self) -> Vec<Event> {
        // It never waits for anything but commands.
        let mut context = Context::from_waker(Waker::noop());
        assert!(self.session.as_mut().poll(&mut context).is_pending(), "the session goes on");
        self.events.take()
    }

    /// Sends a command, and `then` as soon as an event fulfils `when`.
    pub fn send_table_and(
        &mut self,
        command: TableCommand,
        when: fn(&TableEvent) -> bool,
        then: TableCommand,
    ) -> Vec<Event> {
        self.react(when, then);
        let events = self.send_table(command);
        assert!(self.reaction.borrow().is_none(), "it did not come to pass: {events:?}");
        events
    }

    /// Sends `then` as soon as an event fulfils `when`.
    pub fn react(&mut self, when: fn(&TableEvent) -> bool, then: TableCommand) {
        *self.reaction.borrow_mut() = Some((when, then));
    }

    pub fn open(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Vec<Event> {
        self.open_source(Box::new(MemorySource::new(name, bytes)))
    }

    pub fn open_source(&mut self, source: Box<dyn ByteSource>) -> Vec<Event> {
        self.send_table_with(TableCommand::Open { files: vec![slot(source.name())], part: None }, vec![source])
    }

    pub fn score(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Vec<Event> {
        self.send_table_with(
            TableCommand::Score { files: vec![slot(name)] },
            vec![Box::new(MemorySource::new(name, bytes))],
        )
    }

    pub fn fit(&mut self, plan: &DetectorPlan) -> Vec<Event> {
        self.send_table(TableCommand::Fit { plan: Box::new(plan.clone()) })
    }

    pub fn rows(&mut self, query: RowQuery) -> (Vec<ScoredRow>, u64) {
        let events = self.send_table(TableCommand::Rows { request: 9, query });
        let rows = table_events(&events).find_map(|event| match event {
            TableEvent::Rows { request: 9, total, rows } => Some((rows.clone(), *total)),
            _ => None,
        });
        rows.unwrap_or_else(|| panic!("rows were asked for: {events:?}"))
    }

    pub fn save(&mut self, with_replay: bool) -> Vec<u8> {
        let events = self.send_table(TableCommand::SaveDetector { with_replay });
        let [Event::Table(TableEvent::DetectorSaved(file))] = &events[..] else { panic!("{events:?}") };
        file.0.clone()
    }

    pub fn open_detector(&mut self, bytes: Vec<u8>) -> Vec<Event> {
        let file = NamedFile { name: "detector.safetensors".into(), bytes: pinhole_protocol::Bytes(bytes) };
        self.send_table(TableCommand::OpenDetector { file })
    }

    /// Name and bytes of an exported file.
    pub fn export(&mut self, command: TableCommand) -> (String, Vec<u8>) {
        let events = self.send_table(command);
        let mut bytes = Vec::new();
        let mut name = None;
        for event in table_events(&events) {
            match event {
                TableEvent::ExportPart(part) => bytes.extend_from_slice(&part.0),
                TableEvent::Exported { name: exported, .. } => name = Some(exported.clone()),
                _ => {}
            }
        }
        (name.unwrap_or_else(|| panic!("it was not finished: {:?}", failures(&events))), bytes)
    }
}

fn slot(name: &str) -> FileSlot {
    FileSlot { name: name.into(), index: 0 }
}

pub fn table_events(events: &[Event]) -> impl Iterator<Item = &TableEvent> {
    events.iter().filter_map(|event| if let Event::Table(event) = event { Some(event) } else { None })
}

pub fn failures(events: &[Event]) -> Vec<&str> {
    let sentences = events.iter().filter_map(|event| match event {
        Event::Failed(failure) | Event::Latent(LatentEvent::Failed { failure, .. }) => Some(failure.message.as_str()),
        _ => None,
    });
    sentences.collect()
}

/// Message of the only failure.
pub fn failure(events: &[Event]) -> &str {
    let [sentence] = failures(events)[..] else { panic!("one thing should fail: {events:?}") };
    sentence
}

pub fn scanned(events: &[Event]) -> &TableSummary {
    let summary = table_events(events)
        .find_map(|event| if let TableEvent::Scanned(summary) = event { Some(&**summary) } else { None });
    summary.unwrap_or_else(|| panic!("it should be scanned: {:?}", failures(events)))
}

/// Columns that are asked for.
pub fn unmatched(events: &[Event]) -> &UnmatchedColumns {
    let columns = table_events(events)
        .find_map(|event| if let TableEvent::UnmatchedColumns(columns) = event { Some(columns) } else { None });
    columns.unwrap_or_else(|| panic!("columns should be asked for: {events:?}"))
}

pub fn scored(events: &[Event]) -> &ScoredFile {
    let scored =
        table_events(events).find_map(|event| if let TableEvent::Scored(file) = event { Some(&**file) } else { None });
    scored.unwrap_or_else(|| panic!("it should be scored: {:?}", failures(events)))
}

/// Plan that the page makes of a summary before the user changes it.
pub fn plan(summary: &TableSummary) -> DetectorPlan {
    let label = summary.label.as_ref().map(|guess| LabelPlan {
        column: summary.columns[guess.column].name.clone(),
        anomalous_values: guess.anomalous_values.clone(),
    });
    let columns = summary.columns.iter().enumerate().map(|(index, column)| ColumnPlan {
        name: column.name.clone(),
        kind: column.kind,
        used: column.exclusion_reason.is_none()
            && column.kind.is_usable()
            && summary.label.as_ref().is_none_or(|guess| guess.column != index),
    });
    DetectorPlan { columns: columns.collect(), label, ..DetectorPlan::default() }
}

/// The plan for a table, with a method that takes no time.
pub fn quick_plan(summary: &TableSummary) -> DetectorPlan {
    DetectorPlan { method: Method::Pca, ..plan(summary) }
}

/// Parcels: girth and weight go with the length, the kind with both. One in `one_in` breaks that, and its label is 1.
pub fn parcels(rows: usize, one_in: usize, seed: u64) -> String {
    let mut random = Pcg32::seed_from_u64(seed);
    let mut text = String::from("length,girth,weight,kind,label\n");
    for row in 0..rows {
        let mut noise = || random.random::<f64>() - 0.5;
        let length = 10.0 + 8.0 * noise();
        let is_anomalous = row % one_in == one_in - 1;
        let girth = if is_anomalous { 60.0 - 2.0 * length } else { 2.0 * length } + noise();
        let weight = 3.0 * length + noise();
        let kind = if length > 10.0 { "box" } else { "tube" };
        writeln!(text, "{length:.4},{girth:.4},{weight:.4},{kind},{}", u8::from(is_anomalous))
            .expect("text can be written");
    }
    text
}
