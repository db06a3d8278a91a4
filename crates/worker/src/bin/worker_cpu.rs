//! The worker without WebGPU, for computing on the CPU.

fn main() {
    pinhole_worker::listen();
}
