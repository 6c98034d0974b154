import { unlike, type Twins, type Unlike } from "./parity-manifests";

const units: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, "": 1 };

/** Bytes of what a manifest or Compose says. */
export function memory(text: string | undefined): number | undefined {
  const [, count = "", unit = ""] = /^(\d+)(\w*)$/.exec(text ?? "") ?? [];
  return text === undefined ? undefined : Number(count) * (units[unit] ?? Number.NaN);
}

/** Three probes and the one health check; a check that asks as often as the probe is still not the kubelet's. */
export function unlikeProbes({ object, container, service, at }: Twins): Unlike[] {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const { healthcheck = {} } = service;
  const asked = { startupProbe, readinessProbe, livenessProbe };
  const whole = unlike(
    object,
    Object.entries(asked).map(([field, probe]) => [at(field), probe, undefined]),
  );
  if (readinessProbe === undefined || startupProbe === undefined || healthcheck.disable === true) {
    return [...whole, ...unlike(object, [[at("the image's own check"), { disable: true }, healthcheck]])];
  }
  const starting = (startupProbe.periodSeconds ?? 10) * (startupProbe.failureThreshold ?? 3);
  return [
    ...whole,
    ...unlike(object, [
      [at("a program that asks"), "CMD", healthcheck.test?.[0]],
      [at("readinessProbe.periodSeconds"), `${readinessProbe.periodSeconds ?? 10}s`, healthcheck.interval],
      [at("readinessProbe.failureThreshold"), readinessProbe.failureThreshold ?? 3, healthcheck.retries],
      [at("startupProbe.failureThreshold"), `${starting}s`, healthcheck.start_period],
      [at("startupProbe.periodSeconds"), `${startupProbe.periodSeconds ?? 10}s`, healthcheck.start_interval],
    ]),
  ];
}
