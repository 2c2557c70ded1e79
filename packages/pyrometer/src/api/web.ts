/** The web app's files, its pages' paths, and the headers that keep a browser careful. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendText } from "./answer.ts";

/** Vite puts a hash of the content into the names in this folder: such a file never changes. */
const HASHED_PATH = /^\/assets\//;

/** Styles may be inline: the chart and component libraries set them. Scripts may not. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
  "referrer-policy": "same-origin",
};

const NOT_BUILT = `<!doctype html>
<html lang="en">
<title>Pyrometer</title>
<h1>Pyrometer is running; its web app is not built</h1>
<p>In the repository, run <code>npm run build</code> and reload this page.</p>
<p>Meanwhile: <a href="/metrics">/metrics</a>, <a href="/api/v1/targets">targets</a>,
<a href="/api/v1/rules">rules</a>, <a href="/api/pyrometer/v1/status">status</a>.</p>
</html>
`;

/** Serves `webDir`, or says that there is none. */
export async function registerWeb(app: FastifyInstance, webDir: string | undefined): Promise<void> {
  if (webDir === undefined || !existsSync(join(webDir, "index.html"))) {
    app.get("/", async (_, reply) => sendHtml(reply, NOT_BUILT));
    return;
  }
  await app.register(fastifyStatic, {
    root: webDir,
    wildcard: true,
    index: ["index.html"],
    cacheControl: false,
    dotfiles: "ignore",
    setHeaders(reply, path) {
      const isHashed = HASHED_PATH.test(path.slice(webDir.length).replaceAll("\\", "/"));
      const caching = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
      reply.setHeader("cache-control", caching);
    },
  });
}

/**
 * Whether a path that no route and no file answers to is a page of the app, whose own router
 * shall have it: asked for by a browser to be looked at, and not for a file with an extension.
 */
export function isPage(request: FastifyRequest, path: string): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  if (/\.[a-z0-9]+$/i.test(path) && !path.startsWith("/d/")) return false;
  return (request.headers.accept ?? "").includes("text/html");
}

export async function sendPage(
  reply: FastifyReply,
  webDir: string | undefined,
): Promise<FastifyReply> {
  if (webDir === undefined || !existsSync(join(webDir, "index.html"))) {
    return sendText(reply, 404, "Cannot find this page: the web app is not built\n");
  }
  reply.header("cache-control", "no-cache");
  return sendHtml(reply, await readFile(join(webDir, "index.html"), "utf8"));
}

function sendHtml(reply: FastifyReply, html: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(html);
}
