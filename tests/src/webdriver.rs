//! WebDriver commands that the client library does not name.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A WebDriver command.
#[derive(Clone, Debug)]
pub struct WebDriverCommand {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl WebDriverCommand {
    /// Reads the role that the browser computes for an element.
    pub fn role(element: &str) -> Self {
        Self { method: Method::GET, path: format!("element/{element}/computedrole"), body: None }
    }

    /// Reads the accessible name that the browser computes for an element.
    pub fn label(element: &str) -> Self {
        Self { method: Method::GET, path: format!("element/{element}/computedlabel"), body: None }
    }

    /// Takes a screenshot of the full page, in Firefox.
    pub fn firefox_full_page() -> Self {
        Self { method: Method::GET, path: "moz/screenshot/full".into(), body: None }
    }

    /// Runs a command of Chromium's DevTools protocol.
    pub fn devtools(name: &str, parameters: &Value) -> Self {
        let body = json!({ "cmd": name, "params": parameters });
        Self { method: Method::POST, path: "goog/cdp/execute".into(), body: Some(body) }
    }

    /// Reads what the page, its workers and the network have logged since the last call, in Chromium.
    pub fn browser_log() -> Self {
        Self { method: Method::POST, path: "se/log".into(), body: Some(json!({ "type": "browser" })) }
    }
}

impl WebDriverCompatibleCommand for WebDriverCommand {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.as_ref().map(Value::to_string))
    }
}
