// Loader of the engine in the worker; it reports the progress of the download to the page.
//
// There are two modules with the same protocol. Without a WebGPU adapter, or if the page asks for the CPU by
// `?device=cpu`, the one without WebGPU is loaded, which is less than half the size.
const REPORT_EVERY_BYTES = 128 * 1024;

try {
  const name = (await canUseGpu()) ? "pinhole-worker" : "pinhole-worker-cpu";
  const module = import(`./${name}.js`);
  const response = await fetch(new URL(`${name}_bg.wasm`, import.meta.url));
  if (!response.ok) throw new Error(`the engine could not be fetched (status ${response.status})`);
  const { default: start } = await module;
  await start({ module_or_path: counted(response) });
} catch (error) {
  postMessage({ panicked: `The engine did not start: ${error?.message ?? error}` });
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
