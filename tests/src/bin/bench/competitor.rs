//! Competitors of a comparison: our engine in the page, another revision of it, and other libraries in their own pages.

use pinhole_protocol::PROTOCOL_VERSION;
use serde_json::{Value, json};
use xtask::bench_options::Device;

/// Another library.
pub struct Peer {
    /// Name in the report.
    title: &'static str,
    /// File in `tests/peers`, without extension.
    file: &'static str,
    /// The library's name of its back end.
    back_end: &'static str,
}

const fn peer(title: &'static str, file: &'static str, back_end: &'static str) -> Peer {
    Peer { title, file, back_end }
}

/// The libraries to compare with on a device: one thread of the CPU, or WebGPU and WebGL.
pub const fn peers(device: Device) -> [Peer; 3] {
    match device {
        Device::Cpu => [
            peer("jax-js, wasm", "jax", "wasm"),
            peer("TensorFlow.js, wasm", "tfjs", "wasm"),
            peer("ONNX Runtime Web, wasm", "onnxruntime", "wasm"),
        ],
        Device::WebGpu => [JAX_ON_WEBGPU, peer("TensorFlow.js, WebGL", "tfjs", "webgl"), TENSORFLOW_ON_WEBGPU],
    }
}

/// The library whose WebGPU calls are counted as ours are.
pub const JAX_ON_WEBGPU: Peer = peer("jax-js, WebGPU", "jax", "webgpu");
const TENSORFLOW_ON_WEBGPU: Peer = peer("TensorFlow.js, WebGPU", "tfjs", "webgpu");

/// A competitor.
pub struct Competitor {
    /// Name in the report.
    pub name: String,
    /// Address of its page.
    pub address: String,
    /// JavaScript that starts a turn and calls its last argument at once; the outcome appears in `window.__bench`.
    pub start_script: &'static str,
    /// Name of the task, the script's first argument.
    pub task: &'static str,
}

/// Navigates away from the benchmark's route and back, which starts the task. The Tables lab computes nothing by itself.
const START_OURS: &str = "const [task, done] = arguments;
    window.__bench = null;
    location.hash = '#/tables';
    setTimeout(() => { location.hash = `#/bench?task=${task}`; done(); }, 300);";

const START_PEER: &str = "const [, done] = arguments; window.turn(); done();";

impl Competitor {
    /// Our engine, in the page of `site`.
    pub fn ours(name: &str, site: &str, device: Device, task: &'static str) -> Self {
        let address = format!("{site}?device={}#/tables", device.in_page());
        Self { name: name.into(), address, start_script: START_OURS, task }
    }

    /// Another library, in its page on `site`; `parameters` is appended to the query.
    pub fn peer(peer: &Peer, site: &str, task: &'static str, parameters: &str) -> Self {
        let Peer { title, file, back_end } = peer;
        let query = format!("peer={file}&device={back_end}&task={task}&protocol={PROTOCOL_VERSION}{parameters}");
        let address = format!("{site}peers/index.html?{query}");
        Self { name: (*title).into(), address, start_script: START_PEER, task }
    }

    /// Arguments of `start_script`.
    pub fn arguments(&self) -> Vec<Value> {
        vec![json!(self.task)]
    }
}
