//! The page: user interface of Pinhole. It links no tensor library; the engine computes in a worker.

mod app;
mod bench;
mod builder;
mod chosen_file;
mod clipboard;
mod components;
mod crash_overlay;
mod engine_client;
mod files;
#[cfg(test)]
mod fixtures;
mod glossary;
mod js_deserializer;
mod labs;
mod latest_request;
mod notices;
mod route;
mod services;
mod shell;
mod storage;

fn main() {
    crash_overlay::install();
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"))
        .expect("index.html holds the element that the app fills");
    // The boot message is not part of the app.
    root.set_inner_html("");
    yew::Renderer::<app::App>::with_root(root).render();
}
