//! The engine with WebGPU.

fn main() {
    pinhole_worker::listen();
}
