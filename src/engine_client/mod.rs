//! Client of the engine: sends commands to the worker and distributes its events to listeners.

mod silence;
mod table;
mod worker_handle;

use std::{cell::RefCell, rc::Rc};

use pinhole_protocol::{Command, DeviceInfo, DevicePreference, Event, LogLevel, PROTOCOL_VERSION, table::TableCommand};
use web_sys::File;
use yew::prelude::*;

pub use self::{silence::use_silence_notice, table::TableFiles};
use self::{
    table::{CurrentTable, open_command, slots},
    worker_handle::{REFUSED, WorkerHandle, WorkerReport},
};

/// State of the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineState {
    /// Its module is being downloaded; a total of 0 means unknown.
    Loading { bytes: f64, total: f64 },
    /// It is choosing a device.
    Starting,
    /// It accepts commands and computes on this device.
    Ready(DeviceInfo),
    /// It has failed, for this reason, which the crash overlay shows.
    Dead(String),
}

impl EngineState {
    /// True while its module is being downloaded.
    pub const fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }
}

/// Update that listeners receive.
pub enum EngineUpdate {
    /// The engine is in another state.
    State(EngineState),
    /// The engine sent an event.
    Event(Event),
    /// A new worker has replaced the last one, whose model and data are lost: listeners send theirs again.
    Restarted,
}

/// Function that is called with each update.
pub type Listener = Rc<dyn Fn(&EngineUpdate)>;

/// State of the client, shared by all handles.
struct ClientState {
    worker: RefCell<Option<WorkerHandle>>,
    preference: RefCell<DevicePreference>,
    log: LogLevel,
    /// Reason for which the page itself chose the device, if a person did not.
    fallback_reason: RefCell<Option<String>>,
    state: RefCell<EngineState>,
    /// Commands sent before the engine was ready, in order.
    queued: RefCell<Vec<(Command, Vec<File>)>>,
    table: RefCell<CurrentTable<File>>,
    listeners: RefCell<Vec<Listener>>,
}

