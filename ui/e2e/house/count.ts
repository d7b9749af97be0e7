import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

/** How much of an error the last lines show; the whole stands further up. */
const shown = 600;

/** Says at the end what failed and what passed only at a later try, and in one line how many tests there were. */
export default class Count implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed');
    const failed = tests.filter((test) => test.result().state === 'failed');
    const lines: string[] = [];
    for (const test of [...passed, ...failed]) {
      const { state, errors = [] } = test.result();
      if (errors.length === 0) continue;
      lines.push(
        `${state === 'passed' ? 'passed at a later try' : 'failed'}: ${test.module.relativeModuleId} > ${test.fullName}`,
      );
      for (const error of errors) {
        const text = stripVTControlCharacters(error.message);
        lines.push(`  ${text.slice(0, shown).replaceAll('\n', '\n  ')}`);
      }
    }
    lines.push(`browser: ${passed.length} passed${failed.length > 0 ? `, ${failed.length} failed` : ''}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}
