//! The worker with WebGPU.

fn main() {
    pinhole_worker::listen();
}
