import { randomBytes, type KeyObject } from "node:crypto";
import { sealVerdict, noMark, type StackVerdict, type VerdictOutcome } from "./stack-verdict";
import { updateId, type StandingState } from "./standing-state";
import { checkStanding, gatedMessage, markOf, type KeptVerdict, type StandingCheck } from "./ungated";

/** Where states are read from and verdicts are kept: the engine's backend, or the files of a rehearsal. */
export interface VerdictStore {
  /** What stands; undefined where there is no such stack. */
  readState(stack: string): Promise<StandingState | undefined>;
  readVerdict(stack: string): Promise<KeptVerdict>;
  keepVerdict(stack: string, sealed: string, members: Readonly<Record<string, string>>): Promise<void>;
}

/** Keeps a signed verdict for each stack, bound to its state, and finds out what happened without the gate. */
export class VerdictKeeper {
  /** The state of each stack as it was last signed here. */
  private readonly signed = new Map<string, string>();

  public constructor(
    private readonly store: VerdictStore,
    private readonly publicKey: KeyObject,
    /** Left out by who only looks. */
    private readonly privateKey?: KeyObject,
  ) {}

  /** Whether a stack stands as the gate last left it. */
  public async check(stack: string): Promise<StandingCheck> {
    const [state, kept] = await Promise.all([this.store.readState(stack), this.store.readVerdict(stack)]);
    return state === undefined ? {} : checkStanding(state, kept, this.publicKey);
  }

  /** Notes that an update through the gate begins. @returns the message that it has to carry. */
  public async begin(stack: string): Promise<string> {
    const token = randomBytes(16).toString("hex");
    await this.sign(stack, "begun", markOf(token));
    return gatedMessage(token);
  }

  /** Signs what stands after an update, whatever became of it. */
  public async updated(stack: string, succeeded: boolean): Promise<void> {
    await this.sign(stack, succeeded ? "updated" : "stopped");
  }

  /**
   * Signs the judgement of what stands.
   *
   * @returns whether what stands is still what was signed last: else something else was judged, and nothing is signed.
   */
  public async judged(stack: string, released: boolean): Promise<boolean> {
    const state = await this.store.readState(stack);
    if (state === undefined || this.signed.get(stack) !== state.sha256) return false;
    await this.keep(state, released ? "released" : "not-released");
    return true;
  }

  /** Takes what stands for what is about to be judged. */
  public async take(stack: string): Promise<void> {
    const state = await this.store.readState(stack);
    if (state !== undefined) this.signed.set(stack, state.sha256);
  }

  private async sign(stack: string, outcome: VerdictOutcome, mark = noMark): Promise<void> {
    const state = await this.store.readState(stack);
    if (state !== undefined) await this.keep(state, outcome, mark);
  }

  private async keep(state: StandingState, outcome: VerdictOutcome, mark = noMark): Promise<void> {
    if (this.privateKey === undefined) throw new Error("nothing is signed without the private half of the key");
    const { stack, sha256, updates, members } = state;
    const at = `${new Date().toISOString().slice(0, 19)}Z`;
    const verdict: StackVerdict = { stack, outcome, state: sha256, at, lastUpdate: updateId(updates[0]), mark };
    await this.store.keepVerdict(stack, sealVerdict(verdict, this.privateKey), members);
    this.signed.set(stack, sha256);
  }
}
