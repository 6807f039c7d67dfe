// How a virtual GPU is attached to a virtual machine.

import { get, vgpuPath } from "./api.js";
import { byId } from "./dom.js";

const dialog = byId("attach");
const vmm = byId("attach-vmm");
const text = byId("attach-text");
let shown = "";

async function show() {
  try {
    text.textContent = (await get(`${vgpuPath(shown)}/attach?vmm=${vmm.value}`)).text;
  } catch (problem) {
    text.textContent = problem.message;
  }
}

vmm.addEventListener("change", show);
byId("attach-close").addEventListener("click", () => dialog.close());

/** Shows it. */
export function openAttach(name) {
  shown = name;
  byId("attach-title").textContent = `Attach ${name}`;
  show();
  dialog.showModal();
}
