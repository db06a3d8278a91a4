//! The browsers of the tests and their WebDriver programs: finding, installing, starting and ending them.

mod driver;
mod install;

use std::{fmt, fs, path::PathBuf, str::FromStr};

use anyhow::{Error, bail};

pub use self::{
    driver::{DRIVER_LOG, Driver, new_profile, signal_processes, webkit_home},
    install::{can_install, install_packages},
};
use crate::{
    process::{find_program, program_in},
    workspace,
};

/// A browser, by its rendering engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserKind {
    /// Chromium, through ChromeDriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser on a virtual display, through WebKitWebDriver.
    WebKit,
}

impl BrowserKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// Debian's packages of browser and driver; geckodriver is not one of them.
    pub const fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver"],
            // Mesa's driver for Vulkan on the CPU (lavapipe) is Firefox's WebGPU adapter.
            Self::Firefox => &["firefox-esr", "mesa-vulkan-drivers"],
            Self::WebKit => &["webkit2gtk-driver", "xvfb"],
        }
    }

    /// Path of the browser: named by a variable, such as `CHROMIUM`, or where packages install it.
    pub fn browser(self) -> Option<PathBuf> {
        match self {
            Self::Chromium => named("CHROMIUM").or_else(|| {
                ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
                    .into_iter()
                    .find_map(find_program)
            }),
            Self::Firefox => named("FIREFOX").or_else(|| ["firefox-esr", "firefox"].into_iter().find_map(find_program)),
            Self::WebKit => named("MINIBROWSER").or_else(minibrowser),
        }
    }

    /// Path of the WebDriver program: named by a variable, such as `CHROMEDRIVER`, or where it is installed.
    pub fn driver(self) -> Option<PathBuf> {
        match self {
            Self::Chromium => named("CHROMEDRIVER").or_else(|| find_program("chromedriver")),
            Self::Firefox => named("GECKODRIVER").or_else(|| {
                let own = program_in(&workspace::tools().join("bin"), "geckodriver");
                Some(own).filter(|own| own.is_file()).or_else(|| find_program("geckodriver"))
            }),
            Self::WebKit => named("WEBKITWEBDRIVER").or_else(|| find_program("WebKitWebDriver")),
        }
    }

    /// Sentence that says what to install.
    pub fn how_to_install(self) -> String {
        let also = if self == Self::Firefox { " and `cargo install geckodriver`" } else { "" };
        let title = self.title();
        format!(
            "The tests in {title} need the browser and its WebDriver program of the same version: install both \
             (Debian: `sudo apt-get install {}`{also}).",
            self.packages().join(" ")
        )
    }
}

/// The name in options and variables.
impl fmt::Display for BrowserKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        })
    }
}

impl FromStr for BrowserKind {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match Self::ALL.into_iter().find(|kind| kind.to_string() == name) {
            Some(kind) => Ok(kind),
            None => bail!("there is no browser `{name}`: choose from chromium, firefox, webkit"),
        }
    }
}

/// Paths of the programs of a browser.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The browser that they run.
    pub kind: BrowserKind,
    /// The browser.
    pub browser: PathBuf,
    /// Its WebDriver program.
    pub driver: PathBuf,
    /// Virtual display, for a browser that cannot run without one.
    pub display: Option<PathBuf>,
}

/// The programs of a browser; `None` if one of them is missing.
pub fn find(kind: BrowserKind) -> Option<Programs> {
    let display = if kind == BrowserKind::WebKit { Some(find_program("Xvfb")?) } else { None };
    Some(Programs { kind, browser: kind.browser()?, driver: kind.driver()?, display })
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// Path of WebKitGTK's MiniBrowser, which distributions install outside `PATH`.
fn minibrowser() -> Option<PathBuf> {
    let of_architectures = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let folders = of_architectures.chain(["/usr/libexec".into(), "/usr/lib".into()]);
    folders.map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser")).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_chosen_by_name() {
        for kind in BrowserKind::ALL {
            assert_eq!(kind.to_string().parse::<BrowserKind>().expect("its own name"), kind);
        }
        assert!("safari".parse::<BrowserKind>().expect_err("not among them").to_string().contains("webkit"));
    }
}
