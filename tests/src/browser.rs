//! Starts a browser for one scenario, and ends it whatever the outcome.

use std::{
    env,
    panic::{AssertUnwindSafe, Location, resume_unwind},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result, ensure};
use fantoccini::{ClientBuilder, wd::Capabilities};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use xtask::{
    chromium::{self, Driver},
    server::{Host, Override, Server, Site},
    workspace,
};

use crate::Page;

/// WebGPU support of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// A software adapter.
    Software,
    /// `navigator.gpu` exists and returns no adapter, as on a machine without a usable GPU.
    Off,
}

/// Options of a scenario's browser and server.
pub struct Setup {
    /// WebGPU support.
    pub gpu: Gpu,
    /// Width and height of the window, CSS pixels.
    pub window: (u32, u32),
    /// True if the browser prefers dark colours.
    pub dark: bool,
    /// True if the browser prefers reduced motion.
    pub reduced_motion: bool,
    /// Language of the browser, such as `de-DE`; its own without one.
    pub language: Option<&'static str>,
    /// Script that runs in every document before its own scripts.
    pub before_scripts: Option<String>,
    /// Path at which the site is mounted.
    pub mount: String,
    /// Behaviour of the server.
    pub host: Host,
    /// Function that may answer a request instead of the file.
    pub override_response: Option<Override>,
}

impl Setup {
    /// A browser without WebGPU, in which the page computes on the CPU.
    pub fn cpu() -> Self {
        let (gpu, window, mount) = (Gpu::Off, (1280, 1000), "/".to_owned());
        let (dark, reduced_motion, language) = (false, false, None);
        Self {
            gpu,
            window,
            dark,
            reduced_motion,
            language,
            before_scripts: None,
            mount,
            host: Host::LOCAL,
            override_response: None,
        }
    }

    /// A browser with software WebGPU.
    pub fn webgpu() -> Self {
        Self { gpu: Gpu::Software, ..Self::cpu() }
    }

    /// Adds a script that runs before the page's own.
    #[must_use]
    pub fn before_scripts(self, script: impl Into<String>) -> Self {
        Self { before_scripts: Some(script.into()), ..self }
    }

    /// Adds a function that may answer requests instead of files.
    #[must_use]
    pub fn with_override(self, response: Override) -> Self {
        Self { override_response: Some(response), ..self }
    }
}

/// Folder of the built page.
pub fn dist() -> PathBuf {
    env::var_os("PINHOLE_DIST").map_or_else(workspace::dist, PathBuf::from)
}

/// Held during a scenario, as two browsers at once would slow each other on a small machine.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Opens a browser and a server of `dist`, runs the test, and ends both. When the test fails, a screenshot of the window
/// is saved in `e2e-screenshots` of the target folder.
///
/// # Panics
/// When the test fails, or the browser does not start.
#[track_caller]
pub fn scenario(setup: Setup, test: impl AsyncFnOnce(&Page) -> Result<()>) {
    let place = Location::caller();
    let name = format!("{}-{}", Path::new(place.file()).file_stem().unwrap_or_default().display(), place.line());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let browser = Browser::start().expect("a browser can be started");
        let page = browser.open(setup).await.expect("the browser opens a window");
        let outcome = AssertUnwindSafe(test(&page)).catch_unwind().await;
        if !matches!(outcome, Ok(Ok(()))) {
            page.print_diagnostics(&format!("failed-{name}")).await;
        }
        // A failure of the test says more than one of closing the window.
        drop(page.close().await);
        match outcome {
            Err(panic) => resume_unwind(panic),
            Ok(Err(error)) => panic!("{error:#}"),
            Ok(Ok(())) => {}
        }
    });
}

/// ChromeDriver, started by `cargo xtask test` or by this value.
pub struct Browser {
    address: String,
    profiles: PathBuf,
    program: PathBuf,
    /// The driver, if this value has started it; ends with it.
    _own: Option<Driver>,
}

impl Browser {
    /// Connects to the driver that `cargo xtask test` has started, or starts one.
    ///
    /// # Errors
    /// When there is no Chromium, or no driver starts.
    pub fn start() -> Result<Self> {
        let chromium = chromium::find().context("there is no Chromium: `cargo xtask test e2e` installs it")?;
        let program = chromium.browser.clone();
        if let (Ok(address), Some(profiles)) = (env::var("PINHOLE_DRIVER"), env::var_os("PINHOLE_PROFILES")) {
            return Ok(Self { address, profiles: profiles.into(), program, _own: None });
        }
        let driver = Driver::start(&chromium)?;
        let (address, profiles) = (driver.address().to_owned(), driver.profiles().to_owned());
        Ok(Self { address, profiles, program, _own: Some(driver) })
    }

    /// Opens a window and a server, without loading the page.
    ///
    /// # Errors
    /// When there is no `dist`, or the browser does not start.
    pub async fn open(&self, setup: Setup) -> Result<Page> {
        let dist = dist();
        ensure!(dist.join("index.html").is_file(), "{} holds no page: run `cargo xtask build`", dist.display());
        let profile = chromium::new_profile(&self.profiles)?;
        let capabilities = capabilities(&self.program, &profile, &setup);
        let Setup { mount, host, override_response: instead, .. } = setup;
        let server = Server::start(Site { folder: dist, mount, instead, host }, 0)?;
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&self.address).await?;
        let page = Page::new(client, server, profile);
        let downloads = page.downloads();
        std::fs::create_dir_all(&downloads)?;
        page.devtools("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": downloads })).await?;
        let scheme = if setup.dark { "dark" } else { "light" };
        let motion = if setup.reduced_motion { "reduce" } else { "no-preference" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ] });
        page.devtools("Emulation.setEmulatedMedia", features).await?;
        let (width, height) = setup.window;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        page.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        if let Some(source) = setup.before_scripts {
            page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        }
        Ok(page)
    }
}

fn capabilities(program: &Path, profile: &Path, setup: &Setup) -> Capabilities {
    let mut arguments: Vec<String> = [
        "--headless=new",
        // Continuous integration runs as root, where Chromium's sandbox does not work; it only opens our own page.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows",
        "--hide-scrollbars",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={},{}", setup.window.0, setup.window.1));
    for option in ["lang", "accept-lang"] {
        arguments.extend(setup.language.map(|language| format!("--{option}={language}")));
    }
    if setup.gpu == Gpu::Software {
        arguments.extend(
            ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"]
                .map(str::to_owned),
        );
    }
    let options = json!({ "binary": program, "args": arguments });
    let Value::Object(capabilities) = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "script": 120_000, "pageLoad": 120_000, "implicit": 0 },
    }) else {
        unreachable!("an object was just written")
    };
    capabilities
}
