/** What lies over everything and is loaded only when it is wanted. */
class Overlay {
  palette = $state(false);
  shortcuts = $state(false);

  openPalette(): void {
    this.palette = true;
  }
}

export const overlay = new Overlay();
