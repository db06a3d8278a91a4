//! A running WebDriver program and all that it started.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::{BrowserKind, Programs};

/// Name of the file, in the folder of the profiles, with the output of driver and browser. Firefox and WebKit write
/// their consoles there.
pub const DRIVER_LOG: &str = "driver.log";
/// Timeout for a driver to listen.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// Time between two looks at whether it does.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A running WebDriver program, which ends with every browser that it started when it is dropped.
pub struct Driver {
    /// The driver, and the virtual display if there is one.
    children: Vec<Child>,
    address: String,
    profiles: PathBuf,
}

impl Driver {
    /// Starts the driver on a free port.
    ///
    /// # Errors
    /// When it cannot start or does not listen.
    pub fn start(programs: &Programs) -> Result<Self> {
        let profiles = new_folder(&std::env::temp_dir(), "pinhole-browser")?;
        // From here on, an error ends what has been started.
        let mut driver = Self { children: Vec::new(), address: String::new(), profiles };
        let port = match programs.kind {
            BrowserKind::Chromium => driver.start_chromedriver(programs),
            BrowserKind::Firefox => driver.start_geckodriver(programs),
            BrowserKind::WebKit => driver.start_webkit_driver(programs),
        }
        .with_context(|| format!("{} does not start", programs.driver.display()))?;
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }

    /// Address at which it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Folder of all profiles, and of the driver's log.
    pub fn profiles(&self) -> &Path {
        &self.profiles
    }

    fn start_chromedriver(&mut self, programs: &Programs) -> Result<u16> {
        let mut command = self.command(&programs.driver)?;
        // Chromium's own messages are many, and its console is read by WebDriver.
        self.spawn(command.arg("--port=0").stderr(Stdio::null()))?;
        self.until_port(port_in)
    }

    fn start_geckodriver(&mut self, programs: &Programs) -> Result<u16> {
        let mut command = self.command(&programs.driver)?;
        self.spawn(command.args(["--port", "0", "--websocket-port", "0", "--profile-root"]).arg(&self.profiles))?;
        self.until_port(port_in)
    }

    fn start_webkit_driver(&mut self, programs: &Programs) -> Result<u16> {
        let display = programs.display.as_ref().context("there is no virtual display")?;
        let mut server = Command::new(display);
        server.args(["-displayfd", "1", "-screen", "0", "1600x1400x24", "-nolisten", "tcp"]);
        // It starts anew whenever the last window closes, and refuses a browser that comes at that moment.
        server.arg("-noreset");
        let mut server = server
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", display.display()))?;
        let output = server.stdout.take().context("the display's output is piped")?;
        self.children.push(server);
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;

        // It does not report a port that it chooses itself.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let home = webkit_home(&self.profiles);
        fs::create_dir_all(&home)?;
        let mut command = self.command(&programs.driver)?;
        command
            .arg(format!("--port={port}"))
            // A test that died leaves its browser open.
            .arg("--replace-on-new-session")
            .env("DISPLAY", format!(":{}", number.trim()))
            .env("GDK_BACKEND", "x11")
            .env("HOME", &home)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY");
        for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            command.env(folder, &home);
        }
        self.spawn(&mut command)?;
        self.until_some(|| TcpStream::connect(("127.0.0.1", port)).ok())?;
        Ok(port)
    }

    /// A command whose output goes to the log. Browsers inherit its temporary folder, by which they are found at the
    /// end.
    fn command(&self, program: &Path) -> Result<Command> {
        let log = File::options().create(true).append(true).open(self.profiles.join(DRIVER_LOG))?;
        let mut command = Command::new(program);
        command.env("TMPDIR", &self.profiles).stdin(Stdio::null()).stderr(log.try_clone()?).stdout(log);
        Ok(command)
    }

    fn spawn(&mut self, command: &mut Command) -> Result<()> {
        self.children.push(command.spawn()?);
        Ok(())
    }

    /// Waits for a line of the log that names the port.
    fn until_port(&mut self, port_in: impl Fn(&str) -> Option<u16>) -> Result<u16> {
        let log = self.profiles.join(DRIVER_LOG);
        self.until_some(|| fs::read_to_string(&log).ok()?.lines().find_map(&port_in))
    }

    fn until_some<T>(&mut self, look: impl Fn() -> Option<T>) -> Result<T> {
        let start = Instant::now();
        loop {
            if let Some(seen) = look() {
                return Ok(seen);
            }
            for child in &mut self.children {
                if let Some(status) = child.try_wait()? {
                    bail!("it ended before it listened ({status})");
                }
            }
            if start.elapsed() > START_TIMEOUT {
                bail!("it does not listen after {START_TIMEOUT:?}");
            }
            std::thread::sleep(POLL_INTERVAL);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The display is the first and the last to end. Both fail only if the process has ended already.
        for child in self.children.iter_mut().rev() {
            drop(child.kill());
            drop(child.wait());
        }
        signal_processes(&self.profiles, "KILL");
        drop(fs::remove_dir_all(&self.profiles));
    }
}

/// Home folder of WebKit's browsers, which has the settings of GTK: WebKitWebDriver passes its environment on.
pub fn webkit_home(profiles: &Path) -> PathBuf {
    profiles.join("home")
}

/// Creates a folder for one browser's profile below `profiles`.
///
/// # Errors
/// When it cannot be created.
pub fn new_profile(profiles: &Path) -> Result<PathBuf> {
    new_folder(profiles, "profile")
}

/// Creates a folder whose name begins with `name` and is no other's: scenarios run beside each other.
fn new_folder(parent: &Path, name: &str) -> Result<PathBuf> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = parent.join(format!("{name}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// Port in the message of ChromeDriver or geckodriver, such as "ChromeDriver was started successfully on port 41753." and
/// "geckodriver INFO Listening on 127.0.0.1:41753".
fn port_in(line: &str) -> Option<u16> {
    let of_chrome = || line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
    let of_gecko = || line.split_once("Listening on ")?.1.rsplit_once(':').map(|(_, port)| port);
    of_chrome().or_else(of_gecko)?.trim().parse().ok()
}

/// Sends a signal, such as `STOP`, to driver and browsers, found by the folder of the profiles among their arguments, or as
/// their temporary folder. Linux only, as it reads `/proc`.
pub fn signal_processes(profiles: &Path, signal: &str) {
    let folder = profiles.as_os_str().as_encoded_bytes();
    let as_variable = [b"TMPDIR=", folder].concat();
    let contains = |file: PathBuf, needle: &[u8]| {
        fs::read(file).is_ok_and(|content| content.windows(needle.len()).any(|window| window == needle))
    };
    let Ok(entries) = fs::read_dir("/proc") else { return };
    for entry in entries.flatten() {
        let process = entry.path();
        let is_ours = contains(process.join("cmdline"), folder) || contains(process.join("environ"), &as_variable);
        if is_ours && let Some(id) = entry.file_name().to_str() {
            // A process that ends by itself meanwhile is no error.
            let script = "kill -\"$1\" \"$2\"";
            drop(Command::new("sh").args(["-c", script, "sh", signal, id]).stderr(Stdio::null()).status());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_drivers_message() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 41753."), Some(41753));
        assert_eq!(port_in("Starting ChromeDriver 156.0 on port 0"), None);
        assert_eq!(port_in("1788 geckodriver\tINFO\tListening on 127.0.0.1:41753"), Some(41753));
    }
}
