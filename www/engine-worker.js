// Loader of the engine in the worker; it reports the progress of the download to the page.
//
// There are two modules with the same protocol. Without a WebGPU adapter, or if the page asks for the CPU by
// `?device=cpu`, the one without WebGPU is loaded, which is less than half the size.
const REPORT_EVERY_BYTES = 128 * 1024;

// `cargo xtask build` moves the modules to a folder named by their version, and writes it here and into the page.
const VERSION = "none";
const FOLDER = VERSION === "none" ? "./" : `./engine-${VERSION}/`;

const OTHER_VERSION = "Pinhole was updated, and a cache has kept a part of the version before it. Reload the page.";

try {
  await refuseOtherVersion();
  const name = FOLDER + ((await canUseGpu()) ? "pinhole-worker" : "pinhole-worker-cpu");
  const module = import(`${name}.js`);
  // The module's failure is handled below, after that of the download beside it.
  module.catch(() => {});
  const response = await fetch(new URL(`${name}_bg.wasm`, import.meta.url));
  // Some hosts answer with their start page where there is no file.
  if (response.status === 404 || response.headers.get("content-type")?.startsWith("text/html")) {
    throw new Error(OTHER_VERSION);
  }
  if (!response.ok) throw new Error(`The engine could not be fetched (status ${response.status}). Reload the page.`);
  const { default: start } = await module;
  await start({ module_or_path: counted(response) });
} catch (error) {
  postMessage({ panicked: explained(error) });
}

// The reader of tables that are no text is a module of its own, fetched when a file asks for it. Its memory can be used up
// by one file: then it is started anew, under another address, as a module's script has one memory.
let formats = null;
let formatsStarts = 0;

self.loadFormats = () => {
  formats ??= startFormats().catch((error) => {
    formats = null;
    throw new Error(`The reader of such files could not be fetched (${error?.message ?? error}). Try again.`);
  });
  return formats;
};

self.forgetFormats = () => {
  formats = null;
};

async function startFormats() {
  const module = await import(`${FOLDER}pinhole-formats.js${formatsStarts === 0 ? "" : `?start=${formatsStarts}`}`);
  formatsStarts += 1;
  await module.default();
  return {
    guessEncoding: module.guessEncoding,
    convert: (files, part) => new module.Conversion(files, part),
    writer: (files, origin, width, headings) => new module.ScoredWriter(files, origin, width, headings),
  };
}

// The page names the version of the engine that it was built with.
async function refuseOtherVersion() {
  const wanted = new URL(import.meta.url).searchParams.get("engine");
  if (wanted === null || wanted === VERSION) return;
  // So that the browser's own cache has the newest loader when the page is reloaded.
  await fetch(import.meta.url, { cache: "reload" }).catch(() => {});
  throw new Error(OTHER_VERSION);
}

function explained(error) {
  const message = error?.message ?? String(error);
  if (error instanceof RangeError || /out of memory|allocate memory/i.test(message)) {
    return `There is not enough memory for the engine. Close other tabs or programs, then reload the page. (${message})`;
  }
  // Its script and its wasm do not fit together, or one of them is something else.
  if (error instanceof WebAssembly.LinkError || error instanceof WebAssembly.CompileError) {
    return `${OTHER_VERSION} (${message})`;
  }
  return error instanceof TypeError
    ? `The engine could not be fetched: the connection failed, or its files are not on this host. Reload the page. (${message})`
    : message;
}

async function canUseGpu() {
  if (new URL(import.meta.url).searchParams.get("device") === "cpu") return false;
  try {
    return Boolean(await navigator.gpu?.requestAdapter());
  } catch {
    return false;
  }
}

// Returns the same response, and reports its progress. The total is unknown if the server compressed it.
function counted(response) {
  const compressed = response.headers.has("content-encoding");
  const total = compressed ? 0 : Number(response.headers.get("content-length") ?? 0);
  let loading = 0;
  let reported = 0;
  const meter = new TransformStream({
    transform(chunk, controller) {
      loading += chunk.byteLength;
      if (loading - reported >= REPORT_EVERY_BYTES || loading === total) {
        reported = loading;
        postMessage({ loading, total });
      }
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(meter), { headers: { "content-type": "application/wasm" } });
}
