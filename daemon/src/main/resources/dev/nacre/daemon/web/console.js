// The console of a head, by noVNC, for looking only.

import { socket } from "./api.js";
import { byId } from "./dom.js";

const dialog = byId("console");
const state = byId("console-state");
let session = null;

async function viewer() {
  try {
    return (await import("./novnc/core/rfb.js")).default;
  } catch {
    return null;
  }
}

function end() {
  const ended = session;
  session = null;
  ended?.disconnect();
  byId("console-screen").replaceChildren();
}

/** Opens it; `note` says where input goes. */
export async function openConsole(owner, head, note) {
  end();
  byId("console-title").textContent = `${owner}, head ${head.index}`;
  byId("console-note").textContent = note;
  state.textContent = "Connecting…";
  dialog.showModal();
  const Viewer = await viewer();
  if (!Viewer) {
    state.textContent = "This daemon was built without noVNC (its build found no npm). The thumbnails still work.";
    return;
  }
  if (!dialog.open) {
    return;
  }
  const { url, protocols } = socket(head.console);
  const opened = new Viewer(byId("console-screen"), url, { wsProtocols: protocols, shared: true });
  opened.viewOnly = true;
  opened.scaleViewport = true;
  opened.background = "#000";
  opened.addEventListener("connect", () => { state.textContent = "Live"; });
  opened.addEventListener("disconnect", () => {
    if (session === opened) {
      state.textContent = "The console has ended";
      session = null;
    }
  });
  session = opened;
}

byId("console-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", end);
