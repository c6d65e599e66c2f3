// Rewrites files as build tools do, for scripts/measure_copies: node measure_copies_tools.mjs TOOLS JOBS.json
// TOOLS is a folder whose node_modules hold terser, esbuild and @swc/core; a job is {how, input, output}.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const require = createRequire(path.join(path.resolve(process.argv[2]), "node_modules", "x.js"));
const esbuild = require("esbuild");
const terser = require("terser");
const swc = require("@swc/core");

const outside = {
  name: "outside",
  setup(build) {
    // what the files of six packages import themselves stays outside
    build.onResolve({ filter: /./ }, (args) =>
      args.importer === "<stdin>" ? { path: args.path } : { path: args.path, external: true },
    );
  },
};

const ways = {
  reformatted: async (code) => (await esbuild.transform(code, { legalComments: "none" })).code,
  renamed: async (code) =>
    (await terser.minify(code, { compress: false, mangle: true, format: { beautify: true, comments: false } })).code,
  terser: async (code) => (await terser.minify(code, { format: { comments: false } })).code,
  esbuild: async (code) => (await esbuild.transform(code, { minify: true, legalComments: "none" })).code,
  swc: async (code) =>
    (
      await swc.minify(code, { compress: true, mangle: true, module: "unknown", format: { comments: false } })
    ).code,
  bundle: async (_code, job) => {
    const built = await esbuild.build({
      stdin: {
        contents: job.inputs.map((one, at) => `import * as m${at} from ${JSON.stringify(one)};`).join("\n") +
          `\nwindow.all = [${job.inputs.map((_one, at) => `m${at}`)}];`,
        resolveDir: "/",
      },
      bundle: true, write: false, minify: true, legalComments: "none", platform: "node", format: "iife",
      logLevel: "silent", plugins: [outside],
    });
    return built.outputFiles[0].text;
  },
};

for (const job of JSON.parse(fs.readFileSync(process.argv[3], "utf8"))) {
  try {
    const code = await ways[job.how](job.input ? fs.readFileSync(job.input, "utf8") : "", job);
    if (code) fs.writeFileSync(job.output, code);
  } catch (error) {
    process.stderr.write(`${job.how} ${job.input ?? "bundle"}: ${String(error.message).split("\n")[0]}\n`);
  }
}
