//! Starts a browser for one scenario, and ends it whatever the outcome.

mod capability;
mod chromium;
mod firefox;
mod shared;
mod webkit;

use std::{
    env, fs, mem,
    panic::{AssertUnwindSafe, Location, resume_unwind},
    path::{Path, PathBuf},
    sync::PoisonError,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::time::timeout;
use xtask::{
    browsers::{self, BrowserKind, Driver, Programs},
    server::{Host, Override, Reply, Server, Site},
    workspace,
};

pub use self::capability::Capability;
use self::shared::{Launch, SHARED};
use crate::{Page, page, window::DriverLog};

/// Timeout for a browser to open its window, and to close it. A driver whose browser ended at once never answers.
const WINDOW_TIMEOUT: Duration = Duration::from_mins(2);
/// Deadline of a scenario that sets none.
const SCENARIO_DEADLINE: Duration = Duration::from_mins(10);

/// WebGPU support of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// A software adapter.
    Software,
    /// No adapter, as on a machine without a usable GPU.
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
    /// Capabilities that the scenario needs beyond those that the other fields imply.
    pub needs: Vec<Capability>,
    /// Time after which the scenario has failed. A browser that no longer answers would hold up all others.
    pub deadline: Duration,
}

impl Setup {
    /// A browser without WebGPU, in which the page computes on the CPU.
    pub fn cpu() -> Self {
        let (gpu, window, mount) = (Gpu::Off, (1280, 1000), "/".to_owned());
        Self {
            gpu,
            window,
            dark: false,
            reduced_motion: false,
            language: None,
            before_scripts: None,
            mount,
            host: Host::LOCAL,
            override_response: None,
            needs: Vec::new(),
            deadline: SCENARIO_DEADLINE,
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

    /// Adds something that the scenario needs of the browser. A browser that lacks it skips the scenario.
    #[must_use]
    pub fn needing(mut self, capability: Capability) -> Self {
        self.needs.push(capability);
        self
    }

    /// Reason why the scenario cannot run in a browser; `None` if it can.
    fn lacking(&self, browser: BrowserKind) -> Option<&'static str> {
        let of_fields = [
            (self.gpu == Gpu::Software, Capability::WebGpu),
            (self.dark, Capability::ColourScheme),
            (self.reduced_motion, Capability::ReducedMotion),
            (self.language.is_some(), Capability::Language),
            (self.before_scripts.is_some(), Capability::BeforeScripts),
        ];
        let of_fields = of_fields.into_iter().filter_map(|(is_needed, capability)| is_needed.then_some(capability));
        of_fields.chain(self.needs.iter().copied()).find_map(|capability| capability.means(browser).err())
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

/// Opens a window and a server of `dist`, runs the test, and ends both. When the test fails, a screenshot of the window
/// is saved in `e2e-screenshots` of the target folder. A browser that lacks what the scenario needs skips it, and the
/// reason is printed.
///
/// # Panics
/// When the test fails, or the browser does not start.
#[track_caller]
pub fn scenario(setup: Setup, test: impl AsyncFnOnce(&Page) -> Result<()>) {
    let place = Location::caller();
    let name = format!("{}-{}", Path::new(place.file()).file_stem().unwrap_or_default().display(), place.line());
    if let Some(reason) = setup.lacking(chosen()) {
        println!("SKIP {name}: {reason}");
        return;
    }
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let browser = Browser::start().expect("a browser can be started");
    let launch = Launch::shared(&setup, &browser);
    let idle = shared.take(launch);
    let (outcome, left) = shared.runtime.block_on(async {
        let deadline = setup.deadline;
        let page = in_time(WINDOW_TIMEOUT, browser.open_in(idle, setup)).await.expect("the browser opens a window");
        let outcome = AssertUnwindSafe(in_time(deadline, test(&page))).catch_unwind().await;
        let has_passed = matches!(outcome, Ok(Ok(())));
        if !has_passed {
            drop(timeout(WINDOW_TIMEOUT, page.print_diagnostics(&format!("failed-{name}"))).await);
        }
        if has_passed && launch.is_some() {
            return (outcome, in_time(WINDOW_TIMEOUT, page.leave()).await.ok());
        }
        // A failure of the test says more than one of closing the window.
        drop(in_time(WINDOW_TIMEOUT, page.close()).await);
        (outcome, None)
    });
    if let (Some(launch), Some(client)) = (launch, left) {
        shared.keep(launch, client);
    }
    match outcome {
        Err(panic) => resume_unwind(panic),
        Ok(Err(error)) => panic!("{error:#}"),
        Ok(Ok(())) => {}
    }
}

/// The outcome of `work`, or an error after `limit`.
async fn in_time<T>(limit: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(limit, work).await.with_context(|| format!("the browser was not done after {limit:?}"))?
}

/// A WebDriver program, started by `cargo xtask test` or by this value.
pub struct Browser {
    programs: Programs,
    address: String,
    profiles: PathBuf,
    /// The driver, if this value has started it; ends with it.
    own: Option<Driver>,
}

impl Browser {
    /// Connects to the driver that `cargo xtask test` has started, or starts one. `PINHOLE_BROWSER` names the browser.
    ///
    /// # Errors
    /// When the browser is missing, or no driver starts.
    pub fn start() -> Result<Self> {
        let kind = chosen();
        let programs = browsers::find(kind).with_context(|| kind.how_to_install())?;
        if let (Ok(address), Some(profiles)) = (env::var("PINHOLE_DRIVER"), env::var_os("PINHOLE_PROFILES")) {
            return Ok(Self { programs, address, profiles: profiles.into(), own: None });
        }
        let driver = Driver::start(&programs)?;
        let (address, profiles) = (driver.address().to_owned(), driver.profiles().to_owned());
        Ok(Self { programs, address, profiles, own: Some(driver) })
    }

    /// Opens a window and a server, without loading the page.
    ///
    /// # Errors
    /// When there is no `dist`, or the browser does not start.
    pub async fn open(&self, setup: Setup) -> Result<Page> {
        self.open_in(None, setup).await
    }

    /// As [`Self::open`], in the window of a browser that is already there.
    async fn open_in(&self, idle: Option<Client>, mut setup: Setup) -> Result<Page> {
        let dist = dist();
        ensure!(dist.join("index.html").is_file(), "{} holds no page: run `cargo xtask build`", dist.display());
        let Programs { kind, browser: program, .. } = &self.programs;
        let profile = browsers::new_profile(&self.profiles)?;
        let downloads = page::downloads_of(&profile);
        fs::create_dir_all(&downloads)?;
        let mut instead = setup.override_response.take();
        let mut wanted = match kind {
            BrowserKind::Chromium => chromium::capabilities(program, &profile, &setup),
            BrowserKind::Firefox => firefox::capabilities(program, &downloads, &setup),
            BrowserKind::WebKit => {
                webkit::write_settings(&self.profiles, &downloads, &setup)?;
                webkit::capabilities(program)
            }
        };
        if *kind != BrowserKind::Chromium
            && let Some(script) = setup.before_scripts.take()
        {
            let index = fs::read_to_string(dist.join("index.html"))?;
            instead = Some(with_script(&index, &script, instead)?);
        }
        wanted["timeouts"] = json!({ "script": 120_000, "pageLoad": 120_000, "implicit": 0 });
        let (mount, host) = (mem::take(&mut setup.mount), setup.host);
        let server = Server::start(Site { folder: dist, mount, instead, host }, 0)?;
        let capabilities: Capabilities = serde_json::from_value(wanted)?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = match idle {
            Some(client) => client,
            None => builder.capabilities(capabilities).connect(&self.address).await?,
        };
        let page = Page::new(*kind, client, server, profile, DriverLog::new(&self.profiles));
        let prepared = match kind {
            BrowserKind::Chromium => chromium::prepare(&page, &setup).await,
            BrowserKind::Firefox | BrowserKind::WebKit => page.set_window(setup.window).await,
        };
        if let Err(error) = prepared {
            // geckodriver starts no second browser beside an open one.
            drop(page.close().await);
            return Err(error);
        }
        Ok(page)
    }
}

/// The browser that `PINHOLE_BROWSER` names, else Chromium.
///
/// # Panics
/// When there is no such browser.
pub fn chosen() -> BrowserKind {
    env::var("PINHOLE_BROWSER")
        .map_or(BrowserKind::Chromium, |name| name.parse().expect("PINHOLE_BROWSER names a browser"))
}

/// Responses with a script at the head of the page, before its policy, which binds only what follows it.
fn with_script(index: &str, script: &str, instead: Option<Override>) -> Result<Override> {
    let (before, after) = index.split_once("<head>").context("the page has a head")?;
    let body = format!("{before}<head><script>{script}</script>{after}").into_bytes();
    Ok(Box::new(move |path| {
        let overridden = instead.as_ref().and_then(|instead| instead(path));
        let is_page = matches!(path, "" | "index.html");
        overridden.or_else(|| {
            is_page.then(|| Reply { status: 200, content_type: "text/html; charset=utf-8", body: body.clone() })
        })
    }))
}
