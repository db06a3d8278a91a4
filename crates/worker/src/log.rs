//! Log of the worker: a `tracing` subscriber that writes to the browser's console.

use std::{
    fmt::{Debug, Write as _},
    num::NonZeroU64,
    sync::{Mutex, MutexGuard, PoisonError},
};

use pinhole_protocol::LogLevel;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::set_global_default,
};
use wasm_bindgen::JsValue;
use web_sys::console;

/// Starts the log at `level`, unless it is off or was started before.
pub fn start(level: LogLevel) {
    let level = match level {
        LogLevel::Off => return,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // An error means that there is a subscriber already, which stays.
    let _ = set_global_default(ConsoleSubscriber { level, spans: Mutex::default() });
}

/// Writes each event as one line: target, path of spans, message, fields.
struct ConsoleSubscriber {
    level: LevelFilter,
    spans: Mutex<Spans>,
}

#[derive(Default)]
struct Spans {
    /// Spans by id minus 1; `None` where one was closed.
    open: Vec<Option<OpenSpan>>,
    /// Entered spans, the innermost last.
    entered: Vec<Id>,
}

struct OpenSpan {
    /// Names and fields of the span and its ancestors: `run{seed=0}:epoch{number=3}`.
    path: String,
    handles: usize,
}

impl Spans {
    fn get(&mut self, id: &Id) -> Option<&mut OpenSpan> {
        self.open.get_mut(index(id))?.as_mut()
    }

    /// Path of `explicit`, or else of the innermost entered span if the parent is taken from the context.
    fn path(&self, explicit: Option<&Id>, is_contextual: bool) -> &str {
        let parent = explicit.or_else(|| self.entered.last().filter(|_| is_contextual));
        parent.and_then(|id| self.open.get(index(id))?.as_ref()).map_or("", |span| &span.path)
    }

    fn insert(&mut self, path: String) -> Id {
        let free = self.open.iter().position(Option::is_none).unwrap_or(self.open.len());
        if free == self.open.len() {
            self.open.push(None);
        }
        self.open[free] = Some(OpenSpan { path, handles: 1 });
        Id::from_non_zero_u64(NonZeroU64::MIN.saturating_add(free as u64))
    }
}

fn index(id: &Id) -> usize {
    id.into_u64() as usize - 1
}

impl ConsoleSubscriber {
    fn spans(&self) -> MutexGuard<'_, Spans> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for ConsoleSubscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.spans();
        let mut path = spans.path(span.parent(), span.is_contextual()).to_owned();
        if !path.is_empty() {
            path.push(':');
        }
        path.push_str(span.metadata().name());
        let mut fields = Fields::default();
        span.record(&mut fields);
        if !fields.0.is_empty() {
            path.extend(["{", fields.0.trim_start(), "}"]);
        }
        spans.insert(path)
    }

    // No span of the engine gains a field later, or names another one that it follows.
    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (target, level) = (event.metadata().target(), *event.metadata().level());
        let line = format!("{target} {}:{}", self.spans().path(event.parent(), event.is_contextual()), fields.0);
        let line = JsValue::from(line);
        match level {
            Level::ERROR | Level::WARN => console::warn_1(&line),
            Level::INFO => console::info_1(&line),
            _ => console::debug_1(&line),
        }
    }

    fn enter(&self, span: &Id) {
        self.spans().entered.push(span.clone());
    }

    fn exit(&self, span: &Id) {
        let entered = &mut self.spans().entered;
        if let Some(innermost) = entered.iter().rposition(|id| id == span) {
            entered.remove(innermost);
        }
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(span) = self.spans().get(id) {
            span.handles += 1;
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut spans = self.spans();
        let Some(span) = spans.get(&id) else { return false };
        span.handles -= 1;
        let is_closed = span.handles == 0;
        if is_closed {
            spans.open[index(&id)] = None;
        }
        is_closed
    }
}

/// Fields as text, each after a space: the message as it is, the others with their names.
#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
