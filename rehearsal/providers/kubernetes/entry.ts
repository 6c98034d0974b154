import { serveProvider } from "../server";
import { kubernetesTable } from "./table";

serveProvider(kubernetesTable);
