// Counts the WebGPU calls of a step, and the memory held. It runs before the engine, in its worker, or before a peer, in
// its page, and reports on the channel "pinhole-probe". With `self.probe.nullGpu` no work is dispatched: what remains is
// the time of a step on the host, the limit with an infinitely fast GPU.
(() => {
  const channel = new BroadcastChannel("pinhole-probe");
  const counts = { dispatches: 0, submits: 0, buffers: 0, bind_groups: 0, uploads: 0, upload_bytes: 0 };
  let gpuBytes = 0;
  let before;

  const wrap = (type, method, onCall) => {
    const original = type.prototype[method];
    type.prototype[method] = function (...values) {
      const result = original.apply(this, values);
      onCall(values, result, this);
      return result;
    };
  };

  if (self.GPUDevice) {
    // A buffer that is not destroyed holds its bytes until it is collected.
    const collected = new FinalizationRegistry((bytes) => (gpuBytes -= bytes));
    const sizes = new WeakMap();
    wrap(GPUDevice, "createBuffer", ([{ size }], buffer) => {
      counts.buffers += 1;
      gpuBytes += size;
      sizes.set(buffer, size);
      collected.register(buffer, size, buffer);
    });
    wrap(GPUBuffer, "destroy", (_, __, buffer) => {
      if (!collected.unregister(buffer)) return;
      gpuBytes -= sizes.get(buffer);
    });
    wrap(GPUDevice, "createBindGroup", () => (counts.bind_groups += 1));
    wrap(GPUQueue, "submit", () => (counts.submits += 1));
    wrap(GPUQueue, "writeBuffer", ([, , data, , size]) => {
      counts.uploads += 1;
      counts.upload_bytes += size ?? data.byteLength;
    });
    for (const method of ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"]) {
      if (self.probe.nullGpu) GPUComputePassEncoder.prototype[method] = () => undefined;
      wrap(GPUComputePassEncoder, method, () => (counts.dispatches += 1));
    }
  }

  const memories = [];
  for (const method of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[method];
    WebAssembly[method] = async (...values) => {
      const result = await original(...values);
      const { memory } = (result.instance ?? result).exports;
      if (memory) memories.push(memory);
      return result;
    };
  }

  const begin = () => (before = { ...counts });
  const end = (steps) => {
    const perStep = Object.entries(counts).map(([name, count]) => [name, (count - before[name]) / steps]);
    channel.postMessage({ per_step: Object.fromEntries(perStep) });
  };
  Object.assign(self.probe, { begin, end });

  // The engine's messages report its progress; their counts are BigInts.
  if (!self.document) {
    const post = self.postMessage.bind(self);
    self.postMessage = (message, ...rest) => {
      const event = message?.event;
      if (event === "bench_started") begin();
      if (event?.bench_ended) end(Number(event.bench_ended.steps));
      if (event?.progress) {
        const wasm_bytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
        channel.postMessage({ step: Number(event.progress.step), wasm_bytes, gpu_bytes: gpuBytes });
      }
      post(message, ...rest);
    };
  }
})();
