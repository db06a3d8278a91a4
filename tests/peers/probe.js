// What a step asks of WebGPU, and what memory is held. It runs before the engine, in its worker, or before a peer, in
// its page; the window hears of it on the channel "pinhole-probe". With `self.probe.nullGpu` the device is never given
// work: what is left is the host's part of a step, the limit with an endlessly fast GPU.
(() => {
  const channel = new BroadcastChannel("pinhole-probe");
  const counts = { dispatches: 0, submits: 0, buffers: 0, bind_groups: 0, uploads: 0, upload_bytes: 0 };
  let gpuBytes = 0;
  let before;

  const around = (type, method, heard) => {
    const original = type.prototype[method];
    type.prototype[method] = function (...values) {
      const result = original.apply(this, values);
      heard(values, result, this);
      return result;
    };
  };

  if (self.GPUDevice) {
    // A buffer that is not destroyed holds its bytes until it is collected.
    const collected = new FinalizationRegistry((bytes) => (gpuBytes -= bytes));
    const sizes = new WeakMap();
    around(GPUDevice, "createBuffer", ([{ size }], buffer) => {
      counts.buffers += 1;
      gpuBytes += size;
      sizes.set(buffer, size);
      collected.register(buffer, size, buffer);
    });
    around(GPUBuffer, "destroy", (_, __, buffer) => {
      if (!collected.unregister(buffer)) return;
      gpuBytes -= sizes.get(buffer);
    });
    around(GPUDevice, "createBindGroup", () => (counts.bind_groups += 1));
    around(GPUQueue, "submit", () => (counts.submits += 1));
    around(GPUQueue, "writeBuffer", ([, , data, , size]) => {
      counts.uploads += 1;
      counts.upload_bytes += size ?? data.byteLength;
    });
    for (const method of ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"]) {
      if (self.probe.nullGpu) GPUComputePassEncoder.prototype[method] = () => undefined;
      around(GPUComputePassEncoder, method, () => (counts.dispatches += 1));
    }
  }

  const memories = [];
  for (const method of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[method];
    WebAssembly[method] = async (...values) => {
      const made = await original(...values);
      const { memory } = (made.instance ?? made).exports;
      if (memory) memories.push(memory);
      return made;
    };
  }

  const begin = () => (before = { ...counts });
  const end = (steps) => {
    const perStep = Object.entries(counts).map(([name, count]) => [name, (count - before[name]) / steps]);
    channel.postMessage({ per_step: Object.fromEntries(perStep) });
  };
  Object.assign(self.probe, { begin, end });

  // The engine says by its letters where it is; its counts are BigInts.
  if (!self.document) {
    const post = self.postMessage.bind(self);
    self.postMessage = (letter, ...rest) => {
      const event = letter?.event;
      if (event === "bench_started") begin();
      if (event?.bench_ended) end(Number(event.bench_ended.steps));
      if (event?.progress) {
        const wasm_bytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
        channel.postMessage({ step: Number(event.progress.step), wasm_bytes, gpu_bytes: gpuBytes });
      }
      post(letter, ...rest);
    };
  }
})();
