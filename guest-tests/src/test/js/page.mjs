// Does in the page what a person would, by keyboard where that is the point. Says what it has done on standard output,
// one word a line, and waits for a line on standard input where the test has to do its part.
//
// page.mjs PLAYWRIGHT BROWSER ADDRESS NAME TYPE PICTURES

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [playwright, browser, address, name, type, pictures] = process.argv.slice(2);
const { chromium } = await import(pathToFileURL(playwright));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// TIMEOUT: what the page shows follows within seconds; a busy machine needs many times that.
const BOUND_MS = 120_000;

function say(word) {
  console.log(word);
}

async function turn() {
  await lines.next();
}

/** What the console shows: the number of pixels that are not black, and all of it as a text. */
function canvas() {
  const shown = document.querySelector("#console-screen canvas");
  if (!shown || shown.width === 0) {
    return { lit: 0, all: "" };
  }
  const { data } = shown.getContext("2d").getImageData(0, 0, shown.width, shown.height);
  let lit = 0;
  for (let i = 0; i < data.length; i += 4) {
    lit += data[i] + data[i + 1] + data[i + 2] > 0 ? 1 : 0;
  }
  return { lit, all: shown.toDataURL() };
}

async function until(page, what, holds) {
  const end = Date.now() + BOUND_MS;
  for (;;) {
    const shown = await page.evaluate(canvas);
    if (holds(shown)) {
      return shown;
    }
    if (Date.now() > end) {
      throw new Error(`Never: ${what}`);
    }
    await page.waitForTimeout(250);
  }
}

const chrome = await chromium.launch({
  executablePath: browser,
  args: ["--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  const page = await chrome.newPage({ ignoreHTTPSErrors: true, viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(BOUND_MS);
  page.on("dialog", (dialog) => dialog.accept());
  page.on("pageerror", (error) => say(`error ${error.message.split("\n")[0]}`));

  await page.goto(address);
  await page.getByRole("article", { name: /^Board / }).first().waitFor();
  await page.getByLabel("Name").waitFor();
  await page.getByLabel("Name").focus();
  await page.keyboard.type(name);
  await page.getByLabel("Type").selectOption(type);
  await page.getByLabel("Name").press("Enter");
  await page.getByRole("article", { name: `Virtual GPU ${name}` }).waitFor();
  say("created");

  await turn();
  await page.getByRole("button", { name: `Console of ${name}, head 0, on` }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText("The keyboard and the mouse are the virtual machine's own").waitFor();
  const first = await until(page, "the console shows a picture", (shown) => shown.all !== "");
  say("open");

  await turn();
  await until(page, "the console shows the guest's text", (shown) => shown.lit > 500 && shown.all !== first.all);
  await page.screenshot({ path: `${pictures}/changed.png` });
  say("changed");

  await turn();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `Delete ${name}` }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("There is none yet.").waitFor();
  await page.getByText(`${name} was removed`).first().waitFor();
  say("deleted");
} finally {
  await chrome.close();
}
process.exit(0);
