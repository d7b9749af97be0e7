import type { Bytes } from '../../lib/crypto/bytes.js';
import { MemoryVault, type PadVault, type PendingFrame } from '../../lib/padsync/vault.js';
import { IdbVault } from '../../lib/padsync/vault-idb.js';

let opened: Promise<PadVault> | null = null;

/** What this device keeps of pads. Guests leave no copy behind, only edits still under way. */
export async function vaultFor(guest: boolean): Promise<PadVault> {
  opened ??= open();
  const vault = await opened;
  return guest ? new WithoutCopies(vault) : vault;
}

async function open(): Promise<PadVault> {
  const vault = new IdbVault();
  return vault.ready().then(
    () => vault,
    () => new MemoryVault(),
  );
}

class WithoutCopies implements PadVault {
  readonly #vault: PadVault;

  constructor(vault: PadVault) {
    this.#vault = vault;
  }

  pending(pad: string): Promise<PendingFrame[]> {
    return this.#vault.pending(pad);
  }

  keep(pad: string, pending: PendingFrame): Promise<void> {
    return this.#vault.keep(pad, pending);
  }

  drop(pad: string, ids: readonly string[]): Promise<void> {
    return this.#vault.drop(pad, ids);
  }

  async copy(): Promise<Bytes | null> {
    return null;
  }

  async setCopy(): Promise<void> {}
}
