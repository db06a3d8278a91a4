//! Capabilities beyond classic WebDriver that a scenario may need, and the means by which each browser has them.

use xtask::browsers::BrowserKind;

/// Something that a scenario may need of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Downloads go to a folder without a question.
    Downloads,
    /// The page's window has a given size, down to a phone's.
    WindowSize,
    /// The system prefers dark colours, or light ones.
    ColourScheme,
    /// The system prefers reduced motion.
    ReducedMotion,
    /// The browser speaks a given language.
    Language,
    /// Device pixels per CSS pixel, which follow the browser's zoom, change while a page is open.
    PixelRatio,
    /// A script runs before the page's own.
    BeforeScripts,
    /// WebGPU on a software adapter.
    WebGpu,
    /// `navigator.gpu` exists and returns no adapter.
    WebGpuWithoutAdapter,
    /// The process that computes on the GPU can be ended.
    GpuCrash,
    /// The test reads the console of page and workers.
    Console,
    /// The page's script may read the clipboard.
    ClipboardReading,
    /// A screenshot of the whole page, with what lies below the window.
    FullPageScreenshot,
    /// Two pointers at once, such as fingers.
    SecondPointer,
    /// A pen.
    Pen,
    /// The page's processor becomes some times slower.
    SlowProcessor,
}

/// Means by which a browser has a capability, or the reason why it lacks it.
pub type Means = Result<&'static str, &'static str>;

impl Capability {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Downloads,
        Self::WindowSize,
        Self::ColourScheme,
        Self::ReducedMotion,
        Self::Language,
        Self::PixelRatio,
        Self::BeforeScripts,
        Self::WebGpu,
        Self::WebGpuWithoutAdapter,
        Self::GpuCrash,
        Self::Console,
        Self::ClipboardReading,
        Self::FullPageScreenshot,
        Self::SecondPointer,
        Self::Pen,
        Self::SlowProcessor,
    ];

    /// The table: a row for each capability, a column for each browser.
    const fn row(self) -> [Means; 3] {
        match self {
            Self::Downloads => [
                Ok("Browser.setDownloadBehavior of the DevTools protocol"),
                Ok("preferences browser.download.*"),
                Ok("XDG_DOWNLOAD_DIR in user-dirs.dirs of its home"),
            ],
            Self::WindowSize => [
                Ok("Emulation.setDeviceMetricsOverride of the DevTools protocol"),
                Ok("WebDriver's window rectangle, corrected by the inner size; a popup if it is narrow"),
                Ok("WebDriver's window rectangle, corrected by the inner size; a popup if it is narrow"),
            ],
            Self::ColourScheme => [
                Ok("Emulation.setEmulatedMedia of the DevTools protocol"),
                Ok("preference layout.css.prefers-color-scheme.content-override"),
                Ok("gtk-application-prefer-dark-theme in GTK's settings.ini of its home"),
            ],
            Self::ReducedMotion => [
                Ok("Emulation.setEmulatedMedia of the DevTools protocol"),
                Ok("preference ui.prefersReducedMotion"),
                Ok("gtk-enable-animations in GTK's settings.ini of its home"),
            ],
            Self::Language => [
                Ok("arguments --lang and --accept-lang"),
                Ok("preference intl.accept_languages"),
                Err("MiniBrowser has the language of its driver's environment"),
            ],
            Self::PixelRatio => [
                Ok("Emulation.setDeviceMetricsOverride of the DevTools protocol"),
                Err("Firefox reads layout.css.devPixelsPerPx for every window, and WebDriver has no zoom"),
                Err("MiniBrowser has no zoom for WebDriver"),
            ],
            Self::BeforeScripts => [
                Ok("Page.addScriptToEvaluateOnNewDocument of the DevTools protocol"),
                Ok("the server writes it at the head of index.html, before the policy"),
                Ok("the server writes it at the head of index.html, before the policy"),
            ],
            Self::WebGpu => [
                Ok("SwiftShader, by arguments"),
                Ok("Mesa's lavapipe, by the preferences dom.webgpu.* and gfx.webgpu.ignore-blocklist"),
                Err("WebKitGTK has no WebGPU"),
            ],
            Self::WebGpuWithoutAdapter => [
                Ok("the default without a GPU"),
                Ok("preference gfx.webgpu.ignore-blocklist left out"),
                Err("WebKitGTK has no navigator.gpu"),
            ],
            Self::GpuCrash => [
                Ok("Browser.crashGpuProcess of the DevTools protocol"),
                Err("Firefox computes in a process that no command of WebDriver ends"),
                Err("WebKitGTK has no WebGPU"),
            ],
            Self::Console => [
                Ok("ChromeDriver's log of type browser"),
                Ok("preference devtools.console.stdout.content, in the driver's log"),
                Ok("MiniBrowser's argument --enable-write-console-messages-to-stdout, in the driver's log"),
            ],
            Self::ClipboardReading => [
                Ok("Browser.grantPermissions of the DevTools protocol"),
                Ok("preference dom.events.testing.asyncClipboard"),
                Err("WebKit asks a person before a script reads the clipboard"),
            ],
            Self::FullPageScreenshot => [
                Ok("Page.captureScreenshot of the DevTools protocol"),
                Ok("geckodriver's command moz/screenshot/full"),
                Err("WebKitWebDriver takes pictures of the window only"),
            ],
            Self::SecondPointer => [
                Ok("WebDriver's actions of touch and mouse"),
                Ok("WebDriver's actions of touch and mouse"),
                Err("WebKitWebDriver moves the mouse for every pointer"),
            ],
            Self::Pen => [
                Ok("WebDriver's actions of a pen"),
                Err("Firefox's WebDriver has no pen"),
                Err("WebKitWebDriver moves the mouse for every pointer"),
            ],
            Self::SlowProcessor => [
                Ok("Emulation.setCPUThrottlingRate of the DevTools protocol"),
                Err("Firefox's WebDriver cannot slow the processor down"),
                Err("WebKitWebDriver cannot slow the processor down"),
            ],
        }
    }

    /// Means by which a browser has this capability, or the reason why it lacks it.
    ///
    /// # Errors
    /// The reason.
    pub const fn means(self, browser: BrowserKind) -> Means {
        self.row()[browser as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_in_the_order_of_the_browsers() {
        for (column, browser) in BrowserKind::ALL.into_iter().enumerate() {
            assert_eq!(browser as usize, column);
        }
        assert!(Capability::WebGpu.means(BrowserKind::WebKit).is_err_and(|reason| reason.contains("WebKit")));
    }

    #[test]
    fn chromium_has_every_capability() {
        for capability in Capability::ALL {
            assert!(capability.means(BrowserKind::Chromium).is_ok(), "{capability:?}");
        }
    }
}
