import { strongest, type Applied, type Examined, type Examiner, type StreamExaminer } from "../examiner";
import { masked, type Direction, type Finding, type Scanner } from "./scanner";
import { StreamScanner } from "./stream-scanner";

const appliedOf = (findings: readonly Finding[]): Applied[] => {
  const counts = new Map<string, Applied>();
  for (const { rule, action } of findings)
    counts.set(rule, { rule, action, count: (counts.get(rule)?.count ?? 0) + 1 });
  return [...counts.values()];
};

const examined = (text: string, findings: readonly Finding[]): Examined => ({
  text,
  applied: appliedOf(findings),
  action: strongest(findings.map(({ action }) => action)),
});

/** A policy as the proxy applies it. */
export class PolicyExaminer implements Examiner {
  public constructor(
    private readonly scanner: Scanner,
    public readonly digest: string,
  ) {}

  public prompt(text: string): Examined {
    return this.whole(text, "prompt");
  }

  public answer(text: string): Examined {
    return this.whole(text, "answer");
  }

  public answerStream(): StreamExaminer {
    const stream = new StreamScanner(this.scanner);
    const piece = ({ released, findings }: ReturnType<StreamScanner["push"]>): Examined => examined(released, findings);
    return { push: (text) => piece(stream.push(text)), end: () => piece(stream.end()) };
  }

  private whole(text: string, direction: Direction): Examined {
    const findings = this.scanner.scan(text, direction);
    return examined(findings.length === 0 ? text : masked(text, findings), findings);
  }
}
