// Builds styles, scripts and fonts into src/hotich/web/dist/hotich (git-ignored; Django finds it by STATICFILES_DIRS).
// Entries: every src/hotich/<app>/ts/<name>.ts and src/hotich/<app>/css/<name>.css; what they import lies in subfolders.
import { build, context } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const apps = dirname(web);
const watching = process.argv.includes("--watch");
// Built beside what is served and put in its place at the end: who collects the files meanwhile finds the old ones whole.
const fresh = watching ? web : mkdtempSync(join(web, ".build-"));
if (!watching) process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));
const out = join(fresh, "dist", "hotich");

/** Files of one kind at the top of each app's folder. Two apps may not use one name: the output would be one file. */
function entries(folder, ending) {
  const found = {};
  for (const app of readdirSync(apps)) {
    const here = join(apps, app, folder);
    if (!existsSync(here)) continue;
    for (const file of readdirSync(here).filter((name) => name.endsWith(ending) && !name.endsWith(".d.ts"))) {
      const name = file.slice(0, -ending.length);
      if (found[name]) throw new Error(`Two entries named ${name}: ${found[name]} and ${join(here, file)}`);
      found[name] = join(here, file);
    }
  }
  return found;
}

/** The print fonts go to Typst by path, not to browsers: TTF, out of the folder that is served. */
function copyPrintFonts() {
  const from = join(web, "..", "..", "..", "node_modules", "@expo-google-fonts", "tinos");
  const to = join(fresh, "build", "print-fonts");
  mkdirSync(to, { recursive: true });
  for (const style of ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"]) {
    copyFileSync(join(from, style, `Tinos_${style}.ttf`), join(to, `Tinos-${style}.ttf`));
  }
}

/**
 * Bootstrap without what no page has and every page pays for: at each change of the focus its `:focus-within` and below it `*`
 * style the whole row anew, and `:valid` and `:invalid` (of `.was-validated`) every field at each letter typed in it.
 */
const lighterBootstrap = {
  name: "lighter-bootstrap",
  setup({ onLoad }) {
    onLoad({ filter: /bootstrap\.min\.css$/ }, ({ path }) => ({ contents: lighter(readFileSync(path, "utf8")), loader: "css" }));
  },
};

function lighter(css) {
  const rule = /([^{}]+)(\{[^{}]*\})/g;
  return css.replace(",.visually-hidden-focusable:not(:focus):not(:focus-within) *", "").replace(rule, (whole, selectors, body) => {
    if (!selectors.includes(".was-validated")) return whole;
    const kept = selectors.split(",").filter((each) => !each.includes(".was-validated"));
    return kept.length ? kept.join(",") + body : "";
  });
}

/** File by file over what was there, each by one rename; then what is no more goes. No file that stays is ever missing. */
function swapIn() {
  for (const folder of ["dist", "build"]) {
    const made = filesIn(join(fresh, folder));
    for (const name of made) {
      mkdirSync(dirname(join(web, folder, name)), { recursive: true });
      renameSync(join(fresh, folder, name), join(web, folder, name));
    }
    for (const name of filesIn(join(web, folder))) if (!made.includes(name)) rmSync(join(web, folder, name), { force: true });
  }
}

function filesIn(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}

if (watching) for (const folder of ["dist", "build"]) rmSync(join(web, folder), { recursive: true, force: true });
copyPrintFonts();
const common = { bundle: true, minify: !watching, outdir: out, logLevel: "warning", legalComments: "eof" };
const scripts = { ...common, entryPoints: entries("ts", ".ts"), format: "iife", target: ["chrome109", "firefox115"] };
const styles = {
  ...common,
  entryPoints: entries("css", ".css"),
  plugins: [lighterBootstrap],
  target: ["chrome109", "firefox115"],
  loader: { ".woff2": "file" },
  // The names stay as they are: base.html loads two of them ahead, and Django's manifest adds its own hash.
  assetNames: "fonts/[name]",
};
if (watching) {
  for (const options of [scripts, styles]) await (await context(options)).watch();
} else {
  const ends = await Promise.allSettled([build(scripts), build(styles)]); // both ended: none writes after the other failed
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  swapIn();
}
