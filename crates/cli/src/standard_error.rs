//! Standard error: the program's own sentences, without the lines of libraries.

use std::{
    any::Any,
    env,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process::{self, ExitCode},
    sync::Mutex,
};

/// Variable of the environment that asks for the trace of a panic.
const BACKTRACE: &str = "RUST_BACKTRACE";
/// Variable that names the folder of a user's sockets.
const RUNTIME_FOLDER: &str = "XDG_RUNTIME_DIR";
/// Exit code of a panic, as without our hook.
const DEFECT: u8 = 101;

/// Place of the last panic.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Gives graphics drivers a folder for sockets where the environment names none: libwayland, which they bring along,
/// prints a line otherwise, although nothing is shown in a window. Must be called before there are threads.
pub fn set_runtime_folder() {
    if cfg!(unix) && !env::var_os(RUNTIME_FOLDER).is_some_and(|folder| Path::new(&folder).is_absolute()) {
        #[expect(unsafe_code, reason = "no other thread reads the environment yet")]
        // SAFETY: the program has one thread.
        unsafe {
            // One that does not exist: in the shared temporary folder anybody could put a socket.
            env::set_var(RUNTIME_FOLDER, env::temp_dir().join(format!("pinhole-{}", process::id())));
        }
    }
}

/// Runs the program. A panic that is caught on its way, as where a library meets a damaged file, leaves no line of its
/// own on standard error, and any other is told in one sentence; `RUST_BACKTRACE` shows both. When the reader of the
/// output has ended, as in `pinhole inspect FILE | head`, the program ends in silence: `println!` would panic.
pub fn run_quietly(program: impl FnOnce() -> ExitCode) -> ExitCode {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str().is_some_and(|message| message.contains("Broken pipe")) {
            process::exit(0);
        }
        if let Some(message) = panic.payload_as_str().filter(|message| message.starts_with("failed printing to")) {
            eprintln!("pinhole: {message}");
            process::exit(1);
        }
        if let (Some(location), Ok(mut place)) = (panic.location(), PLACE.lock()) {
            *place = location.to_string();
        }
        if env::var_os(BACKTRACE).is_some() {
            report(panic);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(program)).unwrap_or_else(|panic| {
        let place = PLACE.lock().map(|place| place.clone()).unwrap_or_default();
        eprintln!(
            "pinhole: this is a defect of the program ({}, at {place}): please report it, with what {BACKTRACE}=1 adds",
            message(panic.as_ref())
        );
        ExitCode::from(DEFECT)
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
