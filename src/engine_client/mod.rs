//! The only door to the worker: send a command, hear the news.

mod link;
mod table;

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{Command, DeviceInfo, DevicePreference, Event, PROTOCOL_VERSION};
use web_sys::File;
use yew::prelude::*;

use self::{
    link::{Link, Message},
    table::{TableFile, open_command},
};

/// How far the engine is.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineState {
    /// Its module is on the way; a total of 0 is unknown.
    Loading { bytes: f64, total: f64 },
    /// It chooses a device.
    Starting,
    /// It computes here.
    Ready(DeviceInfo),
    /// It is dead, for this reason; the overlay says so.
    Dead(String),
}

/// What listeners hear.
pub enum News {
    /// The engine is at another point.
    State(EngineState),
    /// The engine said something.
    Event(Event),
    /// Another worker takes the place of the last, which took everything in it along: hand it what it has to know.
    Restarted,
}

/// Whoever hears the news.
pub type Listener = Rc<dyn Fn(&News)>;

struct Door {
    link: RefCell<Option<Link>>,
    preference: RefCell<DevicePreference>,
    /// Why the page itself left another device.
    reason: RefCell<Option<String>>,
    state: RefCell<EngineState>,
    /// Commands given before the engine was ready, in order.
    waiting: RefCell<Vec<(Command, Vec<File>)>>,
    table: RefCell<TableFile<File>>,
    listeners: RefCell<Vec<Listener>>,
}

/// A handle on the engine, cheap to clone.
#[derive(Clone)]
pub struct Engine(Rc<Door>);

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Engine {
    /// Starts a worker.
    pub fn start(device: DevicePreference) -> Self {
        let engine = Self(Rc::new(Door {
            link: RefCell::new(None),
            preference: RefCell::new(device),
            reason: RefCell::default(),
            state: RefCell::new(EngineState::Loading { bytes: 0.0, total: 0.0 }),
            waiting: RefCell::default(),
            table: RefCell::default(),
            listeners: RefCell::default(),
        }));
        engine.open();
        engine
    }

    /// Ends the worker, with everything in it, and starts another on `device`; for a `reason`, if nobody chose it.
    /// Listeners hear of it, and hand over again what they hold; the table's file is handed over already.
    pub fn restart(&self, device: DevicePreference, reason: Option<String>) {
        *self.0.reason.borrow_mut() = reason;
        self.0.waiting.borrow_mut().clear();
        *self.0.preference.borrow_mut() = device;
        self.open();
        self.enter(EngineState::Loading { bytes: 0.0, total: 0.0 });
        let table = self.0.table.borrow_mut().forget();
        if let Some(file) = table {
            self.open_table(file);
        }
        self.tell(&News::Restarted);
    }

    /// Opens a file as the table.
    pub fn open_table(&self, file: File) {
        self.send_with_files(open_command(file.name()), vec![file]);
    }

    /// The table's file, also one that is only on its way.
    pub fn table(&self) -> Option<File> {
        self.0.table.borrow().newest()
    }

    /// Whether there is a table, read to its end.
    pub fn has_read_table(&self) -> bool {
        self.0.table.borrow().is_read()
    }

    /// How far the engine is.
    pub fn state(&self) -> EngineState {
        self.0.state.borrow().clone()
    }

    /// The device asked for.
    pub fn preference(&self) -> DevicePreference {
        *self.0.preference.borrow()
    }

    /// Gives a command, at once or as soon as the engine is ready.
    pub fn send(&self, command: Command) {
        self.send_with_files(command, Vec::new());
    }

    /// As [`Engine::send`], with the handles of the files that the command's slots count to.
    pub fn send_with_files(&self, command: Command, files: Vec<File>) {
        self.0.table.borrow_mut().note(&command, &files);
        if matches!(*self.0.state.borrow(), EngineState::Ready(_)) {
            self.say(&command, &files);
        } else {
            self.0.waiting.borrow_mut().push((command, files));
        }
    }

    fn open(&self) {
        let door = Rc::downgrade(&self.0);
        let link = Link::open(self.preference(), move |message| {
            if let Some(door) = door.upgrade() {
                Self(door).hear(message);
            }
        });
        match link {
            Ok(link) => drop(self.0.link.borrow_mut().replace(link)),
            Err(error) => self.hear(Message::Dead(format!("The engine's worker could not be started: {error:?}"))),
        }
    }

    fn say(&self, command: &Command, files: &[File]) {
        let said = self.0.link.borrow().as_ref().map(|link| link.say(command, files));
        if let Some(Err(error)) = said {
            self.hear(Message::Dead(format!("A command could not be handed to the engine: {error:?}")));
        }
    }

    fn hear(&self, message: Message) {
        match message {
            Message::Loading { bytes, total } => self.enter(EngineState::Loading { bytes, total }),
            Message::Listening => {
                self.enter(EngineState::Starting);
                self.say(&Command::Start { protocol_version: PROTOCOL_VERSION, device: self.preference() }, &[]);
            }
            Message::Event(event) => match *event {
                Event::Ready(mut device) => {
                    device.fallback_reason = device.fallback_reason.or_else(|| self.0.reason.borrow().clone());
                    self.enter(EngineState::Ready(device));
                    let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
                    for (command, files) in &waiting {
                        self.say(command, files);
                    }
                }
                event => {
                    self.0.table.borrow_mut().hear(&event);
                    self.tell(&News::Event(event));
                }
            },
            Message::Dead(reason) => {
                self.0.link.borrow_mut().take();
                crate::crash_overlay::show(&reason);
                self.enter(EngineState::Dead(reason));
            }
        }
    }

    fn enter(&self, state: EngineState) {
        *self.0.state.borrow_mut() = state.clone();
        self.tell(&News::State(state));
    }

    fn tell(&self, news: &News) {
        // A listener may subscribe or leave while it hears: the list is not borrowed meanwhile.
        let listeners = self.0.listeners.borrow().clone();
        for listener in listeners {
            listener(news);
        }
    }

    fn subscribe(&self, listener: Listener) -> Subscription {
        self.0.listeners.borrow_mut().push(listener.clone());
        Subscription { engine: self.clone(), listener }
    }
}

/// Listens until dropped.
struct Subscription {
    engine: Engine,
    listener: Listener,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.engine.0.listeners.borrow_mut().retain(|listener| !Rc::ptr_eq(listener, &self.listener));
    }
}

/// Hears the news while the component lives. The newest handler is called, so it sees the state of the last render.
#[hook]
pub fn use_news(engine: &Engine, handler: Listener) {
    let newest = use_mut_ref(|| None::<Listener>);
    *newest.borrow_mut() = Some(handler);
    use_effect_with(engine.clone(), move |engine| {
        let subscription = engine.subscribe(Rc::new(move |news| {
            let handler = newest.borrow().clone();
            if let Some(handler) = handler {
                handler(news);
            }
        }));
        move || drop(subscription)
    });
}
