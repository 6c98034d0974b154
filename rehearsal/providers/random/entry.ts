import { serveProvider } from "../server";
import { randomTable } from "./table";

serveProvider(randomTable);
