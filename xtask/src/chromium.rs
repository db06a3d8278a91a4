//! Chromium and ChromeDriver: finding, installing, starting and ending them.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context as _, Result, bail};

use crate::process::{find_program, run};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const HOW_TO_INSTALL: &str = "The browser tests need Chromium and ChromeDriver of the same version: install both \
                              (Debian: `sudo apt-get install chromium chromium-driver`), or name them in CHROMIUM and CHROMEDRIVER.";

/// Paths of both programs.
#[derive(Clone, Debug)]
pub struct Chromium {
    /// The browser.
    pub browser: PathBuf,
    /// ChromeDriver.
    pub driver: PathBuf,
}

/// Finds both programs: named in `CHROMIUM` and `CHROMEDRIVER`, or in `PATH`.
pub fn find() -> Option<Chromium> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let browser = named("CHROMIUM").or_else(|| BROWSERS.iter().find_map(|name| find_program(name)))?;
    let driver = named("CHROMEDRIVER").or_else(|| find_program("chromedriver"))?;
    Some(Chromium { browser, driver })
}

/// Finds both programs, or installs Debian's packages where that is allowed.
///
/// # Errors
/// When they are missing and cannot be installed: one sentence that names what to install.
pub fn find_or_install() -> Result<Chromium> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let Some(apt) = find_program("apt-get") else { bail!(HOW_TO_INSTALL) };
    let Some(may_install) = privilege(&apt) else { bail!(HOW_TO_INSTALL) };
    eprintln!("    installing chromium and chromium-driver with apt-get");
    run(may_install().args(["-q", "update"])).context(HOW_TO_INSTALL)?;
    run(may_install().args(["-qq", "install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"]))
        .context(HOW_TO_INSTALL)?;
    find().context(HOW_TO_INSTALL)
}

/// Command to run apt-get without a password, as root or by sudo; `None` if there is none.
fn privilege(apt: &Path) -> Option<impl Fn() -> Command> {
    let succeeds = |command: &mut Command| {
        command.stdin(Stdio::null()).stderr(Stdio::null()).output().is_ok_and(|output| output.status.success())
    };
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let may_sudo = !is_root && succeeds(Command::new("sudo").args(["-n", "true"]));
    let apt = apt.to_owned();
    (is_root || may_sudo).then_some(move || {
        let mut command = if is_root { Command::new(&apt) } else { Command::new("sudo") };
        if !is_root {
            command.arg("-n").arg(&apt);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command
    })
}

/// A running ChromeDriver, which ends with every browser that it started when it is dropped.
pub struct Driver {
    child: Child,
    address: String,
    profiles: PathBuf,
}

impl Driver {
    /// Starts ChromeDriver on a free port.
    ///
    /// # Errors
    /// When it cannot start or does not report its port.
    pub fn start(chromium: &Chromium) -> Result<Self> {
        let profiles = new_folder(&std::env::temp_dir(), "pinhole-browser")?;
        let mut child = Command::new(&chromium.driver)
            .arg("--port=0")
            // Browsers have their profiles below this folder, by which they are found at the end.
            .env("TMPDIR", &profiles)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", chromium.driver.display()))?;
        let output = child.stdout.take().context("ChromeDriver's output is piped")?;
        let mut lines = BufReader::new(output).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| port_in(&line));
        // A full pipe would block ChromeDriver.
        std::thread::spawn(move || lines.for_each(drop));
        let mut driver = Self { child, address: String::new(), profiles };
        let port = port.context("ChromeDriver ended before it listened")?;
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }

    /// Address at which it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Creates a folder for one browser's profile.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn new_profile(&self) -> Result<PathBuf> {
        new_profile(&self.profiles)
    }

    /// Folder of all profiles.
    pub fn profiles(&self) -> &Path {
        &self.profiles
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
        end_processes_naming(&self.profiles);
        drop(fs::remove_dir_all(&self.profiles));
    }
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

/// Port in ChromeDriver's message, such as "ChromeDriver was started successfully on port 41753."
fn port_in(line: &str) -> Option<u16> {
    line.split_once("successfully on port ")?.1.trim_end_matches('.').trim().parse().ok()
}

/// Ends browsers that a test left behind, found by the profile folder among their arguments. Linux only, as it reads
/// `/proc`.
fn end_processes_naming(folder: &Path) {
    let needle = folder.as_os_str().as_encoded_bytes();
    let Ok(entries) = fs::read_dir("/proc") else { return };
    for entry in entries.flatten() {
        let names_it = fs::read(entry.path().join("cmdline"))
            .is_ok_and(|arguments| arguments.windows(needle.len()).any(|window| window == needle));
        if names_it && let Some(id) = entry.file_name().to_str() {
            // A process that ends by itself meanwhile is no error.
            drop(Command::new("sh").args(["-c", "kill -9 \"$1\"", "sh", id]).stderr(Stdio::null()).status());
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
    }
}
