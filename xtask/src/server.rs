//! A static server for `dist`, which keeps a log of requests and lets tests answer in its place.

use std::{
    fs::File,
    io::Cursor,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response};

/// Requests answered at once: a page asks for some six files together.
const THREADS: usize = 6;

/// One request, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub url: String,
    /// Bytes that came with it.
    pub body_length: usize,
}

/// An answer in a file's place.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// MIME type.
    pub content_type: &'static str,
    /// The content.
    pub body: Vec<u8>,
}

/// Looks at a path below the mount point; `Some` answers in the file's place.
pub type Override = Box<dyn Fn(&str) -> Option<Reply> + Send + Sync>;

/// What is served.
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// Where it is mounted: `/`, or `/some/folder/`.
    pub mount: String,
    /// Answers in a file's place.
    pub instead: Option<Override>,
}

impl Site {
    /// A folder at `/`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), mount: "/".into(), instead: None }
    }
}

/// A running server; dropping it ends it.
pub struct Server {
    http: Arc<tiny_http::Server>,
    log: Arc<Mutex<Vec<Logged>>>,
    threads: Vec<JoinHandle<()>>,
    mount: String,
}

impl Server {
    /// Serves on 127.0.0.1; port 0 takes any free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start(site: Site, port: u16) -> Result<Self> {
        let http = tiny_http::Server::http(("127.0.0.1", port))
            .map_err(|error| anyhow!("cannot listen on port {port}: {error}"))?;
        let (http, log, mount) = (Arc::new(http), Arc::default(), site.mount.clone());
        let site = Arc::new(site);
        let threads = (0..THREADS)
            .map(|_| {
                let (http, log, site) = (Arc::clone(&http), Arc::clone(&log), Arc::clone(&site));
                std::thread::spawn(move || answer_all(&http, &log, &site))
            })
            .collect();
        Ok(Self { http, log, threads, mount })
    }

    /// Address of the site, with a slash at its end.
    ///
    /// # Panics
    /// Never: the server listens on an IP address.
    pub fn address(&self) -> String {
        let address = self.http.server_addr().to_ip().expect("the server listens on an IP address");
        format!("http://{address}{}", self.mount)
    }

    /// All requests so far.
    pub fn log(&self) -> Vec<Logged> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers until the process is ended.
    pub fn wait(mut self) {
        for thread in self.threads.drain(..) {
            // A thread that panicked has already said why; the others go on.
            drop(thread.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.http.unblock();
        }
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}

fn answer_all(http: &tiny_http::Server, log: &Mutex<Vec<Logged>>, site: &Site) {
    while let Ok(request) = http.recv() {
        log.lock().unwrap_or_else(PoisonError::into_inner).push(Logged {
            method: request.method().to_string(),
            url: request.url().to_owned(),
            body_length: request.body_length().unwrap_or(0),
        });
        // A browser that hangs up in the middle of an answer is no concern of the server's.
        drop(answer(request, site));
    }
}

fn answer(request: Request, site: &Site) -> std::io::Result<()> {
    let url = request.url().to_owned();
    let path = url.split(['?', '#']).next().unwrap_or_default();
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET\n").with_status_code(405));
    }
    let Some(path) = path.strip_prefix(&site.mount) else {
        return request.respond(Response::from_string("not here\n").with_status_code(404));
    };
    if let Some(reply) = site.instead.as_ref().and_then(|instead| instead(path)) {
        let length = reply.body.len();
        return request.respond(Response::new(
            reply.status.into(),
            headers(reply.content_type),
            Cursor::new(reply.body),
            Some(length),
            None,
        ));
    }
    let Some(file_path) = file_path(&site.folder, path) else {
        return request.respond(Response::from_string("not found\n").with_status_code(404));
    };
    let mut response = Response::from_file(File::open(&file_path)?);
    for header in headers(content_type(&file_path)) {
        response.add_header(header);
    }
    request.respond(response)
}

/// The file that a path names; nothing outside the folder, whatever the path says.
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

fn headers(content_type: &str) -> Vec<Header> {
    // A page that was just rebuilt must not be answered from the browser's memory.
    [("Content-Type", content_type), ("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")]
        .map(|(name, value)| Header::from_bytes(name, value).expect("both are plain ASCII"))
        .into()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };

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
    fn serves_files_with_their_type_and_never_from_memory() {
        let server = Server::start(Site::new(Path::new(env!("CARGO_MANIFEST_DIR"))), 0).expect("a free port");
        let answer = ask(&server, "GET", "/Cargo.toml?query");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("Cache-Control: no-cache"), "{answer}");
        assert_eq!(content_type(Path::new("page_bg.wasm")), "application/wasm");
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
        let site = Site { folder: folder(), mount: "/some/folder/".into(), instead: Some(instead) };
        let server = Server::start(site, 0).expect("a free port");
        assert!(server.address().ends_with("/some/folder/"));
        assert!(ask(&server, "GET", "/some/folder/lib.rs").starts_with("HTTP/1.1 200"));
        assert!(ask(&server, "GET", "/lib.rs").starts_with("HTTP/1.1 404"));
        assert!(ask(&server, "GET", "/some/folder/made-up").starts_with("HTTP/1.1 503"));
        assert!(ask(&server, "POST", "/some/folder/lib.rs").starts_with("HTTP/1.1 405"));
        let methods: Vec<String> = server.log().into_iter().map(|logged| logged.method).collect();
        assert_eq!(methods, ["GET", "GET", "GET", "POST"]);
    }
}
