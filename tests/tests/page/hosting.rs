//! Hosting of `dist`: in a sub-folder, on hosts with their defaults, and behind a cache that mixes two versions.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    browser::dist,
    drawing::SEVEN,
    hosts::{FALLBACK_PAGE, GITHUB_PAGES, NETLIFY, NGINX, PLAIN_TEXT, S3},
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use xtask::server::{Host, Override, Reply};

use crate::not_starting::{until_overlay, until_problem};

/// Waits for a denoised picture: page, engine and ready-made model have arrived.
async fn draw(page: &Page) -> Result<()> {
    page.until_ready().await?;
    page.draw(SEVEN).await?;
    page.until("a denoised picture", LONG_TIMEOUT, async || Ok(page.displayed_number("psnr-denoised").await.ok()))
        .await?;
    Ok(())
}

#[test]
fn the_page_works_in_a_sub_folder() {
    let setup = Setup { mount: "/some/folder/".into(), ..Setup::cpu() };
    scenario(setup, async |page| {
        page.open("").await?;
        draw(page).await?;
        for request in page.requests() {
            ensure!(
                request.url.starts_with("/some/folder/") || request.url == "/favicon.ico",
                "asked for {} outside its folder",
                request.url
            );
        }
        Ok(())
    });
}

/// Opens the page at the address of its folder without the slash, and uses it.
fn open_without_slash(host: Host) {
    let setup = Setup { mount: "/tools/pinhole/".into(), host, ..Setup::cpu() };
    scenario(setup, async |page| {
        let address = page.site();
        page.client.goto(&format!("{}?device=cpu#/", address.trim_end_matches('/'))).await?;
        draw(page).await?;
        let now = page.client.current_url().await?;
        ensure!(now.as_str() == format!("{address}?device=cpu#/"), "the address is now {now}");
        let colour = page.script("return getComputedStyle(document.body).fontFamily;", vec![]).await?;
        ensure!(colour.to_string().contains("system-ui"), "the styles have not arrived: {colour}");
        page.assert_alive().await
    });
}

#[test]
fn github_pages_needs_no_configuration() {
    open_without_slash(GITHUB_PAGES);
}

#[test]
fn netlify_needs_no_configuration() {
    open_without_slash(NETLIFY);
}

#[test]
fn nginx_needs_no_configuration() {
    open_without_slash(NGINX);
}

#[test]
fn s3_needs_no_configuration() {
    open_without_slash(S3);
}

#[test]
fn without_the_slash_the_page_finds_its_files_with_wasm_as_plain_text() {
    open_without_slash(PLAIN_TEXT);
}

#[test]
fn without_the_slash_the_page_is_not_deceived_by_start_pages_for_missing_files() {
    open_without_slash(FALLBACK_PAGE);
}

#[test]
fn a_page_from_disk_says_how_to_open_it() {
    scenario(Setup::cpu(), async |page| {
        page.client.goto(&format!("file://{}", dist().canonicalize()?.join("index.html").display())).await?;
        let problem = until_problem(page).await?;
        ensure!(problem.contains("as a file") && problem.contains("http.server"), "{problem}");
        Ok(())
    });
}

/// Start page of another version: its files have other names.
fn start_page_of_another_version() -> Reply {
    let page = std::fs::read_to_string(dist().join("index.html")).expect("dist has a start page");
    let body =
        page.replace("data-module=\"page-", "data-module=\"page-0").replace("data-wasm=\"page-", "data-wasm=\"page-0");
    assert_ne!(page, body, "the page's files have no hash in their names");
    Reply { status: 200, content_type: "text/html; charset=utf-8", body: body.into_bytes() }
}

/// A cache that answers with the start page of the version before, on its first request or always.
fn stale_start_page(always: bool) -> Override {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Box::new(move |path| {
        let is_first = path.is_empty() && asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        (path.is_empty() && (always || is_first)).then(start_page_of_another_version)
    })
}

#[test]
fn a_start_page_of_the_version_before_asks_for_a_reload() {
    for host in [GITHUB_PAGES, FALLBACK_PAGE] {
        let setup = Setup { host, ..Setup::cpu() }.with_override(stale_start_page(false));
        scenario(setup, async |page| {
            page.load("").await?;
            let problem = until_problem(page).await?;
            ensure!(problem.contains("was updated"), "{problem}");
            page.press("Reload").await?;
            page.until_ready().await?;
            page.assert_alive().await
        });
    }
}

#[test]
fn a_start_page_that_stays_old_is_explained_again() {
    scenario(Setup::cpu().with_override(stale_start_page(true)), async |page| {
        page.load("").await?;
        until_problem(page).await?;
        page.press("Reload").await?;
        page.until("the page to be loaded again", SHORT_TIMEOUT, async || {
            let pages = page.requests().into_iter().filter(|request| request.url == "/").count();
            Ok((pages >= 3).then_some(()))
        })
        .await?;
        let problem = until_problem(page).await?;
        ensure!(problem.contains("was updated"), "{problem}");
        Ok(())
    });
}

/// Cache with the file of another version, `body`, for paths that end with `name`.
fn file_of_another_version(name: &'static str, content_type: &'static str, body: Vec<u8>) -> Override {
    Box::new(move |path| path.ends_with(name).then(|| Reply { status: 200, content_type, body: body.clone() }))
}

fn assert_mixture_is_explained(mixture: Override) {
    scenario(Setup::cpu().with_override(mixture), async |page| {
        page.load("").await?;
        let overlay = until_overlay(page).await?;
        ensure!(overlay.contains("was updated") && overlay.contains("Reload"), "{overlay}");
        Ok(())
    });
}

#[test]
fn a_loader_of_another_version_is_explained() -> Result<()> {
    let loader = std::fs::read_to_string(dist().join("engine-worker.js"))?;
    let (before, after) = loader.split_once("const VERSION = \"").context("the loader names its version")?;
    let (_, after) = after.split_once('"').context("the version ends")?;
    let other = format!("{before}const VERSION = \"0123456789abcdef\"{after}");
    assert_mixture_is_explained(file_of_another_version("engine-worker.js", "text/javascript", other.into_bytes()));
    Ok(())
}

#[test]
fn an_engine_that_was_replaced_is_explained() {
    let gone = |path: &str| {
        let gone = Reply { status: 404, content_type: "text/html", body: b"<p>Not here".to_vec() };
        path.contains("pinhole-worker").then_some(gone)
    };
    assert_mixture_is_explained(Box::new(gone));
}

#[test]
fn an_engine_that_does_not_fit_its_script_is_explained() {
    // A module that imports a function f, which our script does not offer.
    let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x20\x01\x1a./pinhole-worker-cpu_bg.js\x01f\0\0".to_vec();
    assert_mixture_is_explained(file_of_another_version("pinhole-worker-cpu_bg.wasm", "application/wasm", module));
}

#[test]
fn an_engine_of_another_protocol_is_explained() {
    // What Session::start answers to a version of the protocol that is not its own.
    let loader = "onmessage = () => postMessage({ event: { failed: { kind: 'state',
        message: 'This page and its engine are of different versions: reload the page.' } } });
        postMessage('listening');";
    let mixture = file_of_another_version("engine-worker.js", "text/javascript", loader.into());
    scenario(Setup::cpu().with_override(mixture), async |page| {
        page.load("").await?;
        let overlay = until_overlay(page).await?;
        ensure!(overlay.contains("different versions: reload"), "{overlay}");
        Ok(())
    });
}
