const bars = 64;
const every = 100;
const types = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

export interface Recording {
  readonly file: File;
  readonly duration: number;
  readonly waveform: number[];
}

/** Records one voice message. */
export class Recorder {
  state = $state<'recording' | 'paused' | 'over'>('recording');
  /** Milliseconds that were recorded. */
  length = $state(0);
  /** The loudness so far, from 0 to 100, one value each tenth of a second. */
  levels = $state.raw<readonly number[]>([]);
  #stream: MediaStream;
  #recorder: MediaRecorder;
  #context = new AudioContext();
  #meter: AnalyserNode;
  #chunks: Blob[] = [];
  #timer: ReturnType<typeof setInterval>;

  private constructor(stream: MediaStream) {
    this.#stream = stream;
    const type = types.find((one) => MediaRecorder.isTypeSupported(one));
    this.#recorder = new MediaRecorder(stream, {
      audioBitsPerSecond: 32_000,
      ...(type ? { mimeType: type } : {}),
    });
    this.#recorder.ondataavailable = (event) => event.data.size > 0 && this.#chunks.push(event.data);
    this.#meter = this.#context.createAnalyser();
    this.#meter.fftSize = 1024;
    this.#context.createMediaStreamSource(stream).connect(this.#meter);
    this.#recorder.start(1_000);
    this.#timer = setInterval(() => this.#measure(), every);
  }

  static async open(): Promise<Recorder> {
    const audio = { echoCancellation: true, noiseSuppression: true, channelCount: 1 };
    return new Recorder(await navigator.mediaDevices.getUserMedia({ audio }));
  }

  toggle(): void {
    if (this.state === 'recording') {
      this.#recorder.pause();
      this.state = 'paused';
    } else if (this.state === 'paused') {
      this.#recorder.resume();
      this.state = 'recording';
    }
  }

  async finish(name: string): Promise<Recording> {
    const stopped = new Promise((resolve) =>
      this.#recorder.addEventListener('stop', resolve, { once: true }),
    );
    this.#recorder.stop();
    await stopped;
    const type = this.#recorder.mimeType.split(';')[0] ?? 'audio/webm';
    const file = new File(this.#chunks, `${name}.${type.split('/')[1] ?? 'webm'}`, { type });
    this.discard();
    return { file, duration: this.length, waveform: condense(this.levels) };
  }

  discard(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    clearInterval(this.#timer);
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
  }

  #measure(): void {
    if (this.state !== 'recording') return;
    this.length += every;
    const samples = new Uint8Array(this.#meter.fftSize);
    this.#meter.getByteTimeDomainData(samples);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
    this.levels = [...this.levels, Math.min(100, Math.round((loudest / 128) * 140))];
  }
}

/** Makes so many bars of the levels, each the loudest of its stretch. */
export function condense(levels: readonly number[], count = bars): number[] {
  if (levels.length <= count) return [...levels];
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((at + 1) * levels.length) / count));
    return Math.max(...levels.slice(from, to));
  });
}
