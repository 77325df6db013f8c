// A worker without any library: counts the words of a text, in steps, so that it can be polled.
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const KEY = process.env.WORKER_KEY;
const STEPS = 4;
const jobs = new Map(); // id -> { id, text, done, cancelled }
const starts = new Map(); // Idempotency-Key -> { id, digest }

const canonical = (value) =>
  Array.isArray(value) ? value.map(canonical)
  : value && typeof value === "object"
    ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, canonical(value[name])]))
    : value;

function start(request, body) {
  let payload;
  try { payload = JSON.parse(body); } catch { return [400, { error: { code: "invalid_json", message: "The body is not JSON." } }]; }
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return [400, { error: { code: "invalid_json", message: "The body is no object." } }];
  if (payload.mode !== "smoke") return [422, { error: { code: "unsupported_mode", message: "This worker has: smoke." } }];
  const key = request.headers["idempotency-key"] || randomUUID();
  const digest = createHash("sha256").update(JSON.stringify(canonical(payload))).digest("hex");
  const known = starts.get(key);
  if (known && known.digest !== digest) return [422, { error: { code: "idempotency_mismatch", message: "This key came with another body." } }];
  if (known) return [202, { jobId: known.id, status: state(jobs.get(known.id)) }];
  const job = { id: randomUUID(), text: String(payload.text ?? payload.site), done: 0 };
  jobs.set(job.id, job);
  starts.set(key, { id: job.id, digest });
  setInterval(function () { if (++job.done >= STEPS) clearInterval(this); }, 100);
  return [202, { jobId: job.id, status: "queued" }];
}

const state = (job) => (job.done >= STEPS ? "completed" : job.done ? "running" : "queued");

function status(job) {
  if (!job) return [404, { error: { code: "job_unknown", message: "No job of that id." } }];
  const told = { jobId: job.id, status: state(job), progress: { done: job.done, total: STEPS, unit: "steps" } };
  if (job.done < STEPS) return [200, told];
  const words = job.text.split(/[^a-z]+/i).filter(Boolean).length;
  return [200, { ...told, result: { outputs: { words }, provenance: { words: "measured" } } }];
}

function answer(request, body) {
  const { pathname, searchParams } = new URL(request.url, "http://worker");
  const call = `${request.method} ${pathname}`;
  if (call === "GET /health") return [200, { status: "ok", service: "word_count", contract: "v1", level: "idempotent", modes: ["smoke"], outputs: ["words"] }];
  const { authorization, "x-api-key": given } = request.headers;
  if (authorization !== `Bearer ${KEY}` && given !== KEY) return [401, { error: { code: "unauthorized", message: "The key is missing or wrong." } }];
  if (call === "POST /start") return start(request, body);
  if (call === "GET /status") return status(jobs.get(searchParams.get("jobId")));
  return [404, { error: { code: "not_found", message: call } }];
}

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const [code, document] = answer(request, body);
  response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(document));
}).listen(Number(process.env.PORT ?? 0), "127.0.0.1", function () { console.log(this.address().port); });
