import { flowEndName, flows, type Flow } from "../../../components/flows";
import type { OnSiteEnvironment } from "../../../components/foundation/on-site/on-site-plan";
import type { PrivateCloudEnvironment } from "../../../components/foundation/private-cloud/private-cloud-plan";
import { markup, type Markup } from "../../../policies/evidence/markup";
import type { Environment } from "../../../stacks/environment";
import { Drawing } from "./drawing";
import { drawPlatform, pictureWidth } from "./platform";
import { drawPrivateCloud } from "./private-cloud";
import { drawSite } from "./site";

/** The two halves of a picture: the upper one is the same for every environment. */
export interface Halves {
  readonly platform: Drawing;
  readonly ground: Drawing;
  readonly height: number;
}

export function drawHalves(environment: Environment, table: readonly Flow[] = flows): Halves {
  const [platform, ground] = [new Drawing(), new Drawing()];
  const middle = drawPlatform(platform, table);
  const bottom =
    environment.footprint.kind === "private-cloud"
      ? drawPrivateCloud(ground, middle, environment as PrivateCloudEnvironment)
      : drawSite(ground, middle, environment as OnSiteEnvironment);
  return { platform, ground, height: bottom + 12 };
}

/** The network picture of an environment, as an SVG that needs nothing from outside the page. */
export function networkPicture(environment: Environment): Markup {
  const { platform, ground, height } = drawHalves(environment);
  const connections = flows.map((flow) => `${flowEndName(flow.from)} to ${flowEndName(flow.to)}, port ${flow.port}`);
  return markup`<svg viewBox="0 0 ${pictureWidth} ${Math.ceil(height)}" width="${pictureWidth}" height="${Math.ceil(height)}" role="img" aria-labelledby="picture-title picture-text">
<title id="picture-title">The platform of ${environment.name}, and the ${environment.footprint.kind} ground it stands on</title>
<desc id="picture-text">Above, the platform's zones and the flows between them: ${connections.join("; ")}. In the middle, the Substrate. Below, what carries it. The tables of this page say the same in words.</desc>
<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto"><path d="M0 0L10 5L0 10z" class="tip" /></marker></defs>
<g class="ground-half">${ground.markup()}</g>
<g class="platform-half">${platform.markup()}</g>
</svg>`;
}
