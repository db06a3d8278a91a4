// Loads the engine inside the worker and tells the page how far it is. The engine itself says when it listens.
//
// There are two, with one protocol: where there is no WebGPU to be had, or the page asks for the CPU by `?device=cpu`,
// the one without it, less than half the size.
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

// The same response, reporting as it passes. Its length is unknown when the server compressed it.
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
