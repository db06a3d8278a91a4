//! Those that take turns: our engine in the page, another revision of it, and other libraries in pages of their own.

use pinhole_protocol::PROTOCOL_VERSION;
use serde_json::{Value, json};
use xtask::bench_options::Device;

/// A library beside ours.
pub struct Peer {
    /// Its name for people.
    title: &'static str,
    /// Its file in `tests/peers`.
    file: &'static str,
    /// Its own name for what computes.
    back_end: &'static str,
}

const fn peer(title: &'static str, file: &'static str, back_end: &'static str) -> Peer {
    Peer { title, file, back_end }
}

/// Those that compute where we do: on one thread of the CPU, or through the GPU's interfaces.
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

/// The one that is looked into as we are.
pub const JAX_ON_WEBGPU: Peer = peer("jax-js, WebGPU", "jax", "webgpu");
const TENSORFLOW_ON_WEBGPU: Peer = peer("TensorFlow.js, WebGPU", "tfjs", "webgpu");

/// One of those that take turns.
pub struct Contestant {
    /// Its name for people.
    pub name: String,
    /// Where its page is.
    pub address: String,
    /// JavaScript that begins a turn, whose outcome appears in `window.__bench`; it calls its last argument soon.
    pub begin: &'static str,
    /// What it is called with.
    pub task: &'static str,
}

/// The task is begun anew whenever its address is come to; the tables' page does nothing by itself.
const BEGIN_OURS: &str = "const [task, done] = arguments;
    window.__bench = null;
    location.hash = '#/tables';
    setTimeout(() => { location.hash = `#/bench?task=${task}`; done(); }, 300);";

const BEGIN_PEER: &str = "const [, done] = arguments; window.turn(); done();";

impl Contestant {
    /// Our engine, in the page at that address.
    pub fn ours(name: &str, site: &str, device: Device, task: &'static str) -> Self {
        let address = format!("{site}?device={}#/tables", device.in_page());
        Self { name: name.into(), address, begin: BEGIN_OURS, task }
    }

    /// A library, in its page beside ours. `more` is added to what the address says.
    pub fn peer(peer: &Peer, site: &str, task: &'static str, more: &str) -> Self {
        let Peer { title, file, back_end } = peer;
        let query = format!("peer={file}&device={back_end}&task={task}&protocol={PROTOCOL_VERSION}{more}");
        let address = format!("{site}peers/index.html?{query}");
        Self { name: (*title).into(), address, begin: BEGIN_PEER, task }
    }

    /// The arguments of `begin`.
    pub fn arguments(&self) -> Vec<Value> {
        vec![json!(self.task)]
    }
}
