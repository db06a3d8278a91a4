// Starts the page. Trunk writes the hashed file names into the script tag.
const tag = document.querySelector("script[data-module]");
const { default: start } = await import(`./${tag.dataset.module}`);
await start({ module_or_path: new URL(tag.dataset.wasm, document.baseURI) });
