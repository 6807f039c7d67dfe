// What happens, the newest first.

import { byId, element } from "./dom.js";

const MOST = 200;
const list = byId("events");

/** Adds an event to the list. */
export function addEvent(event) {
  const when = new Date(event.time);
  const time = element("time", { textContent: when.toLocaleTimeString(), dateTime: event.time, title: event.time });
  list.prepend(element("li", { title: event.kind }, time, element("span", { textContent: event.text })));
  while (list.children.length > MOST) {
    list.lastChild.remove();
  }
}
