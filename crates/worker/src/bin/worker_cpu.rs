//! The engine without WebGPU.

fn main() {
    pinhole_worker::listen();
}
