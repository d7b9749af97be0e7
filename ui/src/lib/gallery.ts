import type { Component } from 'svelte';
import { Registry } from './registry.svelte.js';

/** A page of the gallery: the views of a feature in their five states, with made-up data. */
export interface GalleryPage {
  readonly id: string;
  readonly title: string;
  readonly order?: number;
  readonly load: () => Promise<{ default: Component }>;
}

export const galleryPages = new Registry<GalleryPage>();
