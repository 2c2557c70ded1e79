/** Builds the web app into the pyrometer package, which serves it. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../pyrometer/dist/web",
    emptyOutDir: true,
    // What React 19 and CSS container queries need anyway.
    target: ["chrome111", "firefox114", "safari16.4"],
    // No inline <script>: the server's Content-Security-Policy allows 'self' only.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": process.env.PYROMETER_URL ?? "http://127.0.0.1:9090" },
  },
});
