//! Static HTTP server for `dist`, which logs requests and lets tests override responses.
//!
//! It supports as much of HTTP as a browser needs: `GET` and `HEAD`, one request per connection, one thread per connection.
//! Small server crates support more, but share their threads among connections that browsers keep open, and a page with
//! ten files then waits forever.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context as _, Result};

/// Timeout of a connection without a request, as Chromium opens in advance.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Most bytes of request line and headers.
const HEAD_BYTES: u64 = 64 * 1024;

/// A request in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    /// HTTP method, such as `GET`.
    pub method: String,
    /// Path and query.
    pub url: String,
    /// Length of the body, bytes.
    pub body_length: usize,
}

/// An HTTP response.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// MIME type.
    pub content_type: &'static str,
    /// The content.
    pub body: Vec<u8>,
}

/// Function that encodes a body.
pub type Encode = fn(&[u8]) -> Vec<u8>;

/// Behaviour of a host, as far as hosts differ.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// MIME type of a `.wasm` file.
    pub wasm_type: &'static str,
    /// MIME type of a `.js` file.
    pub script_type: &'static str,
    /// MIME type of a file whose ending it does not know.
    pub unknown_type: &'static str,
    /// Answer at the mount point without its slash.
    pub without_slash: WithoutSlash,
    /// True if it answers with the start page where there is no file.
    pub has_fallback_page: bool,
    /// Headers of every response.
    pub headers: &'static [(&'static str, &'static str)],
    /// Name and function of the encoding of texts and wasm.
    pub encoding: Option<(&'static str, Encode)>,
}

/// Answer of a host at the address of a folder without its slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithoutSlash {
    /// That there is no such file.
    Missing,
    /// Redirection to the address with the slash, with this status.
    Redirect(u16),
    /// The folder's start page.
    StartPage,
}

impl Host {
    /// `cargo xtask serve`: exact types, and nothing cached, as a page that was just rebuilt must not come from a cache.
    pub const LOCAL: Self = Self {
        wasm_type: "application/wasm",
        script_type: "text/javascript; charset=utf-8",
        unknown_type: "application/octet-stream",
        without_slash: WithoutSlash::Missing,
        has_fallback_page: false,
        headers: &[("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")],
        encoding: None,
    };

    fn content_type(&self, path: &Path) -> &'static str {
        match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => self.script_type,
            "css" => "text/css; charset=utf-8",
            "wasm" => self.wasm_type,
            "json" | "map" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "txt" | "md" => "text/plain; charset=utf-8",
            _ => self.unknown_type,
        }
    }
}

/// Function of a path below the mount point; `Some` overrides the response.
pub type Override = Box<dyn Fn(&str) -> Option<Reply> + Send + Sync>;

/// A site to serve.
pub struct Site {
    /// Folder of the files.
    pub folder: PathBuf,
    /// Path at which it is mounted: `/`, or `/some/folder/`.
    pub mount: String,
    /// Function that may override responses.
    pub instead: Option<Override>,
    /// Behaviour of the server.
    pub host: Host,
}

impl Site {
    /// A folder mounted at `/`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), mount: "/".into(), instead: None, host: Host::LOCAL }
    }
}

/// A running server, which ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    site: Site,
    log: Mutex<Vec<LoggedRequest>>,
    has_ended: AtomicBool,
}

impl Server {
    /// Starts a server on 127.0.0.1; port 0 selects a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start(site: Site, port: u16) -> Result<Self> {
        let listener =
            TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("cannot listen on port {port}"))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { site, log: Mutex::default(), has_ended: AtomicBool::new(false) });
        let listening = {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || answer_all(&listener, &shared))
        };
        Ok(Self { address, shared, listening: Some(listening) })
    }

    /// Address of the site, with a slash at the end.
    pub fn address(&self) -> String {
        format!("http://{}{}", self.address, self.shared.site.mount)
    }

    /// All requests so far.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(listening) = self.listening.take() {
            // The thread ends only by a panic, which has been printed.
            drop(listening.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::Relaxed);
        // The listener waits for a connection: this one lets it notice the end.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

fn answer_all(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.has_ended.load(Ordering::Relaxed) {
            return;
        }
        let shared = Arc::clone(shared);
        if let Ok(stream) = stream {
            // A browser may close the connection during a response.
            std::thread::spawn(move || drop(converse(stream, &shared)));
        }
    }
}

/// Reads one request, responds, and closes the connection.
fn converse(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(REQUEST_TIMEOUT))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let Some(request) = read_request(&mut reader)? else { return Ok(()) };
    shared.log.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    let reply = answer(&request, &shared.site);
    write_reply(stream, reply, &request, &shared.site)
}

/// Reads a request; `None` if the connection is closed without one.
fn read_request(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<LoggedRequest>> {
    let mut head = reader.by_ref().take(HEAD_BYTES);
    let mut line = String::new();
    if head.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut body_length = 0;
    loop {
        let mut header = String::new();
        if head.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            body_length = value.trim().parse().unwrap_or(0);
        }
    }
    std::io::copy(&mut reader.take(body_length as u64), &mut std::io::sink())?;
    Ok(Some(LoggedRequest { method, url, body_length }))
}

