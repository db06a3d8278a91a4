//! Static hosts with their defaults, imitated by the tests' server.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use xtask::server::{Encode, Host, WithoutSlash};

const GZIP: Option<(&str, Encode)> = Some(("gzip", gzip));

/// GitHub Pages: compresses, and lets every file be cached for ten minutes by itself.
pub const GITHUB_PAGES: Host = Host {
    script_type: "application/javascript; charset=utf-8",
    without_slash: WithoutSlash::Redirect(301),
    headers: &[("Cache-Control", "max-age=600"), ("Access-Control-Allow-Origin", "*")],
    encoding: GZIP,
    ..Host::LOCAL
};

/// Netlify: compresses, and has files looked up again at every use.
pub const NETLIFY: Host = Host {
    script_type: "application/javascript; charset=UTF-8",
    without_slash: WithoutSlash::Redirect(301),
    headers: &[("Cache-Control", "public,max-age=0,must-revalidate")],
    encoding: GZIP,
    ..Host::LOCAL
};

/// Nginx as distributions ship it, older than its type for wasm: no compression, no word on caching.
pub const NGINX: Host = Host {
    wasm_type: "application/octet-stream",
    script_type: "application/javascript",
    without_slash: WithoutSlash::Redirect(301),
    headers: &[],
    ..Host::LOCAL
};

/// A website in an S3 bucket whose files were uploaded without their types.
pub const S3: Host = Host {
    wasm_type: "binary/octet-stream",
    script_type: "text/javascript",
    unknown_type: "binary/octet-stream",
    without_slash: WithoutSlash::Redirect(302),
    headers: &[],
    ..Host::LOCAL
};

/// A host that knows no wasm, and answers at a folder's address without the slash as if it had one.
pub const PLAIN_TEXT: Host = Host {
    wasm_type: "text/plain",
    unknown_type: "text/plain",
    without_slash: WithoutSlash::StartPage,
    headers: &[("X-Content-Type-Options", "nosniff")],
    ..Host::LOCAL
};

/// A host for apps of one page: where there is no file it answers with the start page, and it compresses.
pub const FALLBACK_PAGE: Host = Host {
    without_slash: WithoutSlash::StartPage,
    has_fallback_page: true,
    headers: &[],
    encoding: GZIP,
    ..Host::LOCAL
};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes every write")
}
