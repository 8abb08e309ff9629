// The pages of runs and of arguments, as somebody uses them: in headless Chromium, without a network.
// In the environment: PAGES, a folder with the pages that .ci/browser makes; CHROMIUM, the browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const pages = process.env.PAGES;
let browser, context, page;
const problems = [];

/** Of all processes of the browser, in CPU time. The aim is one second; where other things run meanwhile it counts up to double. */
const LIMIT_CPU_S = 2;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(() => browser.close());

async function open(name, size = { width: 1280, height: 900 }) {
  await context?.close();
  context = await browser.newContext({ viewport: size, offline: true });
  page = await context.newPage();
  page.on("pageerror", error => problems.push(String(error)));
  page.on("request", request => { if (!/^(file|blob):/.test(request.url())) problems.push(request.url()); });
  await page.goto(pathToFileURL(`${pages}/${name}.html`).href);
  await page.waitForSelector("body[data-ready=yes]", { timeout: 60_000 });
}
const now = () => page.textContent("#now");
const count = async () => Number((await page.textContent("#when")).split(" of ")[1]);
const stale = () => page.locator(".tlb tr.stale").count();
const shot = name => page.screenshot({ path: `${pages}/${name}.png`, fullPage: true });

/** Goes to the moment after the last event of a kind. */
const goToLast = kind => page.evaluate(kind => { const last = stage.player.events.all(kind).at(-1); stage.go(last + 1); return last; }, kind);

/** Goes through a run until something is true of a moment; returns how many moments it was not true of. */
async function until(isSo) {
  await page.keyboard.press("Home");
  const total = await count();
  for (let at = 0; at <= total; at++) {
    if (await isSo()) return at;
    await page.keyboard.press("ArrowRight");
  }
  return total + 1;
}

test("it is one small file that asks for nothing", async () => {
  await open("two-processes");
  assert.ok(statSync(`${pages}/two-processes.html`).size < 2 << 20);
  assert.deepEqual(problems, []);
});

test("it opens with the whole run in view, whatever came after it", async () => {
  await open("two-processes");
  const view = () => page.locator(".timeline canvas").evaluate(canvas => canvas.dataset.view.split(" ").map(Number));
  const steps = await page.evaluate(() => stage.player.events.all("step").map(at => stage.player.events.times[at]));
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
  assert.equal(await page.locator(".log li").count(), 0);
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
  const links = page.locator(".spaces a.iova", { hasText: /^0x100000000$/ });
  let found = false;
  for (let at = total; at > 0 && !found; at -= 1) {
    await page.keyboard.press("ArrowLeft");
    found = (await links.count()) === 2;
  }
  assert.ok(found, "two spaces map 0x100000000 at one moment");
  const physical = [];
  for (const i of [0, 1]) {
    await links.nth(i).click();
    physical.push((await page.textContent(".walk p")).match(/pa (0x[0-9a-f]+)/)[1]);
    assert.equal(await page.locator(".walk tr").count(), 5, "four levels and a head");
    assert.match(await page.textContent(".walk"), /put there at .* by (painter|reader)\[\d+\]/);
  }
  assert.notEqual(physical[0], physical[1]);
  await shot("two-processes");
});

for (const [name, iommu] of [["two-processes", "SMMUv2"], ["which-way-data-moves", "SMMUv3"], ["exynos-fill", "a sysmmu"]]) {
  test(`the TLB of ${iommu} fills, and between steps nothing in it is stale`, async () => {
    await open(name);
    // In the middle of a step an entry is stale for a moment: the table is changed first, and then the TLB invalidated.
    const moments = await page.evaluate(() => {
      const { states, events } = stage.player, seen = { filled: 0, stale: [] };
      for (let moment = 1; moment <= events.size; moment++) {
        const s = states.at(moment);
        for (const entries of s.tlb.values()) {
          for (const at of entries.values()) {
            seen.filled++;
            if (events.is(moment - 1, "step") && states.judge(s, at).startsWith("STALE")) seen.stale.push(events.line(moment - 1));
          }
        }
      }
      return seen;
    });
    assert.ok(moments.filled > 0);
    assert.deepEqual(moments.stale, []);
    await goToLast("fill");
    assert.ok(await page.locator(".tlb tbody tr").count() > 0);
    assert.equal(await stale(), 0);
    await shot(`tlb-${name}`);
  });
}

for (const [name, levels, shift, last] of [["two-processes", 4, 12n, /page\[1\]=1 valid\[0\]=1/], ["exynos-fill", 2, 16n, /type\[1:0\]=01/]]) {
  test(`a click walks the tables of ${name}: level, index, entry and its fields`, async () => {
    await open(name);
    await goToLast("map");
    await page.locator(".spaces a.iova").last().click();
    const rows = page.locator(".walk tbody tr");
    assert.equal(await rows.count(), levels);
    const words = await rows.last().innerText();
    assert.match(words, last);
    const pa = BigInt((await page.textContent(".walk p")).match(/pa (0x[0-9a-f]+)/)[1]);
    assert.equal(BigInt(words.match(/output\[.*?\]=(0x[0-9a-f]+)/)[1]) << shift, pa);
  });
}