fn answer(request: &LoggedRequest, site: &Site) -> Reply {
    let plain = |status, text: &str| Reply { status, content_type: "text/plain", body: text.into() };
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return plain(405, "only GET\n");
    }
    let Site { folder, mount, instead, host } = site;
    let path = request.url.split(['?', '#']).next().unwrap_or_default();
    let path = match (path.strip_prefix(mount), host.without_slash) {
        (Some(path), _) => path,
        (None, WithoutSlash::StartPage) if mount.strip_suffix('/') == Some(path) => "",
        (None, WithoutSlash::Redirect(status)) if mount.strip_suffix('/') == Some(path) => return plain(status, ""),
        _ if host.has_fallback_page => "",
        _ => return plain(404, "not here\n"),
    };
    if let Some(reply) = instead.as_ref().and_then(|instead| instead(path)) {
        return reply;
    }
    let fallback = || host.has_fallback_page.then(|| file_of(host, folder, "")).flatten();
    file_of(host, folder, path).or_else(fallback).unwrap_or_else(|| plain(404, "not found\n"))
}

/// Response with a file of a folder; `None` for a path outside the folder.
pub fn file_in(folder: &Path, path: &str) -> Option<Reply> {
    file_of(&Host::LOCAL, folder, path)
}

fn file_of(host: &Host, folder: &Path, path: &str) -> Option<Reply> {
    let path = file_path(folder, path)?;
    Some(Reply { status: 200, content_type: host.content_type(&path), body: fs::read(&path).ok()? })
}

fn write_reply(mut stream: TcpStream, reply: Reply, request: &LoggedRequest, site: &Site) -> std::io::Result<()> {
    let Reply { status, content_type, mut body } = reply;
    let mut headers: Vec<(&str, String)> = vec![("Content-Type", content_type.into()), ("Connection", "close".into())];
    headers.extend(site.host.headers.iter().map(|(name, value)| (*name, (*value).into())));
    let reason = match status {
        ..300 => "OK",
        300..400 => {
            let query = request.url.find('?').map_or("", |start| &request.url[start..]);
            headers.push(("Location", format!("{}{query}", site.mount)));
            "Moved"
        }
        _ => "Refused",
    };
    let is_compressible = ["text/", "application/wasm", "application/javascript"];
    if let Some((name, encode)) = site.host.encoding
        && is_compressible.iter().any(|start| content_type.starts_with(start))
    {
        body = encode(&body);
        headers.push(("Content-Encoding", name.into()));
    }
    headers.push(("Content-Length", body.len().to_string()));
    // Written at once: a packet per header would delay the next by the other side's acknowledgement.
    let mut head = format!("HTTP/1.1 {status} {reason}\r\n").into_bytes();
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n")?;
    }
    head.extend(b"\r\n");
    stream.write_all(&head)?;
    if request.method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// File of a path, if it lies in the folder.
fn file_path(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = PathBuf::from(if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    });
    let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(relative);
    (is_inside && file.is_file()).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(server: &Server, method: &str, path: &str) -> String {
        let address = server.address();
        let host = address.trim_start_matches("http://").split('/').next().expect("a host");
        let mut stream = TcpStream::connect(host).expect("the server listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer in text");
        answer
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
    }

    #[test]
    fn files_are_served_with_their_type_and_without_caching() {
        let server = Server::start(Site::new(Path::new(env!("CARGO_MANIFEST_DIR"))), 0).expect("a free port");
        let answer = ask(&server, "GET", "/Cargo.toml?query");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("Cache-Control: no-cache"), "{answer}");
        assert_eq!(Host::LOCAL.content_type(Path::new("page_bg.wasm")), "application/wasm");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let server = Server::start(Site::new(folder()), 0).expect("a free port");
        for path in ["/../Cargo.toml", "/./../Cargo.toml", "//etc/passwd", "/no-such-file"] {
            assert!(ask(&server, "GET", path).starts_with("HTTP/1.1 404"), "{path}");
        }
    }

    #[test]
    fn a_mounted_site_answers_below_its_folder_only_and_logs_all() {
        let instead: Override = Box::new(|path| {
            (path == "made-up").then(|| Reply { status: 503, content_type: "text/plain", body: b"refused".to_vec() })
        });
        let site = Site { folder: folder(), mount: "/some/folder/".into(), instead: Some(instead), host: Host::LOCAL };
        let server = Server::start(site, 0).expect("a free port");
        assert!(server.address().ends_with("/some/folder/"));
        assert!(ask(&server, "GET", "/some/folder/lib.rs").starts_with("HTTP/1.1 200"));
        assert!(ask(&server, "GET", "/lib.rs").starts_with("HTTP/1.1 404"));
        assert!(ask(&server, "GET", "/some/folder/made-up").starts_with("HTTP/1.1 503"));
        assert!(ask(&server, "POST", "/some/folder/lib.rs").starts_with("HTTP/1.1 405"));
        let methods: Vec<String> = server.log().into_iter().map(|logged| logged.method).collect();
        assert_eq!(methods, ["GET", "GET", "GET", "POST"]);
    }

    #[test]
    fn hosts_differ() {
        let at = |host: Host| Site { mount: "/tool/".into(), host, ..Site::new(folder()) };
        let redirects = Host { without_slash: WithoutSlash::Redirect(301), ..Host::LOCAL };
        let server = Server::start(at(redirects), 0).expect("a free port");
        let answer = ask(&server, "GET", "/tool?query");
        assert!(answer.starts_with("HTTP/1.1 301") && answer.contains("Location: /tool/?query\r\n"), "{answer}");
        let encoding: Option<(&str, Encode)> = Some(("upside-down", |body| body.iter().rev().copied().collect()));
        let server =
            Server::start(at(Host { unknown_type: "text/plain", encoding, ..Host::LOCAL }), 0).expect("a free port");
        let answer = ask(&server, "GET", "/tool/lib.rs");
        assert!(answer.contains("Content-Type: text/plain\r\n"), "{answer}");
        assert!(answer.contains("Content-Encoding: upside-down") && answer.ends_with("//"), "{answer}");
        assert!(ask(&server, "GET", "/tool").starts_with("HTTP/1.1 404"));
    }
}
