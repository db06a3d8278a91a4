// Starts the page; if that fails, or takes too long, says in its place what is wrong and what to do next.
//
// A classic script in old JavaScript: a browser refuses modules from file:// addresses, and one without WebAssembly may
// lack optional chaining too. Trunk writes the hashed file names into the script's tag.
(() => {
  // A person is told after this time; tests and README promise ten seconds.
  const PATIENCE_MS = 8500;
  const BROWSERS = "Chrome or Edge 91, Firefox 114, Safari 16.4, or later";
  const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  // A function that returns i8x16.popcnt(i8x16.splat(0)).
  const SIMD_MODULE = Uint8Array.from([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ]);

  const tag = document.querySelector("script[data-module]");
  const [script, wasm] = [tag.dataset.module, tag.dataset.wasm].map((name) => new URL(name, document.baseURI));

  // The message that appears without this script; what is said from now on is more exact.
  const unexplained = document.getElementById("boot-unexplained");
  if (unexplained) unexplained.remove();

  const lack = lackOfBrowser();
  if (lack) {
    say(lack);
    return;
  }
  const late = setTimeout(() => {
    say(`Pinhole is still loading from ${location.host}. On a slow connection wait a little; otherwise reload the page.`);
  }, PATIENCE_MS);
  start()
    .catch((error) => explain(error).then(say))
    .then(() => clearTimeout(late));

  async function start() {
    const page = await import(script.href);
    await page.default({ module_or_path: wasm });
  }

  function lackOfBrowser() {
    if (typeof WebAssembly !== "object") {
      return `This browser has no WebAssembly, in which Pinhole computes, or it is switched off for this site. Allow it, or use ${BROWSERS}.`;
    }
    if (!WebAssembly.validate(SIMD_MODULE)) {
      return `This browser's WebAssembly has no SIMD, with which Pinhole computes. Use ${BROWSERS}.`;
    }
    try {
      new WebAssembly.Module(EMPTY_MODULE);
    } catch (error) {
      return `A security policy of this host or browser forbids WebAssembly, in which Pinhole computes. A host's Content-Security-Policy has to allow 'wasm-unsafe-eval' in its script-src. (${error.message})`;
    }
    return "";
  }

  async function explain(error) {
    const message = (error && error.message) || String(error);
    if (location.protocol === "file:") {
      return "This page was opened as a file, and browsers load Pinhole's parts only from a web server. In its folder run `python3 -m http.server`, then open http://localhost:8000.";
    }
    if (error instanceof RangeError || /out of memory|allocate memory/i.test(message)) {
      return `There is not enough memory to start Pinhole. Close other tabs or programs, then reload the page. (${message})`;
    }
    for (const address of [script, wasm]) {
      const problem = await problemOf(address);
      if (problem) return problem;
    }
    return `Pinhole could not start in this browser; it needs ${BROWSERS}. Reload the page, or try another browser. (${message})`;
  }

  // What is wrong with a file of the page, if anything is.
  async function problemOf(address) {
    const name = address.pathname.split("/").pop();
    let response;
    try {
      response = await fetch(address, { cache: "reload" });
    } catch (error) {
      return `${name} could not be fetched from ${location.host}: the connection failed, or something such as an extension blocks it. Reload the page when that is solved.`;
    }
    const type = response.headers.get("content-type") || "no type";
    // Some hosts answer with their start page where there is no file.
    if (response.status === 404 || response.status === 410 || type.startsWith("text/html")) {
      // So that the browser's own cache has the newest page when it is reloaded.
      await fetch(location.href, { cache: "reload" }).catch(() => {});
      return `Pinhole was updated, and a cache has kept this page of the version before it: ${name} is gone from ${location.host}. Reload the page; if that does not help, try again in some minutes.`;
    }
    if (!response.ok) {
      return `${location.host} does not give out ${name} (status ${response.status}). Reload the page, or try again later.`;
    }
    if (name.endsWith(".js") && !/javascript|ecmascript/.test(type)) {
      return `${location.host} sends ${name} as ${type}, so the browser does not run it. The host has to send .js files as text/javascript.`;
    }
    return "";
  }

  function say(reason) {
    const app = document.getElementById("app");
    const overlay = document.getElementById("crash-overlay");
    // The app has rendered, or its failure is explained already.
    const isOpening = document.getElementById("boot-opening") || document.getElementById("boot-problem");
    if (!isOpening || !overlay.hidden) return;
    const problem = document.createElement("div");
    problem.id = "boot-problem";
    problem.className = "boot";
    problem.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = reason;
    const reload = document.createElement("button");
    reload.type = "button";
    reload.className = "button primary";
    reload.textContent = "Reload";
    reload.addEventListener("click", () => location.reload());
    problem.append(text, reload);
    app.textContent = "";
    app.append(problem);
  }
})();
