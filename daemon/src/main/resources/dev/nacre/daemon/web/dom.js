// Elements and texts. Nothing here knows the API.

/** Makes an element: its properties (or, with a dash in their name, attributes), then its children. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-")) {
      made.setAttribute(key, value);
    } else {
      made[key] = value;
    }
  }
  made.append(...children);
  return made;
}

/** An element of the page by its id. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`No element ${id}`);
  }
  return found;
}

/** Changes a text only if it is another, so that nothing is read out again. */
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** Fills a list of terms and their values. */
export function setTerms(list, pairs) {
  const text = JSON.stringify(pairs);
  if (list.dataset.shown !== text) {
    list.dataset.shown = text;
    list.replaceChildren(...pairs.flatMap(([term, value]) => [
      element("dt", { textContent: term }),
      element("dd", { textContent: value }),
    ]));
  }
}

/** Bytes for people. */
export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A share for people. */
export function percent(value) {
  return `${Math.round(value ?? 0)} %`;
}

/**
 * Keeps an element for each item of a list, in its order, so that focus and pictures stay where they are.
 *
 * make(item) gives {root, update(item), remove?()}.
 */
export function keyed(parent, keyOf, make) {
  const known = new Map();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, view] of known) {
      if (!keys.has(key)) {
        view.remove?.();
        view.root.remove();
        known.delete(key);
      }
    }
    items.forEach((item, index) => {
      const key = keyOf(item);
      let view = known.get(key);
      if (!view) {
        view = make(item);
        known.set(key, view);
      }
      if (parent.children[index] !== view.root) {
        parent.insertBefore(view.root, parent.children[index] ?? null);
      }
      view.update(item);
    });
  };
}