/// Handle on the engine, cheap to clone.
#[derive(Clone)]
pub struct Engine(Rc<ClientState>);

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Engine {
    /// Starts a worker on `device`, with a log of this level in the console.
    pub fn start(device: DevicePreference, log: LogLevel) -> Self {
        let engine = Self(Rc::new(ClientState {
            worker: RefCell::new(None),
            preference: RefCell::new(device),
            log,
            fallback_reason: RefCell::default(),
            state: RefCell::new(EngineState::Loading { bytes: 0.0, total: 0.0 }),
            queued: RefCell::default(),
            table: RefCell::default(),
            listeners: RefCell::default(),
        }));
        engine.start_worker();
        engine
    }

    /// Terminates the worker and starts another one on `device`, for a `reason` if the choice is not a person's.
    /// Listeners receive [`EngineUpdate::Restarted`], after the table's file was sent again.
    pub fn restart(&self, device: DevicePreference, reason: Option<String>) {
        *self.0.fallback_reason.borrow_mut() = reason;
        self.0.queued.borrow_mut().clear();
        *self.0.preference.borrow_mut() = device;
        self.start_worker();
        self.set_state(EngineState::Loading { bytes: 0.0, total: 0.0 });
        let table = self.0.table.borrow_mut().take_newest();
        if let Some(files) = table {
            self.open_table(files);
        }
        self.emit(&EngineUpdate::Restarted);
    }

    /// Sends the command that opens these files as the table.
    pub fn open_table(&self, table: TableFiles<File>) {
        self.send_with_files(open_command(table.files.iter().map(File::name), table.part), table.files);
    }

    /// Sends the command that scores these files.
    pub fn score_table(&self, files: Vec<File>) {
        let command = TableCommand::Score { files: slots(files.iter().map(File::name)) };
        self.send_with_files(Command::Table(command), files);
    }

    /// Files of the table, also while they are being opened.
    pub fn table(&self) -> Option<TableFiles<File>> {
        self.0.table.borrow().newest()
    }

    /// True if there is a table that was scanned to its end.
    pub fn has_scanned_table(&self) -> bool {
        self.0.table.borrow().is_scanned()
    }

    /// State of the engine.
    pub fn state(&self) -> EngineState {
        self.0.state.borrow().clone()
    }

    /// Device that was asked for.
    pub fn preference(&self) -> DevicePreference {
        *self.0.preference.borrow()
    }

    /// Sends a command, or queues it until the engine is ready.
    pub fn send(&self, command: Command) {
        self.send_with_files(command, Vec::new());
    }

    /// Sends a command with the handles of the files to which its slots refer by index.
    pub fn send_with_files(&self, command: Command, files: Vec<File>) {
        self.0.table.borrow_mut().on_command(&command, &files);
        if matches!(*self.0.state.borrow(), EngineState::Ready(_)) {
            self.post(&command, &files);
        } else {
            self.0.queued.borrow_mut().push((command, files));
        }
    }

    fn start_worker(&self) {
        let state = Rc::downgrade(&self.0);
        let worker = WorkerHandle::start(self.preference(), move |report| {
            if let Some(state) = state.upgrade() {
                Self(state).on_report(report);
            }
        });
        match worker {
            Ok(worker) => drop(self.0.worker.borrow_mut().replace(worker)),
            Err(error) => {
                self.on_report(WorkerReport::Dead(format!("{REFUSED} ({error:?})")));
            }
        }
    }

    fn post(&self, command: &Command, files: &[File]) {
        let posted = self.0.worker.borrow().as_ref().map(|worker| worker.post(command, files));
        if let Some(Err(error)) = posted {
            self.on_report(WorkerReport::Dead(format!("A command could not be handed to the engine: {error:?}")));
        }
    }

    fn on_report(&self, report: WorkerReport) {
        match report {
            WorkerReport::Loading { bytes, total } => self.set_state(EngineState::Loading { bytes, total }),
            WorkerReport::Listening => {
                self.set_state(EngineState::Starting);
                let (device, log) = (self.preference(), self.0.log);
                self.post(&Command::Start { protocol_version: PROTOCOL_VERSION, device, log }, &[]);
            }
            WorkerReport::Event(event) => match *event {
                Event::Ready(mut device) => {
                    device.fallback_reason = device.fallback_reason.or_else(|| self.0.fallback_reason.borrow().clone());
                    self.set_state(EngineState::Ready(device));
                    let queued = std::mem::take(&mut *self.0.queued.borrow_mut());
                    for (command, files) in &queued {
                        self.post(command, files);
                    }
                }
                // Nothing but the start was asked of it yet.
                Event::Failed(failure) if *self.0.state.borrow() == EngineState::Starting => {
                    self.on_report(WorkerReport::Dead(failure.message));
                }
                event => {
                    self.0.table.borrow_mut().on_event(&event);
                    self.emit(&EngineUpdate::Event(event));
                }
            },
            WorkerReport::Dead(reason) => {
                self.0.worker.borrow_mut().take();
                crate::crash_overlay::show(&reason);
                self.set_state(EngineState::Dead(reason));
            }
        }
    }

    fn set_state(&self, state: EngineState) {
        *self.0.state.borrow_mut() = state.clone();
        self.emit(&EngineUpdate::State(state));
    }

    fn emit(&self, update: &EngineUpdate) {
        // A listener may subscribe or unsubscribe others while it is called: the list must not be borrowed then.
        let listeners = self.0.listeners.borrow().clone();
        for listener in listeners {
            listener(update);
        }
    }

    fn subscribe(&self, listener: Listener) -> Subscription {
        self.0.listeners.borrow_mut().push(listener.clone());
        Subscription { engine: self.clone(), listener }
    }
}

/// Subscription of a listener, which ends when it is dropped.
struct Subscription {
    engine: Engine,
    listener: Listener,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.engine.0.listeners.borrow_mut().retain(|listener| !Rc::ptr_eq(listener, &self.listener));
    }
}

/// Calls `handler` with each update while the component lives. The handler of the last render is called, so that it
/// sees the state of that render.
#[hook]
pub fn use_engine_updates(engine: &Engine, handler: Listener) {
    let newest = use_mut_ref(|| None::<Listener>);
    *newest.borrow_mut() = Some(handler);
    use_effect_with(engine.clone(), move |engine| {
        let subscription = engine.subscribe(Rc::new(move |update| {
            let handler = newest.borrow().clone();
            if let Some(handler) = handler {
                handler(update);
            }
        }));
        move || drop(subscription)
    });
}
