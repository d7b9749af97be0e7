import { describe, expect, it } from 'vitest';
import { cornerAt, cornerByKey, cornerOf, corners, nextCorner } from './stage-place.js';

describe('the corners of the floating stage', () => {
  it('follow each other clockwise', () => {
    expect(corners.map(nextCorner)).toEqual(['topRight', 'bottomRight', 'bottomLeft', 'topLeft']);
  });

  it('are reached by the arrows, and no other key', () => {
    expect(cornerByKey('topRight', 'ArrowDown')).toBe('bottomRight');
    expect(cornerByKey('topRight', 'ArrowLeft')).toBe('topLeft');
    expect(cornerByKey('bottomLeft', 'ArrowUp')).toBe('topLeft');
    expect(cornerByKey('bottomLeft', 'ArrowRight')).toBe('bottomRight');
    expect(cornerByKey('bottomLeft', 'ArrowLeft')).toBe('bottomLeft');
    expect(cornerByKey('bottomLeft', 'Enter')).toBe(null);
  });

  it('catch what is dropped near to them', () => {
    const area = { width: 390, height: 844 };
    expect(cornerAt({ x: 60, y: 80 }, area)).toBe('topLeft');
    expect(cornerAt({ x: 300, y: 500 }, area)).toBe('bottomRight');
  });

  it('are known by name only', () => {
    expect(cornerOf('bottomLeft')).toBe('bottomLeft');
    expect(cornerOf('middle')).toBe(null);
    expect(cornerOf(null)).toBe(null);
  });
});
