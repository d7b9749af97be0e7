/** The current minute, so that "heute" and "vor 5 Minuten" stay true while a page is open. */
class Clock {
  now = $state.raw(new Date());

  /** Starts ticking; call the result to stop. */
  run(): () => void {
    const timer = setInterval(() => {
      this.now = new Date();
    }, 30_000);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
