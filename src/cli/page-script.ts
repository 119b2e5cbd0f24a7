// Owns putting the modules of a page into one script, so that the page needs no other file. Made for what tsc writes: one import or
// export at the beginning of a line, named exports only.
import { readFileSync } from 'node:fs'

/**
 * Each module becomes a function that is called once and gives its exports, after those it imports. Names stay its own.
 * @param entry compiled JavaScript
 */
export function inlinedScript(entry: URL): string {
  const written: string[] = []
  const names = new Map<string, string>()
  const nameOf = (module: URL): string => {
    const known = names.get(module.href)
    if (known !== undefined) return known
    const name = `module${names.size}`
    names.set(module.href, name)
    written.push(asFunction(name, readFileSync(module, 'utf8'), (path) => nameOf(new URL(path, module))))
    return name
  }
  nameOf(entry)
  return written.join('\n')
}

function asFunction(name: string, text: string, nameOf: (path: string) => string): string {
  const exported = [...text.matchAll(/^export (?:async )?(?:class|const|function) (\w+)/gm)].map(([, each]) => each)
  const body = text
    .replaceAll(/^import \{(.+)\} from '(.+)';$/gm, (_, list: string, path: string) => {
      return `const {${list.replaceAll(/ as /g, ': ')}} = ${nameOf(path)};`
    })
    .replaceAll(/^export \{\};$/gm, '')
    .replaceAll(/^export /gm, '')
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
  return `const ${name} = (() => {\n${body.trim()}\nreturn { ${exported.join(', ')} };\n})();`
}
