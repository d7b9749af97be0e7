/** Plays the streams of sound of a call on the chosen loudspeaker. */
export class Sound {
  /** The browser wants a click before it plays anything. */
  blocked = $state(false);
  #players = new Map<MediaStreamTrack, HTMLAudioElement>();
  #speaker = '';

  /** Plays exactly these tracks. */
  play(tracks: readonly MediaStreamTrack[]): void {
    for (const [track, player] of this.#players) {
      if (tracks.includes(track)) continue;
      player.srcObject = null;
      this.#players.delete(track);
    }
    for (const track of tracks) if (!this.#players.has(track)) this.#add(track);
  }

  /** Tries again after a click. */
  unblock(): void {
    this.blocked = false;
    for (const player of this.#players.values()) void this.#start(player);
  }

  async through(speaker: string): Promise<void> {
    this.#speaker = speaker;
    await Promise.all([...this.#players.values()].map((player) => this.#route(player)));
  }

  stop(): void {
    this.play([]);
    this.blocked = false;
  }

  #add(track: MediaStreamTrack): void {
    const player = new Audio();
    player.autoplay = true;
    player.srcObject = new MediaStream([track]);
    this.#players.set(track, player);
    void this.#route(player);
    void this.#start(player);
  }

  async #start(player: HTMLAudioElement): Promise<void> {
    try {
      await player.play();
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'NotAllowedError') this.blocked = true;
    }
  }

  async #route(player: HTMLAudioElement): Promise<void> {
    // Not every browser lets one choose; then it plays where the system says.
    if ('setSinkId' in player) await player.setSinkId(this.#speaker).catch(() => undefined);
  }
}
