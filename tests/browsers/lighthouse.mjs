// What Lighthouse says of pages: reads {chromium, urls} as JSON, writes for each address its scores
// the audits that cost points, and those that broke, as JSON.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const { chromium, urls } = JSON.parse(await text(process.stdin));
const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
const chrome = await launch({ chromePath: chromium, chromeFlags: flags });
// Nobody looks at a picture of the whole page, and it costs no points; to take it takes a second.
const HOW = (port) => ({ port, output: "json", logLevel: "error", disableFullPageScreenshot: true });
const found = {};
try {
  for (const url of urls) {
    const { lhr } = await lighthouse(url, HOW(chrome.port));
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
    found[url] = { scores, lost, broken };
  }
} finally {
  chrome.kill();
}
process.stdout.write(JSON.stringify(found));

async function text(stream) {
  let all = "";
  for await (const part of stream) all += part;
  return all;
}
