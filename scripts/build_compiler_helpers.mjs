// Has compilers write their helpers beside a text of ours: node build_compiler_helpers.mjs TOOLS OUTPUT_FOLDER
// TOOLS/node_modules holds typescript, @swc/core, esbuild and terser.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const require = createRequire(path.join(path.resolve(process.argv[2]), "node_modules", "x.js"));
const ts = require("typescript");
const swc = require("@swc/core");
const esbuild = require("esbuild");
const terser = require("terser");
const out = process.argv[3];

const text = `
import first, { second as third } from "./one";
import * as all from "./two";
export * from "./three";
export { first, third };
function mark(_target: any, _key?: any, _place?: any): any {}
@mark
class Base { @mark field = 1; #hidden = 2; static made = 3; @mark take(@mark _value: any) { return this.#hidden; }
  get seen() { return this.#hidden; } set seen(value) { this.#hidden = value; } has(other: any) { return #hidden in other; } }
class Child extends Base { constructor() { super(); } other() { return super.take(1); } static async later() { await 1; } }
async function wait(list: any) { for await (const one of list) { await one; } try { return await list; } catch (e) { throw e; } }
function* count() { const got: any = yield 1; yield* count(); return got; }
async function* stream() { yield await 1; yield* stream(); }
const spread = (a: any, ...rest: any[]) => ({ ...a, b: [...rest, ...a], ...all });
const { x, ...others } = spread(1) as any; const [p, q = 2, ...r] = others;
for (const [k, v] of Object.entries(others)) { console.log(k, v, typeof k, x, p, q, r); }
const tag = (s: any, ...v: any[]) => s; export const made = tag\`a\${1}b\`; export default Child;
export const find = (a: any) => a?.b?.[1] ?? 2 ** 3; export const load = () => import("./four");
new (Child as any)(...others); enum Color { Red, Blue } namespace Space { export const deep = Color.Red; } export { Space, wait, count, stream };
`;

const made = {};
for (const target of ["ES5", "ES2015", "ES2017", "ES2020"])
  for (const module of ["CommonJS", "ESNext", "UMD", "AMD"])
    for (const legacy of [true, false]) {
      const options = {
        target: ts.ScriptTarget[target], module: ts.ModuleKind[module], experimentalDecorators: legacy,
        emitDecoratorMetadata: legacy, downlevelIteration: true, esModuleInterop: true,
      };
      made[`ts-${target}-${module}-${legacy}`] = ts.transpileModule(text, { compilerOptions: options }).outputText;
    }
for (const target of ["es5", "es2015", "es2017", "es2020"])
  for (const type of ["commonjs", "es6"])
    made[`swc-${target}-${type}`] = swc.transformSync(text, {
      jsc: { parser: { syntax: "typescript", decorators: true }, target, externalHelpers: false,
        transform: { legacyDecorator: true, decoratorMetadata: true } },
      module: { type },
    }).code;
for (const target of ["es2015", "es2017", "es2020", "esnext"])
  for (const format of ["cjs", "iife", "esm"])
    made[`esbuild-${target}-${format}`] = esbuild.transformSync(text, {
      loader: "ts", target, format, tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
      supported: { "for-await": true, "async-generator": true },
    }).code;
fs.mkdirSync(out, { recursive: true });
for (const [name, code] of Object.entries(made)) {
  fs.writeFileSync(path.join(out, `${name}.js`), code);
  try {
    fs.writeFileSync(path.join(out, `${name}.min.js`), (await terser.minify(code, { module: true })).code);
  } catch (error) {
    process.stderr.write(`${name}: ${error.message}\n`);
  }
}
