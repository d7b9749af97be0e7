// The emoji of the house, for devices that have none of their own: Noto Color Emoji in parts that
// are loaded by need, under a name that hides no font of the device (see --font in kit/tokens.css).
const sheet = /@infolektuell\/noto-color-emoji\/index\.css$/;

/** @returns {import('vite').Plugin} */
export function emojiFont() {
  return {
    name: 'emoji-font',
    enforce: 'pre',
    transform(code, id) {
      return sheet.test(id) ? code.replaceAll(/(['"])Noto Color Emoji\1/g, '"House Emoji"') : undefined;
    },
  };
}
