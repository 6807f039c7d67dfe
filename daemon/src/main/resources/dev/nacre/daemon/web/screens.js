// The heads of a virtual GPU, or of a board for programs, in small.

import { getBlob } from "./api.js";
import { openConsole } from "./console.js";
import { element, keyed, setText } from "./dom.js";

const THUMBNAIL_WIDTH = 320;

/** A head: a button with its picture, which opens the console. */
function screen(owner, index, note) {
  const picture = element("img", { alt: "", hidden: true });
  const off = element("span", { className: "off" });
  const root = element("button", { type: "button", className: "screen" }, picture, off);
  let head = { active: false };
  let loading = false;
  root.addEventListener("click", () => openConsole(owner, head, note));
  return {
    root,
    async update(now) {
      head = now;
      root.setAttribute("aria-label", `Console of ${owner}, head ${index}, ${now.active ? "on" : "off"}`);
      setText(off, now.active ? "" : `Head ${index} is off`);
      off.hidden = now.active;
      if (!now.active) {
        picture.hidden = true;
        return;
      }
      if (loading) {
        return;
      }
      loading = true;
      try {
        const blob = await getBlob(`${now.screenshot}?width=${THUMBNAIL_WIDTH}`);
        const before = picture.src;
        picture.src = URL.createObjectURL(blob);
        await picture.decode();
        picture.hidden = false;
        URL.revokeObjectURL(before);
      } catch {
        // The head, or whose it is, went off between the question and the picture.
      } finally {
        loading = false;
      }
    },
    remove() {
      URL.revokeObjectURL(picture.src);
    },
  };
}

/**
 * Makes a row of heads; `show` takes them as the daemon tells them, and leaves out those that are off but the first.
 *
 * `note` says in the console where input goes.
 */
export function screensOf(owner, note) {
  const root = element("div", { className: "screens" });
  const all = keyed(root, (head) => head.index, (head) => screen(owner, head.index, note));
  return {
    root,
    show(heads) {
      root.hidden = heads.length === 0;
      all(heads.filter((head) => head.active || head.index === 0));
    },
  };
}
