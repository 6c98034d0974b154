import type { EvidenceInput } from "./evidence";
import { markup, type Markup } from "./markup";
import { picture, undrawn } from "./page-picture";

export function flowFigure(input: EvidenceInput): Markup {
  return markup`<figure>
    <div class="scroll" tabindex="0" role="group" aria-label="Picture of the zones and flows">${picture(input)}</div>
    <figcaption>
      Solid: mutual TLS. Dashed: server TLS. Dotted red: no TLS. Numbers are ports. ${undrawn(input.flows).join(" ")}
    </figcaption>
  </figure>`;
}

export function flowTable({ flows }: Pick<EvidenceInput, "flows">): Markup {
  const tls = { mutual: "mutual TLS", server: "server TLS", none: "none" } as const;
  return markup`<table class="stack">
    <caption>
      A connection that is not in this list does not exist.
    </caption>
    <thead>
      <tr>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col">Port</th>
        <th scope="col">TLS</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      ${flows.map(
        (flow) =>
          markup`<tr>
            <th scope="row">${flow.from}</th>
            <td>${flow.to}</td>
            <td class="mono">${flow.port}</td>
            <td>${tls[flow.tls]}</td>
            <td>${flow.why}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
