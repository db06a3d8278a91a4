//! Routes: the part of the address after `#`, which is never sent to a server.

use std::rc::Rc;

use gloo_events::EventListener;
use pinhole_protocol::{BenchTask, DevicePreference, LogLevel};
use yew::prelude::*;

use crate::services::use_mount;

const GLOSSARY: &str = "glossary";

/// Route of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Digits lab: draw, denoise and train.
    Digits,
    /// Tables lab: find the anomalies of a table.
    Tables,
    /// Latent space: a map of the codes, walks through them, measures of them.
    Latent,
    /// Glossary: every term, explained.
    Glossary,
    /// Stored data: what this browser keeps.
    Stored,
    /// Benchmark that starts by itself; without a task it shows an error.
    Bench(Option<BenchTask>),
}

impl Route {
    /// Parses a hash such as `#/bench?task=T1&device=cpu`; an unknown one is the Digits lab.
    pub fn parse(hash: &str) -> Self {
        let (path, query) = split(hash);
        match path {
            "bench" => Self::Bench(value(query, "task").and_then(BenchTask::named)),
            "tables" => Self::Tables,
            "latent" => Self::Latent,
            "stored" => Self::Stored,
            _ if path == GLOSSARY || glossary_term(hash).is_some() => Self::Glossary,
            _ => Self::Digits,
        }
    }
}

/// The term in the address of the glossary, such as `#/glossary/latent-vector`.
pub fn glossary_term(hash: &str) -> Option<&str> {
    split(hash).0.strip_prefix(GLOSSARY)?.strip_prefix('/')
}

/// Device that the address asks for, in the query of the hash or else in that of the page.
pub fn device_preference(search: &str, hash: &str) -> DevicePreference {
    match setting(search, hash, "device") {
        Some("webgpu") => DevicePreference::WebGpu,
        Some("cpu") => DevicePreference::Cpu,
        _ => DevicePreference::Auto,
    }
}

/// Level of the engine's log that the address asks for, in the query of the hash or else in that of the page.
pub fn log_level(search: &str, hash: &str) -> LogLevel {
    match setting(search, hash, "log") {
        Some("info") => LogLevel::Info,
        Some("debug") => LogLevel::Debug,
        Some("trace") => LogLevel::Trace,
        _ => LogLevel::Off,
    }
}

/// Encoded experiment in the address of the Digits lab.
pub fn linked_experiment(hash: &str) -> Option<&str> {
    value(split(hash).1, "experiment").filter(|_| Route::parse(hash) == Route::Digits)
}

/// Slug in that address of the model that training starts from.
pub fn linked_start(hash: &str) -> Option<&str> {
    linked_experiment(hash).and_then(|_| value(split(hash).1, "start"))
}

/// Id in the address of a lab of a stored run to restore there.
pub fn linked_run(hash: &str, lab: Route) -> Option<&str> {
    value(split(hash).1, "run").filter(|_| Route::parse(hash) == lab)
}

/// Address of a lab that restores the stored run of this id.
pub fn run_link(lab: Route, id: &str) -> String {
    format!("{}?run={id}", lab_hash(lab))
}

/// Goes to a lab.
pub fn go_to_lab(lab: Route) {
    if let Some(window) = web_sys::window() {
        // An address within the page can always be set.
        let _ = window.location().set_hash(lab_hash(lab));
    }
}

const fn lab_hash(lab: Route) -> &'static str {
    match lab {
        Route::Tables => "#/tables",
        Route::Latent => "#/latent",
        _ => "#/digits",
    }
}

/// Puts an encoded experiment, and the slug of its training start if it has one, into the address. Returns the address,
/// which is the link.
pub fn link_experiment(text: &str, start: Option<&str>) -> Option<String> {
    let start = start.map_or_else(String::new, |start| format!("&start={start}"));
    let location = web_sys::window()?.location();
    location.set_hash(&format!("#/digits?experiment={text}{start}")).ok()?;
    location.href().ok()
}

/// Calls `on_hash` with the hash now and after each change, until the returned listener is dropped.
pub fn listen_to_hash(on_hash: impl Fn(&str) + 'static) -> EventListener {
    on_hash(&address().1);
    let window = web_sys::window().expect("the page runs in a window");
    EventListener::new(&window, "hashchange", move |_| on_hash(&address().1))
}

fn split(hash: &str) -> (&str, &str) {
    let address = hash.trim_start_matches(['#', '/']);
    address.split_once('?').unwrap_or((address, ""))
}

