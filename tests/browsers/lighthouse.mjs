// What Lighthouse says of pages: reads {chromium, urls} as JSON, writes for each address its scores
// the audits that cost points, and those that broke, as JSON.
//
// Lighthouse tells how soon a page can be read on a phone of the middle class: it takes this
// machine to be a quick desktop (a benchmarkIndex of 1,500 and more) and its processor to be four
// times as quick as the phone's. A slower machine is measured first, and is as many times quicker
// than that same phone as it is; its docs/throttling.md asks for this («Calibrating the CPU
// slowdown»). Else a slow machine finds fault with a page that a quick one does not.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const { chromium, urls } = JSON.parse(await text(process.stdin));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
const chrome = await launch({ chromePath: chromium, chromeFlags: flags });
const QUICK = { index: 1500, slowdown: 4 };
// Nobody looks at a picture of the whole page, and it costs no points; to take it takes a second.
const HOW = { port: chrome.port, output: "json", logLevel: "error", disableFullPageScreenshot: true };
const found = {};
try {
  const slowdown = slowdownOf(await indexOf(urls[0]));
  const config = {
    extends: "lighthouse:default",
    settings: { throttling: { cpuSlowdownMultiplier: slowdown } },
  };
  for (const url of urls) {
    const { lhr } = await lighthouse(url, HOW, config);
    const mode = (audit) => lhr.audits[audit].scoreDisplayMode;
    const scores = Object.fromEntries(
      Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]),
    );
    const lost = Object.values(lhr.categories).flatMap(({ id, auditRefs }) =>
      auditRefs
        .filter(({ id: audit, weight }) => weight > 0 && (lhr.audits[audit].score ?? 1) < 0.9)
        .map(({ id: audit }) => `${id}: ${lhr.audits[audit].title}`),
    );
    // An audit that broke has no score, and its category none either: it says nothing of the page.
    // Those that weigh nothing break with every browser that is newer than Lighthouse.
    const broken = Object.values(lhr.categories).flatMap(({ id, auditRefs }) =>
      auditRefs
        .filter(({ id: audit, weight }) => weight > 0 && mode(audit) === "error")
        .map(({ id: audit }) => `${id}: ${lhr.audits[audit].errorMessage}`),
    );
    if (lhr.runtimeError) broken.push(lhr.runtimeError.message);
    found[url] = { scores, lost, broken, slowdown };
  }
} finally {
  chrome.kill();
}
process.stdout.write(JSON.stringify(found));

async function indexOf(url) {
  const { lhr } = await lighthouse(url, { ...HOW, onlyAudits: ["viewport"] });
  return lhr.environment.benchmarkIndex;
}

function slowdownOf(index) {
  return Math.max(1, Math.min(QUICK.slowdown, (QUICK.slowdown * index) / QUICK.index));
}

async function text(stream) {
  let all = "";
  for await (const part of stream) all += part;
  return all;
}
