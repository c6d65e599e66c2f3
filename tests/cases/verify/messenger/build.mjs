// Builds src/index.js: `node build.mjs esbuild|vite`. Vite also writes what Rollup rendered, chunk by chunk.
import { writeFileSync } from "node:fs";

if (process.argv[2] === "esbuild") {
  const { build } = await import("esbuild");
  const made = await build({
    entryPoints: ["src/index.js"], bundle: true, minify: true, platform: "browser", metafile: true,
    outdir: "dist-esbuild", legalComments: "none", logLevel: "error",
  });
  writeFileSync("dist-esbuild/meta.json", JSON.stringify(made.metafile));
} else {
  const { build } = await import("vite");
  const account = {
    name: "account",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((chunk) => chunk.modules);
      const told = chunks.map(({ fileName, modules }) => [
        fileName,
        { fileName, modules: Object.fromEntries(Object.entries(modules).map(([id, { renderedLength }]) => [id, { renderedLength }])) },
      ]);
      writeFileSync("account.json", JSON.stringify(Object.fromEntries(told)));
    },
  };
  await build({
    root: "src", logLevel: "error", plugins: [account],
    build: { outDir: "../dist-vite", emptyOutDir: true, sourcemap: true, manifest: true, target: "esnext" },
  });
}
