/** How loud a microphone is right now, for the device check. */
export class Level {
  /** 0 silence to 1 loud. */
  now = $state(0);

  /** Listens to a track; call the result to stop. */
  follow(track: MediaStreamTrack): () => void {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // From -55 dB (quiet room) to -10 dB (loud voice).
      this.now = Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 55) / 45));
    }, 80);
    return () => {
      clearInterval(timer);
      this.now = 0;
      void context.close();
    };
  }
}
