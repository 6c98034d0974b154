import { ports } from "../../../components/flows";
import type { RunningLab } from "../running-lab";
import type { Trial } from "./check-lab";
import { askService, reaches, type ServiceQuestion } from "./services-client";

const artifact = "/api/2.0/mlflow-artifacts/artifacts/lab/trial.txt";

/** A model is registered, and an artifact of it goes to the bucket and comes back; nothing where MLflow does not run here. */
export function registryTrials(lab: RunningLab): Trial[] {
  if (!reaches(lab, "mlflow")) return [];
  const ask = async (path: string, more: Pick<ServiceQuestion, "method" | "body"> = {}): Promise<string> => {
    const asked = { container: "mlflow", port: ports.mlflow, host: "mlflow.models.svc", as: "prometheus", path };
    const { status, text } = await askService(lab, { ...asked, ...more });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
    return text;
  };
  return [
    {
      name: "the registry",
      run: async () => {
        await ask("/api/2.0/mlflow/registered-models/create", { method: "POST", body: '{"name":"lab-trial"}' });
        const found = await ask("/api/2.0/mlflow/registered-models/get?name=lab-trial");
        await ask(artifact, { method: "PUT", body: "kept" });
        const kept = await ask(artifact);
        if (!found.includes("lab-trial") || kept !== "kept") throw new Error(`found ${found}, and ${kept}`);
        return "a model is registered, its artifact is in the bucket";
      },
    },
  ];
}
