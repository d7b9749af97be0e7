/** Colour maths for the town's accent: sRGB, oklab and WCAG contrast. */

export interface Oklch {
  l: number;
  c: number;
  h: number;
}

type Triple = readonly [number, number, number];

/** The lightest light surface and the lightest dark one that accent text can stand on. */
const paper: Oklch = { l: 0.966, c: 0, h: 0 };
const night: Oklch = { l: 0.265, c: 0, h: 0 };
const legible = 4.6;

/** Reads #rgb or #rrggbb; anything else is null. */
export function parseHex(text: string): Triple | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  const parts = (short ?? long)
    ?.slice(1)
    .map((part) => Number.parseInt(short ? part + part : part, 16) / 255);
  const [r, g, b] = parts ?? [];
  return r === undefined || g === undefined || b === undefined ? null : [r, g, b];
}

const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

export function toOklch([red, green, blue]: Triple): Oklch {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(a, bb),
    h: ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360,
  };
}

/** Linear-light sRGB of a colour; parts outside 0…1 are out of gamut. */
function toLinear({ l, c, h }: Oklch): Triple {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const ll = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const mm = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const ss = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * ll - 3.3077115913 * mm + 0.2309699292 * ss,
    -1.2684380046 * ll + 2.6097574011 * mm - 0.3413193965 * ss,
    -0.0041960863 * ll - 0.7034186147 * mm + 1.707614701 * ss,
  ];
}

/** WCAG relative luminance. */
export function luminance(colour: Oklch): number {
  const [r, g, b] = toLinear(colour).map((v) => Math.min(1, Math.max(0, v))) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast ratio, 1 … 21. */
export function contrast(one: Oklch, other: Oklch): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The same colour with as much chroma as sRGB can show. */
export function intoGamut(colour: Oklch): Oklch {
  let c = colour.c;
  const fits = () => toLinear({ ...colour, c }).every((v) => v >= -0.0005 && v <= 1.0005);
  while (c > 0.001 && !fits()) c *= 0.97;
  return { ...colour, c: c > 0.001 ? c : 0 };
}

/** Moves the lightness of accent step by step until it is legible on ground. */
function legibleOn(ground: Oklch, accent: Oklch, step: number): Oklch {
  let colour = intoGamut(accent);
  while (contrast(colour, ground) < legible && colour.l > 0.05 && colour.l < 0.98) {
    colour = intoGamut({ ...accent, l: colour.l + step });
  }
  return colour;
}

const css = ({ l, c, h }: Oklch) => `oklch(${(l * 100).toFixed(2)}% ${c.toFixed(4)} ${h.toFixed(1)})`;

/** The custom properties tokens.css builds on, from the town's one colour; null if it is not a colour. */
export function accentTokens(hex: string): Record<string, string> | null {
  const rgb = parseHex(hex);
  if (!rgb) return null;
  const accent = toOklch(rgb);
  const light = legibleOn(paper, { ...accent, l: Math.min(accent.l, 0.58) }, -0.01);
  const dark = legibleOn(
    night,
    { ...accent, l: Math.max(accent.l, 0.74), c: Math.min(accent.c, 0.14) },
    0.01,
  );
  return {
    '--town-hue': accent.h.toFixed(1),
    '--town-tint': Math.min(1, accent.c / 0.06).toFixed(2),
    '--town-light': css(light),
    '--town-dark': css(dark),
  };
}

/** Gives the whole page the town's accent; an unreadable colour leaves the default. */
export function applyAccent(hex: string, root: HTMLElement = document.documentElement): void {
  for (const [name, value] of Object.entries(accentTokens(hex) ?? {})) root.style.setProperty(name, value);
}
