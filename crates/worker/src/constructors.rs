//! The call of the wasm module's constructors, once instead of at every call from JavaScript.

#![expect(unsafe_code, reason = "the linker's own function can be named only as a foreign one")]

unsafe extern "C" {
    fn __wasm_call_ctors();
}

/// Runs the module's constructors, through which CubeCL registers its types (`inventory`).
///
/// Unless `__wasm_call_ctors` is referenced, the linker takes the module for a command that runs once and wraps every
/// export, wasm-bindgen's own included, in a shim that runs all constructors at each call from JavaScript: a training
/// step took 1.7 s instead of 27 ms. The reference in this function prevents the shims.
pub fn run_once() {
    // SAFETY: the linker's function has no arguments, and is called once, before any use of what constructors set up.
    unsafe { __wasm_call_ctors() }
}
