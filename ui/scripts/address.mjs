// How a German text addresses whoever reads it. A town chooses Sie or du, so every text that addresses
// has both forms: "key" and "key@du" among the messages, {Sie|du} in the help.

const formal = /\b(?:Sie|Ihnen|Ihre[mnrs]?)\b|\bIhr\b(?! \p{Ll}+t\b)/u;
const familiar = /\b(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|eue?re?[mnrs]?)\b/iu;
/** The verb of the formal address left in front of du: "können du". */
const mixed = /\b(?!den\b|denen\b|wen\b)\p{L}+en du\b/iu;

/** The word that addresses formally, or null. "Ihr schreibt" addresses several people by du. @param {string} text */
export const sieIn = (text) => formal.exec(text)?.[0] ?? null;

/** The word that addresses by du, or null. @param {string} text */
export const duIn = (text) => familiar.exec(text)?.[0] ?? null;

/** What in a text by du is left of the other address, or null. @param {string} text */
export const slipIn = (text) => sieIn(text) ?? mixed.exec(text)?.[0] ?? null;

const pair = /\{([^{}|\n]*)\|([^{}|\n]*)\}/g;

/** Chooses one of the two forms in every {Sie|du} of a text. @param {string} text @param {'sie' | 'du'} formality */
export const addressed = (text, formality) => text.replace(pair, formality === 'du' ? '$2' : '$1');
