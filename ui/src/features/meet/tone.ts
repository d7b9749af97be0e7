/** Tones are made, not loaded. Without a gesture on the page browsers stay silent, which is fine. */

interface Note {
  readonly at: number;
  readonly pitch: number;
}

const rings: readonly Note[] = [
  { at: 0, pitch: 659.3 },
  { at: 0.18, pitch: 880 },
  { at: 0.5, pitch: 659.3 },
  { at: 0.68, pitch: 880 },
];

const test: readonly Note[] = [
  { at: 0, pitch: 523.3 },
  { at: 0.25, pitch: 659.3 },
  { at: 0.5, pitch: 784 },
];

function strike(context: AudioContext, note: Note, loudness: number): void {
  const start = context.currentTime + note.at;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.type = 'triangle';
  tone.frequency.value = note.pitch;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.4);
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.45);
}

/** Rings every three seconds until the result is called. */
export function ring(): () => void {
  const context = new AudioContext();
  const once = () => {
    for (const note of rings) strike(context, note, 0.18);
    navigator.vibrate?.([200, 100, 200]);
  };
  once();
  const timer = setInterval(once, 3_000);
  return () => {
    clearInterval(timer);
    navigator.vibrate?.(0);
    void context.close();
  };
}

/** Three notes on the chosen loudspeaker. */
export async function testTone(speaker: string): Promise<void> {
  const context = new AudioContext();
  if (speaker !== '' && 'setSinkId' in context) {
    await (context as AudioContext & { setSinkId(id: string): Promise<void> })
      .setSinkId(speaker)
      .catch(() => undefined);
  }
  for (const note of test) strike(context, note, 0.25);
  setTimeout(() => void context.close(), 1_500);
}