test("a picture leads from devices by groups and tables to the bank that walks one now", async () => {
  await open("two-processes");
  const boxes = look => page.locator(`.picture .${look} + text`).allTextContents();
  const lines = async () => (await page.locator(".picture > title").textContent()).split("; ");
  assert.deepEqual(await boxes("device"), ["5000000.gpu", "506a000.gmu"]);
  assert.deepEqual(await boxes("group"), ["0: identity", "1: identity"]);
  assert.deepEqual(await boxes("bank"), ["iommu@5040000 bank 0: pagetable of reader[101]"]);

  await until(async () => (await boxes("bank")).some(bank => /painter/.test(bank)));

  const [table] = (await boxes("own")).filter(own => /painter/.test(own));
  const seen = await lines();
  assert.ok(seen.includes("5000000.gpu - group 0"), seen);
  assert.ok(seen.includes(`table ${table.split(" ")[0]} - iommu@5040000 bank 0`), seen);
  assert.equal(await page.locator(".picture path").count(), seen.length);
  await shot("picture");
});

test("a TLB entry that the table contradicts is marked as stale", async () => {
  await open("stale-tlb");
  assert.ok(await until(async () => (await stale()) > 0) <= await count());
  assert.match(await page.textContent(".tlb tr.stale"), /STALE: unmapped/);
  assert.ok(await until(async () => /mapped elsewhere/.test(await page.textContent(".tlb"))) <= await count());
  await shot("stale");
});

test("it reads on a phone, in print, and by keyboard alone", async () => {
  await open("two-processes", { width: 390, height: 800 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  await shot("phone");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("nav").isVisible(), false);
  await page.pdf({ path: `${pages}/print.pdf` });
  await page.emulateMedia({ media: "screen" });
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("ArrowLeft");
    if (await page.locator(".spaces a.iova").count()) break;
  }
  await page.locator(".spaces a.iova").first().focus();
  await page.keyboard.press("Enter");
  assert.match(await page.textContent(".walk"), /-> pa/);
});

test("the sides of an argument stand beside each other, and two of their runs step together", async () => {
  await open("debate");
  const sides = page.locator(".side");
  assert.ok(await sides.count() >= 2);
  const [one, other] = [await sides.nth(0).boundingBox(), await sides.nth(1).boundingBox()];
  assert.equal(one.y, other.y);
  assert.ok(one.x + one.width <= other.x);
  assert.match(await page.textContent(".side .broken"), /^broken/);
  await page.keyboard.press("Home");
  assert.match(await now(), /before the first event {2}\| {2}before the first event/);
  await page.keyboard.press("ArrowRight");
  assert.match(await now(), /opens .* \| .* opens/);
  assert.equal(await page.locator("main article").count(), 2);
  assert.equal(await page.locator(".source li.here").count(), 2, "each run's scenario follows");
  assert.equal(await page.locator(".steps tr.here").count(), 1);
  assert.ok(await page.locator(".steps tr.differs").count() > 0, "where they part is marked");
  const before = await page.locator("main article h2").nth(1).textContent();
  await page.locator("button", { hasText: "show right" }).last().click();
  assert.notEqual(await page.locator("main article h2").nth(1).textContent(), before);
  await page.keyboard.press("End");
  await shot("debate");
  assert.deepEqual(problems, []);
});

test("an argument reads on a phone and in print", async () => {
  await open("debate", { width: 390, height: 800 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  assert.ok(await page.locator(".steps").evaluate(box => box.scrollWidth <= box.clientWidth), "both columns of steps fit");
  await shot("debate-phone");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".side button").first().isVisible(), false);
  await page.pdf({ path: `${pages}/debate-print.pdf` });
});

test("a lesson stands beside the run that answers it", async () => {
  await open("lesson");
  assert.match(await page.textContent("#argument"), /Question.*Answer.*The lesson.*The run that shows the answer/s);
  assert.equal(await page.locator("main article").count(), 2);
  await shot("lesson");
});

test("no name or text of a scenario becomes a part of the page or turns its lines around", async () => {
  await open("names");
  assert.equal(await page.evaluate(() => globalThis.taken), undefined);
  assert.equal(await page.locator(".source b, .events b, h1 b").count(), 0);
  const shown = await page.innerText("body");
  for (const words of ["</script>", "<!--", "@data@", "<b>bold</b>", "\\u202e", "\\u2028", "\\u0000"]) assert.ok(shown.includes(words), words);
  assert.doesNotMatch(shown, /[\u0000\u200f\u2028\u202e]/);
  assert.deepEqual(problems, []);
});

test("a hundred thousand events open in little CPU time, and a step is quick", async () => {
  await open("two-processes"); // the browser is warm
  const session = await browser.newBrowserCDPSession();
  const used = async () => (await session.send("SystemInfo.getProcessInfo")).processInfo.reduce((sum, each) => sum + each.cpuTime, 0);
  const empty = await context.newPage();
  let opened = Infinity; // the least of three: who else runs here takes caches away, and a clock that is low counts double
  for (let i = 0; i < 3; i++) {
    await empty.goto("about:blank");
    const from = await used();
    await empty.goto(pathToFileURL(`${pages}/many.html`).href);
    await empty.waitForSelector("body[data-ready=yes]", { timeout: 60_000 });
    opened = Math.min(opened, await used() - from);
  }
  const [events, back, middle] = await empty.evaluate(() => {
    const from = performance.now();
    stage.go(stage.count - 1);
    const once = performance.now();
    stage.go(Math.floor(stage.count / 2));
    return [stage.count, once - from, performance.now() - once];
  });
  console.log(`${events} events opened in ${opened.toFixed(2)} s of CPU time; a step back ${Math.round(back)} ms, to the middle ${Math.round(middle)} ms`);
  assert.ok(events >= 100_000, `${events}`);
  assert.ok(opened < LIMIT_CPU_S, `${opened} s`);
});
