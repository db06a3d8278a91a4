//! Mark of a run in progress, which other tabs see: a lock of the Web Locks API, which the browser releases with the tab.
//!
//! A browser without locks, or an address without TLS, shows no marks.

use std::collections::HashSet;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Text before the run's id in the name of its lock.
const PREFIX: &str = "pinhole-run-";

/// Lock on a run, held until it is dropped.
pub struct RunLock(Option<Function>);

impl RunLock {
    /// Marks a run as in progress in this tab.
    pub fn hold(id: &str) -> Self {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let on_granted = Closure::once_into_js(move |_: JsValue| held);
        let is_requested = locks().and_then(|locks| {
            let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
            request.call2(&locks, &format!("{PREFIX}{id}").into(), &on_granted).ok()
        });
        Self(release.filter(|_| is_requested.is_some()))
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // Resolving a promise does not fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Ids of the runs in progress, in any tab.
pub async fn runs_in_progress() -> HashSet<String> {
    held_names().await.unwrap_or_default()
}

async fn held_names() -> Option<HashSet<String>> {
    let locks = locks()?;
    let query: Function = Reflect::get(&locks, &"query".into()).ok()?.dyn_into().ok()?;
    let answer: Promise = query.call0(&locks).ok()?.dyn_into().ok()?;
    let held = Reflect::get(&JsFuture::from(answer).await.ok()?, &"held".into()).ok()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    let held = Array::from(&held);
    Some(held.iter().filter_map(name).filter_map(|name| Some(name.strip_prefix(PREFIX)?.to_owned())).collect())
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&web_sys::window()?.navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn a_run_is_in_progress_until_its_lock_is_dropped() {
        let lock = RunLock::hold("here");
        assert!(runs_in_progress().await.contains("here"));
        drop(lock);
        for _ in 0..100 {
            if !runs_in_progress().await.contains("here") {
                return;
            }
            gloo_timers::future::TimeoutFuture::new(10).await;
        }
        panic!("the lock is held on");
    }
}
