//! The cure of a slowness that costs a factor of sixty.

#![expect(unsafe_code, reason = "the linker's own function can be named only as a foreign one")]

unsafe extern "C" {
    fn __wasm_call_ctors();
}

/// Runs the module's constructors, with which CubeCL registers things through `inventory`.
///
/// If nothing names `__wasm_call_ctors`, the linker takes the module for a command that runs once and wraps every
/// export in a shim that runs all constructors again at each call from JavaScript, wasm-bindgen's bookkeeping included:
/// a training step took 1.7 s instead of 27 ms. That this function names it is the cure.
pub fn run_once() {
    // SAFETY: a function of the linker without arguments, called once and before anything that constructors set up.
    unsafe { __wasm_call_ctors() }
}
