// The page of a run, as somebody uses it: in headless Chromium, without a network.
// In the environment: PAGES, a folder with two-processes.html; CHROMIUM, the browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const pages = process.env.PAGES;
let browser, context, page;
const problems = [];

/** A second on a machine of its own; this may be one that does other things too. */
const LIMIT_MS = 5_000;

/** The page of the same run, had the driver invalidated nothing. */
function writeStale() {
  const whole = readFileSync(`${pages}/two-processes.html`, "utf8");
  const without = whole.replace(/(id="events-data">)(.*?)(<\/script>)/s, (_, head, events, tail) =>
    head + JSON.stringify(JSON.parse(events).filter(each => each.k !== "inv")).replaceAll("<", "\\u003c") + tail);
  assert.notEqual(without, whole);
  writeFileSync(`${pages}/stale.html`, without);
}

before(async () => {
  writeStale();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(() => browser.close());

async function open(name, size = { width: 1280, height: 900 }) {
  await context?.close();
  context = await browser.newContext({ viewport: size, offline: true });
  page = await context.newPage();
  page.on("pageerror", error => problems.push(String(error)));
  page.on("request", request => { if (!request.url().startsWith("file:")) problems.push(request.url()); });
  await page.goto(pathToFileURL(`${pages}/${name}.html`).href);
  await page.waitForSelector("body[data-ready=yes]", { timeout: 60_000 });
}
const now = () => page.textContent("#now");
const count = async () => Number((await page.textContent("#when")).split(" of ")[1]);

test("it is one small file that asks for nothing", async () => {
  await open("two-processes");
  assert.ok(statSync(`${pages}/two-processes.html`).size < 2 << 20);
  assert.deepEqual(problems, []);
});

test("it opens with the whole run in view, whatever came after it", async () => {
  await open("two-processes");
  const view = () => page.locator("#lanes").evaluate(canvas => canvas.dataset.view.split(" ").map(Number));
  const steps = await page.evaluate(() => JSON.parse(document.getElementById("events-data").textContent).filter(each => each.k === "step").map(each => each.t));
  const [from, to] = await view();
  assert.ok(from < steps[0] && steps.at(-1) < to, `${from} ${to}`);
  assert.ok(to - from < 2 * (steps.at(-1) - steps[0]), "no more than the run");
  await page.keyboard.press("+");
  const [nearer, end] = await view();
  assert.ok(end - nearer < to - from);
});

test("keys step forwards and backwards, and every view follows", async () => {
  await open("two-processes");
  const end = await page.innerText("main");
  await page.keyboard.press("Home");
  assert.equal(await now(), "before the first event");
  assert.equal(await page.locator("#log li").count(), 0);
  for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowRight");
  const thirtieth = await page.innerText("main");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.innerText("main"), thirtieth, "a step and back is the same moment");
  await page.keyboard.press("End");
  assert.equal(await page.innerText("main"), end);
});

test("at the end of a job both processes have one address and two memories; a click walks there", async () => {
  await open("two-processes");
  const total = await count();
  let found = false;
  for (let at = total; at > 0 && !found; at -= 1) {
    await page.keyboard.press("ArrowLeft");
    const rows = await page.locator("#spaces a.iova", { hasText: /^0x100000000$/ }).count();
    found = rows === 2;
  }
  assert.ok(found, "two spaces map 0x100000000 at one moment");
  const links = page.locator("#spaces a.iova", { hasText: /^0x100000000$/ });
  const physical = [];
  for (const i of [0, 1]) {
    await links.nth(i).click();
    physical.push((await page.textContent("#walk p")).match(/pa (0x[0-9a-f]+)/)[1]);
    assert.equal(await page.locator("#walk tr").count(), 5, "four levels and a head");
    assert.match(await page.textContent("#walk"), /put there at .* by (painter|reader)\[\d+\]/);
  }
  assert.notEqual(physical[0], physical[1]);
  await page.screenshot({ path: `${pages}/two-processes.png`, fullPage: true });
});

test("with invalidations nothing is ever stale", async () => {
  await open("two-processes");
  await page.keyboard.press("Home");
  for (let at = await count(); at > 0; at--) {
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator("#tlb tr.stale").count(), 0, await now());
  }
});

test("a TLB entry that the table contradicts is marked as stale", async () => {
  await open("stale");
  await page.keyboard.press("Home");
  let stale = 0;
  for (let at = await count(); at > 0 && stale === 0; at--) {
    await page.keyboard.press("ArrowRight");
    stale = await page.locator("#tlb tr.stale").count();
  }
  assert.ok(stale > 0);
  assert.match(await page.textContent("#tlb tr.stale"), /STALE/);
  await page.screenshot({ path: `${pages}/stale.png`, fullPage: true });
});

test("it reads on a phone, in print, and by keyboard alone", async () => {
  await open("two-processes", { width: 390, height: 800 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  await page.screenshot({ path: `${pages}/phone.png`, fullPage: true });
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("nav").isVisible(), false);
  await page.pdf({ path: `${pages}/print.pdf` });
  await page.emulateMedia({ media: "screen" });
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("ArrowLeft");
    if (await page.locator("#spaces a.iova").count()) break;
  }
  await page.locator("#spaces a.iova").first().focus();
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("#walk"), /-> pa/);
});

test("a hundred thousand events open in a moment", async () => {
  await open("two-processes");
  const took = await page.evaluate(async () => {
    const data = JSON.parse(document.getElementById("events-data").textContent);
    const many = Array.from({ length: 100_000 }, (_, i) => ({ ...data[i % data.length], t: data.at(-1).t + i }));
    const copy = document.documentElement.cloneNode(true);
    copy.querySelector("#events-data").textContent = JSON.stringify(many).replaceAll("<", "\\u003c");
    delete copy.querySelector("body").dataset.ready;
    const frame = document.createElement("iframe");
    const url = URL.createObjectURL(new Blob(["<!DOCTYPE html>" + copy.outerHTML], { type: "text/html" }));
    const from = performance.now();
    await new Promise(done => { frame.onload = done; frame.src = url; document.body.append(frame); });
    return performance.now() - from;
  });
  console.log(`opened in ${Math.round(took)} ms`);
  assert.ok(took < LIMIT_MS, `${took} ms`);
});
