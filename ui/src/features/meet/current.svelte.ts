import { toasts } from '../../kit/toast.svelte.js';
import { announce } from '../../lib/a11y/announcer.svelte.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { roomCalls } from '../../lib/meeting.svelte.js';
import { live } from '../../lib/realtime/index.js';
import { Call, type Notice } from './call.svelte.js';
import { Devices } from './devices.svelte.js';
import { Peers } from './peers.js';
import { Sound } from './sound.svelte.js';
import type { Summary } from './wire.js';

/** Above this number nobody wants to hear of every coming and going. */
const chatty = 12;

/** The call of this tab, which goes on while one moves through the portal. */
class CurrentCall {
  call = $state.raw<Call | null>(null);
  readonly devices = new Devices();
  readonly sound = new Sound();
  #stop: (() => void) | null = null;

  /** Whether this tab takes part in the meeting. */
  inside(meetingId: string): boolean {
    return this.call?.meeting.id === meetingId && this.call.phase !== 'over';
  }

  enter(meeting: Summary, mic: boolean, camera: boolean): Call {
    this.call?.leave();
    this.#stop?.();
    const call = new Call(meeting, {
      line: live,
      devices: this.devices,
      media: (init) => new Peers(init),
      screen: () =>
        navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true }),
      token: tokenOf(meeting.id),
      notice: (notice) => this.#say(call, notice),
    });
    this.call = call;
    this.#stop = this.#follow(call);
    call.enter(mic, camera);
    return call;
  }

  /** Forgets a call that is over. */
  clear(): void {
    this.#stop?.();
    this.#stop = null;
    this.call = null;
  }

  /** What runs beside a call: its sound, the look at the line, the waking screen. */
  #follow(call: Call): () => void {
    const unwatch = this.devices.watch((kind) => void call.deviceChanged(kind));
    const timer = setInterval(() => void call.measure(), 3_000);
    const gone = () => call.leave();
    addEventListener('pagehide', gone);
    const undo = $effect.root(() => {
      $effect(() => this.sound.play(call.phase === 'over' ? [] : call.slots.sounds));
      $effect(() => (call.phase === 'over' ? undefined : keepAwake()));
      $effect(() => (call.phase === 'over' ? undefined : takePart(call.meeting)));
    });
    return () => {
      unwatch();
      clearInterval(timer);
      removeEventListener('pagehide', gone);
      undo();
      this.sound.stop();
    };
  }

  #say(call: Call, notice: Notice): void {
    switch (notice.kind) {
      case 'came':
        return call.people.all.length <= chatty ? announce(t('meet.came', { name: notice.name })) : undefined;
      case 'left':
        return call.people.all.length <= chatty
          ? announce(t('meet.wentAway', { name: notice.name }))
          : undefined;
      case 'muted':
        return void toasts.show(t('meet.mutedBy', { name: notice.by, source: notice.source }));
      case 'back':
        return announce(t('meet.back'));
    }
  }
}

export const current = new CurrentCall();

/** Remembered for this tab only, so that a reloaded page takes its old place. */
function tokenOf(meetingId: string) {
  const key = `rathaus.meet.${meetingId}`;
  return {
    read: () => {
      try {
        return sessionStorage.getItem(key) ?? '';
      } catch {
        return '';
      }
    },
    write: (token: string) => {
      try {
        if (token) sessionStorage.setItem(key, token);
        else sessionStorage.removeItem(key);
      } catch {
        // Without it the old place stays visible for some seconds.
      }
    },
  };
}

/** Lets the rest of the portal know where the person is. */
function takePart(meeting: Summary): () => void {
  roomCalls.present = meeting;
  return () => {
    if (roomCalls.present?.id === meeting.id) roomCalls.present = null;
  };
}

/** Keeps a phone's screen on during a call, where the browser can. */
function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let done = false;
  const ask = async () => {
    if (document.visibilityState !== 'visible' || done) return;
    lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (done) void lock?.release();
  };
  void ask();
  document.addEventListener('visibilitychange', ask);
  return () => {
    done = true;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
}
