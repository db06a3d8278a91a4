// Crash overlay. It works after the page's wasm module has failed, so it shares nothing with it but the names below.
const DATABASE = "pinhole";
const RUNS = "runs";
const WEIGHTS = "weights";
const RESTORE_FLAG = "pinhole-restore";

const sheet = document.getElementById("crash-overlay");
const detail = document.getElementById("crash-overlay-detail");
const note = document.getElementById("crash-overlay-note");
const save = document.getElementById("crash-overlay-save");

addEventListener("pinhole-panic", (event) => show(event.detail));
addEventListener("error", (event) => {
  // Chromium reports a late resize observation as an error; nothing is broken then.
  if (event.message?.startsWith("ResizeObserver loop")) return;
  if (event.message) show(event.message);
});
addEventListener("unhandledrejection", (event) => show(event.reason?.message ?? String(event.reason)));

document.getElementById("crash-overlay-reload").addEventListener("click", () => {
  try {
    sessionStorage.setItem(RESTORE_FLAG, "1");
  } catch {
    // Without storage there is nothing to restore either.
  }
  location.reload();
});

save.addEventListener("click", async () => {
  try {
    const stored = await lastWeights();
    if (!stored) {
      note.textContent = "No model was stored yet.";
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([stored.bytes]));
    link.download = `pinhole-last-${stored.kind}.safetensors`;
    link.click();
    note.textContent = `The ${stored.kind} is saved.`;
  } catch (error) {
    note.textContent = `The stored model could not be read: ${error?.message ?? error}`;
  }
});

function show(message) {
  // The first failure is the cause, later ones are its consequences.
  if (!sheet.hidden) return;
  detail.textContent = message;
  sheet.hidden = false;
  document.getElementById("crash-overlay-reload").focus();
}

async function lastWeights() {
  const names = (await indexedDB.databases?.()) ?? [{ name: DATABASE }];
  if (!names.some(({ name }) => name === DATABASE)) return undefined;
  const database = await settled(indexedDB.open(DATABASE));
  if (!database.objectStoreNames.contains(RUNS)) return undefined;
  const stores = database.transaction([RUNS, WEIGHTS]);
  const runs = await settled(stores.objectStore(RUNS).getAll());
  const newest = runs.filter((run) => run.bytes > 0).sort((one, other) => other.stored_at_ms - one.stored_at_ms)[0];
  if (!newest) return undefined;
  const bytes = await settled(stores.objectStore(WEIGHTS).get(newest.id));
  return { bytes, kind: "detector" in newest.kind ? "detector" : "model" };
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
