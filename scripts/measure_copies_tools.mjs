// Rewrites files as build tools do, for scripts/measure_copies: node measure_copies_tools.mjs TOOLS JOBS.json
// TOOLS is a folder whose node_modules hold terser, esbuild and @swc/core, for retire.js also retire and, beside
// node_modules, retire.json with its repository of patterns; a job is {how, input, output}.
import { createRequire } from "node:module";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";

const require = createRequire(path.join(path.resolve(process.argv[2]), "node_modules", "x.js"));
const esbuild = require("esbuild");
const terser = require("terser");
const swc = require("@swc/core");

// what retire.js itself says of files: by their names, their content, their syntax trees
const retire = (job) => {
  const engine = require("retire/lib/retire.js");
  const { deepScan } = require("retire/lib/deepscan.js");
  const hasher = { sha1: (data) => crypto.createHash("sha1").update(data).digest("hex") };
  const said = fs.readFileSync(path.join(process.argv[2], "retire.json"), "utf8");
  const patterns = JSON.parse(engine.replaceVersion(said));
  const found = {};
  for (const [file, name] of job.files) {
    const code = fs.readFileSync(file, "utf8");
    const results = [...engine.scanFileName(name, patterns), ...engine.scanFileContent(code, patterns, hasher)];
    try {
      results.push(...deepScan(code, patterns));
    } catch {
      // no script that it can parse
    }
    found[file] = results.map((one) => [one.basePurl ?? "pkg:npm/" + (one.npmname ?? one.component), one.version]);
  }
  return JSON.stringify(found);
};

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
    const way = job.how === "retire" ? () => retire(job) : ways[job.how];
    const code = await way(job.input ? fs.readFileSync(job.input, "utf8") : "", job);
    if (code) fs.writeFileSync(job.output, code);
  } catch (error) {
    process.stderr.write(`${job.how} ${job.input ?? "bundle"}: ${String(error.message).split("\n")[0]}\n`);
  }
}
