import { describe, expect, it } from 'vitest';
import { type Box, inSight, placeTools } from './place.js';

const free: Box = { top: 100, bottom: 700, left: 300, right: 1200 };
const tools = { width: 400, height: 40 };
const line = (top: number, left = 600, right = 800): Box => ({ top, bottom: top + 24, left, right });

describe('the tools of a selection', () => {
  it('stand above the selected words, in their middle', () => {
    expect(placeTools(line(300), tools, free)).toEqual({ x: 500, y: 250 });
  });

  it('stand below the first line, not on what is over it', () => {
    const { y } = placeTools(line(120), tools, free);
    expect(y).toBe(154);
  });

  it('stand below a selection that begins above what can be seen', () => {
    expect(placeTools({ ...line(40), bottom: 300 }, tools, free).y).toBe(310);
  });

  it('stay on the screen when the selection fills it', () => {
    const { y } = placeTools({ ...line(20), bottom: 900 }, tools, free);
    expect(y).toBeGreaterThanOrEqual(free.top);
    expect(y + tools.height).toBeLessThanOrEqual(free.bottom);
  });

  it('stay beside the edges', () => {
    expect(placeTools(line(300, 300, 310), tools, free).x).toBe(308);
    expect(placeTools(line(300, 1190, 1200), tools, free).x).toBe(792);
  });

  it('go when the selection is scrolled away', () => {
    expect(inSight(line(50), free)).toBe(false);
    expect(inSight(line(90), free)).toBe(true);
    expect(inSight(line(701), free)).toBe(false);
  });
});
