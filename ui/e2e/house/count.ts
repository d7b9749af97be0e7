import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end, in one line, how many tests there were. */
export default class Count implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const passed = states.filter((state) => state === 'passed').length;
    const failed = states.filter((state) => state === 'failed').length;
    process.stdout.write(`browser: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}\n`);
  }
}
