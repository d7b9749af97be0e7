/** Whether shortcuts are written with ⌘. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