/// Value in the query of the hash, or else in that of the page.
fn setting<'a>(search: &'a str, hash: &'a str, name: &str) -> Option<&'a str> {
    value(split(hash).1, name).or_else(|| value(search.trim_start_matches('?'), name))
}

fn value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Query and hash of the page's address.
pub fn address() -> (String, String) {
    web_sys::window().map_or_else(Default::default, |window| {
        let location = window.location();
        (location.search().unwrap_or_default(), location.hash().unwrap_or_default())
    })
}

/// Route of the address; the component is rendered again when it changes.
#[hook]
pub fn use_route() -> Route {
    let update = use_force_update();
    use_mount(Rc::new(move || {
        let window = web_sys::window().expect("the page runs in a window");
        let update = update.clone();
        Box::new(EventListener::new(&window, "hashchange", move |_| update.force_update()))
    }));
    Route::parse(&address().1)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn hashes_are_parsed_into_routes() {
        for hash in ["", "#", "#/", "#/digits", "#/nowhere", "#/?device=cpu"] {
            assert_eq!(Route::parse(hash), Route::Digits, "{hash}");
        }
        for hash in ["#/tables", "#tables", "#/tables?device=cpu"] {
            assert_eq!(Route::parse(hash), Route::Tables, "{hash}");
        }
        for hash in ["#/latent", "#latent", "#/latent?device=cpu"] {
            assert_eq!(Route::parse(hash), Route::Latent, "{hash}");
        }
        for hash in ["#/glossary", "#/glossary/", "#/glossary/latent-vector", "#/glossary/psnr?device=cpu"] {
            assert_eq!(Route::parse(hash), Route::Glossary, "{hash}");
        }
        assert_eq!(glossary_term("#/glossary/psnr?device=cpu"), Some("psnr"));
        assert_eq!(glossary_term("#/glossary"), None);
        assert_eq!(glossary_term("#/glossaryx/psnr"), None);
        assert_eq!(Route::parse("#/bench?task=T2&device=webgpu"), Route::Bench(Some(BenchTask::T2)));
        assert_eq!(Route::parse("#/bench?device=cpu&task=T3"), Route::Bench(Some(BenchTask::T3)));
        assert_eq!(Route::parse("#/bench?task=T9"), Route::Bench(None));
        assert_eq!(Route::parse("#/bench"), Route::Bench(None));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_digits_labs_address_may_hold_an_experiment() {
        assert_eq!(linked_experiment("#/digits?experiment=e30"), Some("e30"));
        assert_eq!(linked_experiment("#/?device=cpu&experiment=e30"), Some("e30"));
        assert_eq!(linked_experiment("#/digits?experiment="), Some(""));
        assert_eq!(linked_start("#/digits?experiment=e30&start=distil"), Some("distil"));
        assert_eq!(linked_start("#/digits?experiment=e30"), None);
        assert_eq!(linked_start("#/digits?start=distil"), None);
        for hash in ["", "#/digits", "#/tables?experiment=e30", "#/digits?experiments=e30"] {
            assert_eq!(linked_experiment(hash), None, "{hash}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_labs_address_may_name_a_run_to_restore() {
        for lab in [Route::Digits, Route::Tables] {
            assert_eq!(linked_run(&run_link(lab, "1f-a"), lab), Some("1f-a"));
            assert_eq!(linked_run(lab_hash(lab), lab), None);
        }
        assert_eq!(linked_run(&run_link(Route::Digits, "1f-a"), Route::Tables), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_hash_decides_the_device_before_the_query() {
        assert_eq!(device_preference("", ""), DevicePreference::Auto);
        assert_eq!(device_preference("?device=cpu", "#/"), DevicePreference::Cpu);
        assert_eq!(device_preference("?x=1&device=webgpu", ""), DevicePreference::WebGpu);
        assert_eq!(device_preference("?device=cpu", "#/bench?task=T1&device=webgpu"), DevicePreference::WebGpu);
        assert_eq!(device_preference("?device=abacus", ""), DevicePreference::Auto);
    }
    #[wasm_bindgen_test(unsupported = test)]
    fn the_address_may_ask_for_a_log() {
        assert_eq!(log_level("", ""), LogLevel::Off);
        assert_eq!(log_level("?log=debug", "#/"), LogLevel::Debug);
        assert_eq!(log_level("?device=cpu&log=trace", "#/tables"), LogLevel::Trace);
        assert_eq!(log_level("?log=trace", "#/digits?log=info"), LogLevel::Info);
        assert_eq!(log_level("?log=everything", ""), LogLevel::Off);
    }
}
