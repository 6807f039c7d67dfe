// The virtual GPUs: their cards with thumbnails, and the form that creates one.

import { get, post, remove, vgpuPath } from "./api.js";
import { openAttach } from "./attach.js";
import { bytes, byId, element, keyed, percent, setTerms, setText } from "./dom.js";
import { screensOf } from "./screens.js";
import { sparkline } from "./sparkline.js";

const VM_NOTE = "This is for looking only. The keyboard and the mouse are the virtual machine's own: use what its "
  + "hypervisor offers, such as QEMU's own VNC server with a USB tablet.";

/** Does something, and says what was wrong if it fails. */
async function attempt(button, action, changed) {
  const problem = byId("problem");
  // A button that is disabled loses the focus.
  const focused = document.activeElement === button;
  problem.hidden = true;
  button.disabled = true;
  try {
    await action();
  } catch (refusal) {
    problem.textContent = refusal.message;
    problem.hidden = false;
  } finally {
    button.disabled = false;
    if (focused) {
      button.focus();
    }
  }
  changed();
}

function card(vgpu, changed) {
  const name = vgpu.name;
  const path = vgpuPath(name);
  const state = element("span", { className: "state" });
  const terms = element("dl");
  const spark = sparkline(`Load of ${name}`, ["graphics", "copy"]);
  const screens = screensOf(name, VM_NOTE);
  const action = (text, act) => {
    const button = element("button", { type: "button", textContent: text, "aria-label": `${text} ${name}` });
    button.addEventListener("click", () => act(button));
    return button;
  };
  const root = element("article", { className: "card", "aria-label": `Virtual GPU ${name}` },
    element("div", { className: "head" }, element("h3", { textContent: name }), state),
    screens.root, spark.root, terms,
    element("div", { className: "actions" },
      action("Attach", () => openAttach(name)),
      action("Reset", (button) => {
        if (confirm(`Reset ${name}? A guest that uses it loses its GPU.`)) {
          attempt(button, () => post(`${path}/reset`), changed);
        }
      }),
      action("Delete", (button) => {
        if (confirm(`Delete ${name}? A guest that uses it loses its GPU.`)) {
          attempt(button, () => remove(path), changed);
        }
      })));
  root.dataset.vgpu = name;
  return {
    root,
    update(now) {
      state.dataset.state = now.state;
      setText(state, now.reason ? `${now.state}: ${now.reason}` : now.state);
      screens.show(now.heads);
      const used = now.usage ?? {};
      spark.add({ graphics: used.graphicsPercent, copy: used.copyPercent });
      const guest = now.guest?.driverLoaded ? `driver ${now.guest.driverVersion ?? "loaded"}` : "no driver";
      setTerms(terms, [
        ["Type", `${now.type} on ${now.board}`],
        ["Memory", `${bytes(used.fbUsedBytes ?? 0)} used of ${bytes(now.fbBytes)}`],
        ["Load", `graphics ${percent(used.graphicsPercent)}, copies ${percent(used.copyPercent)}`],
        ["Guest", now.connected ? guest : "no VMM"],
        ["Socket", now.socket],
      ]);
    },
    remove() {
      if (root.contains(document.activeElement)) {
        byId("vgpus").focus();
      }
      screens.show([]);
    },
  };
}

/** Prepares the form, and returns what shows virtual GPUs; `changed` is called when one was changed here. */
export function vgpus(changed) {
  const form = byId("create");
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const wanted = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
    attempt(form.querySelector("button"), async () => {
      await post("/v1/vgpus", wanted);
      form.elements.namedItem("name").value = "";
    }, changed);
  });
  const show = keyed(byId("vgpus"), (vgpu) => vgpu.uuid, (vgpu) => card(vgpu, changed));
  return (all) => {
    show(all);
    byId("no-vgpus").hidden = all.length > 0;
  };
}

function setOptions(select, options) {
  const text = JSON.stringify(options);
  if (select.dataset.shown !== text) {
    select.dataset.shown = text;
    const chosen = select.value;
    select.replaceChildren(...options.map(([value, label, disabled]) =>
      element("option", { value, textContent: label, disabled })));
    if (options.some(([value]) => value === chosen)) {
      select.value = chosen;
    }
  }
}

/** Offers what can be created now. */
export async function showTypes(boards) {
  const { types } = await get("/v1/types");
  setOptions(byId("create-type"), types.map((type) => {
    const left = type.boards.reduce((sum, board) => sum + board.creatable, 0);
    return [type.name, `${type.name}: ${bytes(type.fbBytes)}, ${type.heads} heads, ${left} left`, left === 0];
  }));
  const forThem = boards.filter((board) => board.client === "vfio").map((board) => [board.name, board.name, false]);
  setOptions(byId("create-board"), [["", "any", false], ...forThem]);
  byId("create").hidden = forThem.length === 0;
}
