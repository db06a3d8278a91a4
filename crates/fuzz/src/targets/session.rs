//! A session that is sent one command after another, as by the page.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use futures_channel::mpsc::{self, UnboundedSender};
use pinhole_engine::session::{Request, serve};
use pinhole_formats::AllFormats;
use pinhole_protocol::{Command, DevicePreference, Event, LogLevel, PROTOCOL_VERSION};
use pinhole_table::source::{ByteSource, MemorySource};

/// A session on the CPU.
pub struct Session {
    sender: UnboundedSender<Request>,
    events: Rc<RefCell<Vec<Event>>>,
    serving: Pin<Box<dyn Future<Output = ()>>>,
}

impl Session {
    /// A session that has started its device.
    pub fn new() -> Self {
        let (sender, requests) = mpsc::unbounded();
        let events = Rc::new(RefCell::new(Vec::new()));
        let emit = {
            let events = events.clone();
            move |event| events.borrow_mut().push(event)
        };
        let mut session =
            Self { sender, events, serving: Box::pin(serve(requests, emit, async || (), Box::new(AllFormats))) };
        session.send(&[start()], None);
        session
    }

    /// Sends commands at once, with a file to which their slot 0 refers; returns the events until the session waits for
    /// further ones.
    pub fn send(&mut self, commands: &[Command], file: Option<(&str, &[u8])>) -> Vec<Event> {
        for command in commands {
            let files = file.map(|(name, bytes)| Box::new(MemorySource::new(name, bytes)) as Box<dyn ByteSource>);
            let request = Request { command: command.clone(), files: files.into_iter().collect() };
            self.sender.unbounded_send(request).expect("the session listens");
        }
        // It never waits for anything but commands.
        let mut context = Context::from_waker(Waker::noop());
        assert!(self.serving.as_mut().poll(&mut context).is_pending(), "the session ended after {commands:?}");
        self.events.take()
    }
}

/// First command of a session.
pub fn start() -> Command {
    Command::Start { protocol_version: PROTOCOL_VERSION, device: DevicePreference::Cpu, log: LogLevel::Off }
}
